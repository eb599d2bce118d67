// The user's files: experiments saved and opened, data of their own.

import { kindOfFile, offer, read } from "./files.js";
import { unpack } from "./history.js";
import { dismiss, notify, sentence } from "./notices.js";
import { CONTROLS } from "../store.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Controls, DataInfo, Info } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 * @import { Experiment } from "../experiment.js"
 */

/** What the notes of a file may set. */
const CARRIED = /** @type {const} */ (["learning_rate", "beta", "batch_size", "seed"]);

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

export class Filing {
  #store;
  #lab;
  #assets;
  #experiment;
  /** @type {{ images: File, labels: File | undefined } | undefined} data of the user's own */
  #own;
  #isOpen = false;

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
      const name = this.#store.get("basis")?.model ?? "model";
      offer(bytes, `latent-lab-${name}-step-${step}.safetensors`);
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
      const [checkpoint, images, labels] = /** @type {const} */ (["checkpoint", "images", "labels"]).map(
        (kind) => all[kinds.indexOf(kind)],
      );
      if (checkpoint) await this.#openExperiment(checkpoint);
      if (images) await this.#openOwn(images, labels);
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
    const back = await this.#experiment.wayBack();
    const { info, data } = await training.instead(async () => {
      /** @type {Info} */
      let info;
      try {
        info = await this.#lab.open(bytes);
      } catch (error) {
        if (wasTraining) training.play();
        throw Object.assign(new Error(`“${name}”: ${sentence(error)}`), { cause: error });
      }
      const { controls, history, data } = parseNotes(info.notes);
      this.#store.set({ seed: info.seed, ...parseControls(controls) });
      await this.#experiment.opened(info, "file", unpack(history));
      return { info, data };
    });
    notify(this.#store, {
      id: "file",
      tone: "info",
      text: `“${name}” is open, at step ${info.step}. ${this.#aboutData(data)}`.trim(),
      actions: back ? [back] : [],
    });
  }

  /**
   * A file does not hold the data that it was trained on.
   *
   * @param {unknown} said
   */
  #aboutData(said) {
    if (!said || typeof said !== "object" || !("name" in said) || !("count" in said)) return "";
    const { name, count } = said;
    const here = this.#store.get("data")?.name ?? "MNIST";
    if (name === here) return "";
    return `It was trained on ${name} (${count} images): drop that file to go on with it. Until then, ${here}.`;
  }

  /**
   * @param {File} images
   * @param {File | undefined} labels
   */
  async #openOwn(images, labels) {
    const bytes = await read(images);
    const labelBytes = labels && (await read(labels));
    const name = images.name;
    const data = await this.#lab.data({ name, images: bytes, labels: labelBytes }).catch((error) => {
      throw Object.assign(new Error(`“${name}”: ${sentence(error)}`), { cause: error });
    });
    this.#own = { images, labels };
    this.#isOpen = true;
    this.#store.set({ data });
    notify(this.#store, { id: "file", tone: "info", text: this.#aboutOwn(data, labels !== undefined) });
    await this.#experiment.looking.nextSample();
  }

  /**
   * @param {DataInfo} data
   * @param {boolean} labelled
   */
  #aboutOwn({ name, count, held_out }, labelled) {
    const images = `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"}`;
    const aside = held_out > 0 ? `${held_out} of them held out` : "too few to hold any out";
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
    await this.#openOwn(this.#own.images, labels);
  }

  /**
   * The data that the controls and files ask for, when training first needs it.
   *
   * @returns {Promise<void>}
   */
  async openData() {
    if (this.#isOpen) return;
    const own = this.#own;
    const files = own
      ? { name: own.images.name, images: await read(own.images), labels: own.labels && (await read(own.labels)) }
      : await this.#assets.mnist();
    // Others may have been dropped while these arrived.
    if (this.#isOpen || this.#own !== own) return this.openData();
    this.#isOpen = true;
    try {
      this.#store.set({ data: await this.#lab.data(files) });
    } catch (error) {
      this.#isOpen = false;
      throw error;
    }
  }

  async backToMnist() {
    dismiss(this.#store, "file");
    try {
      const data = await this.#lab.data(await this.#assets.mnist());
      [this.#own, this.#isOpen] = [undefined, true];
      this.#store.set({ data });
      await this.#experiment.looking.nextSample();
    } catch (error) {
      notify(this.#store, { id: "file", tone: "problem", text: sentence(error) });
    }
  }

  /** The worker is another one, without data. */
  forgetData() {
    this.#isOpen = false;
  }
}
