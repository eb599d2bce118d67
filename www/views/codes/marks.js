// A grid laid over a picture: its colours, and the cells that are marked.

import { s } from "../dom.js";

/**
 * @import { Frame } from "./shapes.js"
 */

/** How much of a colour covers a picture: what is drawn is seen through it, as through glass. */
const TINT = 0.45;
/** Of a line around what is marked, where it is saved, in pixels. */
const FRAME = 2;

export class Marks {
  /** What lies over the picture now. */
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
    const single = (/** @type {number} */ cell) => ({
      top: Math.floor(cell / width),
      left: cell % width,
      height: 1,
      width: 1,
    });
    this.#shown = { sides: [height, width], colors, frames: [...cells.map(single), ...(frame ? [frame] : [])] };
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
    const whole = frame ? [s("rect", { ...frame, x: frame.left, y: frame.top, class: "frame" })] : [];
    this.element.replaceChildren(...tints, ...frames, ...whole);
  }

  /**
   * A picture to be saved, with what lies over it.
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
    const [high, wide] = [height / sides[0], width / sides[1]];
    context.globalAlpha = TINT;
    colors.forEach((fill, cell) => {
      context.fillStyle = fill === "none" ? "transparent" : fill;
      context.fillRect((cell % sides[1]) * wide, Math.floor(cell / sides[1]) * high, wide, high);
    });
    context.globalAlpha = 1;
    [context.strokeStyle, context.lineWidth] = [getComputedStyle(picture).color, FRAME];
    for (const { top, left, height, width } of frames) {
      context.strokeRect(left * wide + 1, top * high + 1, width * wide - 2, height * high - 2);
    }
    return sheet;
  }
}
