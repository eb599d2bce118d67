// Which images are open in the worker: those of the experiment, or the user's own.

import { objectsOf } from "../model.js";
import { classOf, dataOf, garmentOf } from "../store.js";
import { readData } from "./files.js";
import { dismiss, notify, sentence, tell } from "./notices.js";
import { mendsOf, oddWords } from "./odd.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { DataFiles, DataInfo, DataSet, Mend, Pictures, SampleSource } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 */

/** @typedef {{ images: File, labels?: File, held_out?: File, mends?: readonly Mend[] }} Own */

/** So many sample digits come before the others. */
const FIRST_SAMPLES = 10;
/** Files that may come with images. */
const PARTS = /** @type {const} */ (["labels", "held_out"]);

/**
 * @param {Own} own
 * @returns {Promise<DataFiles>}
 */
async function readOwn({ images, labels, held_out, mends }) {
  return {
    name: images.name,
    set: "own",
    images: await readData(images),
    labels: labels && (await readData(labels)),
    held_out: held_out && (await readData(held_out)),
    mends,
  };
}

export class Datasets {
  #store;
  #lab;
  #assets;
  #showSample;
  /** @type {Own | undefined} the user's */
  #own;
  /** The data that the worker has open or is about to open. @type {{ set: DataSet, own: Own | undefined, done: Promise<void> } | undefined} */
  #opened;
  /** Those that the worker has open, or is about to open. @type {Map<SampleSource, Promise<Pictures>>} */
  #pictures = new Map();

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Assets} assets
   * @param {() => Promise<void>} showSample shows a sample of data that somebody chose
   */
  constructor(store, lab, assets, showSample) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = assets;
    this.#showSample = showSample;
  }

  /** The data set that the experiment and the user's files call for. @returns {DataSet} */
  get #wanted() {
    return this.#own ? "own" : dataOf(this.#store);
  }

  /**
   * Opens the images that are wanted, when training or a view first needs them.
   *
   * @returns {Promise<void>}
   */
  open() {
    const [set, own] = [this.#wanted, this.#own];
    if (this.#opened?.set === set && this.#opened.own === own) return this.#opened.done;
    const done = this.#load(set, own);
    this.#opened = { set, own, done };
    done.catch(() => {
      if (this.#opened?.done === done) this.#opened = undefined; // The next call tries again.
    });
    return done;
  }

  /**
   * @param {DataSet} set
   * @param {Own | undefined} own
   * @returns {Promise<void>}
   */
  async #load(set, own) {
    // While these files arrive, others may be dropped or another experiment may be chosen.
    const isSuperseded = () => this.#wanted !== set || this.#own !== own;
    const files = own ? await readOwn(own) : await this.#assets.data(dataOf(this.#store));
    if (isSuperseded()) return this.open();
    const data = await this.#lab.data(files);
    if (isSuperseded()) return this.open();
    const refusal = data.refused.labels ?? data.refused.held_out;
    if (refusal) throw new Error(`${data.name}: ${refusal}`);
    this.#show(data);
  }

  /** @param {DataInfo} data that is open now; if it is MNIST, views look at the test digits */
  #show(data) {
    const { from } = this.#store.get("pictures") ?? {};
    if (data.set === "mnist") this.#store.set({ data, ...(from === "test" ? {} : { pictures: null }) });
    else this.#store.set({ data, pictures: { from: "data", name: "images of the data", count: data.count } });
  }

  /**
   * Opens the pictures that views look at: test digits if the experiment is about digits, otherwise the data.
   *
   * @returns {Promise<void>}
   */
  async openPictures() {
    if (this.#wanted !== "mnist") return this.open();
    const pictures = await this.#openOnce("test", "test digits", () => this.#assets.test());
    if (this.#wanted === "mnist") this.#store.set({ pictures });
    else await this.open();
  }

  /**
   * Opens the user's own images. If they are refused, the previous images stay. If only their labels or their held-out
   * images are refused, the images are open without them, and an error says so.
   *
   * @param {Own} own
   */
  async openOwn(own) {
    const files = await readOwn(own);
    const data = await this.#lab.data(files).catch((error) => {
      throw Object.assign(new Error(`“${files.name}”: ${sentence(error)}`), { cause: error });
    });
    const refused = PARTS.filter((part) => data.refused[part]);
    const taken = { ...own };
    for (const part of refused) delete taken[part];
    this.#own = taken;
    this.#opened = { set: "own", own: taken, done: Promise.resolve() };
    this.#show(data);
    this.#report(data, taken);
    await this.#showSample();
    if (refused.length === 0) return;
    const words = refused.map((part) => `“${own[part]?.name}” is left out. ${sentence(data.refused[part])}`);
    throw new Error(words.join(" "));
  }

  /** @param {File} labels */
  async addLabels(labels) {
    const before = this.#own;
    if (!before) {
      throw new Error(
        `“${labels.name}” holds labels alone. Drop the images that they belong to first, or both together.`,
      );
    }
    try {
      await this.openOwn({ ...before, labels });
    } finally {
      if (before.labels && !this.#own?.labels) await this.openOwn(before);
    }
  }

  /**
   * Reports the user's images, with actions that mend what looks odd about them.
   *
   * @param {DataInfo} data
   * @param {Own} own
   */
  #report(data, own) {
    const actions = mendsOf(data).map(({ how, label }) => ({
      label,
      run: () => void this.#mend({ ...own, mends: [...(own.mends ?? []), how] }),
    }));
    const text = `${this.#describe(data)} ${oddWords(data)}`.trim();
    notify(this.#store, { id: "file", tone: "info", text, actions });
  }

  /** @param {DataInfo} data */
  #describe({ name, count, declared, labelled, held_out, has_held_out_file }) {
    const number = count.toLocaleString("en");
    const some = declared > count ? `the first ${number} of ${declared.toLocaleString("en")}` : number;
    const images = `${some} ${declared === 1 ? "image" : "images"}`;
    const aside =
      held_out > 0 ? `${held_out} ${has_held_out_file ? "more" : "of them"} held out` : "too few to hold any out";
    const next = this.#store.get("training") ? "Training goes on with these." : "Press play to train on these.";
    return `${name}: ${images}${labelled ? " with labels" : ""}, ${aside}. ${next}`;
  }

  /** @param {Own} own with the mends to be done */
  async #mend(own) {
    try {
      await this.openOwn(own);
    } catch (error) {
      tell(this.#store, "file", error);
    }
  }

  async backToShipped() {
    dismiss(this.#store, "file");
    const before = { own: this.#own, opened: this.#opened };
    this.#own = undefined;
    try {
      await this.open();
      await this.#showSample();
    } catch (error) {
      [this.#own, this.#opened] = [before.own, before.opened];
      tell(this.#store, "file", error);
    }
  }

  /**
   * The first sample digits are there from the start, all of them when they are wanted; samples of anything else come from the data.
   *
   * @param {number} index of the sample that is wanted
   * @param {"garments"} [other] something other than digits, in their place
   * @returns {Promise<{ from: SampleSource, nameOf: (label: number) => string, isInk: boolean }>}
   */
  async openSamples(index, other) {
    if (other) {
      await this.#openOnce(other, "garments", async () => {
        const { images, labels } = await this.#assets.data("fashion");
        return [images, labels];
      });
      return { from: other, nameOf: garmentOf, isInk: false };
    }
    const isScene = objectsOf(this.#store.get("info")) !== undefined;
    const countWords = (/** @type {number} */ count) => (count === 1 ? "a scene of 1" : `a scene of ${count}`);
    if (this.#wanted === "mnist") {
      const from = index < FIRST_SAMPLES && !isScene ? "first" : "samples";
      if (from === "samples") await this.#openOnce(from, "sample digits", () => this.#assets.samples("sample"));
      return { from, nameOf: isScene ? countWords : String, isInk: true };
    }
    await this.open();
    const nameOf = (/** @type {number} */ label) => classOf(this.#store, label);
    return { from: "data", nameOf: isScene ? countWords : nameOf, isInk: dataOf(this.#store) === "mnist" };
  }

  /**
   * Opens pictures in the worker, once: each call gives the same object, by which encodings know what they are of.
   *
   * @param {SampleSource} from
   * @param {string} name
   * @param {() => Promise<[images: Uint8Array, labels?: Uint8Array]>} files
   * @returns {Promise<Pictures>}
   */
  async #openOnce(from, name, files) {
    const open = async () => {
      const [images, labels] = await files();
      return { from, name, count: await this.#lab.samples(images, labels, from) };
    };
    const opening = this.#pictures.get(from) ?? open();
    this.#pictures.set(from, opening);
    try {
      return await opening;
    } catch (error) {
      this.#pictures.delete(from);
      throw error;
    }
  }

  /** Forgets the open images if others are wanted now. */
  forgetOther() {
    if (this.#opened?.set === this.#wanted) return;
    this.#opened = undefined;
    this.#store.set({ data: null, pictures: null });
  }

  /** The worker is a new one, which has no images open. */
  forget() {
    this.#opened = undefined;
    this.#pictures.clear();
  }
}
