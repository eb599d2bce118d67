// Decides when pictures of places are decoded again: as soon as they would change, but not before the last decoding is
// done, and not too often, because they change all the time while training.

import { notifyIfOpen } from "../../experiment/attention.js";

/**
 * @import { Store } from "../../store.js"
 */

/** The least time between two decodings, in milliseconds. */
const EVERY = 700;

/** @typedef {{ place: string, step: number | undefined }} Wanted the places, and the step of the model */

export class Sharpening {
  #store;
  #wanted;
  #decode;
  #begunAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The key of the pictures that were decoded last, or are being decoded. */
  #key = "";
  /** The places that are being decoded. */
  #underWay = "";

  /**
   * @param {Store} store
   * @param {() => Wanted | null} wanted gives null if nothing is to be shown
   * @param {() => Promise<void>} decode
   */
  constructor(store, wanted, decode) {
    this.#store = store;
    this.#wanted = wanted;
    this.#decode = decode;
  }

  /** Decodes, unless the wanted pictures are decoded already. */
  ask() {
    clearTimeout(this.#timer);
    const wanted = this.#wanted();
    if (!wanted) return;
    const { place, step } = wanted;
    const key = `${place} ${step}`;
    // If the same places are being decoded, this is called again afterwards.
    if (key === this.#key || place === this.#underWay) return;
    const wait = this.#begunAt + EVERY - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.ask(), wait);
      return;
    }
    this.#begunAt = performance.now();
    [this.#key, this.#underWay] = [key, place];
    const done = () => {
      if (this.#underWay === place) this.#underWay = "";
    };
    const retry = () => this.ask();
    const basis = this.#store.get("basis");
    const failed = async (/** @type {unknown} */ error) => {
      const wasReported = await notifyIfOpen(this.#store, "explore", error, basis);
      if (!wasReported && this.#key === key) this.#key = "";
    };
    this.#decode().finally(done).then(retry, failed);
  }

  /** Forgets the last decoding, which was another model's. */
  forget() {
    this.#key = this.#underWay = "";
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
