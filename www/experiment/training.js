// Play, pause, step: the training of the open model, its curves, and its saved states.

import { heldOutTerms } from "../model.js";
import { Log } from "./log.js";
import { stageOf, stepsOf } from "../progress.js";
import { anyOf } from "../store.js";
import { dismiss, kindOf, reportMistake, sentence, tell, wordsOf } from "./notices.js";
import { gentleRate } from "./rates.js";
import { measured } from "./timing.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { HeldOut, Info, Progress, Stage, StepReport, Terms } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Curves } from "./log.js"
 */

/** @typedef {Progress & { bytes: Uint8Array, history: Curves }} Saved */

/** No more training than this is ever lost, in milliseconds. */
const AUTOSAVE_EVERY = 10_000;
/** Steps between two evaluations on held-out data. */
const HELD_OUT_EVERY = 50;
/** The speed is measured over this time, in milliseconds. */
const SPEED_WINDOW = 3000;

/** The choices about training that are saved in a file. @param {Store} store */
function choices({ controls: { stage, learning_rate, beta, batch_size } }) {
  return { stage, learning_rate, beta, batch_size };
}

export class Training {
  #store;
  #lab;
  #loadData;
  #persist;
  /** @type {AbortController | undefined} */
  #controller;
  #measuring = new AbortController();
  /** @type {Promise<void>} */
  #run = Promise.resolve();
  /** @type {number[]} when the last steps ended */
  #ends = [];
  #savedAt = 0;
  /** The save in flight, and the one after it. */
  #saving = Promise.resolve();
  /** @type {Promise<void> | undefined} */
  #nextSave;
  #frame = 0;
  /** @type {Stage} the stage that is trained, or was last */
  #stage = "codes";
  /** Newer than the store by the steps since the last frame. */
  #log = new Log();
  /** The step at which the last run ends by itself. */
  #goal = Infinity;
  /** The settings of the open model. */
  #chosen;
  /** @type {Saved | undefined} the last saved state */
  saved;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {() => Promise<void>} loadData
   * @param {(saved: Saved) => void} persist
   */
  constructor(store, lab, loadData, persist) {
    this.#store = store;
    this.#lab = lab;
    this.#loadData = loadData;
    this.#persist = persist;
    this.#chosen = choices(store);
    // A hidden page may be closed by the browser without any further event.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.#controller) void this.autosave();
    });
    store.subscribe((changed) => {
      const tuned = anyOf(changed, "learning_rate", "beta", "batch_size");
      // Choices that come with another model belong to that model; the open one is still saved with its own.
      if ((tuned || changed.has("stage")) && !changed.has("model")) this.#chosen = choices(store);
      if (!this.#controller) return;
      // If the model changes too, nothing is trained until the user asks for it.
      const isOther = changed.has("stage") && !changed.has("model") && stageOf(store) !== this.#stage;
      if (isOther) void this.#trainOther();
      else if (tuned || changed.has("data")) lab.tune(this.#settings()).catch((error) => this.#report(error));
    });
  }

  /** The progress after the last reported step, which the store may show a frame later. */
  get reached() {
    return this.#log.progress;
  }

  /** Settings that are left out come from the model's configuration, including its schedule of the KL's weight. */
  #settings() {
    const { learning_rate, beta, batch_size } = this.#store.controls;
    return {
      stage: this.#stage,
      learning_rate: learning_rate ?? gentleRate(this.#store, { stage: this.#stage, beta }) ?? undefined,
      beta: beta ?? undefined,
      size: batch_size ?? this.#store.get("info")?.config.training.batch_size,
      held_out_every: HELD_OUT_EVERY,
    };
  }

  /** Trains for as many steps as the controls say, or without end if they do not say. */
  play() {
    if (!this.#controller) void this.#begin(this.#store.get("steps") ?? Infinity);
  }

  /** Trains the stage that was chosen now instead of the one in training. */
  async #trainOther() {
    await this.pause();
    this.play();
  }

  /** Trains the rest of the last run's steps after something else cut it short. */
  goOn() {
    const left = this.#goal - this.#log.step(this.#stage);
    if (!this.#controller && left > 0) void this.#begin(left);
  }

  /** Resolves when the last step is over and its state is saved. */
  async pause() {
    this.#controller?.abort();
    await this.#run;
  }

  async step() {
    this.#controller?.abort();
    await this.#begin(1);
  }

  /**
   * Pauses for a job that replaces the model in training.
   *
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  instead(job) {
    this.#controller?.abort();
    const done = this.#run.then(job);
    this.#run = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  /**
   * Starts a run. Only one goes on at a time: it waits until the state of the previous one is saved.
   *
   * @param {number} steps
   */
  #begin(steps) {
    const controller = new AbortController();
    this.#controller = controller;
    this.#run = this.#run.then(() => this.#train(controller, steps));
    return this.#run;
  }

  /**
   * @param {AbortController} controller
   * @param {number} steps
   */
  async #train(controller, steps) {
    const { signal } = controller;
    this.#measuring.abort();
    this.#ends = [];
    this.#savedAt = performance.now();
    this.#stage = stageOf(this.#store);
    this.#goal = this.#log.step(this.#stage) + steps;
    dismiss(this.#store, "training");
    this.#store.set({ training: true });
    let lost = false;
    try {
      await this.#loadData();
      const { size = 1, ...settings } = this.#settings();
      const seed = this.#store.get("basis")?.seed ?? 0;
      const batches = { size, seed, steps, passes: this.#log.passes(this.#stage) };
      await this.#lab.train(batches, settings, { signal, onstep: (step) => this.#take(step) });
    } catch (error) {
      lost = kindOf(error) === "device";
      this.#report(error, signal);
    }
    if (this.#controller === controller) this.#controller = undefined;
    this.#flush();
    this.#store.set({ training: false, speed: null });
    if (!lost) await this.#settle();
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} [signal] if it is aborted, the failed job was ended on purpose
   */
  #report(error, signal) {
    const kind = kindOf(error);
    // If the worker is gone, recovery reports it.
    if (kind === "device" || signal?.aborted) return reportMistake(error);
    const text = kind === "diverged" ? `Training stopped: ${wordsOf(error)}.` : sentence(error);
    const actions = kind === "network" ? [{ label: "Try again", run: () => this.play() }] : [];
    tell(this.#store, "training", error, { text, actions });
  }

  /** After training: shows the final numbers and saves the state. */
  async #settle() {
    try {
      const info = await this.#lab.info();
      this.#setState(info, this.#log.until(info));
      await this.autosave();
      void this.#measure();
    } catch (error) {
      this.#report(error);
    }
  }

  /** Measures the held-out loss where training paused, unless training goes on first. */
  async #measure() {
    const stage = this.#stage;
    const step = this.#log.step(stage);
    if (this.#log.isMeasured(stage) || step === 0 || !this.#store.get("data")) return;
    const { signal } = (this.#measuring = new AbortController());
    try {
      const held_out = this.#heldOutLoss(await this.#lab.held_out({ stage, signal }));
      signal.throwIfAborted();
      this.#log.take(stage, { step, terms: undefined, held_out });
      this.#store.set({ history: this.#log.curves });
    } catch (error) {
      this.#report(error, signal);
    }
  }

  /** The loss of held-out images. @param {Terms | undefined} terms @returns {HeldOut | undefined} */
  #heldOutLoss(terms) {
    const info = this.#store.get("info");
    if (!terms || !info) return undefined;
    const [{ name }, ...others] = heldOutTerms(info, this.#stage);
    const { total, [name]: main = total } = terms;
    return others.length > 0 ? { total, main } : { total: main };
  }

  /** @param {StepReport} report */
  #take(report) {
    const { start, end } = report;
    const origin = performance.timeOrigin;
    measured("lab:step", start - origin, end - origin);

    this.#log.take(this.#stage, { ...report, held_out: this.#heldOutLoss(report.held_out) });
    const now = performance.now();
    this.#ends.push(now);
    while (this.#ends[0] < now - SPEED_WINDOW) this.#ends.shift();
    this.#frame ||= requestAnimationFrame(() => this.#flush());
    if (now - this.#savedAt >= AUTOSAVE_EVERY) void this.autosave();
  }

  /** Brings the store up to date, at most once a frame, however fast the steps are. */
  #flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { progress, curves } = this.#log;
    const info = this.#store.get("info");
    if (!info || stepsOf(info) === stepsOf(progress)) return;
    const [first] = this.#ends;
    const last = this.#ends.at(-1) ?? first;
    const speed = last > first ? (1000 * (this.#ends.length - 1)) / (last - first) : null;
    this.#store.set({ info: { ...info, ...progress }, history: curves, speed });
  }

  /**
   * Another state was opened.
   *
   * @param {Info} info
   * @param {Curves} history
   */
  reset(info, history) {
    this.#chosen = choices(this.#store);
    this.#setState(info, history);
  }

  /** @param {Info} info @param {Curves} history */
  #setState(info, history) {
    this.#measuring.abort();
    this.#log.reset(info, history);
    this.#store.set({ info, history });
  }

  /** The notes of a file: with them, an opened file goes on as if it had never been closed. */
  notes() {
    const data = this.#store.get("data");
    // The model and seed of this run, because the controls may already hold those of the next.
    const { model, seed } = this.#store.get("basis") ?? { model: this.#store.get("model") };
    const learning_rate = this.#chosen.learning_rate ?? gentleRate(this.#store, this.#chosen);
    return JSON.stringify({
      latent_lab: 1,
      controls: { model, ...this.#chosen, learning_rate, seed },
      data: data && { name: data.name, count: data.count },
      ...this.#log.pack(),
    });
  }

  /** Resolves when the current state is saved. A call while an older state is being saved gets the next save. */
  autosave() {
    this.#nextSave ??= this.#saving.then(() => {
      this.#nextSave = undefined;
      this.#saving = this.#save();
      return this.#saving;
    });
    return this.#nextSave;
  }

  async #save() {
    this.#savedAt = performance.now();
    const basis = this.#store.get("basis");
    try {
      const checkpoint = await this.#lab.checkpoint(this.notes());
      // Another model is open by now; it has a save of its own.
      if (basis !== this.#store.get("basis")) return;
      this.saved = { ...checkpoint, history: this.#log.until(checkpoint) };
      this.#persist(this.saved);
    } catch (error) {
      this.#report(error);
    }
  }
}
