// The user's files: experiments saved and opened, data of their own.

import { kindOfFile, offer, read, stem } from "./files.js";
import { unpack } from "./history.js";
import { dismiss, notify, sentence } from "./notices.js";
import { CLASSES, CONTROLS, DATA_NAMES, dataOf, presetOf } from "../store.js";
import { nameOf } from "../structure.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Controls, DataFiles, DataInfo, DataSet, Info, SampleSource } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 * @import { Experiment } from "../experiment.js"
 */

/** What the notes of a file may say. */
const CARRIED = /** @type {const} */ (["model", "learning_rate", "beta", "batch_size", "seed"]);

/**
 * The notes of a file, which may be anybody's.
 *
 * @param {string} notes
 * @returns {{ [key: string]: unknown }}
 */
function parseNotes(notes) {
  try {
    const value = JSON.parse(notes);
    return value && value.latent_lab === 1 ? value : {};
  } catch {
    return {};
  }
}

/**
 * @param {unknown} value
 * @returns {Partial<Controls>}
 */
function parseControls(value) {
  if (!value || typeof value !== "object") return {};
  const given = /** @type {{ [key: string]: unknown }} */ (value);
  const parsed = CARRIED.map((name) => [name, CONTROLS[name].parse(String(given[name])) ?? CONTROLS[name].initial]);
  return Object.fromEntries(parsed.filter(([name]) => name !== "seed" || "seed" in given));
}

/** @typedef {{ images: File, labels: File | undefined, held_out: File | undefined }} Own */

/** @param {File[]} files */
const largestFirst = (files) => files.toSorted((a, b) => b.size - a.size);

/**
 * @param {Own} own
 * @returns {Promise<DataFiles>}
 */
async function readOwn({ images, labels, held_out }) {
  return {
    name: images.name,
    set: "own",
    images: await read(images),
    labels: labels && (await read(labels)),
    held_out: held_out && (await read(held_out)),
  };
}

