// Runs that were trained and are not open any more, and how they can be brought back.

import { agoOf, placeOf } from "../progress.js";
import { titleOf } from "../store.js";
import { dismiss, notify, reportMistake, tell } from "./notices.js";
import { whyNot } from "./storage.js";

/**
 * @import { Notice } from "../types.js"
 * @import { Training } from "./training.js"
 * @import { Store } from "../store.js"
 * @import { Filing } from "./filing.js"
 * @import { Runs } from "./runs.js"
 * @import { Run } from "./storage.js"
 */

export class Comeback {
  #store;
  #training;
  #filing;
  #runs;

  /**
   * @param {Store} store
   * @param {Training} training
   * @param {Filing} filing
   * @param {Runs} runs
   */
  constructor(store, training, filing, runs) {
    this.#store = store;
    this.#training = training;
    this.#filing = filing;
    this.#runs = runs;
  }

  /** Progress of the run that can be brought back once something else is open; undefined if nothing was trained. */
  get reached() {
    const { reached } = this.#training;
    return this.#runs.isTrained(reached) ? reached : this.#runs.aside.at(0);
  }

  /** Actions that bring back what this page has trained and set aside. @returns {Notice["actions"]} */
  get ways() {
    return this.#runs.aside.map((run) => {
      const origin = run.title === titleOf(this.#store) ? "" : ` of “${run.title}”`;
      return { label: `Bring back ${placeOf(run)}${origin}`, run: () => this.#reopen(run, "Your experiment") };
    });
  }

  /** @param {Run} run @param {string} name */
  #reopen(run, name) {
    for (const stale of ["afresh", "last"]) dismiss(this.#store, stale);
    void this.#filing.reopen(run, name);
  }

  /** Offers the runs from before this page was opened until the user answers, or says once that nothing is kept. */
  async offerEarlier() {
    const runs = await this.#runs.earlier().catch((error) => this.#sayNothingIsKept(error));
    if (runs.length === 0) return;
    const actions = runs.map((run) => ({
      label: `${run.title ?? "Your experiment"}: ${placeOf(run)}, ${agoOf(run.at)}`,
      run: () => this.#reopen(run, "Your earlier experiment"),
    }));
    const forget = async () => {
      dismiss(this.#store, "last");
      try {
        await this.#runs.forget(runs);
      } catch (error) {
        tell(this.#store, "last", error, { text: `It is still there: ${whyNot(error)}.` });
      }
    };
    notify(this.#store, {
      id: "last",
      tone: "info",
      text: "Go on with what you trained before?",
      actions: [...actions, { label: runs.length > 1 ? "Forget them" : "Forget it", run: () => void forget() }],
    });
  }

  /** @param {unknown} error @returns {Run[]} */
  #sayNothingIsKept(error) {
    reportMistake(error);
    const text = `Nothing that you train is kept when you close this page: ${whyNot(error)}. Save it to a file.`;
    notify(this.#store, { id: "kept", tone: "info", text });
    return [];
  }
}
