// A grid of codes: for each cell a square in its code's colour. It can be pointed at, painted and marked.

import { h } from "../dom.js";
import { Hand } from "../hand.js";

/** Pixels of a cell's side on the canvas. */
const CELL = 40;
/** Widths of the line around marked cells, and of one in the background's colour inside it: one always stands out. */
const LINE = 3;
const PAPER = 2;

/** @type {{ [key: string]: readonly [down: number, right: number] }} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The cells on the way from one to another, without the first.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} columns of the grid
 */
function cellsBetween(from, to, columns) {
  const [top, left] = [Math.floor(from / columns), from % columns];
  const [down, right] = [Math.floor(to / columns) - top, (to % columns) - left];
  const count = Math.max(Math.abs(down), Math.abs(right));
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / count;
    return (top + Math.round(share * down)) * columns + left + Math.round(share * right);
  });
}

/**
 * @typedef {object} Shown
 * @property {ArrayLike<number>} codes `[cells]`; below 0 for a missing code
 * @property {readonly string[]} colors of each code
 * @property {number | null} [same] the code whose cells are marked
 * @property {{ top: number, left: number, height: number, width: number } | null} [frame] the marked rectangle
 */

/**
 * @typedef {object} Touched
 * @property {(cell: number | null) => void} [point] at a cell; null if none is pointed at any more
 * @property {(cell: number, isFirst: boolean) => void} [press] on a cell, and on each cell that a stroke crosses
 * @property {(cell: number) => void} [release] on the cell where the pointer is lifted
 * @property {() => void} [cancel] the stroke, which was not meant
 */

export class Cells {
  canvas;
  #context;
  #touched;
  /** @type {[height: number, width: number]} */
  #sides = [7, 7];
  /** The cell at which the keyboard is. */
  #at = 0;
  /** @type {Shown} */
  #shown = { codes: [], colors: [] };
  /** The cell under the pointer. @type {number | null} */
  #over = null;
  /** Whether the keyboard is used on this grid. */
  #focused = false;

  /**
   * @param {string} label
   * @param {Touched} [touched] handlers; without them the grid is just a picture
   */
  constructor(label, touched) {
    this.#touched = touched;
    this.canvas = h("canvas", {
      class: touched ? "cells touched" : "cells",
      role: touched ? "application" : "img",
      "aria-label": label,
      ...(touched && { tabindex: 0 }),
    });
    this.#context = this.canvas.getContext("2d");
    if (touched) this.#listen(touched);
  }

  /** @param {string} label */
  set label(label) {
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  /** @param {Touched} touched */
  #listen({ press, release, cancel }) {
    const { canvas } = this;
    let pressed = -1;
    const cellOf = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const [rows, columns] = this.#sides;
      const x = Math.floor(((clientX - left) / width) * columns);
      const y = Math.floor(((clientY - top) / height) * rows);
      return Math.min(Math.max(y, 0), rows - 1) * columns + Math.min(Math.max(x, 0), columns - 1);
    };
    new Hand(canvas, {
      begin: (event) => {
        pressed = this.#at = cellOf(event);
        this.#focused = false;
        press?.(pressed, true);
        this.#point(pressed);
        this.#draw();
      },
      // A quick stroke skips cells, so all cells on the way are pressed.
      move: (event) => {
        const cell = cellOf(event);
        for (const next of cellsBetween(pressed, cell, this.#sides[1])) press?.(next, false);
        if (cell !== pressed) pressed = this.#at = cell;
      },
      end: () => release?.(pressed),
      cancel: () => cancel?.(),
    });
    canvas.addEventListener("pointermove", (event) => this.#point(cellOf(event)));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.#go(this.#at);
    });
    canvas.addEventListener("blur", () => {
      this.#focused = false;
      this.#point(null);
      this.#draw();
    });
    canvas.addEventListener("keydown", (event) => {
      const [rows, columns] = this.#sides;
      const arrow = ARROWS[event.key];
      if (arrow) {
        const row = (Math.floor(this.#at / columns) + arrow[0] + rows) % rows;
        this.#go(row * columns + ((this.#at + arrow[1] + columns) % columns));
      } else if (event.key === " " || event.key === "Enter") {
        press?.(this.#at, true);
        release?.(this.#at);
        this.#go(this.#at);
      } else {
        return;
      }
      event.preventDefault();
    });
  }

  /** @param {number} cell at which the keyboard is from now on */
  #go(cell) {
    this.#at = cell;
    this.#focused = true;
    this.#point(cell);
    this.#draw();
  }

  /** @param {number | null} cell */
  #point(cell) {
    if (cell === this.#over) return;
    this.#over = cell;
    this.#touched?.point?.(cell);
  }

  /**
   * @param {readonly number[]} sides height and width
   * @param {Shown} shown
   */
  show(sides, shown) {
    this.#sides = [sides[0], sides[1]];
    if (this.#at >= sides[0] * sides[1]) this.#at = 0;
    this.#shown = shown;
    const [height, width] = this.#sides.map((side) => side * CELL);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.#draw();
  }

  #draw() {
    const context = this.#context;
    if (!context) return;
    const { codes, colors, same, frame } = this.#shown;
    const columns = this.#sides[1];
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let cell = 0; cell < codes.length; cell += 1) {
      const [x, y] = [(cell % columns) * CELL, Math.floor(cell / columns) * CELL];
      context.fillStyle = colors[codes[cell]] ?? style.getPropertyValue("--line");
      context.fillRect(x + 1, y + 1, CELL - 2, CELL - 2);
    }
    const lines = /** @type {const} */ ([
      [style.color, LINE, LINE / 2],
      [style.getPropertyValue("--surface"), PAPER, LINE + PAPER / 2],
    ]);
    /** @param {number} top @param {number} left @param {number} height @param {number} width */
    const outline = (top, left, height, width) => {
      for (const [color, thickness, inside] of lines) {
        [context.strokeStyle, context.lineWidth] = [color, thickness];
        const [x, y] = [left * CELL + inside, top * CELL + inside];
        context.strokeRect(x, y, width * CELL - 2 * inside, height * CELL - 2 * inside);
      }
    };
    const place = (/** @type {number} */ cell) => /** @type {const} */ ([Math.floor(cell / columns), cell % columns]);
    if (same !== undefined && same !== null) {
      for (let cell = 0; cell < codes.length; cell += 1) if (codes[cell] === same) outline(...place(cell), 1, 1);
    }
    if (frame) outline(frame.top, frame.left, frame.height, frame.width);
    if (!this.#focused) return;
    context.setLineDash([6, 4]);
    outline(...place(this.#at), 1, 1);
    context.setLineDash([]);
  }
}
