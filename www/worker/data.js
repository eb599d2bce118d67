// The data to train on, its held-out part, and the sample digits.

import { kindOf, wordsOf } from "../experiment/notices.js";
import { objectsOf, partsOf, stageInfo } from "../model.js";
import { normal } from "../random.js";
import { framed } from "./frame.js";

/**
 * @import { DataFiles, DataInfo, Dataset, Floors, Info, Lab, Mend, SceneOptions, Stage, Terms } from "../types.js"
 */

/** The parts of a model's info that say how it sees pictures. @typedef {Pick<Info, "space" | "config">} Model */

/** @typedef {{ open(images: Uint8Array, labels?: Uint8Array): Dataset }} OpenDataset */

/** Height and width of each picture, whatever the model's frame is. */
export const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Of data without a held-out file, this share is held out, but no more images than this. */
const SHARE = 0.1;
const MOST = 1000;
/** Images in one evaluation job: it is far shorter than a training step, so that a drawing need not wait. */
const CHUNK = 40;
const NOISE_SEED = 1;
/** How many held-out scenes there are; few, because a model of objects looks at each many times. */
const HELD_OUT_SCENES = 200;
const SCENE_SEED = 3;
/** How many digits the sample scenes have, one after the other. */
const DIGITS = [2, 3, 1];
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
 * The opened data set, or what is wrong with the file.
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
 * The entropy of the grey pixels, which no model that gives each pixel a probability can go below, and the cost of
 * the mean image, which a model that ignores its latents can reach.
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

/**
 * The options of the scenes that a model is trained on; undefined if it sees single images.
 *
 * @param {Model} model
 * @returns {SceneOptions | undefined}
 */
function scenesOf(model) {
  const { config } = model;
  return objectsOf(model) && "distance" in config ? { side: config.image[0], distance: config.distance } : undefined;
}

