// Another picture with its codes: one of those that the views of many digits look at.

import { Latest } from "./latest.js";

/**
 * @import { LabClient } from "../../lab.js"
 * @import { Store } from "../../store.js"
 */

/** While training, its codes are asked for anew this often at most, in milliseconds. */
const EVERY = 700;
/** From one picture to the next: neighbours are no better than others, and with this all of them have their turn. */
const STRIDE = 61;

export class Theirs {
  #store;
  #lab;
  #onload;
  #latest;
  #index = 0;
  /** @type {{ picture: Float32Array, codes: Float32Array, label: number | undefined } | null} */
  now = null;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {() => void} onload
   */
  constructor(store, lab, onload) {
    this.#store = store;
    this.#lab = lab;
    this.#onload = onload;
    this.#latest = new Latest(
      store,
      (/** @type {number} */ index) => this.#load(index),
      () => (store.get("training") ? EVERY : 0),
    );
  }

  next() {
    this.#index += STRIDE;
    this.refresh();
  }

  /** Asks for it, unless it is there already. */
  refresh() {
    const [pictures, info, basis] = [this.#store.get("pictures"), this.#store.get("info"), this.#store.get("basis")];
    if (pictures && info) this.#latest.ask([pictures, basis, info.step, this.#index], this.#index);
  }

  /** @param {number} index */
  async #load(index) {
    const [pictures, basis] = [this.#store.get("pictures"), this.#store.get("basis")];
    if (!pictures) return;
    const at = index % pictures.count;
    const [picture, { mean, labels }] = await Promise.all([
      this.#lab.digits(at, 1, pictures.from),
      this.#lab.codes(at, 1, pictures.from),
    ]);
    if (this.#store.get("basis") !== basis) return; // Another model's codes: those of the open one are asked for next.
    this.now = { picture, codes: mean, label: labels?.[0] };
    this.#onload();
  }

  clear() {
    this.now = null;
  }

  stop() {
    this.#latest.stop();
  }
}
