// Work that goes on as long as somebody looks at what comes of it.

import { anyOf } from "../store.js";
import { kindOf, notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { Basis, Name } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** @param {number} milliseconds @returns {Promise<void>} */
export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Between a model that the worker has opened and the page that knows of it, in milliseconds, generously. */
const SETTLED = 500;

/**
 * Whether a failure is one of the model that is open: what was asked of one may meet the next one, which answers that it has
 * no such thing.
 *
 * @param {Store} store
 * @param {Basis | null} basis of the model that was asked
 */
export async function isOfOpenModel(store, basis) {
  await wait(SETTLED);
  return store.get("basis") === basis && store.get("phase") === "ready";
}

/**
 * A question about a model failed. That is told, unless the model or its worker is gone: then others tell what became of it.
 * A mistake of the program's is for the console in any case.
 *
 * @param {Store} store
 * @param {string} id of the notice
 * @param {unknown} error
 * @param {Basis | null} basis of the model that was asked
 * @returns {Promise<boolean>} whether it was told: asked again, it would fail again until something changes
 */
export async function tellOfOpen(store, id, error, basis) {
  reportMistake(error);
  if (kindOf(error) === "device" || !(await isOfOpenModel(store, basis))) return false;
  notify(store, { id, tone: "problem", text: sentence(error) });
  return true;
}

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
    const basis = this.#store.get("basis");
    try {
      return await this.#work();
    } catch (error) {
      const isTold = await tellOfOpen(this.#store, "explore", error, basis);
      // A worker that is gone comes back in another phase, which is a change.
      return !isTold && kindOf(error) !== "device";
    }
  }

  /** @returns {Promise<void>} */
  #change() {
    return new Promise((resolve) => (this.#wake = () => resolve()));
  }
}
