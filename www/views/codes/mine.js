// The codes that are decoded: the encoder's, and those that a person put in their place.

import { recentOf } from "../../experiment/exploring.js";
import { gridOf, lengthOf } from "../../model.js";

/**
 * @import { Looking, Overrides } from "../../experiment/looking.js"
 * @import { Store } from "../../store.js"
 */

/** While it trains, so many digits tell of the codes of now. */
const NEWEST = 1000;

/** What an edit by hand is called. */
const PAINTED = "Painted";

export class Mine {
  #store;
  #looking;

  /**
   * @param {Store} store
   * @param {Looking} looking
   */
  constructor(store, looking) {
    this.#store = store;
    this.#looking = looking;
  }

  /** The open model's grid; nothing of a model without one. */
  get grid() {
    const info = this.#store.get("info");
    const grid = gridOf(info);
    if (!info || !grid) return undefined;
    return { sides: grid.sides, cells: lengthOf(info), size: grid.codes, image: info.config.image };
  }

  /** The colours of its codes, once they are known. @returns {readonly string[]} */
  get colors() {
    return this.palette?.colors ?? [];
  }

  get palette() {
    const palette = this.#store.get("palette");
    return palette?.basis === this.#store.get("basis") ? palette : null;
  }

  /** The codes of many digits, as far as they are those of now. */
  get digits() {
    const all = this.#store.get("codes");
    if (!all || all.basis !== this.#store.get("basis") || all.count === 0) return null;
    const isTraining = this.#store.get("training");
    const codes = recentOf(all, isTraining, isTraining ? NEWEST : undefined);
    return { ...codes, codes: codes.mean.subarray(0, codes.count * codes.latent) };
  }

  /** All of it, before it is decoded; null where there is nothing to decode, or what there is is another model's. */
  get codes() {
    const { cells, size } = this.grid ?? { cells: 0, size: 0 };
    const overrides = this.#store.get("overrides");
    const said = this.#store.get("look")?.encoding?.mean;
    if (cells === 0 || (said && said.length !== cells)) return null;
    if (!said && !this.isEdited) return null;
    const codes = Float32Array.from({ length: cells }, (_, cell) => overrides[cell] ?? said?.[cell] ?? 0);
    return codes.every((code) => code < size) ? codes : null;
  }

  /** What the encoder says. @returns {Float32Array | null} */
  get encoded() {
    const said = this.#store.get("look")?.encoding?.mean;
    return said && said.length === this.grid?.cells ? said : null;
  }

  /** How many of the codes are not the encoder's. */
  get moved() {
    const { codes, encoded } = this;
    return codes?.reduce((sum, code, at) => sum + Number(code !== encoded?.[at]), 0) ?? 0;
  }

  get isEdited() {
    return this.#store.get("overrides").some((code) => code !== null);
  }

  /** Whether every vector is turned to its opposite. */
  get isNegated() {
    return this.#store.get("negated");
  }

  /** What was done to the encoder's codes, edit by edit. */
  get done() {
    return this.#looking.done;
  }

  get canUndo() {
    return this.#looking.canUndo;
  }

  /**
   * @param {Overrides} overrides
   * @param {object} [how]
   * @param {boolean} [how.joins] whether it is undone together with the edit before
   * @param {boolean} [how.negated] as it is, unless given
   * @param {string} [how.name] what people call it
   */
  put(overrides, { joins = false, negated = this.isNegated, name } = {}) {
    // What is all the encoder's again is nobody's.
    const isTheirs = !negated && this.encoded?.every((code, at) => code === (overrides[at] ?? code));
    this.#looking.edit(isTheirs ? [] : overrides, { negated, joins, name });
  }

  /** Every vector to its opposite, and back again. @param {string} name */
  negate(name) {
    if (this.codes) this.put([...this.codes], { negated: !this.isNegated, name });
  }

  /**
   * @param {number} cell
   * @param {number} code
   * @param {number} blank the code of the other cells where there is nothing yet
   * @param {boolean} joins
   */
  paint(cell, code, blank, joins) {
    const overrides = this.#store.get("overrides");
    const other = this.codes ? null : blank;
    const { cells } = this.grid ?? { cells: 0 };
    const painted = Array.from({ length: cells }, (_, at) => (at === cell ? code : (overrides[at] ?? other)));
    // One stroke after the other is painting all along.
    this.put(painted, { joins, name: this.done.at(-1) === PAINTED ? undefined : PAINTED });
  }

  undo() {
    this.#looking.undo();
  }

  /** What the encoder says; that can be undone too. */
  giveBack() {
    this.put([], { negated: false });
  }
}
