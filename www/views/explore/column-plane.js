// The part of a comparison's column for a model with latents: its plane, random points, and interpolations of two
// drawings.

import { isGaussian } from "../../model.js";
import { even, normal } from "../../random.js";
import { around, Camera } from "./camera.js";
import { Manifold } from "./manifold.js";
import { AS_IT_IS } from "./normal.js";
import { Scatter } from "./scatter.js";

/**
 * @import { Compared } from "../../types.js"
 */

/** A view that contains all of a standard normal prior. */
const PRIOR_VIEW = { x: 0, y: 0, reach: 4 };
/** Pictures along each side of a decoded plane. */
const ALONG = 12;

export class Plane {
  #scatter = new Scatter();
  #camera = new Camera();
  #manifold;
  /** @type {Compared | undefined} */
  #compared;
  #decoded = false;
  random = "random points, decoded";
  /** The shares of codes, which this kind of model does not have. @type {readonly number[]} */
  shares = [];

  /** @param {(latents: Float32Array) => Promise<Float32Array>} decode by this model, in the background */
  constructor(decode) {
    this.#manifold = new Manifold(decode, () => this.draw());
  }

  get canvas() {
    return this.#scatter.canvas;
  }

  get caption() {
    if (this.#compared?.codes?.latent === 1) return "a single number has no plane";
    const { x, y, reach } = this.#camera;
    const range = (/** @type {number} */ middle) =>
      [middle - reach, middle + reach].map((end) => end.toFixed(reach < 10 ? 1 : 0).replace("-", "−")).join(" to ");
    return this.#compared?.codes ? `its plane, ${range(x)} by ${range(y)}` : "its plane";
  }

  get #hasGrid() {
    return this.#decoded && this.#compared?.codes?.latent === 2;
  }

  /**
   * @param {Compared} compared
   * @param {boolean} decoded whether it shows decoded pictures instead of points
   */
  show(compared, decoded) {
    [this.#compared, this.#decoded] = [compared, decoded];
    const { codes, title } = compared;
    if (codes && codes.latent > 1) {
      // Models with a prior are all shown on its scale; other encodings have scales of their own.
      const hasPrior = isGaussian(compared.description);
      this.#camera.look(hasPrior ? PRIOR_VIEW : around(codes.mean, codes.count, codes.latent, [0, 1]));
      const shown = this.#hasGrid
        ? `a grid of ${ALONG} by ${ALONG} decoded pictures`
        : `${codes.count} pictures, each a point`;
      this.canvas.setAttribute("aria-label", `Plane of ${title}: ${shown}`);
    }
    this.draw();
  }

  draw() {
    const { codes, rebuilt } = this.#compared ?? {};
    this.#scatter.draw({
      camera: this.#camera,
      axes: { pair: [0, 1], scale: AS_IT_IS },
      hidden: new Set(),
      codes: this.#hasGrid || codes?.latent === 1 ? null : (codes ?? null),
      encoding: rebuilt,
      latents: null,
      manifold: this.#hasGrid ? this.#manifold : { view: undefined, canvas: this.#manifold.canvas },
    });
  }

  /**
   * Random latents: from the prior if there is one, otherwise uniform in the box that the encodings fill.
   *
   * @param {number} pointCount
   * @param {number} seed
   */
  drawn(pointCount, seed) {
    const { codes, description } = this.#compared ?? {};
    if (!codes) return null;
    const { latent, mean, count } = codes;
    if (isGaussian(description)) return normal(pointCount * latent, seed);
    const [low, high] = [new Float32Array(latent).fill(Infinity), new Float32Array(latent).fill(-Infinity)];
    for (let at = 0; at < count * latent; at += 1) {
      low[at % latent] = Math.min(low[at % latent], mean[at]);
      high[at % latent] = Math.max(high[at % latent], mean[at]);
    }
    const within = (/** @type {number} */ u, /** @type {number} */ at) => low[at] + u * (high[at] - low[at]);
    return even(pointCount * latent, seed).map((u, at) => within(u, at % latent));
  }

  /** @type {(begin: Float32Array, end: Float32Array, stop: number) => Float32Array} a stop from 0 to 1 */
  between(begin, end, stop) {
    return begin.map((value, at) => value * (1 - stop) + end[at] * stop);
  }

  /** A key for the grid that is to be decoded; empty if points are shown. @param {number} step */
  gridOf(step) {
    return this.#hasGrid ? `${step} ${this.#camera.key}` : "";
  }

  decode() {
    return this.#manifold.decode(this.#camera, ALONG, (place) => Float32Array.from(place));
  }

  stop() {
    this.#manifold.stop();
  }
}
