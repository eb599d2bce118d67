// Work that goes on as long as a view that shows its result is visible.

import { anyOf } from "../store.js";
import { kindOf, notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { Basis, Name } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** @param {number} milliseconds @returns {Promise<void>} */
export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Between the worker opening a model and the page knowing of it no more time passes than this, in milliseconds. */
const SETTLED = 500;

/**
 * Whether a failure belongs to the model that is open. A question about one model may reach the next one, which answers
 * that it has no such thing.
 *
 * @param {Store} store
 * @param {Basis | null} basis of the model that was asked
 */
export async function isOfOpenModel(store, basis) {
  await wait(SETTLED);
  return store.get("basis") === basis && store.get("phase") === "ready";
}

/**
 * Shows that a question about a model failed, unless the model or its worker is gone: then other code reports that. A
 * mistake of the program goes to the console in any case.
 *
 * @param {Store} store
 * @param {string} id of the notice
 * @param {unknown} error
 * @param {Basis | null} basis of the model that was asked
 * @returns {Promise<boolean>} whether it was shown; the same question would fail again until something changes
 */
export async function notifyIfOpen(store, id, error, basis) {
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
  /** Whether anything changed since the last part of the work began. */
  #changed = false;
  /** Ends a wait for something to change. */
  #wake = () => {};

  /**
   * @param {Store} store
   * @param {Name[]} causes store keys whose changes make new work
   * @param {() => Promise<boolean>} work does one part; false if there is nothing to do until a cause changes
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
   * Views call this when they become visible and when they are no longer visible.
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
      if (!(await this.#doPart()) && !this.#changed) await this.#nextChange();
    }
    this.#running = false;
  }

  async #doPart() {
    if (this.#store.get("phase") !== "ready") return false;
    const basis = this.#store.get("basis");
    try {
      return await this.#work();
    } catch (error) {
      const wasReported = await notifyIfOpen(this.#store, "explore", error, basis);
      // If the worker is gone, its replacement comes with another phase, which counts as a change.
      return !wasReported && kindOf(error) !== "device";
    }
  }

  /** @returns {Promise<void>} */
  #nextChange() {
    return new Promise((resolve) => (this.#wake = () => resolve()));
  }
}
