// The codes that are decoded: the encoder's, and those that the user put in their place.

import { recentOf } from "../../experiment/exploring.js";
import { gridOf, lengthOf } from "../../model.js";

/**
 * @import { Looking, Overrides } from "../../experiment/looking.js"
 * @import { Store } from "../../store.js"
 */

/** While training, the codes are counted in this many digits, those that were encoded last. */
const NEWEST = 1000;

/** The name of an edit by hand. */
const PAINTED = "Painted";

export class EditedCodes {
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

  /** The open model's grid; undefined for a model without one. */
  get grid() {
    const info = this.#store.get("info");
    const grid = gridOf(info);
    if (!info || !grid) return undefined;
    return { sides: grid.sides, cells: lengthOf(info), size: grid.codes, image: info.config.image };
  }

  /** The colours of the model's codes, once they are known. @returns {readonly string[]} */
  get colors() {
    return this.palette?.colors ?? [];
  }

  get palette() {
    const palette = this.#store.get("palette");
    return palette?.basis === this.#store.get("basis") ? palette : null;
  }

  /** The codes of many digits, as far as they are up to date. */
  get digits() {
    const all = this.#store.get("codes");
    if (!all || all.basis !== this.#store.get("basis") || all.count === 0) return null;
    const isTraining = this.#store.get("training");
    const codes = recentOf(all, isTraining, isTraining ? NEWEST : undefined);
    return { ...codes, codes: codes.mean.subarray(0, codes.count * codes.latent) };
  }

  /** The codes that are decoded; null if there are none, or if they belong to another model. */
  get codes() {
    const { cells, size } = this.grid ?? { cells: 0, size: 0 };
    const overrides = this.#store.get("overrides");
    const encoded = this.#store.get("look")?.encoding?.mean;
    if (cells === 0 || (encoded && encoded.length !== cells)) return null;
    if (!encoded && !this.isEdited) return null;
    const codes = Float32Array.from({ length: cells }, (_, cell) => overrides[cell] ?? encoded?.[cell] ?? 0);
    return codes.every((code) => code < size) ? codes : null;
  }

  /** The encoder's codes. @returns {Float32Array | null} */
  get encoded() {
    const encoded = this.#store.get("look")?.encoding?.mean;
    return encoded && encoded.length === this.grid?.cells ? encoded : null;
  }

  /** How many of the codes differ from the encoder's. */
  get editedCount() {
    const { codes, encoded } = this;
    return codes?.reduce((sum, code, at) => sum + Number(code !== encoded?.[at]), 0) ?? 0;
  }

  get isEdited() {
    return this.#store.get("overrides").some((code) => code !== null);
  }

  /** Whether every vector is negated. */
  get isNegated() {
    return this.#store.get("negated");
  }

  /** The names of the edits that were made to the encoder's codes. */
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
   * @param {boolean} [how.negated] unchanged unless given
   * @param {string} [how.name] what people call the edit
   */
  put(overrides, { joins = false, negated = this.isNegated, name } = {}) {
    // If all codes are the encoder's again, nothing is overridden.
    const isEncoders = !negated && this.encoded?.every((code, at) => code === (overrides[at] ?? code));
    this.#looking.edit(isEncoders ? [] : overrides, { negated, joins, name });
  }

  /** Negates every vector, or undoes that. @param {string} name */
  negate(name) {
    if (this.codes) this.put([...this.codes], { negated: !this.isNegated, name });
  }

  /**
   * @param {number} cell
   * @param {number} code
   * @param {number} blank the code of the other cells if there are no codes yet
   * @param {boolean} joins
   */
  paint(cell, code, blank, joins) {
    const overrides = this.#store.get("overrides");
    const fill = this.codes ? null : blank;
    const { cells } = this.grid ?? { cells: 0 };
    const painted = Array.from({ length: cells }, (_, at) => (at === cell ? code : (overrides[at] ?? fill)));
    // Several strokes in a row count as one edit called "Painted".
    this.put(painted, { joins, name: this.done.at(-1) === PAINTED ? undefined : PAINTED });
  }

  undo() {
    this.#looking.undo();
  }

  /** Goes back to the encoder's codes, which can be undone too. */
  giveBack() {
    this.put([], { negated: false });
  }
}
