// The experiment: the one place that changes what is the case. Views ask it, and show what the store says.

import { CONTROLS } from "./controls.js";
import { Assets } from "./experiment/assets.js";
import { Comeback } from "./experiment/comeback.js";
import { Comparing } from "./experiment/comparing.js";
import { Datasets } from "./experiment/datasets.js";
import { Device } from "./experiment/device.js";
import { Exploring } from "./experiment/exploring.js";
import { Filing } from "./experiment/filing.js";
import { noCurves } from "./experiment/history.js";
import { findModel, keepWithin, tellUnmet } from "./experiment/limits.js";
import { Looking } from "./experiment/looking.js";
import { dismiss, kindOf, notify, reportMistake, sentence, tell } from "./experiment/notices.js";
import { Palette } from "./experiment/palette.js";
import { Recovery } from "./experiment/recovery.js";
import { retune } from "./experiment/retuning.js";
import { Starts } from "./experiment/starts.js";
import { Runs } from "./experiment/runs.js";
import { Training } from "./experiment/training.js";
import { objectsOf } from "./model.js";
import { dataOf } from "./store.js";
import { identify } from "./identify.js";
import { fits, isOwn, isSame, NONE, structureOf } from "./structure.js";

/**
 * @import { LabClient } from "./lab.js"
 * @import { Basis, Controls, Facts, Info, Notice, Progress, Structure } from "./types.js"
 * @import { Store } from "./store.js"
 */

const DEFAULT_MODEL = CONTROLS.model.initial;

