// Another picture with its codes: one of the pictures that the views of many digits show.

import { Latest } from "./latest.js";

/**
 * @import { LabClient } from "../../lab.js"
 * @import { Store } from "../../store.js"
 */

/** While training, its codes are asked for again at most this often, in milliseconds. */
const EVERY = 700;
/** The step from one picture to the next. Any step would do; this one reaches all pictures in the end. */
const STRIDE = 61;

export class OtherPicture {
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

  /** Asks for the picture, unless it is already loaded. */
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
    if (this.#store.get("basis") !== basis) return; // They are another model's; those of the open one come next.
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