export class Filing {
  #store;
  #lab;
  #assets;
  #experiment;
  /** @type {Own | undefined} data of the user's own */
  #own;
  /** @type {DataSet | undefined} what the worker has open */
  #open;
  /** @type {Promise<void> | undefined} */
  #garments;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Assets} assets
   * @param {Experiment} experiment
   */
  constructor(store, lab, assets, experiment) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = assets;
    this.#experiment = experiment;
  }

  async save() {
    const { training } = this.#experiment;
    try {
      const { bytes, step } = await this.#lab.checkpoint(training.notes());
      const name = nameOf(this.#store.get("basis"));
      offer(bytes, `latent-lab-${stem(name)}-step-${step}.safetensors`);
    } catch (error) {
      notify(this.#store, { id: "file", tone: "problem", text: sentence(error) });
    }
  }

  /**
   * Files of any of our kinds, dropped or chosen.
   *
   * @param {Iterable<File>} files
   */
  async take(files) {
    dismiss(this.#store, "file");
    const all = [...files];
    try {
      const kinds = await Promise.all(all.map(kindOfFile));
      const [checkpoint] = all.filter((_, at) => kinds[at] === "checkpoint");
      // Of two files the larger one is trained on, and the other held out: so data sets are published.
      const [images, held_out, ...more] = largestFirst(all.filter((_, at) => kinds[at] === "images"));
      const [labels] = largestFirst(all.filter((_, at) => kinds[at] === "labels"));
      if (more.length > 0) {
        throw new Error("More than two image files at once: drop those to train on, and one to hold out at most.");
      }
      if (checkpoint) await this.#openExperiment(checkpoint);
      if (images) await this.#openOwn({ images, labels, held_out });
      else if (labels) await this.#addLabels(labels);
      const unknown = all[kinds.indexOf("unknown")];
      if (unknown) {
        const wanted = "Drop IDX images (raw or .gz), with labels if you like, or a saved .safetensors.";
        throw new Error(`“${unknown.name}” is no file that this page knows. ${wanted}`);
      }
    } catch (error) {
      notify(this.#store, { id: "file", tone: "problem", text: sentence(error) });
    }
  }

  /** @param {File} file */
  async #openExperiment(file) {
    const bytes = await read(file);
    await this.open(bytes, file.name);
  }

  /**
   * Opens a checkpoint, and goes on as if nothing had happened. Where it is refused, the open experiment goes on.
   *
   * @param {Uint8Array} bytes
   * @param {string} name
   */
  async open(bytes, name) {
    const { training } = this.#experiment;
    const wasTraining = this.#store.get("training");
    const back = await this.#experiment.comeback.way();
    const before = presetOf(this.#store);
    const { info, data } = await training.instead(async () => {
      /** @type {Info} */
      let info;
      try {
        info = await this.#lab.open(bytes);
      } catch (error) {
        if (wasTraining) training.goOn();
        throw Object.assign(new Error(`“${name}”: ${sentence(error)}`), { cause: error });
      }
      const { controls, history, data } = parseNotes(info.notes);
      const { model, ...settings } = parseControls(controls);
      this.#store.set({ seed: info.seed, ...settings });
      await this.#experiment.opened(info, "file", unpack(history), model);
      return { info, data };
    });
    const preset = presetOf(this.#store);
    const other = preset && preset !== before ? ` It belongs to “${preset.title}”.` : "";
    notify(this.#store, {
      id: "file",
      tone: "info",
      text: `“${name}” is open, at step ${info.step}.${other} ${this.#aboutData(data)}`.trim(),
      actions: back ? [back] : [],
    });
  }

  /**
   * Opens what was kept of an earlier run; says so where that fails.
   *
   * @param {Uint8Array} bytes
   * @param {string} name
   */
  async reopen(bytes, name) {
    try {
      await this.open(bytes, name);
    } catch (error) {
      notify(this.#store, { id: "file", tone: "problem", text: sentence(error) });
    }
  }

  /**
   * A file does not hold the data that it was trained on.
   *
   * @param {unknown} said
   */
  #aboutData(said) {
    if (!said || typeof said !== "object" || !("name" in said) || !("count" in said)) return "";
    const { name, count } = said;
    const here = this.#store.get("data")?.name ?? DATA_NAMES[dataOf(this.#store)];
    if (name === here) return "";
    return `It was trained on ${name} (${count} images): drop that file to go on with it. Until then, ${here}.`;
  }

  /** @param {Own} own */
  async #openOwn(own) {
    const files = await readOwn(own);
    const data = await this.#lab.data(files).catch((error) => {
      throw Object.assign(new Error(`“${files.name}”: ${sentence(error)}`), { cause: error });
    });
    this.#own = own;
    this.#open = "own";
    this.#store.set({ data });
    notify(this.#store, { id: "file", tone: "info", text: this.#aboutOwn(data, own.labels !== undefined) });
    await this.#experiment.looking.nextSample();
  }

  /**
   * @param {DataInfo} data
   * @param {boolean} labelled
   */
  #aboutOwn({ name, count, held_out, apart }, labelled) {
    const images = `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"}`;
    const aside = held_out > 0 ? `${held_out} ${apart ? "more" : "of them"} held out` : "too few to hold any out";
    const next = this.#store.get("training") ? "Training goes on with these." : "Press play to train on these.";
    return `${name}: ${images}${labelled ? " with labels" : ""}, ${aside}. ${next}`;
  }

  /** @param {File} labels */
  async #addLabels(labels) {
    if (!this.#own) {
      throw new Error(
        `“${labels.name}” holds labels alone. Drop the images that they belong to first, or both together.`,
      );
    }
    await this.#openOwn({ ...this.#own, labels });
  }

  /** Which data the experiment and the user's files ask for. @returns {DataSet} */
  get wanted() {
    return this.#own ? "own" : dataOf(this.#store);
  }

  /**
   * Opens the data that are asked for, when training or a view first needs them.
   *
   * @returns {Promise<void>}
   */
  async openData() {
    const wanted = this.wanted;
    if (this.#open === wanted) return;
    const own = this.#own;
    const files = own ? await readOwn(own) : await this.#assets.data(dataOf(this.#store));
    // Others may have been dropped, or another experiment chosen, while these arrived.
    if (this.wanted !== wanted || this.#open === wanted || this.#own !== own) return this.openData();
    this.#open = wanted;
    try {
      this.#store.set({ data: await this.#lab.data(files) });
    } catch (error) {
      this.#open = undefined;
      throw error;
    }
  }

  /**
   * Digits to begin with are there from the start; other samples are those of the data.
   *
   * @param {"garments"} [other] what is no digit, in their place
   * @returns {Promise<{ from: SampleSource, names: readonly string[] }>}
   */
  async openSamples(other) {
    if (other) {
      this.#garments ??= this.#openGarments();
      await this.#garments;
      return { from: other, names: CLASSES.fashion };
    }
    const names = CLASSES[dataOf(this.#store)];
    if (this.wanted === "mnist") return { from: "samples", names };
    await this.openData();
    return { from: "data", names };
  }

  async #openGarments() {
    try {
      const { images, labels } = await this.#assets.data("fashion");
      await this.#lab.samples(images, labels, "garments");
    } catch (error) {
      this.#garments = undefined;
      throw error;
    }
  }

  async backToShipped() {
    dismiss(this.#store, "file");
    const set = dataOf(this.#store);
    try {
      const data = await this.#lab.data(await this.#assets.data(set));
      [this.#own, this.#open] = [undefined, set];
      this.#store.set({ data });
      await this.#experiment.looking.nextSample();
    } catch (error) {
      notify(this.#store, { id: "file", tone: "problem", text: sentence(error) });
    }
  }

  /** Other data are asked for than those that are open. */
  forgetOther() {
    if (this.#open === this.wanted) return;
    this.#open = undefined;
    this.#store.set({ data: null });
  }

  /** The worker is another one, without data. */
  forgetData() {
    this.#open = this.#garments = undefined;
  }
}
