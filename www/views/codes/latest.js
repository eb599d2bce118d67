// Work that is asked for more often than it can be done: what was asked for last is done next.

import { tellOfOpen } from "../../experiment/attention.js";

/**
 * @import { Store } from "../../store.js"
 */

/** While training, such work takes one part of the time in so many. */
const SHARE = 4;

/**
 * @template T
 */
export class Latest {
  #store;
  #work;
  #pause;
  /** What is wanted, and what it depends on: where all that is the same, it is done already. @type {{ key: readonly unknown[], of: T } | null} */
  #wanted = null;
  /** What is not asked for again: it was done, or failed and was told of. @type {readonly unknown[]} */
  #done = [];
  #busy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #restsUntil = 0;

  /**
   * @param {Store} store
   * @param {(of: T) => Promise<unknown>} work asks the open model
   * @param {() => number} pause after it, in milliseconds
   */
  constructor(store, work, pause) {
    this.#store = store;
    this.#work = work;
    this.#pause = pause;
  }

  /**
   * @param {readonly unknown[]} key
   * @param {T} of
   */
  ask(key, of) {
    this.#wanted = { key, of };
    void this.#run();
  }

  /** Nothing is wanted any more. */
  stop() {
    this.#wanted = null;
    clearTimeout(this.#timer);
  }

  async #run() {
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    if (this.#busy || !wanted || isSame(wanted.key, this.#done)) return;
    const began = performance.now();
    if (began < this.#restsUntil) {
      this.#timer = setTimeout(() => void this.#run(), this.#restsUntil - began);
      return;
    }
    this.#busy = true;
    const basis = this.#store.get("basis");
    try {
      await this.#work(wanted.of);
      this.#done = wanted.key;
    } catch (error) {
      if (await tellOfOpen(this.#store, "explore", error, basis)) this.#done = wanted.key;
    }
    this.#busy = false;
    const [now, pause] = [performance.now(), this.#pause()];
    this.#restsUntil = pause > 0 ? now + Math.max(pause, SHARE * (now - began)) : 0;
    if (this.#wanted !== wanted) void this.#run();
  }
}

/** @param {readonly unknown[]} a @param {readonly unknown[]} b */
const isSame = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
