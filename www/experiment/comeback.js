// What was trained and is not open any more, and how it can be brought back.

import { placeOf, progressOf, stepsOf } from "../progress.js";
import { presetOf } from "../store.js";
import { dismiss, notify } from "./notices.js";
import * as storage from "./storage.js";

/**
 * @import { Notice, Progress } from "../types.js"
 * @import { Training } from "./training.js"
 * @import { Store } from "../store.js"
 * @import { Filing } from "./filing.js"
 */

export class Comeback {
  #store;
  #training;
  #filing;
  /** How far the open model was when it was opened. @type {Progress} */
  #begunAt = { step: 0 };
  /** What was trained last, and is not open any more, and of which experiment. @type {(Progress & { bytes: Uint8Array, of: string }) | undefined} */
  #trained;

  /**
   * @param {Store} store
   * @param {Training} training
   * @param {Filing} filing
   */
  constructor(store, training, filing) {
    this.#store = store;
    this.#training = training;
    this.#filing = filing;
  }

  /** How far what can be brought back is once something else is open; undefined where nothing was trained. */
  get reached() {
    const { reached } = this.#training;
    return this.#isTrained(reached) ? reached : this.#trained;
  }

  /** @param {Progress} progress */
  #isTrained = (progress) => stepsOf(progress) !== stepsOf(this.#begunAt);

  /** @param {Progress} progress of the model that is open now */
  begin(progress) {
    this.#begunAt = progress;
  }

  /**
   * Pauses, and says how what was trained can be brought back once something else is open.
   *
   * @param {Uint8Array} [opening] what is to be opened
   * @returns {Promise<Notice["actions"][number] | undefined>} nothing where nothing was trained, or nothing but that
   */
  async way(opening) {
    await this.#training.pause();
    const { saved } = this.#training;
    if (saved && this.#isTrained(saved)) this.#trained = { ...saved, of: this.#title() };
    const trained = this.#trained;
    if (!trained || trained.bytes === opening) return undefined;
    const run = () => {
      dismiss(this.#store, "afresh");
      void this.#filing.reopen(trained.bytes, "Your experiment");
    };
    const elsewhere = trained.of === presetOf(this.#store)?.title ? "" : ` of “${trained.of}”`;
    return { label: `Bring back ${placeOf(trained)}${elsewhere}`, run };
  }

  /** Of the experiment that is open, which may not be the chosen one any more. */
  #title() {
    const model = this.#store.get("basis")?.model;
    const preset = this.#store.get("presets").find(({ variants }) => variants.some(({ id }) => id === model));
    return preset?.title ?? "your file";
  }

  /** What was trained before the page was closed. */
  async offerLast() {
    const { last, before } = await storage.recall();
    if (!last || this.#store.get("training")) return;
    /** @type {(record: Progress & { bytes: Uint8Array }, name: string) => () => Promise<void>} */
    const open = (record, name) => async () => {
      dismiss(this.#store, "last");
      if (!(await this.#filing.reopen(record.bytes, name))) return;
      // Whoever leaves it again finds the way back again.
      this.#trained = { ...progressOf(record), bytes: record.bytes, of: this.#title() };
    };
    const actions = [{ label: "Go on from there", run: open(last, "Your last experiment") }];
    if (before && stepsOf(before) > stepsOf(last)) {
      const label = `Go on from ${placeOf(before)} of an earlier time`;
      actions.push({ label, run: open(before, "Your earlier experiment") });
    }
    const forget = () => {
      dismiss(this.#store, "last");
      void storage.forget();
    };
    notify(this.#store, {
      id: "last",
      tone: "info",
      text: `Last time you trained to ${placeOf(last)}.`,
      actions: [...actions, { label: "Forget it", run: forget }],
    });
  }
}
