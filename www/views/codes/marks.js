// A grid laid over a picture: its colours, and the cells that are marked.

import { s } from "../dom.js";

/**
 * @import { Frame } from "./shapes.js"
 */

/** How much of a colour covers a picture: what is drawn is seen through it, as through glass. */
const TINT = 0.45;

export class Marks {
  /** What lies over the picture now. */
  #shown = { sides: [1, 1], colors: /** @type {readonly string[]} */ ([]) };
  element = s("svg", { class: "marks", "aria-hidden": "true" });

  /**
   * @param {readonly number[]} sides of the grid
   * @param {object} marked
   * @param {readonly number[]} [marked.cells]
   * @param {readonly string[]} [marked.colors] of all cells
   * @param {Frame | null} [marked.frame]
   */
  show([height, width], { cells = [], colors = [], frame }) {
    this.#shown = { sides: [height, width], colors };
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
   * The colours over a picture that is saved.
   *
   * @param {OffscreenCanvasRenderingContext2D} context
   */
  paint(context) {
    const { sides, colors } = this.#shown;
    const [high, wide] = [context.canvas.height / sides[0], context.canvas.width / sides[1]];
    context.globalAlpha = TINT;
    colors.forEach((fill, cell) => {
      context.fillStyle = fill === "none" ? "transparent" : fill;
      context.fillRect((cell % sides[1]) * wide, Math.floor(cell / sides[1]) * high, wide, high);
    });
  }
}
