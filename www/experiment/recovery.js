// When the worker is gone, a new one starts from the last saved state, and a notice says so.

import { placeOf, stepsOf } from "../progress.js";
import { notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { DeviceName } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Experiment } from "../experiment.js"
 */

/** After more losses than this within this time, in milliseconds, the page leaves it to the user to try again. */
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
    // While the page is starting, its own "Try again" is enough.
    if (this.#store.get("phase") !== "ready") return;
    const now = performance.now();
    this.#losses = [...this.#losses.filter((at) => at > now - WITHIN), now];
    if (device === "webgpu") this.#refusal = `it failed here (${message})`;
    const before = { training: this.#store.get("training"), progress: this.#experiment.training.reached };
    this.#store.set({ phase: "loading" });
    if (this.#losses.length > MOST_LOSSES) return this.#giveUp(message);
    try {
      const progress = await this.#experiment.restore(this.#refusal);
      const lost = stepsOf(before.progress) - stepsOf(progress);
      const outcome = before.training ? "Training goes on" : "The experiment is back";
      notify(this.#store, {
        id: "recovery",
        tone: "info",
        text:
          `The worker stopped (${message}). ${outcome} from ${placeOf(progress)}` +
          (lost > 0 ? `; ${lost} ${lost === 1 ? "step was" : "steps were"} lost.` : "; nothing was lost."),
      });
      if (before.training) this.#experiment.training.goOn();
    } catch (error) {
      reportMistake(error);
      this.#giveUp(sentence(error));
    }
  }

  /** @param {string} message */
  #giveUp(message) {
    this.#store.set({ phase: "failed" });
    const retry = () => {
      this.#losses = [];
      this.#store.set({ phase: "ready" });
      void this.#recover({ message, device: "cpu" });
    };
    notify(this.#store, {
      id: "recovery",
      tone: "problem",
      text: `The worker stopped and does not come back (${message}).`,
      actions: [{ label: "Try again", run: retry }],
      lasting: true,
    });
  }
}
