// A grid laid over a picture: its colours, and the cells that are marked.

import { s } from "../dom.js";

export class Marks {
  element = s("svg", { class: "marks", "aria-hidden": "true" });

  /**
   * @param {readonly number[]} sides of the grid
   * @param {readonly number[]} cells that are marked
   * @param {readonly string[]} colors of all cells; none for a picture without
   */
  show([height, width], cells, colors) {
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const square = (/** @type {number} */ cell) => ({
      x: cell % width,
      y: Math.floor(cell / width),
      width: 1,
      height: 1,
    });
    const tints = colors.map((fill, cell) => s("rect", { ...square(cell), class: "tint", fill }));
    const frames = cells.map((cell) => s("rect", { ...square(cell), class: "frame" }));
    this.element.replaceChildren(...tints, ...frames);
  }
}