/** Images, with their labels if there are any. */
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

  /**
   * One image with its label; for a model of objects, a scene with the number of its objects.
   *
   * @param {number} index taken modulo their number
   * @param {Model} model
   */
  at(index, model) {
    const scenes = scenesOf(model);
    if (scenes) {
      const digits = DIGITS[index % DIGITS.length];
      const how = { ...scenes, fewest: digits, most: digits, seed: SCENE_SEED, step: index };
      const { images, counts } = this.#data.scenes(1, how);
      return { image: images, label: counts[0] };
    }
    const at = index % this.#data.count;
    return { image: this.#data.images(at, 1), label: this.#labels?.[at] };
  }

  /**
   * Some of the images as a model sees them.
   *
   * @param {number} start
   * @param {number} count
   * @param {Model} model
   */
  part(start, count, model) {
    const scenes = scenesOf(model);
    if (!scenes) {
      const images = framed(this.#data.images(start, count), model.config.image, SIDE);
      return { images, labels: this.#labels?.slice(start, start + count) };
    }
    const pixels = model.config.image[0] * model.config.image[1];
    const images = new Float32Array(count * pixels);
    // Each scene is drawn by itself, so that it is the same in whichever part it is asked for.
    for (let index = 0; index < count; index += 1) {
      const scene = this.#data.scenes(1, { ...scenes, seed: SCENE_SEED, step: start + index });
      images.set(scene.images, index * pixels);
    }
    return { images, labels: undefined };
  }

  /**
   * A batch of the images, which are repeated if they are fewer.
   *
   * @param {number} count
   * @param {Model} model
   */
  batch(count, model) {
    const scenes = scenesOf(model);
    if (scenes) return this.#data.scenes(count, { ...scenes, seed: SCENE_SEED }).images;
    const batch = new Float32Array(count * PIXELS);
    for (let index = 0; index < count; index += 1) {
      batch.set(this.#data.images(index % this.#data.count, 1), index * PIXELS);
    }
    return framed(batch, model.config.image, SIDE);
  }

  free() {
    this.#data.free();
  }
}

/**
 * Data that is opened and split. The previous data is not touched until all of this is ready. If labels or held-out
 * images are refused, the images are opened without them.
 */
export class Data {
  /** @type {Float32Array | undefined} */
  #heldOut;
  /** The file of held-out images; without one, some of all images are held out. @type {Dataset | undefined} */
  #heldOutFile;
  #all;
  /** All images of the data. */
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
    const heldOutFile = held_out ? attempt(() => open(Dataset, held_out, undefined, mends)) : {};
    if (heldOutFile.data) {
      this.#heldOutFile = heldOutFile.data;
      this.#heldOut = heldOutFile.data.images(0, Math.min(heldOutFile.data.count, MOST));
    } else {
      const splitCount = Math.min(Math.floor(count * SHARE), MOST);
      if (splitCount > 0) this.#heldOut = all.images(count - splitCount, splitCount);
      all.hold_out(splitCount);
    }
    this.#all = all;
    this.pictures = new Pictures(all);
    const heldOutCount = (this.#heldOut?.length ?? 0) / PIXELS;
    this.info = {
      name,
      set,
      count,
      declared,
      labelled: !!labels && !labelled.refusal,
      held_out: heldOutCount,
      has_held_out_file: !!heldOutFile.data,
      floors: floors ?? measureFloors(all),
      oddities: set === "own" ? all.oddities() : [],
      refused: { labels: labelled.refusal, held_out: heldOutFile.refusal },
    };
  }

  /**
   * @param {number} size
   * @param {number} seed
   * @param {number} step
   * @param {Model} model
   */
  batch(size, seed, step, model) {
    const scenes = scenesOf(model);
    if (scenes) return this.#all.scenes(size, { ...scenes, seed, step }).images;
    return framed(this.#all.batch(size, seed, step), model.config.image, SIDE);
  }

  /** Held-out images as a model sees them. @param {Model} model */
  #heldOutFor(model) {
    const scenes = scenesOf(model);
    if (!this.#heldOut) return undefined;
    if (!scenes) return framed(this.#heldOut, model.config.image, SIDE);
    const data = this.#heldOutFile ?? this.#all;
    return data.scenes(HELD_OUT_SCENES, { ...scenes, seed: SCENE_SEED, held_out: !this.#heldOutFile }).images;
  }

  /**
   * The labels of a batch; undefined if the data has classes that the model does not know.
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
   * The number of full batches in the training data.
   *
   * @param {number} size
   */
  steps(size) {
    const { count, held_out, has_held_out_file } = this.info;
    return Math.max(Math.floor((has_held_out_file ? count : count - held_out) / size), 1);
  }

  /**
   * Evaluates the held-out images in several jobs, which `run` may schedule as it likes.
   *
   * @param {() => Lab} lab
   * @param {Stage} stage a prior is evaluated without classes
   * @param {<T>(job: () => Promise<T>) => Promise<T>} run
   * @returns {Promise<Terms | undefined>} nothing if there are no such images, or the canvas changes meanwhile
   */
  async evaluate(lab, stage, run) {
    const info = lab().info();
    const images = this.#heldOutFor(info);
    if (!images) return undefined;
    const { space, config } = info;
    const pixels = config.image[0] * config.image[1];
    const count = images.length / pixels;
    const latent = space.kind === "gaussian" ? space.latent : 0;
    const noise = latent > 0 ? normal(count * latent, NOISE_SEED) : undefined;
    // The parts of the loss are means over images; other terms, which are only measured, are not.
    const names = partsOf(stageInfo(info, stage)).map(({ name }) => name);
    const sum = /** @type {Terms} */ ({});
    for (let start = 0; start < count; start += CHUNK) {
      const end = Math.min(start + CHUNK, count);
      const chunk = images.subarray(start * pixels, end * pixels);
      const settings = { stage, noise: noise?.subarray(start * latent, end * latent) };
      const isSameCanvas = () => String(lab().info().config.image) === String(config.image);
      /** @type {Terms | undefined} */
      const terms = await run(async () => (isSameCanvas() ? lab().evaluate(chunk, settings) : undefined));
      if (!terms) return undefined;
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
    this.#heldOutFile?.free();
  }
}
