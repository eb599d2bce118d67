// A rectangle of cells, marked by a drag, or by its two corners one after the other so that keyboards and taps work
// too.

/**
 * @import { Frame } from "./shapes.js"
 */

export class Rectangle {
  #onchange;
  /** The corners. @type {readonly [from: number, to: number] | null} */
  #corners = null;
  /** Whether the other corner is still to be pressed. */
  #isOpen = false;
  /** Whether the current press sets that corner. */
  #closes = false;

  /** @param {() => void} onchange */
  constructor(onchange) {
    this.#onchange = onchange;
  }

  /** @param {number} cell @param {boolean} isFirst of a drag */
  press(cell, isFirst) {
    if (isFirst) this.#closes = this.#isOpen;
    const from = this.#corners && !(isFirst && !this.#isOpen) ? this.#corners[0] : cell;
    this.#put([from, cell]);
  }

  /** @param {number} cell */
  release(cell) {
    this.#isOpen = !this.#closes && this.#corners?.[0] === cell;
  }

  /**
   * While the rectangle is open, the cell under the pointer is its other corner; off the grid the corner stays.
   *
   * @param {number | null} cell
   */
  point(cell) {
    if (this.#isOpen && this.#corners && cell !== null) this.#put([this.#corners[0], cell]);
  }

  clear() {
    this.#isOpen = this.#closes = false;
    this.#put(null);
  }

  /** @param {readonly [from: number, to: number] | null} corners */
  #put(corners) {
    const before = this.#corners;
    if (before === corners || (corners && before?.every((cell, at) => cell === corners[at]))) return;
    this.#corners = corners;
    this.#onchange();
  }

  /**
   * @param {number} columns of the grid
   * @returns {Frame | null}
   */
  frame(columns) {
    if (!this.#corners) return null;
    const [rows, columnsOfCorners] = [
      this.#corners.map((cell) => Math.floor(cell / columns)),
      this.#corners.map((cell) => cell % columns),
    ];
    const [top, left] = [Math.min(...rows), Math.min(...columnsOfCorners)];
    return { top, left, height: Math.max(...rows) - top + 1, width: Math.max(...columnsOfCorners) - left + 1 };
  }
}
