// The experiment: the one place that changes what is the case. Views ask it, and show what the store says.

import { Assets } from "./experiment/assets.js";
import { Exploring } from "./experiment/exploring.js";
import { Filing } from "./experiment/filing.js";
import { emptyHistory } from "./experiment/history.js";
import { Looking } from "./experiment/looking.js";
import { dismiss, kindOf, notify, sentence } from "./experiment/notices.js";
import { Recovery } from "./experiment/recovery.js";
import * as storage from "./experiment/storage.js";
import { Training } from "./experiment/training.js";
import { CONTROLS } from "./store.js";

/**
 * @import { LabClient } from "./lab.js"
 * @import { Basis, DeviceChoice, History, Info, Notice } from "./types.js"
 * @import { Saved } from "./experiment/training.js"
 * @import { Store } from "./store.js"
 */

const DEFAULT_MODEL = CONTROLS.model.initial;

export class Experiment {
  #store;
  #lab;
  #assets;
  /** @type {DeviceChoice} the last one that was possible */
  #device = "auto";
  /** The step at which the open model was opened. */
  #begunAt = 0;
  /** What was trained last, and is not open any more. @type {Saved | undefined} */
  #trained;
  looking;
  exploring;
  training;
  filing;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   */
  constructor(store, lab) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = new Assets(store);
    this.looking = new Looking(store, lab);
    this.filing = new Filing(store, lab, this.#assets, this);
    this.exploring = new Exploring(store, lab, () => this.filing.openData());
    this.training = new Training(
      store,
      lab,
      () => this.filing.openData(),
      (saved) => void storage.keep({ bytes: saved.bytes, step: saved.step, at: Date.now() }),
    );
    new Recovery(store, lab, this);
    lab.addEventListener("device", (event) => {
      if (event instanceof CustomEvent) store.set({ device_status: event.detail });
    });
    lab.addEventListener("download", (event) => {
      if (!(event instanceof CustomEvent)) return;
      const { name, loaded, total, done } = event.detail;
      this.#assets.progress(name)(loaded, total, done);
    });
    store.subscribe((changed) => {
      if (store.get("phase") !== "ready") return;
      if (changed.has("device")) void this.#chooseDevice();
      const basis = store.get("basis");
      const chosen = changed.has("model") && basis?.model !== store.get("model");
      const started = changed.has("start") && basis?.start !== store.get("start");
      if (chosen || started) void this.startAfresh();
    });
  }

