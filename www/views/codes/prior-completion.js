// Half of the drawing's codes, completed by the prior.

import { h, setDisabled, setText, thousands } from "../dom.js";
import { Cells } from "./cells.js";
import { Strip } from "./prior-strip.js";

/**
 * @import { Asking } from "./prior-asking.js"
 */

/** How many completions are drawn at once. */
const ALONG = 6;
const NOTHING = "Your grid, half of it erased: nothing yet";

/** @typedef {(row: number, column: number, rows: number, columns: number) => boolean} Half whether a cell is erased */

/** The middle one of an odd number of rows or columns is erased with either half. @type {[string, Half][]} */
const HALVES = [
  ["upper", (row, _, rows) => row < rows / 2],
  ["lower", (row, _, rows) => row >= Math.floor(rows / 2)],
  ["left", (_, column, __, columns) => column < columns / 2],
  ["right", (_, column, __, columns) => column >= Math.floor(columns / 2)],
];

/**
 * @typedef {object} DrawingCodes the codes of the user's drawing
 * @property {Float32Array | null} codes
 * @property {boolean} negated whether their vectors are negated, which a prior does not know of
 * @property {number | undefined} drawing number of the drawing
 * @property {readonly number[]} sides height and width of their grid
 * @property {readonly string[]} colors of each code
 */

export class Completion {
  #asking;
  #getCodes;
  #erased = new Cells(NOTHING);
  #strip = new Strip("completed by the prior", ALONG);
  #caption = h("figcaption", {}, "your grid, half erased");
  #buttons = HALVES.map(([name, half]) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          this.#seed += 1;
          void this.#complete(name, half);
        },
      },
      `Erase the ${name} half`,
    ),
  );
  #missing = h("p", { class: "fine" }, "Draw a digit, and half of its codes can be erased.");
  /** The codes that are left, with -1 where they are erased. @type {{ known: number[], sides: readonly number[] } | null} */
  #remaining = null;
  #seed = 0;
  #complete;
  #pictures = h(
    "div",
    { class: "prior-completed", hidden: true },
    h("figure", { class: "prior-erased" }, this.#erased.canvas, this.#caption),
    this.#strip.element,
  );
  element = h(
    "section",
    { class: "prior-completion", "aria-label": "Your grid, completed" },
    h("h3", {}, "Your grid, completed"),
    h("div", { class: "row", role: "group", "aria-label": "Erase" }, ...this.#buttons),
    this.#missing,
    this.#pictures,
    h(
      "p",
      { class: "hint" },
      "The prior draws row by row, from the top left on: what is known further down is not seen by what is drawn above it.",
    ),
  );

  /**
   * @param {Asking} asking
   * @param {() => DrawingCodes} getCodes
   */
  constructor(asking, getCodes) {
    this.#asking = asking;
    this.#getCodes = getCodes;
    /** @param {() => boolean} isStill @param {string} name @param {Half} half */
    const complete = async (isStill, name, half) => {
      const { codes, negated, sides, drawing } = getCodes();
      if (!codes) return;
      const [rows, columns] = sides;
      const known = Array.from(codes, (code, cell) =>
        half(Math.floor(cell / columns), cell % columns, rows, columns) ? -1 : code,
      );
      const more = `${asking.words}, at step ${thousands(asking.step)}`;
      const sampled = await asking.sample(ALONG, this.#seed, known);
      const pixels = await asking.decode(sampled.codes);
      // If the drawing has changed meanwhile, this completion is dropped.
      if (!isStill() || getCodes().drawing !== drawing) return;
      this.#remaining = { known, sides };
      setText(this.#caption, `your grid without its ${name} half${negated ? ", by its own vectors" : ""}`);
      this.#erased.label = `Your grid without its ${name} half: ${known.filter((code) => code >= 0).length} codes are left`;
      this.#strip.show(pixels, more);
      this.#pictures.hidden = false;
      this.draw();
    };
    this.#complete = asking.latest(complete);
  }

  /** Draws the grid in the current colours. */
  draw() {
    const { sides, colors } = this.#getCodes();
    const nothing = new Array(sides.reduce((a, b) => a * b, 1)).fill(-1);
    this.#erased.show(this.#remaining?.sides ?? sides, { codes: this.#remaining?.known ?? nothing, colors });
  }

  enable() {
    const hasCodes = this.#getCodes().codes !== null;
    this.#missing.hidden = hasCodes;
    for (const button of this.#buttons) setDisabled(button, !hasCodes || !this.#asking.isPossible, undefined);
  }

  get isEmpty() {
    return this.#remaining === null;
  }

  clear() {
    this.#remaining = null;
    this.#erased.label = NOTHING;
    setText(this.#caption, "your grid, half erased");
    this.#strip.clear();
    this.#pictures.hidden = true;
    this.draw();
  }

  recolor() {
    this.#strip.recolor();
    this.draw();
  }

  /** The shown pictures with their caption, if there are any. */
  get rows() {
    if (this.#strip.isEmpty) return [];
    return [{ canvases: [this.#erased.canvas, this.#strip.canvas], caption: this.#strip.caption }];
  }
}
