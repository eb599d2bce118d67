// When the worker is gone: another one, from the last state that is safe, and said aloud.

import { placeOf, stepsOf } from "../progress.js";
import { notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { DeviceName } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Experiment } from "../experiment.js"
 */

/** So many losses within so long, in milliseconds, and the page leaves it to the user to try again. */
const MOST_LOSSES = 3;
const WITHIN = 60_000;

export class Recovery {
  #store;
  #experiment;
  /** @type {number[]} */
  #losses = [];
  /** @type {string | undefined} why WebGPU is not tried again */
  #refusal;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Experiment} experiment
   */
  constructor(store, lab, experiment) {
    this.#store = store;
    this.#experiment = experiment;
    lab.addEventListener("lost", (event) => {
      if (event instanceof CustomEvent) void this.#recover(event.detail);
    });
  }

  /** @param {{ message: string, device: DeviceName }} loss */
  async #recover({ message, device }) {
    // While the page begins, its own "try again" is enough.
    if (this.#store.get("phase") !== "ready") return;
    const now = performance.now();
    this.#losses = [...this.#losses.filter((at) => at > now - WITHIN), now];
    if (device === "webgpu") this.#refusal = `it failed here (${message})`;
    const was = { training: this.#store.get("training"), progress: this.#experiment.training.reached };
    this.#store.set({ phase: "loading" });
    if (this.#losses.length > MOST_LOSSES) return this.#giveUp(message);
    try {
      const progress = await this.#experiment.restore(this.#refusal);
      const lost = stepsOf(was.progress) - stepsOf(progress);
      const went = was.training ? "Training goes on" : "The experiment is back";
      notify(this.#store, {
        id: "recovery",
        tone: "info",
        text:
          `The worker stopped (${message}). ${went} from ${placeOf(progress)}` +
          (lost > 0 ? `; ${lost} ${lost === 1 ? "step was" : "steps were"} lost.` : "; nothing was lost."),
      });
      if (was.training) this.#experiment.training.goOn();
    } catch (error) {
      reportMistake(error);
      this.#giveUp(sentence(error));
    }
  }

  /** @param {string} message */
  #giveUp(message) {
    this.#store.set({ phase: "failed" });
    const again = () => {
      this.#losses = [];
      this.#store.set({ phase: "ready" });
      void this.#recover({ message, device: "cpu" });
    };
    notify(this.#store, {
      id: "recovery",
      tone: "problem",
      text: `The worker stopped and does not come back (${message}).`,
      actions: [{ label: "Try again", run: again }],
      lasting: true,
    });
  }
}
