// Play, pause, step: the training of the open model, its curves, and the states it can go back to.

import { passesAt } from "./epochs.js";
import { emptyHistory, pack, record, until } from "./history.js";
import { dismiss, kindOf, notify, sentence } from "./notices.js";
import { measured } from "./timing.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { History, Info, StepReport } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** @typedef {{ bytes: Uint8Array, step: number, history: History }} Saved */

/** At most so much training is ever lost, in milliseconds. */
const AUTOSAVE_EVERY = 10_000;
/** Steps between two evaluations on held-out data. */
const HELD_OUT_EVERY = 50;
/** Steps per second are those of this long, in milliseconds. */
const SPEED_WINDOW = 3000;

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
  #saving = false;
  #frame = 0;
  #step = 0;
  /** The step at which the last run ends by itself. */
  #goal = Infinity;
  /** @type {History} newer than the store's by what came since the last frame */
  #history = emptyHistory();
  /** @type {Saved | undefined} the last state that is safe */
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
    // A page that nobody sees may be ended without another word.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.#controller) void this.autosave().catch(() => {});
    });
    store.subscribe((changed) => {
      const tuned = changed.has("learning_rate") || changed.has("beta") || changed.has("batch_size");
      if (tuned && this.#controller) void lab.tune(this.#settings()).catch(() => {});
    });
  }

  /** The last step that was told of, which the store may show a frame later. */
  get reached() {
    return this.#step;
  }

  /** What is left out is the configuration's: its schedule of the KL's weight, too. */
  #settings() {
    const { learning_rate, beta, batch_size } = this.#store.controls;
    return {
      learning_rate: learning_rate ?? undefined,
      beta: beta ?? undefined,
      size: batch_size ?? this.#store.get("info")?.config.training.batch_size,
      held_out_every: HELD_OUT_EVERY,
    };
  }

  /** So many steps as the controls say; without end where they say nothing. */
  play() {
    if (!this.#controller) void this.#begin(this.#store.get("steps") ?? Infinity);
  }

  /** What was to be done of the last run when something else cut it short. */
  goOn() {
    const left = this.#goal - this.#step;
    if (!this.#controller && left > 0) void this.#begin(left);
  }

  /** Resolves when the last step is over and its state safe. */
  async pause() {
    this.#controller?.abort();
    await this.#run;
  }

  async step() {
    this.#controller?.abort();
    await this.#begin(1);
  }

  /**
   * Pauses for a job that puts another model in place of the one in training.
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
   * One run at a time: the next one waits until the state of the one before is safe.
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
    this.#goal = this.#step + steps;
    // What was kept of another run is about to be overwritten.
    for (const stale of ["training", "last"]) dismiss(this.#store, stale);
    this.#store.set({ training: true });
    let lost = false;
    try {
      await this.#loadData();
      const { size = 1, ...settings } = this.#settings();
      const seed = this.#store.get("basis")?.seed ?? 0;
      const passes = passesAt(this.#history.epochs, this.#step);
      const batches = { size, seed, steps, passes };
      await this.#lab.train(batches, settings, { signal, onstep: (step) => this.#take(step) });
    } catch (error) {
      lost = kindOf(error) === "device";
      if (!signal.aborted) this.#explain(error);
    }
    if (this.#controller === controller) this.#controller = undefined;
    this.#flush();
    this.#store.set({ training: false, speed: null });
    if (!lost) await this.#settle();
  }

  /** @param {unknown} error */
  #explain(error) {
    const kind = kindOf(error);
    if (kind === "device") return; // The worker is gone; recovery speaks of it.
    const text =
      kind === "diverged" ? `Training stopped: ${error instanceof Error ? error.message : error}.` : sentence(error);
    const actions = kind === "network" ? [{ label: "Try again", run: () => this.play() }] : [];
    notify(this.#store, { id: "training", tone: "problem", text, actions });
  }

  /** After training: the numbers of where it stands, and its state kept. */
  async #settle() {
    try {
      const info = await this.#lab.info();
      this.reset(info, until(this.#history, info.step));
      await this.autosave();
      void this.#measure(info.step);
    } catch (error) {
      this.#explain(error);
    }
  }

  /**
   * The held-out number of where training paused, unless it goes on before.
   *
   * @param {number} step
   */
  async #measure(step) {
    const measured = this.#history.held_out.some((point) => point.step === step);
    if (measured || step === 0 || !this.#store.get("data")) return;
    const { signal } = (this.#measuring = new AbortController());
    try {
      const held_out = await this.#lab.held_out({ signal });
      signal.throwIfAborted();
      this.#history = record(this.#history, { step, terms: undefined, held_out });
      this.#store.set({ history: this.#history });
    } catch (error) {
      if (!signal.aborted) this.#explain(error);
    }
  }

  /** @param {StepReport} report */
  #take(report) {
    const { step, start, end } = report;
    const origin = performance.timeOrigin;
    measured("lab:step", start - origin, end - origin);

    this.#step = step;
    this.#history = record(this.#history, report);
    const now = performance.now();
    this.#ends.push(now);
    while (this.#ends[0] < now - SPEED_WINDOW) this.#ends.shift();
    this.#frame ||= requestAnimationFrame(() => this.#flush());
    if (now - this.#savedAt >= AUTOSAVE_EVERY) void this.autosave().catch(() => {});
  }

  /** Once a frame at most, however fast the steps are. */
  #flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const info = this.#store.get("info");
    if (!info || info.step === this.#step) return;
    const [first] = this.#ends;
    const last = this.#ends.at(-1) ?? first;
    const speed = last > first ? (1000 * (this.#ends.length - 1)) / (last - first) : null;
    this.#store.set({ info: { ...info, step: this.#step }, history: this.#history, speed });
  }

  /**
   * Another state is open.
   *
   * @param {Info} info
   * @param {History} history
   */
  reset(info, history) {
    this.#measuring.abort();
    this.#history = history;
    this.#step = info.step;
    this.#store.set({ info, history });
  }

  /** The notes of a file: with them, opening goes on as if nothing had happened. */
  notes() {
    const { model, learning_rate, beta, batch_size } = this.#store.controls;
    const data = this.#store.get("data");
    // The seed of this run: the control may hold that of the next.
    const seed = this.#store.get("basis")?.seed;
    return JSON.stringify({
      latent_lab: 1,
      controls: { model, learning_rate, beta, batch_size, seed },
      data: data && { name: data.name, count: data.count },
      history: pack(this.#history),
    });
  }

  /** @param {boolean} [trained] whether it is worth keeping beyond this page */
  async autosave(trained = true) {
    if (this.#saving) return;
    this.#saving = true;
    this.#savedAt = performance.now();
    try {
      const { bytes, step } = await this.#lab.checkpoint(this.notes());
      this.saved = { bytes, step, history: until(this.#history, step) };
      if (trained) this.#persist(this.saved);
    } finally {
      this.#saving = false;
    }
  }
}
