// Which images are open in the worker: those that the experiment is about, or the user's own.

import { CLASSES, classesOf, dataOf } from "../store.js";
import { read } from "./files.js";
import { dismiss, notify, sentence, tell } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { DataFiles, DataInfo, DataSet, Pictures, SampleSource } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 */

/** @typedef {{ images: File, labels: File | undefined, held_out: File | undefined }} Own */

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

export class Datasets {
  #store;
  #lab;
  #assets;
  #showSample;
  /** @type {Own | undefined} the user's */
  #own;
  /** What the worker has open, or will have. @type {{ set: DataSet, own: Own | undefined, done: Promise<void> } | undefined} */
  #opened;
  /** @type {Promise<void> | undefined} */
  #garments;
  /** @type {Promise<Pictures> | undefined} */
  #test;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Assets} assets
   * @param {() => Promise<void>} showSample of data that somebody chose
   */
  constructor(store, lab, assets, showSample) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = assets;
    this.#showSample = showSample;
  }

  /** What the experiment and the user's files ask for. @returns {DataSet} */
  get #wanted() {
    return this.#own ? "own" : dataOf(this.#store);
  }

  /**
   * Opens the images that are asked for, when training or a view first needs them.
   *
   * @returns {Promise<void>}
   */
  open() {
    const [set, own] = [this.#wanted, this.#own];
    if (this.#opened?.set === set && this.#opened.own === own) return this.#opened.done;
    const done = this.#load(set, own);
    this.#opened = { set, own, done };
    done.catch(() => {
      if (this.#opened?.done === done) this.#opened = undefined; // The next one to ask tries again.
    });
    return done;
  }

  /**
   * @param {DataSet} set
   * @param {Own | undefined} own
   * @returns {Promise<void>}
   */
  async #load(set, own) {
    // Others may be dropped, or another experiment chosen, while these arrive.
    const isOver = () => this.#wanted !== set || this.#own !== own;
    const files = own ? await readOwn(own) : await this.#assets.data(dataOf(this.#store));
    if (isOver()) return this.open();
    const data = await this.#lab.data(files);
    if (isOver()) return this.open();
    this.#show(data);
  }

  /** @param {DataInfo} data are open; test digits are looked at where they are of their kind */
  #show(data) {
    const { from } = this.#store.get("pictures") ?? {};
    if (data.set === "mnist") this.#store.set({ data, ...(from === "test" ? {} : { pictures: null }) });
    else this.#store.set({ data, pictures: { from: "data", name: "images of the data", count: data.count } });
  }

  /**
   * Opens the pictures that views look at: test digits, where the experiment is about digits, otherwise the data.
   *
   * @returns {Promise<void>}
   */
  async openPictures() {
    if (this.#wanted !== "mnist") return this.open();
    this.#test ??= this.#openTest();
    const pictures = await this.#test;
    if (this.#wanted === "mnist") this.#store.set({ pictures });
    else await this.open();
  }

  /** @returns {Promise<Pictures>} */
  async #openTest() {
    try {
      const count = await this.#lab.samples(...(await this.#assets.test()), "test");
      return { from: "test", name: "test digits", count };
    } catch (error) {
      this.#test = undefined;
      throw error;
    }
  }

  /**
   * The user's own images. Where they are refused, those before stay.
   *
   * @param {Own} own
   */
  async openOwn(own) {
    const files = await readOwn(own);
    const data = await this.#lab.data(files).catch((error) => {
      throw Object.assign(new Error(`“${files.name}”: ${sentence(error)}`), { cause: error });
    });
    this.#own = own;
    this.#opened = { set: "own", own, done: Promise.resolve() };
    this.#show(data);
    notify(this.#store, { id: "file", tone: "info", text: this.#about(data, own.labels !== undefined) });
    await this.#showSample();
  }

  /** @param {File} labels */
  async addLabels(labels) {
    if (!this.#own) {
      throw new Error(
        `“${labels.name}” holds labels alone. Drop the images that they belong to first, or both together.`,
      );
    }
    await this.openOwn({ ...this.#own, labels });
  }

  /**
   * @param {DataInfo} data
   * @param {boolean} labelled
   */
  #about({ name, count, held_out, apart }, labelled) {
    const images = `${count.toLocaleString("en")} ${count === 1 ? "image" : "images"}`;
    const aside = held_out > 0 ? `${held_out} ${apart ? "more" : "of them"} held out` : "too few to hold any out";
    const next = this.#store.get("training") ? "Training goes on with these." : "Press play to train on these.";
    return `${name}: ${images}${labelled ? " with labels" : ""}, ${aside}. ${next}`;
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
   * Digits to begin with are there from the start; other samples are those of the data.
   *
   * @param {"garments"} [other] what is no digit, in their place
   * @returns {Promise<{ from: SampleSource, names: readonly string[], isInk: boolean }>}
   */
  async openSamples(other) {
    if (other) {
      this.#garments ??= this.#openGarments();
      await this.#garments;
      return { from: other, names: CLASSES.fashion, isInk: false };
    }
    if (this.#wanted === "mnist") return { from: "samples", names: CLASSES.mnist, isInk: true };
    await this.open();
    return { from: "data", names: classesOf(this.#store), isInk: dataOf(this.#store) === "mnist" };
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

  /** Other images are asked for than those that are open. */
  forgetOther() {
    if (this.#opened?.set === this.#wanted) return;
    this.#opened = undefined;
    this.#store.set({ data: null, pictures: null });
  }

  /** The worker is another one, without any. */
  forget() {
    this.#opened = this.#garments = this.#test = undefined;
  }
}
