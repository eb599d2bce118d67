// A grid that fills cell by cell, and the picture that appears with it. All of it is drawn at once: the showing alone is slow.

import { wait } from "../../experiment/attention.js";

/**
 * @import { Asking } from "./prior-asking.js"
 */

/** From one cell to the next, and from one picture to the next at least, in milliseconds. */
const CELL_EVERY = 200;
const PICTURE_EVERY = 100;

/**
 * @typedef {object} Dreamt
 * @property {Uint32Array} codes `[cells]`
 * @property {Float32Array} probabilities `[cells, K]` that they were drawn from
 * @property {number} background the code of cells that are not shown yet, as far as the decoder is concerned
 * @property {number} step of the prior
 * @property {string} words what it was asked for
 */

export class Dream {
  /** @type {Dreamt | null} */
  dreamt = null;
  /** So many of its cells are there. */
  shown = 0;
  #onfill;
  #onpicture;
  #decode;
  #began = 0;
  #frame = 0;

  /**
   * @param {Asking} asking
   * @param {{ fill: () => void, picture: (pixels: Float32Array | null) => void }} on another cell, and another picture
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
        // Without a picture it would stay half of what it is.
        if (dreamt === this.dreamt) this.stop();
        throw error;
      }
      if (shown < codes.length) await wait(PICTURE_EVERY);
    });
  }

  /** Whether cells are to come. */
  get isFilling() {
    return this.dreamt !== null && this.shown < this.dreamt.codes.length;
  }

  /** Its codes as they are shown: -1 for those to come. */
  get codes() {
    return Int32Array.from(this.dreamt?.codes ?? [], (code, cell) => (cell < this.shown ? code : -1));
  }

  /**
   * In place of the one before.
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
    const due = Math.floor((performance.now() - this.#began) / CELL_EVERY) + 1;
    if (due > this.shown) this.#show(Math.min(due, this.dreamt.codes.length));
    if (this.isFilling) this.#frame = requestAnimationFrame(() => this.#fill());
  }

  /** @param {number} count */
  #show(count) {
    this.shown = count;
    this.#onfill();
    void this.#decode();
  }

  /** What is left of it comes at once. */
  finish() {
    cancelAnimationFrame(this.#frame);
    if (this.dreamt && this.isFilling) this.#show(this.dreamt.codes.length);
  }

  /** There is none any more. */
  stop() {
    cancelAnimationFrame(this.#frame);
    [this.dreamt, this.shown] = [null, 0];
    this.#onfill();
  }
}
