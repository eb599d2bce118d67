// Cells that are marked on a picture: what a code stands for there.

import { s } from "../dom.js";

export class Marks {
  element = s("svg", { class: "marks", "aria-hidden": "true" });

  /**
   * @param {readonly number[]} sides of the grid
   * @param {readonly number[]} cells
   */
  show([height, width], cells) {
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const frames = cells.map((cell) =>
      s("rect", { x: cell % width, y: Math.floor(cell / width), width: 1, height: 1 }),
    );
    this.element.replaceChildren(...frames);
  }
}
