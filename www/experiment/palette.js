// The codebook of the open model in colours: similar vectors have similar colours.

import { gridOf } from "../model.js";
import { Attention, wait } from "./attention.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Store } from "../store.js"
 */

/** While training, the vectors are read again this often, in milliseconds. */
const EVERY = 700;
/** Rounds of the power iteration, enough for colours. */
const ROUNDS = 60;
/** The OKLab ranges that the first principal components are mapped to: lightness, green to red, blue to yellow. */
const RANGES = /** @type {const} */ ([
  [0.5, 0.82],
  [-0.13, 0.13],
  [-0.13, 0.13],
]);

export class Palette {
  #store;
  #lab;
  #attention;
  /** The last directions, where the next search begins, so that colours do not jump. @type {Float64Array[]} */
  #directions = [];

  /**
   * @param {Store} store
   * @param {LabClient} lab
   */
  constructor(store, lab) {
    this.#store = store;
    this.#lab = lab;
    this.#attention = new Attention(store, ["basis", "info"], () => this.#update());
  }

  /** @param {boolean} seen whether a view shows codes from now on */
  watch(seen) {
    this.#attention.watch(seen);
  }

  async #update() {
    const [info, basis, before] = [this.#store.get("info"), this.#store.get("basis"), this.#store.get("palette")];
    const grid = gridOf(info);
    if (!info || !grid) {
      if (before) this.#store.set({ palette: null });
      return false;
    }
    if (before?.basis === basis && before.step === info.step) return false;
    const vectors = await this.#lab.codebook();
    if (this.#store.get("basis") !== basis) return true;
    const { codes: size, dimension } = grid;
    if (before?.basis !== basis) this.#directions = [];
    const { directions, scores } = components(vectors, dimension, this.#directions);
    this.#directions = directions;
    this.#store.set({ palette: { basis, step: info.step, size, dimension, vectors, colors: colorsOf(scores, size) } });
    if (this.#store.get("training")) await wait(EVERY);
    return true;
  }
}

/**
 * The first three principal components of vectors.
 *
 * @param {Float32Array} vectors `[size, dimension]`
 * @param {number} dimension
 * @param {readonly Float64Array[]} before directions to start from
 */
function components(vectors, dimension, before) {
  const size = vectors.length / dimension;
  const mean = Array.from({ length: dimension }, (_, at) => {
    let sum = 0;
    for (let row = 0; row < size; row += 1) sum += vectors[row * dimension + at];
    return sum / size;
  });
  const residual = Float64Array.from(vectors, (value, at) => value - mean[at % dimension]);
  /** @type {Float64Array[]} */
  const directions = [];
  /** @type {Float64Array[]} */
  const scores = [];
  for (let index = 0; index < Math.min(RANGES.length, dimension); index += 1) {
    // The iteration may start from any direction that is not orthogonal to the component.
    let direction = before[index] ?? Float64Array.from({ length: dimension }, (_, at) => Math.cos(at * (index + 1)));
    for (let round = 0; round < ROUNDS; round += 1) {
      const product = new Float64Array(dimension);
      for (let row = 0; row < size; row += 1) {
        const projection = dot(residual, row * dimension, direction);
        for (let at = 0; at < dimension; at += 1) product[at] += projection * residual[row * dimension + at];
      }
      const length = Math.hypot(...product);
      if (length < 1e-12) break;
      direction = product.map((value) => value / length);
    }
    const score = Float64Array.from({ length: size }, (_, row) => dot(residual, row * dimension, direction));
    residual.forEach((_, at) => (residual[at] -= score[Math.floor(at / dimension)] * direction[at % dimension]));
    directions.push(direction);
    scores.push(score);
  }
  return { directions, scores };
}

/** @param {Float64Array} rows @param {number} start @param {Float64Array} direction */
const dot = (rows, start, direction) => direction.reduce((sum, value, at) => sum + value * rows[start + at], 0);

/**
 * @param {readonly Float64Array[]} scores
 * @param {number} size
 * @returns {string[]} a CSS colour for each code
 */
function colorsOf(scores, size) {
  const channels = RANGES.map(([low, high], index) => {
    const score = scores[index] ?? new Float64Array(size);
    const reach = Math.max(...score.map(Math.abs), 1e-9);
    return [...score].map((value) => low + ((value / reach + 1) / 2) * (high - low));
  });
  return Array.from({ length: size }, (_, code) => `oklab(${channels.map((of) => of[code].toFixed(3)).join(" ")})`);
}