  /** From nothing to the first reconstruction. */
  async begin() {
    const store = this.#store;
    store.set({ phase: "loading" });
    dismiss(store, "begin");
    // Asked for together: the slowest one alone decides when the page is there.
    const samples = this.#assets.samples();
    const known = store.get("model") === DEFAULT_MODEL;
    const weights = known && this.#startsShipped() ? this.#assets.weights(DEFAULT_MODEL) : undefined;
    for (const early of [samples, weights]) early?.catch(() => {}); // Each is looked at below.
    try {
      await this.#startWorker();
      const open = this.#openBasis();
      await Promise.all([open, samples.then(([images, labels]) => this.#lab.samples(images, labels))]);
      await this.opened(await open, this.#startsShipped() ? "shipped" : "fresh", emptyHistory());
    } catch (error) {
      return this.#failToBegin(error);
    }
    store.set({ phase: "ready" });
    // Who drew while the page was loading sees that drawing.
    if (!this.looking.hasDrawing) await this.looking.nextSample();
    await this.training.autosave(false).catch(() => {}); // The worker's loss is told of elsewhere.
    await this.#chooseDevice();
    await this.#offerLast();
  }

  /** @param {unknown} error */
  #failToBegin(error) {
    this.#store.set({ phase: "failed" });
    const text = sentence(error);
    /** @type {Notice["actions"]} */
    const actions = [{ label: "Try again", run: () => void this.begin() }];
    if (text.includes("shipped weights")) {
      const fresh = () => {
        this.#store.set({ start: "fresh" });
        void this.begin();
      };
      actions.push({ label: "Begin with fresh weights", run: fresh });
    }
    notify(this.#store, { id: "begin", tone: "problem", text, actions, lasting: true });
  }

  /** @param {string} [refusal] why WebGPU is out of the question */
  async #startWorker(refusal) {
    this.filing.forgetData();
    this.looking.forget();
    const module = this.#assets.module();
    const device = this.#store.get("device");
    const table = await this.#lab.start({ module, device, refusal });
    // A drawing has 28 by 28 pixels; experiments with garments, which have more, run natively alone so far.
    const presets = table.presets.filter(({ data }) => data === "mnist");
    this.#store.set({ presets, device_status: { device: "cpu", reason: "" } });
    if (!this.#variant(this.#store.get("model"))) this.#store.set({ model: DEFAULT_MODEL });
  }

  /** @param {string} id */
  #variant(id) {
    const variants = this.#store.get("presets").flatMap((preset) => preset.variants);
    return variants.find((variant) => variant.id === id);
  }

  #startsShipped() {
    return this.#store.get("start") === "shipped";
  }

  /**
   * Another experiment, or another of its models, as it is shipped: with settings of its own.
   *
   * @param {string} model
   */
  choose(model) {
    this.#store.set({ model, start: "shipped", learning_rate: null, beta: null, batch_size: null });
  }

  /** @returns {Promise<Info>} of the model that the controls say to start from */
  async #openBasis() {
    if (this.#startsShipped()) return this.#openShipped();
    const { model, seed } = this.#store.controls;
    return this.#lab.create(model, { seed });
  }

  async #openShipped() {
    const { model } = this.#store.controls;
    const weights = await this.#assets.weights(model);
    try {
      return await this.#lab.open(weights);
    } catch (error) {
      // Something arrived, but not what was asked for: the next try asks again.
      this.#assets.forgetWeights(model);
      throw kindOf(error) === "device"
        ? error
        : new Error("The shipped weights did not arrive whole. Try again.", { cause: error });
    }
  }

  /**
   * Another model is open.
   *
   * @param {Info} info
   * @param {Basis["start"]} start
   * @param {History} history
   */
  async opened(info, start, history) {
    // Of variants with one configuration the one that the controls name, otherwise the first.
    const config = JSON.stringify(info.config);
    const chosen = this.#store.get("model");
    const same = this.#store
      .get("presets")
      .flatMap((preset) => preset.variants)
      .filter((variant) => JSON.stringify(variant.config) === config)
      .map((variant) => variant.id);
    const model = same.includes(chosen) ? chosen : (same[0] ?? null);
    this.training.reset(info, history);
    this.#store.set({
      basis: { model, start, seed: this.#store.get("seed") },
      overrides: [],
      model: model ?? chosen,
    });
    this.#begunAt = info.step;
    for (const stale of ["training", "last", "afresh", "file"]) dismiss(this.#store, stale);
    if (this.#store.get("phase") !== "ready") return;
    await this.looking.again();
    await this.training.autosave(false);
  }

  /**
   * Pauses, and says how what was trained can be brought back once something else is open.
   *
   * @returns {Promise<Notice["actions"][number] | undefined>} nothing where nothing was trained
   */
  async wayBack() {
    await this.training.pause();
    const { saved } = this.training;
    if (saved && saved.step !== this.#begunAt) this.#trained = saved;
    const trained = this.#trained;
    if (!trained) return undefined;
    const run = () => {
      dismiss(this.#store, "afresh");
      this.#trained = undefined;
      void this.filing
        .open(trained.bytes, `Step ${trained.step}`)
        .catch((error) => notify(this.#store, { id: "file", tone: "problem", text: sentence(error) }));
    };
    return { label: `Bring back step ${trained.step}`, run };
  }

  /** Back to the start that the controls name. What was trained can be brought back. */
  async startAfresh() {
    const store = this.#store;
    const wasTraining = store.get("training");
    const back = await this.wayBack();
    const { basis, start, model } = { basis: store.get("basis"), ...store.controls };
    try {
      await this.training.instead(async () => this.opened(await this.#openBasis(), start, emptyHistory()));
      if (!back) return;
      notify(store, { id: "afresh", tone: "info", text: `Started afresh with ${start} weights.`, actions: [back] });
    } catch (error) {
      // The open model goes on, and the controls say so.
      if (basis?.model) store.set({ model: basis.model });
      if (basis && basis.start !== "file") store.set({ start: basis.start });
      const again = () => store.set({ model, start });
      const actions = [{ label: "Try again", run: again }];
      notify(store, { id: "afresh", tone: "problem", text: sentence(error), actions });
      if (wasTraining) this.training.play();
    }
  }

  async #chooseDevice() {
    const choice = this.#store.get("device");
    // Now, not when it is granted: a refusal goes back to the choice before, and its reason has to stay.
    dismiss(this.#store, "device");
    try {
      const device_status = await this.#lab.device(choice);
      if (this.#store.get("device") !== choice) return;
      this.#device = choice;
      this.#store.set({ device_status });
    } catch (error) {
      if (this.#store.get("device") !== choice) return;
      this.#store.set({ device: this.#device });
      notify(this.#store, { id: "device", tone: "problem", text: sentence(error) });
    }
  }

  /**
   * A new worker that stands where the last safe state stood.
   *
   * @param {string} [refusal] why WebGPU is out of the question
   * @returns {Promise<number>} the step it stands at
   */
  async restore(refusal) {
    const { saved } = this.training;
    const basis = this.#store.get("basis");
    const drawn = this.#store.get("look")?.clean;
    const overrides = this.#store.get("overrides");
    if (refusal && this.#store.get("device") === "webgpu") this.#store.set({ device: "auto" });
    await this.#startWorker(refusal);
    const samples = await this.#assets.samples().catch(() => undefined);
    if (samples) await this.#lab.samples(...samples);
    const info = saved ? await this.#lab.open(saved.bytes) : await this.#openBasis();
    this.training.reset(info, saved?.history ?? emptyHistory());
    if (this.#store.get("data")?.own) await this.filing.openData().catch(() => {}); // Training asks for it again.
    this.#store.set({ phase: "ready", basis });
    if (drawn) await this.looking.show(drawn, overrides);
    await this.#chooseDevice();
    return info.step;
  }

  /** What was trained before the page was closed. */
  async #offerLast() {
    const { last, before } = await storage.recall();
    if (!last || this.#store.get("training")) return;
    /** @type {(bytes: Uint8Array, name: string) => () => void} */
    const open = (bytes, name) => () => {
      dismiss(this.#store, "last");
      void this.filing
        .open(bytes, name)
        .catch((error) => notify(this.#store, { id: "file", tone: "problem", text: sentence(error) }));
    };
    /** @param {number} step */
    const shown = (step) => step.toLocaleString("en");
    const actions = [{ label: "Go on from there", run: open(last.bytes, "Your last experiment") }];
    if (before && before.step > last.step) {
      const label = `Go on from step ${shown(before.step)} of an earlier time`;
      actions.push({ label, run: open(before.bytes, "Your earlier experiment") });
    }
    const forget = () => {
      dismiss(this.#store, "last");
      void storage.forget();
    };
    notify(this.#store, {
      id: "last",
      tone: "info",
      text: `Last time you trained to step ${shown(last.step)}.`,
      actions: [...actions, { label: "Forget it", run: forget }],
    });
  }
}
