// Requests that come more often than they can be answered: the latest one is answered next.

import { notifyIfOpen } from "../../experiment/attention.js";

/**
 * @import { Basis } from "../../types.js"
 * @import { Store } from "../../store.js"
 */

/** While training, the pause after an answer is at least this many times as long as answering took. */
const SHARE = 4;

/**
 * @template T
 */
export class Latest {
  #store;
  #work;
  #pause;
  /**
   * The latest request and its key; a request whose key equals the last one is already answered.
   *
   * @type {{ key: readonly unknown[], request: T, basis: Basis | null } | null}
   */
  #wanted = null;
  /** The key of the last request that was answered, or that failed with a notice. @type {readonly unknown[]} */
  #answered = [];
  #busy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #restsUntil = 0;

  /**
   * @param {Store} store
   * @param {(request: T) => Promise<unknown>} work asks the open model
   * @param {() => number} pause after each answer, in milliseconds
   */
  constructor(store, work, pause) {
    this.#store = store;
    this.#work = work;
    this.#pause = pause;
  }

  /**
   * @param {readonly unknown[]} key
   * @param {T} request
   */
  ask(key, request) {
    this.#wanted = { key, request, basis: this.#store.get("basis") };
    void this.#run();
  }

  /** Drops the request. */
  stop() {
    this.#wanted = null;
    clearTimeout(this.#timer);
  }

  async #run() {
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    if (this.#busy || !wanted || isSame(wanted.key, this.#answered)) return;
    const began = performance.now();
    if (began < this.#restsUntil) {
      this.#timer = setTimeout(() => void this.#run(), this.#restsUntil - began);
      return;
    }
    // A request that waited while another model was opened is none for that one.
    const { basis } = wanted;
    if (basis !== this.#store.get("basis")) return this.stop();
    this.#busy = true;
    try {
      await this.#work(wanted.request);
      this.#answered = wanted.key;
    } catch (error) {
      if (await notifyIfOpen(this.#store, "explore", error, basis)) this.#answered = wanted.key;
    }
    this.#busy = false;
    const [now, pause] = [performance.now(), this.#pause()];
    this.#restsUntil = pause > 0 ? now + Math.max(pause, SHARE * (now - began)) : 0;
    if (this.#wanted !== wanted) void this.#run();
  }
}

/** @param {readonly unknown[]} a @param {readonly unknown[]} b */
const isSame = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
