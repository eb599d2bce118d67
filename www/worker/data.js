// The data to train on, its held-out part, and the sample digits.

import { kindOf, wordsOf } from "../experiment/notices.js";
import { partsOf, stageInfo } from "../model.js";
import { normal } from "../random.js";
import { framed } from "./frame.js";

/**
 * @import { DataFiles, DataInfo, Dataset, Floors, Lab, Mend, Stage, Terms } from "../types.js"
 */

/** @typedef {readonly [height: number, width: number]} Size of what a model sees */

/** @typedef {{ open(images: Uint8Array, labels?: Uint8Array): Dataset }} OpenDataset */

/** Of each picture, whatever the frame of the model is. */
export const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Of a file without a held-out part of its own, this share is held out, and at most as many images. */
const SHARE = 0.1;
const MOST = 1000;
/** Images of one evaluation: far shorter than a step of training, so that a drawing need not wait. */
const CHUNK = 40;
const NOISE_SEED = 1;
/** Images that the floors are measured on. */
const MEASURED = 2000;

/** @param {string} message */
const invalid = (message) => Object.assign(new Error(message), { kind: "invalid_data" });

/**
 * @param {OpenDataset} Dataset
 * @param {Uint8Array} images
 * @param {Uint8Array} [labels]
 * @param {readonly Mend[]} [mends]
 */
function open(Dataset, images, labels, mends = []) {
  const data = Dataset.open(images, labels);
  if (data.height !== SIDE || data.width !== SIDE) {
    const size = `${data.height} × ${data.width}`;
    data.free();
    throw invalid(`The images are ${size}; the models here see ${SIDE} × ${SIDE}. Scale them first.`);
  }
  for (const mend of mends) data[mend]();
  return data;
}

/**
 * What is opened, or what is wrong with the file.
 *
 * @param {() => Dataset} open
 * @returns {{ data?: Dataset, refusal?: string }}
 */
function attempt(open) {
  try {
    return { data: open() };
  } catch (error) {
    if (kindOf(error) !== "invalid_data") throw error;
    return { refusal: wordsOf(error) };
  }
}

/**
 * The entropy of grey pixels, which no model that gives each pixel a probability goes below, and the cost of
 * the mean image, which a model that ignores its latents comes down to.
 *
 * @param {Dataset} data
 * @returns {Floors}
 */
function measureFloors(data) {
  /** @param {number} p */
  const clip = (p) => Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  /** @type {(x: number, p: number) => number} */
  const cost = (x, p) => -x * Math.log(clip(p)) - (1 - x) * Math.log(1 - clip(p));
  const mean = data.mean_image();
  const count = Math.min(data.count, MEASURED);
  const images = data.images(0, count);
  let entropy = 0;
  for (const x of images) entropy += cost(x, x);
  let meanCost = 0;
  for (const p of mean) meanCost += cost(p, p);
  return { entropy: entropy / count, mean_image: meanCost };
}

/** Images with their labels, where there are some. */
export class Pictures {
  #data;
  #labels;

  /** @param {Dataset} data */
  constructor(data) {
    this.#data = data;
    this.#labels = data.labels();
  }

  /**
   * @param {OpenDataset} Dataset
   * @param {Uint8Array} images
   * @param {Uint8Array} [labels]
   */
  static open(Dataset, images, labels) {
    return new Pictures(open(Dataset, images, labels));
  }

  get count() {
    return this.#data.count;
  }

