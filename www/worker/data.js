// The data to train on, its held-out part, and the sample digits.

import { normal } from "../random.js";

/**
 * @import { DataFiles, DataInfo, Dataset, Floors, Lab, LossTerms } from "../types.js"
 */

/** @typedef {{ open(images: Uint8Array, labels?: Uint8Array): Dataset }} OpenDataset */

const SIDE = 28;
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
 */
function open(Dataset, images, labels) {
  const data = Dataset.open(images, labels);
  if (data.height !== SIDE || data.width !== SIDE) {
    const size = `${data.height} × ${data.width}`;
    data.free();
    throw invalid(`The images are ${size}; the models here see ${SIDE} × ${SIDE}. Scale them first.`);
  }
  return data;
}

/**
 * Raw IDX of grey bytes.
 *
 * @param {Dataset} data
 * @param {number} start
 * @param {number} count
 */
function toIdx(data, start, count) {
  const idx = new Uint8Array(16 + count * PIXELS);
  const header = new DataView(idx.buffer);
  [0x00000803, count, SIDE, SIDE].forEach((word, index) => header.setUint32(4 * index, word));
  for (let done = 0; done < count; done += MOST) {
    const part = data.images(start + done, Math.min(MOST, count - done));
    const bytes = idx.subarray(16 + done * PIXELS);
    for (let index = 0; index < part.length; index += 1) bytes[index] = Math.round(part[index] * 255);
  }
  return idx;
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

/** Opened and split. Nothing of the data before is touched until all of it stands. */
export class Data {
  /** @type {Float32Array | undefined} */
  #heldOut;
  /** @type {Dataset} */
  #train;
  /** @type {DataInfo} */
  info;
  #labels;

  /**
   * @param {OpenDataset} Dataset
   * @param {DataFiles} files
   */
  constructor(Dataset, { name, images, labels, held_out, floors }) {
    let train = open(Dataset, images, labels);
    const { count } = train;
    this.#labels = train.labels();
    if (held_out) {
      const test = open(Dataset, held_out);
      this.#heldOut = test.images(0, Math.min(test.count, MOST));
      test.free();
    } else {
      const aside = Math.min(Math.floor(count * SHARE), MOST);
      if (aside > 0) {
        this.#heldOut = train.images(count - aside, aside);
        const rest = Dataset.open(toIdx(train, 0, count - aside));
        train.free();
        train = rest;
      }
    }
    this.#train = train;
    this.info = {
      name,
      count,
      held_out: (this.#heldOut?.length ?? 0) / PIXELS,
      own: !held_out,
      floors: floors ?? measureFloors(train),
    };
  }

  /**
   * @param {number} size
   * @param {number} seed
   * @param {number} step
   */
  batch(size, seed, step) {
    return this.#train.batch(size, seed, step);
  }

  /**
   * Images to train on, with their labels where there are some.
   *
   * @param {number} start
   * @param {number} count
   */
  part(start, count) {
    return { images: this.#train.images(start, count), labels: this.#labels?.slice(start, start + count) };
  }

  /** @param {number} index taken modulo the number of images to train on */
  at(index) {
    const at = index % this.#train.count;
    return { image: this.#train.images(at, 1), label: this.#labels?.[at] };
  }

  /**
   * The evaluation on held-out images, cut in jobs, each to be run when it suits.
   *
   * @param {() => Lab} lab
   * @param {<T>(job: () => Promise<T>) => Promise<T>} run
   * @returns {Promise<LossTerms | undefined>}
   */
  async evaluate(lab, run) {
    const images = this.#heldOut;
    if (!images) return undefined;
    const count = images.length / PIXELS;
    const { family, latent } = lab().info().config;
    const noise = family === "vae" ? normal(count * latent, NOISE_SEED) : undefined;
    /** @type {LossTerms} */
    const sum = { total: 0, reconstruction: 0 };
    for (let start = 0; start < count; start += CHUNK) {
      const end = Math.min(start + CHUNK, count);
      const chunk = images.subarray(start * PIXELS, end * PIXELS);
      const settings = { noise: noise?.subarray(start * latent, end * latent) };
      const terms = await run(() => lab().evaluate(chunk, settings));
      const share = (end - start) / count;
      sum.total += terms.total * share;
      sum.reconstruction += terms.reconstruction * share;
      if (terms.kl !== undefined) sum.kl = (sum.kl ?? 0) + terms.kl * share;
    }
    return sum;
  }

  free() {
    this.#train.free();
  }
}

/** Digits to begin with. */
export class Samples {
  #data;
  #labels;

  /**
   * @param {OpenDataset} Dataset
   * @param {Uint8Array} images
   * @param {Uint8Array} [labels]
   */
  constructor(Dataset, images, labels) {
    this.#data = open(Dataset, images, labels);
    this.#labels = this.#data.labels();
  }

  get count() {
    return this.#data.count;
  }

  /** @param {number} index */
  at(index) {
    const at = index % this.#data.count;
    return { image: this.#data.images(at, 1), label: this.#labels?.[at] };
  }

  /**
   * So many of them, over and over.
   *
   * @param {number} count
   */
  batch(count) {
    const batch = new Float32Array(count * PIXELS);
    for (let index = 0; index < count; index += 1) batch.set(this.at(index).image, index * PIXELS);
    return batch;
  }

  free() {
    this.#data.free();
  }
}
