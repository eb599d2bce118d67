// The user's files: saving and opening experiments, and opening the user's own data.

import { head, kindOfFile, offer, read, stem } from "./files.js";
import { curvesOf } from "./log.js";
import { dismiss, notify, sentence, tell } from "./notices.js";
import { wordsFor } from "./unknown.js";
import { CONTROLS } from "../controls.js";
import { placeOf } from "../progress.js";
import { DATA_NAMES, dataOf, presetOf } from "../store.js";
import { nameOf } from "../structure.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Controls, Info } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Experiment } from "../experiment.js"
 * @import { Run } from "./storage.js"
 */

/** Controls that the notes of a file may set. */
const CARRIED = /** @type {const} */ (["model", "stage", "learning_rate", "beta", "batch_size", "seed"]);

/**
 * Parses the notes of a file, which may come from anybody.
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

/** @param {File[]} files */
const largestFirst = (files) => files.toSorted((a, b) => b.size - a.size);

export class Filing {
  #store;
  #lab;
  #experiment;
  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Experiment} experiment
   */
  constructor(store, lab, experiment) {
    this.#store = store;
    this.#lab = lab;
    this.#experiment = experiment;
  }

  async save() {
    const { training } = this.#experiment;
    try {
      const { bytes, step, prior_step: prior } = await this.#lab.checkpoint(training.notes());
      const name = nameOf(this.#store.get("basis"));
      const place = prior ? `${step}-prior-${prior}` : String(step);
      offer(bytes, `latent-lab-${stem(name)}-step-${place}.safetensors`);
    } catch (error) {
      tell(this.#store, "file", error);
    }
  }

  /**
   * Opens files of any known kind that were dropped or chosen.
   *
   * @param {Iterable<File>} files
   */
  async take(files) {
    for (const stale of ["file", "other"]) dismiss(this.#store, stale);
    const { datasets } = this.#experiment;
    const all = [...files];
    try {
      const kinds = await Promise.all(all.map(kindOfFile));
      const [checkpoint] = all.filter((_, at) => kinds[at] === "checkpoint");
      // Data sets are published with a larger file to train on and a smaller one to hold out.
      const [images, held_out, ...more] = largestFirst(all.filter((_, at) => kinds[at] === "images"));
      const [labels] = largestFirst(all.filter((_, at) => kinds[at] === "labels"));
      if (more.length > 0) {
        throw new Error("More than two image files at once: drop those to train on, and one to hold out at most.");
      }
      if (checkpoint) await this.#openExperiment(checkpoint);
      if (images) await datasets.openOwn({ images, labels, held_out });
      else if (labels) await datasets.addLabels(labels);
      const unknown = all[kinds.indexOf("unknown")];
      if (unknown) {
        const wanted = "Drop IDX images (raw or .gz), with labels if you like, or a saved .safetensors.";
        throw new Error(`“${unknown.name}” is ${wordsFor(await head(unknown))}. ${wanted}`);
      }
    } catch (error) {
      // This notice is shown beside those about the files that were opened.
      tell(this.#store, "other", error);
    }
  }

  /** @param {File} file */
  async #openExperiment(file) {
    const bytes = await read(file);
    await this.open(bytes, file.name);
  }

  /**
   * Opens a checkpoint, which can be trained further as if it had never been closed. If it is refused, the open
   * experiment goes on.
   *
   * @param {Uint8Array} bytes
   * @param {string} name
   * @param {Run} [run] the run that the checkpoint belongs to
   */
  async open(bytes, name, run) {
    const { training } = this.#experiment;
    const wasTraining = this.#store.get("training");
    await training.pause();
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
      const { controls, data, ...curves } = parseNotes(info.notes);
      const { model, ...settings } = parseControls(controls);
      this.#store.set({ seed: info.seed, ...settings });
      await this.#experiment.opened(info, "file", curvesOf(curves, info), model);
      if (run) await this.#experiment.runs.resume(run);
      return { info, data };
    });
    const preset = presetOf(this.#store);
    const belonging = preset && preset !== before ? ` It belongs to “${preset.title}”.` : "";
    notify(this.#store, {
      id: "file",
      tone: "info",
      text: `“${name}” is open, at ${placeOf(info)}.${belonging} ${this.#aboutData(data)}`.trim(),
      actions: this.#experiment.comeback.ways,
    });
  }

  /**
   * Opens the saved state of an earlier run; a notice says so if that fails.
   *
   * @param {Run} run
   * @param {string} name
   */
  async reopen(run, name) {
    try {
      await this.open(run.bytes, name, run);
    } catch (error) {
      tell(this.#store, "file", error);
    }
  }

  /**
   * Words about the data that the file's model was trained on, which the file itself does not hold.
   *
   * @param {unknown} data from the file's notes
   */
  #aboutData(data) {
    if (!data || typeof data !== "object" || !("name" in data) || !("count" in data)) return "";
    const { name, count } = data;
    const current = this.#store.get("data")?.name ?? DATA_NAMES[dataOf(this.#store)];
    if (name === current) return "";
    return `It was trained on ${name} (${count} images): drop that file to go on with it. Until then, ${current}.`;
  }
}