  /** @param {number} index taken modulo their number */
  at(index) {
    const at = index % this.#data.count;
    return { image: this.#data.images(at, 1), label: this.#labels?.[at] };
  }

  /**
   * @param {number} start
   * @param {number} count
   * @param {Size} frame
   */
  part(start, count, frame) {
    const images = framed(this.#data.images(start, count), frame, SIDE);
    return { images, labels: this.#labels?.slice(start, start + count) };
  }

  /**
   * So many of them, over and over.
   *
   * @param {number} count
   * @param {Size} frame
   */
  batch(count, frame) {
    const batch = new Float32Array(count * PIXELS);
    for (let index = 0; index < count; index += 1) batch.set(this.at(index).image, index * PIXELS);
    return framed(batch, frame, SIDE);
  }

  free() {
    this.#data.free();
  }
}

/**
 * Opened and split. Nothing of the data before is touched until all of it stands. Labels and images to hold out that are
 * refused take no good images with them.
 */
export class Data {
  /** @type {Float32Array | undefined} */
  #heldOut;
  #all;
  /** All of them. */
  pictures;
  /** @type {DataInfo} */
  info;

  /**
   * @param {OpenDataset} Dataset
   * @param {DataFiles} files
   */
  constructor(Dataset, { name, set, images, labels, held_out, mends, floors }) {
    const labelled = attempt(() => open(Dataset, images, labels, mends));
    const all = labelled.data ?? open(Dataset, images, undefined, mends);
    const { count, declared } = all;
    const apart = held_out ? attempt(() => open(Dataset, held_out, undefined, mends)) : {};
    if (apart.data) {
      this.#heldOut = apart.data.images(0, Math.min(apart.data.count, MOST));
      apart.data.free();
    } else {
      const aside = Math.min(Math.floor(count * SHARE), MOST);
      if (aside > 0) this.#heldOut = all.images(count - aside, aside);
      all.hold_out(aside);
    }
    this.#all = all;
    this.pictures = new Pictures(all);
    const held = (this.#heldOut?.length ?? 0) / PIXELS;
    this.info = {
      name,
      set,
      count,
      declared,
      labelled: !!labels && !labelled.refusal,
      held_out: held,
      apart: !!apart.data,
      floors: floors ?? measureFloors(all),
      oddities: set === "own" ? all.oddities() : [],
      refused: { labels: labelled.refusal, held_out: apart.refusal },
    };
  }

  /**
   * @param {number} size
   * @param {number} seed
   * @param {number} step
   * @param {Size} frame
   */
  batch(size, seed, step, frame) {
    return framed(this.#all.batch(size, seed, step), frame, SIDE);
  }

  /**
   * The classes of its images: of other data than a model knows the classes of there are none.
   *
   * @param {number} size
   * @param {number} seed
   * @param {number} step
   * @param {number} classes of the model
   */
  batchLabels(size, seed, step, classes) {
    const labels = this.#all.batch_labels(size, seed, step);
    return labels?.every((label) => label < classes) ? labels : undefined;
  }

  /**
   * Whole batches in what is trained on.
   *
   * @param {number} size
   */
  steps(size) {
    const { count, held_out, apart } = this.info;
    return Math.max(Math.floor((apart ? count : count - held_out) / size), 1);
  }

  /**
   * The evaluation on held-out images, cut in jobs, each to be run when it suits.
   *
   * @param {() => Lab} lab
   * @param {Stage} stage a prior is asked for any class
   * @param {<T>(job: () => Promise<T>) => Promise<T>} run
   * @returns {Promise<Terms | undefined>}
   */
  async evaluate(lab, stage, run) {
    const images = this.#heldOut;
    if (!images) return undefined;
    const count = images.length / PIXELS;
    const info = lab().info();
    const { space, config } = info;
    const latent = space.kind === "gaussian" ? space.latent : 0;
    const noise = latent > 0 ? normal(count * latent, NOISE_SEED) : undefined;
    // Those are means over images; what is measured beside the loss is none.
    const names = partsOf(stageInfo(info, stage)).map(({ name }) => name);
    const sum = /** @type {Terms} */ ({});
    for (let start = 0; start < count; start += CHUNK) {
      const end = Math.min(start + CHUNK, count);
      const chunk = framed(images.subarray(start * PIXELS, end * PIXELS), config.image, SIDE);
      const settings = { stage, noise: noise?.subarray(start * latent, end * latent) };
      /** @type {Terms} */
      const terms = await run(() => lab().evaluate(chunk, settings));
      const share = (end - start) / count;
      for (const name of /** @type {const} */ (["total", ...names])) {
        const term = terms[name];
        if (term !== undefined) sum[name] = (sum[name] ?? 0) + term * share;
      }
    }
    return sum;
  }

  free() {
    this.#all.free();
  }
}