export class Experiment {
  #store;
  #lab;
  #assets;
  #starts;
  #device;
  /** How often another start was asked for. */
  #asked = 0;
  /** How many of these are not over. */
  #opening = 0;
  /** Whether the last one that was asked for is open. */
  #starting = Promise.resolve(false);
  /** What was opened when another one had been asked for already. @type {{ info: Info, from: Basis["start"] } | undefined} */
  #unclaimed;
  /** What the open experiment is about, and whether it sees several of them at once. */
  #subject = "";
  /** The last state that was to be kept. */
  #keeping = Promise.resolve();
  looking;
  exploring;
  palette;
  comparing;
  training;
  datasets;
  filing;
  runs;
  comeback;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   */
  constructor(store, lab) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = new Assets(store);
    this.#starts = new Starts(store, lab, this.#assets);
    this.looking = new Looking(store, lab, (index, wanted) => this.datasets.openSamples(index, wanted));
    this.datasets = new Datasets(store, lab, this.#assets, () => this.looking.nextSample());
    this.filing = new Filing(store, lab, this);
    this.exploring = new Exploring(store, lab, () => this.datasets.openPictures());
    this.palette = new Palette(store, lab);
    this.comparing = new Comparing(store, lab, this.#assets, () => this.datasets.openPictures());
    this.runs = new Runs(store);
    this.training = new Training(
      store,
      lab,
      () => this.datasets.open(),
      (saved) => void (this.#keeping = this.runs.keep(saved)),
    );
    this.comeback = new Comeback(store, this.training, this.filing, this.runs);
    this.#device = new Device(store, lab);
    new Recovery(store, lab, this);
    keepWithin(store);
    lab.addEventListener("download", (event) => {
      if (!(event instanceof CustomEvent)) return;
      const { name, loaded, total, done } = event.detail;
      this.#assets.progress(name)(loaded, total, done);
    });
    store.subscribe((changed) => {
      if (store.get("phase") !== "ready") return;
      if (changed.has("device")) void this.#device.choose();
      if (changed.has("workers")) this.#device.chooseWorkers();
      const basis = store.get("basis");
      if (changed.has("model")) findModel(store, basis?.model ?? DEFAULT_MODEL);
      const chosen = changed.has("model") && basis?.model !== store.get("model");
      const started = changed.has("start") && basis?.start !== this.#starts.from;
      const built = [...changed].some((name) => name in NONE) && !isSame(basis?.structure ?? NONE, store.controls);
      const isOpen = basis?.model === store.get("model") && this.#opening === 0;
      const retuned = built && !started && isOpen && fits(basis.structure, store.controls);
      if (retuned) void retune(store, lab, this.#starts, this);
      else if (chosen || started || built) this.#starting = this.#openChosen();
    });
  }

  /** From nothing to the first reconstruction. */
  async begin() {
    const store = this.#store;
    store.set({ phase: "loading" });
    dismiss(store, "begin");
    // All downloads start together, so that the page waits only for the slowest one.
    const samples = this.#assets.samples("first");
    const known = store.get("model") === DEFAULT_MODEL;
    const weights = known && this.#starts.from === "shipped" ? this.#assets.weights(DEFAULT_MODEL) : undefined;
    // A failure of either is heard below, where it is awaited: it is caught and shown there. Until then, while the worker starts,
    // the browser would report it as unhandled; only that report is kept from it here.
    for (const early of [samples, weights]) early?.catch(() => {});
    try {
      await this.#startWorker();
      const open = this.#starts.openPossible();
      await Promise.all([open, samples.then(([images, labels]) => this.#lab.samples(images, labels, "first"))]);
      await this.opened(await open, this.#starts.from, noCurves());
    } catch (error) {
      return this.#failToBegin(error);
    }
    store.set({ phase: "ready" });
    // If somebody drew while the page was loading, their drawing is shown.
    if (!this.looking.hasDrawing) await this.looking.nextSample();
    await this.training.autosave();
    this.#device.chooseWorkers();
    await this.#device.choose();
    await this.comeback.offerEarlier();
  }

  /** @param {unknown} error */
  #failToBegin(error) {
    this.#store.set({ phase: "failed" });
    /** @type {Notice["actions"]} */
    const actions = [{ label: "Try again", run: () => void this.begin() }];
    if (sentence(error).includes("shipped weights")) {
      const fresh = () => {
        this.#store.set({ start: "fresh" });
        void this.begin();
      };
      actions.push({ label: "Begin with fresh weights", run: fresh });
    }
    tell(this.#store, "begin", error, { actions, lasting: true });
  }

  /** @param {string} [refusal] why WebGPU is out of the question */
  async #startWorker(refusal) {
    this.datasets.forget();
    this.looking.forget();
    const module = this.#assets.module();
    const { presets } = await this.#lab.start({ module, refusal });
    this.#store.set({ presets, device_status: { device: "cpu", reason: "" } });
    findModel(this.#store, DEFAULT_MODEL);
  }

  /**
   * Another experiment, or another of its models, as it is shipped: with settings and a structure of its own.
   *
   * @param {string} model
   */
  choose(model) {
    dismiss(this.#store, "model");
    this.#store.set({
      model,
      start: "shipped",
      stage: "codes",
      learning_rate: null,
      beta: null,
      batch_size: null,
      ...NONE,
    });
  }

  /**
   * A fresh model of another structure. Where it is refused, the open one goes on.
   *
   * @param {Structure} structure
   */
  build(structure) {
    this.#store.set(structureOf(structure));
  }

  /**
   * Another model is open.
   *
   * @param {Info} info
   * @param {Basis["start"]} start
   * @param {Facts["history"]} history
   * @param {string} [likely] which model it is, as far as its file can tell
   */
  async opened(info, start, history, likely) {
    const chosen = this.#store.get("model");
    const presets = this.#store.get("presets");
    const { model, structure } = identify(presets, info.config, [likely ?? chosen, chosen]);
    if (start !== "file") tellUnmet(this.#store, structureOf(this.#store.controls), info);
    this.training.reset(info, history);
    this.#store.set({
      basis: { model, structure, start, seed: this.#store.get("seed") },
      overrides: [],
      negated: false,
      model: model ?? chosen,
      ...structure,
    });
    this.runs.begin(info);
    this.#unclaimed = undefined;
    for (const stale of ["training", "afresh", "file", "explore", "prior"]) dismiss(this.#store, stale);
    const [data, scenes] = [dataOf(this.#store), objectsOf(info) !== undefined];
    const [before, subject] = [this.#subject, `${data} ${scenes ? "scenes" : ""}`];
    this.#subject = subject;
    if (this.#store.get("phase") !== "ready") return;
    if (subject !== before) this.datasets.forgetOther();
    await this.looking.again();
    // A drawing of the user's stays, unless it was for a canvas of another kind; undo brings it back.
    const stays = this.looking.isDrawn && scenes === before.endsWith("scenes");
    if (subject !== before && !stays) await this.looking.nextSample();
    await this.training.autosave();
  }

  /**
   * The chosen model from these weights, whatever it stands at.
   *
   * @param {Controls["start"]} start
   * @returns {Promise<boolean>} whether it is open, and nothing else was asked for meanwhile
   */
  startFrom(start) {
    const isAgain = this.#starts.from === start;
    this.#store.set({ start });
    return isAgain ? this.startAfresh() : this.#starting;
  }

  /** The open experiment's codes from fresh weights, in training as soon as they are there. */
  async learnFromNothing() {
    this.#store.set({ stage: "codes", learning_rate: null });
    if (await this.startFrom("fresh")) this.training.play();
  }

  /**
   * Back to the start that the controls name. What was trained can be brought back.
   *
   * @returns {Promise<boolean>} whether it is open, and nothing else was asked for meanwhile
   */
  startAfresh() {
    return this.#openChosen({ isReset: true });
  }

  /**
   * What the controls name, in place of what is open.
   *
   * @param {{ isReset?: boolean }} [how] whether a person asked for just that
   * @returns {Promise<boolean>} whether it is open, and nothing else was asked for meanwhile
   */
  async #openChosen({ isReset = false } = {}) {
    const store = this.#store;
    this.#asked += 1;
    const asked = this.#asked;
    const wasTraining = store.get("training");
    dismiss(store, "structure");
    await this.training.pause();
    const { start, model } = store.controls;
    const structure = structureOf(store.controls);
    const from = this.#starts.from;
    let isLeft = false;
    this.#opening += 1;
    try {
      await this.training.instead(async () => {
        // Of choices in quick succession the last one counts, and the others do not take the controls back.
        if (asked !== this.#asked) return;
        const info = await this.#starts.open();
        isLeft = this.runs.isTrained(this.training.reached);
        if (asked !== this.#asked) this.#unclaimed = { info, from };
        else await this.opened(info, from, noCurves());
      });
      if (asked !== this.#asked) return false;
      const { ways } = this.comeback;
      const text =
        isReset || isLeft ? `Started afresh with ${from} weights.` : "What you trained before can be brought back.";
      if (ways.length > 0) notify(store, { id: "afresh", tone: "info", text, actions: ways });
      return true;
    } catch (error) {
      reportMistake(error);
      if (asked !== this.#asked) return false;
      if (this.#unclaimed) await this.opened(this.#unclaimed.info, this.#unclaimed.from, noCurves());
      // The open model goes on, and the controls say so.
      const basis = store.get("basis");
      const before = { model: basis?.model ?? model, ...(basis?.structure ?? NONE) };
      store.set(basis && basis.start !== "file" && !isOwn(before) ? { ...before, start: basis.start } : before);
      const again = () => store.set({ model, start, ...structure });
      // What can never be built need not be tried again.
      const actions = kindOf(error) === "invalid_config" ? [] : [{ label: "Try again", run: again }];
      notify(store, { id: "afresh", tone: "problem", text: sentence(error), actions });
      if (wasTraining) this.training.goOn();
      return false;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Resolves when nothing is trained any more, and what was is kept. */
  async rest() {
    await this.training.pause();
    await this.#keeping;
  }

  /**
   * A new worker that stands where the last safe state stood.
   *
   * @param {string} [refusal] why WebGPU is out of the question
   * @returns {Promise<Progress>} where it stands
   */
  async restore(refusal) {
    const { saved } = this.training;
    const basis = this.#store.get("basis");
    const drawn = this.#store.get("look")?.clean;
    const { own } = this.looking;
    if (refusal && this.#store.get("device") === "webgpu") this.#store.set({ device: "auto" });
    await this.#startWorker(refusal);
    await this.#lab.samples(...(await this.#assets.samples("first")), "first");
    const info = saved ? await this.#lab.open(saved.bytes) : await this.#starts.open();
    this.training.reset(info, saved?.history ?? noCurves());
    // Where they cannot be read any more that is told; the model is back nevertheless.
    const { datasets } = this;
    if (this.#store.get("data")?.set === "own")
      await datasets.open().catch((error) => tell(this.#store, "file", error));
    // A safe state may be from before the last settings.
    const { structure } = identify(this.#store.get("presets"), info.config, [basis?.model ?? DEFAULT_MODEL]);
    this.#store.set({ phase: "ready", basis: basis && { ...basis, structure }, ...structure });
    if (drawn) await this.looking.show(drawn, own);
    await this.#device.choose();
    return info;
  }
}
