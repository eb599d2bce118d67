// Work that goes on as long as somebody looks at what comes of it.

import { anyOf } from "../store.js";
import { kindOf, notify, sentence } from "./notices.js";

/**
 * @import { Name } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** @param {number} milliseconds @returns {Promise<void>} */
export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Attention {
  #store;
  #work;
  #watchers = 0;
  #running = false;
  /** Whether anything changed since the work was last asked for. */
  #changed = false;
  /** Ends a wait for something to change. */
  #wake = () => {};

  /**
   * @param {Store} store
   * @param {Name[]} causes what makes new work
   * @param {() => Promise<boolean>} work a part of it; false where there is nothing to do until a cause changes
   */
  constructor(store, causes, work) {
    this.#store = store;
    this.#work = work;
    store.subscribe((changed) => {
      if (!anyOf(changed, "phase", ...causes)) return;
      this.#changed = true;
      this.#wake();
    });
  }

  get isHeld() {
    return this.#watchers > 0;
  }

  /**
   * Views say when they are seen and when they are not any more.
   *
   * @param {boolean} seen
   */
  watch(seen) {
    this.#watchers += seen ? 1 : -1;
    this.#wake();
    if (this.isHeld && !this.#running) void this.#run();
  }

  async #run() {
    this.#running = true;
    while (this.isHeld) {
      this.#changed = false;
      if (!(await this.#part()) && !this.#changed) await this.#change();
    }
    this.#running = false;
  }

  async #part() {
    if (this.#store.get("phase") !== "ready") return false;
    try {
      return await this.#work();
    } catch (error) {
      // A worker that is gone is told of elsewhere, and comes back with another basis.
      if (kindOf(error) !== "device") notify(this.#store, { id: "explore", tone: "problem", text: sentence(error) });
      return false;
    }
  }

  /** @returns {Promise<void>} */
  #change() {
    return new Promise((resolve) => (this.#wake = () => resolve()));
  }
}
