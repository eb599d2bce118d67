// Requests to a prior over codes, with their class and temperature.

import { notifyIfOpen } from "../../experiment/attention.js";

/**
 * @import { LabClient } from "../../lab.js"
 * @import { Store } from "../../store.js"
 */

/**
 * @typedef {object} Terms
 * @property {number | undefined} label the class; undefined for any class
 * @property {number} temperature
 */

export class Asking {
  #store;
  #lab;
  /** @type {Terms} */
  terms = { label: undefined, temperature: 1 };
  /** The names of the classes. @type {readonly string[]} */
  names = [];

  /**
   * @param {Store} store
   * @param {LabClient} lab
   */
  constructor(store, lab) {
    this.#store = store;
    this.#lab = lab;
  }

  get step() {
    return this.#store.get("info")?.prior_step ?? 0;
  }

  /** Whether there is a prior and it has been trained. */
  get isPossible() {
    const hasPrior = this.#store.get("info")?.calls.includes("sample_codes") ?? false;
    return hasPrior && this.step > 0 && this.#store.get("phase") === "ready";
  }

  /** The class and temperature in words. */
  get words() {
    const { label, temperature } = this.terms;
    const asked = label === undefined ? "any class" : `class ${this.names[label] ?? label}`;
    return `${asked}${temperature === 1 ? "" : `, temperature ${temperature}`}`;
  }

  /**
   * @param {number} count
   * @param {number} seed
   * @param {number[]} [known] codes, with -1 where a code is to be drawn
   */
  sample(count, seed, known) {
    const { label, temperature } = this.terms;
    // Options that are not set are left out.
    const optional = { ...(label !== undefined && { label }), ...(known && { known }) };
    return this.#lab.sample_codes(count, { seed, temperature, ...optional });
  }

  /** @param {ArrayLike<number>} codes of one grid or more */
  decode(codes) {
    return this.#lab.tiles(Float32Array.from(codes));
  }

  /**
   * Wraps work that the user may ask for faster than it can be done: of the requests that come meanwhile, the last is
   * done next.
   *
   * @template {unknown[]} A
   * @param {(isStill: () => boolean, ...asked: A) => Promise<void>} work can ask whether the model is still the same
   * @returns {(...asked: A) => Promise<void>}
   */
  latest(work) {
    let isBusy = false;
    /** @type {A | undefined} */
    let next;
    return async (...asked) => {
      next = asked;
      if (isBusy) return;
      isBusy = true;
      while (next) {
        const now = next;
        next = undefined;
        const basis = this.#store.get("basis");
        const isStill = () => this.#store.get("basis") === basis;
        try {
          if (this.isPossible) await work(isStill, ...now);
        } catch (error) {
          await notifyIfOpen(this.#store, "prior", error, basis);
        }
      }
      isBusy = false;
    };
  }
}
