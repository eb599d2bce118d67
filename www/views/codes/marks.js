// A grid laid over a picture: its colours, and the cells that are marked.

import { s } from "../dom.js";

/**
 * @import { Frame } from "./shapes.js"
 */

export class Marks {
  element = s("svg", { class: "marks", "aria-hidden": "true" });

  /**
   * @param {readonly number[]} sides of the grid
   * @param {object} marked
   * @param {readonly number[]} [marked.cells]
   * @param {readonly string[]} [marked.colors] of all cells
   * @param {Frame | null} [marked.frame]
   */
  show([height, width], { cells = [], colors = [], frame }) {
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const square = (/** @type {number} */ cell) => ({
      x: cell % width,
      y: Math.floor(cell / width),
      width: 1,
      height: 1,
    });
    const tints = colors.flatMap((fill, cell) =>
      fill === "none" ? [] : [s("rect", { ...square(cell), class: "tint", fill })],
    );
    const frames = cells.map((cell) => s("rect", { ...square(cell), class: "frame" }));
    const whole = frame ? [s("rect", { ...frame, x: frame.left, y: frame.top, class: "frame" })] : [];
    this.element.replaceChildren(...tints, ...frames, ...whole);
  }
}
