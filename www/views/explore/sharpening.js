// When pictures of places are decoded anew: as soon as they would be others, but each time all of them before the next, and
// not too often: while training they are always others.

import { tellOfOpen } from "../../experiment/attention.js";

/**
 * @import { Store } from "../../store.js"
 */

/** Milliseconds between two. */
const EVERY = 700;

/** @typedef {{ place: string, step: number | undefined }} Wanted where they are, and which step of the model they are of */

export class Sharpening {
  #store;
  #wanted;
  #decode;
  #begunAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What was decoded last, or is being decoded. */
  #key = "";
  /** Where those are that are being decoded. */
  #underWay = "";

  /**
   * @param {Store} store
   * @param {() => Wanted | null} wanted nothing where none is to be seen
   * @param {() => Promise<void>} decode
   */
  constructor(store, wanted, decode) {
    this.#store = store;
    this.#wanted = wanted;
    this.#decode = decode;
  }

  /** Decodes, unless what is wanted is decoded already. */
  ask() {
    clearTimeout(this.#timer);
    const wanted = this.#wanted();
    if (!wanted) return;
    const { place, step } = wanted;
    const key = `${place} ${step}`;
    // What is under way is looked for again when it is over.
    if (key === this.#key || place === this.#underWay) return;
    const wait = this.#begunAt + EVERY - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.ask(), wait);
      return;
    }
    this.#begunAt = performance.now();
    [this.#key, this.#underWay] = [key, place];
    const over = () => {
      if (this.#underWay === place) this.#underWay = "";
    };
    const again = () => this.ask();
    const basis = this.#store.get("basis");
    const failed = async (/** @type {unknown} */ error) => {
      const isTold = await tellOfOpen(this.#store, "explore", error, basis);
      if (!isTold && this.#key === key) this.#key = "";
    };
    this.#decode().finally(over).then(again, failed);
  }

  /** Another model's was decoded. */
  forget() {
    this.#key = this.#underWay = "";
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
