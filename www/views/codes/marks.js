// An overlay for a picture: the colours of a grid, and its marked cells.

import { s } from "../dom.js";

/**
 * @import { Frame } from "./shapes.js"
 */

/** Opacity of the colours, so that the drawing can be seen through them. */
const TINT = 0.45;
/** Width of the line around marked cells in saved pictures, in pixels. */
const FRAME = 2;

export class Marks {
  /** What is shown over the picture now. */
  #shown = { sides: [1, 1], colors: /** @type {readonly string[]} */ ([]), frames: /** @type {Frame[]} */ ([]) };
  element = s("svg", { class: "marks", "aria-hidden": "true" });

  /**
   * @param {readonly number[]} sides of the grid
   * @param {object} marked
   * @param {readonly number[]} [marked.cells]
   * @param {readonly string[]} [marked.colors] of all cells
   * @param {Frame | null} [marked.frame]
   */
  show([height, width], { cells = [], colors = [], frame }) {
    const frameOf = (/** @type {number} */ cell) => ({
      top: Math.floor(cell / width),
      left: cell % width,
      height: 1,
      width: 1,
    });
    this.#shown = { sides: [height, width], colors, frames: [...cells.map(frameOf), ...(frame ? [frame] : [])] };
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const square = (/** @type {number} */ cell) => ({
      x: cell % width,
      y: Math.floor(cell / width),
      width: 1,
      height: 1,
    });
    const tints = colors.flatMap((fill, cell) =>
      fill === "none" ? [] : [s("rect", { ...square(cell), class: "tint", fill, "fill-opacity": TINT })],
    );
    const frames = cells.map((cell) => s("rect", { ...square(cell), class: "frame" }));
    const rectangle = frame ? [s("rect", { ...frame, x: frame.left, y: frame.top, class: "frame" })] : [];
    this.element.replaceChildren(...tints, ...frames, ...rectangle);
  }

  /**
   * A picture to be saved, with its overlay.
   *
   * @param {HTMLCanvasElement} picture
   * @param {{ width: number, height: number }} size
   */
  over(picture, { width, height }) {
    const sheet = new OffscreenCanvas(width, height);
    const context = sheet.getContext("2d");
    if (!context) return sheet;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, width, height);
    const { sides, colors, frames } = this.#shown;
    const [cellHeight, cellWidth] = [height / sides[0], width / sides[1]];
    context.globalAlpha = TINT;
    colors.forEach((fill, cell) => {
      context.fillStyle = fill === "none" ? "transparent" : fill;
      context.fillRect((cell % sides[1]) * cellWidth, Math.floor(cell / sides[1]) * cellHeight, cellWidth, cellHeight);
    });
    context.globalAlpha = 1;
    [context.strokeStyle, context.lineWidth] = [getComputedStyle(picture).color, FRAME];
    for (const { top, left, height, width } of frames) {
      context.strokeRect(left * cellWidth + 1, top * cellHeight + 1, width * cellWidth - 2, height * cellHeight - 2);
    }
    return sheet;
  }
}
