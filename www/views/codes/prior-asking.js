// What a prior over codes is asked for, and with which class and temperature.

import { tellOfOpen } from "../../experiment/attention.js";

/**
 * @import { LabClient } from "../../lab.js"
 * @import { Store } from "../../store.js"
 */

/**
 * @typedef {object} Terms
 * @property {number | undefined} label the class; any class without it
 * @property {number} temperature
 */

export class Asking {
  #store;
  #lab;
  /** @type {Terms} */
  terms = { label: undefined, temperature: 1 };
  /** Of the classes. @type {readonly string[]} */
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

  /** Whether there is a prior, which knows something. */
  get isPossible() {
    const hasPrior = this.#store.get("info")?.calls.includes("sample_codes") ?? false;
    return hasPrior && this.step > 0 && this.#store.get("phase") === "ready";
  }

  /** In words. */
  get words() {
    const { label, temperature } = this.terms;
    const asked = label === undefined ? "any class" : `class ${this.names[label] ?? label}`;
    return `${asked}${temperature === 1 ? "" : `, temperature ${temperature}`}`;
  }

  /**
   * @param {number} count
   * @param {number} seed
   * @param {number[]} [known] -1 where a code is to be drawn
   */
  sample(count, seed, known) {
    const { label, temperature } = this.terms;
    // What is left open is left out.
    const open = { ...(label !== undefined && { label }), ...(known && { known }) };
    return this.#lab.sample_codes(count, { seed, temperature, ...open });
  }

  /** @param {ArrayLike<number>} codes of one grid or more */
  decode(codes) {
    return this.#lab.tiles(Float32Array.from(codes));
  }

  /**
   * Work for a person who may ask faster than it is done: what is asked for meanwhile is done afterwards, the last of it.
   *
   * @template {unknown[]} A
   * @param {(isStill: () => boolean, ...asked: A) => Promise<void>} work is told whether the model is still the same
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
          await tellOfOpen(this.#store, "prior", error, basis);
        }
      }
      isBusy = false;
    };
  }
}
