// A grid that fills cell by cell, with the picture that it decodes to. All codes are drawn at once; only showing them
// is slow.

import { wait } from "../../experiment/attention.js";

/**
 * @import { Asking } from "./prior-asking.js"
 */

/** Time from one cell to the next, and at least from one picture to the next, in milliseconds. */
const CELL_EVERY = 200;
const PICTURE_EVERY = 100;

/**
 * @typedef {object} Dreamt
 * @property {Uint32Array} codes `[cells]`
 * @property {Float32Array} probabilities `[cells, K]` that the codes were drawn from
 * @property {number} background the code that is decoded for cells that are not shown yet
 * @property {number} step of the prior
 * @property {string} words the class and temperature that were asked for
 */

export class Dream {
  /** @type {Dreamt | null} */
  dreamt = null;
  /** How many of its cells are shown. */
  shown = 0;
  #onfill;
  #onpicture;
  #decode;
  #began = 0;
  #frame = 0;

  /**
   * @param {Asking} asking
   * @param {{ fill: () => void, picture: (pixels: Float32Array | null) => void }} on a new cell, and on a new picture
   */
  constructor(asking, { fill, picture }) {
    this.#onfill = fill;
    this.#onpicture = picture;
    this.#decode = asking.latest(async (isStill) => {
      const { dreamt, shown } = this;
      if (!dreamt) return;
      const { codes, background } = dreamt;
      try {
        const pixels = await asking.decode(codes.map((code, cell) => (cell < shown ? code : background)));
        if (dreamt !== this.dreamt || !isStill()) return;
        picture(pixels);
      } catch (error) {
        // Without its picture the dream would stay incomplete.
        if (dreamt === this.dreamt) this.stop();
        throw error;
      }
      if (shown < codes.length) await wait(PICTURE_EVERY);
    });
  }

  /** Whether cells are still to be shown. */
  get isFilling() {
    return this.dreamt !== null && this.shown < this.dreamt.codes.length;
  }

  /** The shown codes, with -1 for cells that are not shown yet. */
  get codes() {
    return Int32Array.from(this.dreamt?.codes ?? [], (code, cell) => (cell < this.shown ? code : -1));
  }

  /**
   * Replaces the previous dream.
   *
   * @param {Dreamt} dreamt
   * @param {boolean} isSlow
   */
  start(dreamt, isSlow) {
    cancelAnimationFrame(this.#frame);
    [this.dreamt, this.shown, this.#began] = [dreamt, 0, performance.now()];
    this.#onpicture(null);
    if (isSlow) this.#fill();
    else this.finish();
  }

  #fill() {
    if (!this.dreamt) return;
    const dueCount = Math.floor((performance.now() - this.#began) / CELL_EVERY) + 1;
    if (dueCount > this.shown) this.#show(Math.min(dueCount, this.dreamt.codes.length));
    if (this.isFilling) this.#frame = requestAnimationFrame(() => this.#fill());
  }

  /** @param {number} count */
  #show(count) {
    this.shown = count;
    this.#onfill();
    void this.#decode();
  }

  /** Shows all remaining cells at once. */
  finish() {
    cancelAnimationFrame(this.#frame);
    if (this.dreamt && this.isFilling) this.#show(this.dreamt.codes.length);
  }

  /** Removes the dream. */
  stop() {
    cancelAnimationFrame(this.#frame);
    [this.dreamt, this.shown] = [null, 0];
    this.#onfill();
  }
}
