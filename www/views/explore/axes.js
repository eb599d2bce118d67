// Which two latents a plane shows, and on what scale.

import { isGaussian, latentsOf } from "../../model.js";
import { h } from "../dom.js";
import { around, holding, PRIOR } from "./camera.js";
import { AFTER_CDF, AS_IT_IS } from "./normal.js";

/**
 * @import { Codes, Info } from "../../types.js"
 */

export class Axes {
  /** @type {[number, number]} the latents across and up */
  pair = [0, 1];
  scale = AS_IT_IS;
  #across;
  #up;
  #pairRow;
  #cdf;
  #cdfRow;
  elements;

  /** @param {() => void} onchange */
  constructor(onchange) {
    const choose = () => {
      this.pair = [Number(this.#across.value), Number(this.#up.value)];
      onchange();
    };
    this.#across = h("select", { "aria-label": "Latent across", onchange: choose });
    this.#up = h("select", { "aria-label": "Latent up", onchange: choose });
    this.#pairRow = h("p", { class: "axes" }, "Latents ", this.#across, " × ", this.#up);
    const rescale = () => {
      this.#setScale();
      onchange();
    };
    this.#cdf = h("input", { type: "checkbox", onchange: rescale });
    this.#cdfRow = h("label", { class: "check" }, this.#cdf, "After the normal CDF: a square, even under the prior");
    this.elements = [this.#pairRow, this.#cdfRow];
  }

  /** A key that differs between any two choices. */
  get key() {
    return `${this.pair} ${this.isSquare}`;
  }

  get isSquare() {
    return this.scale === AFTER_CDF;
  }

  #setScale() {
    this.scale = this.#cdf.checked ? AFTER_CDF : AS_IT_IS;
  }

  /** Fits the controls to a newly opened model. @param {Info | null} info */
  follow(info) {
    const latent = latentsOf(info);
    this.#pairRow.hidden = latent < 3;
    // Without a prior there is no CDF.
    this.#cdfRow.hidden = !isGaussian(info);
    if (!isGaussian(info)) this.#cdf.checked = false;
    this.#setScale();
    if (this.#across.options.length !== latent) {
      const options = () =>
        Array.from({ length: latent }, (_, index) => h("option", { value: index }, `z${index + 1}`));
      for (const select of [this.#across, this.#up]) select.replaceChildren(...options());
      this.pair = [0, 1];
    }
    [this.#across.value, this.#up.value] = this.pair.map(String);
  }

  /**
   * The place where latents are shown.
   *
   * @param {Float32Array} latents
   * @returns {[number, number]}
   */
  shown(latents) {
    const [x, y] = this.pair;
    return [this.scale.to(latents[x]), this.scale.to(latents[y])];
  }

  /**
   * The smallest box that contains all points; the unit square after the CDF.
   *
   * @param {Codes} codes
   * @returns {[number, number][]} the lowest and the highest value across, and up
   */
  boxOf({ mean, count, latent }) {
    return this.pair.map((axis) => {
      if (this.isSquare) return [0, 1];
      const values = Array.from({ length: count }, (_, index) => mean[index * latent + axis]);
      return [Math.min(...values), Math.max(...values)];
    });
  }

  /** The view that follows the points; undefined while there are too few. @param {Codes | null} codes */
  homeOf(codes) {
    if (this.isSquare) return { x: 0.5, y: 0.5, reach: 0.5 };
    const least = codes?.log_variance ? PRIOR : undefined;
    return codes && codes.count > 1 ? around(codes.mean, codes.count, codes.latent, this.pair, least) : undefined;
  }

  /** The view that contains every point and all of the home view. @param {Codes | null} codes */
  allOf(codes) {
    const home = this.homeOf(codes);
    if (!codes || !home) return undefined;
    /** @type {(range: [number, number], middle: number) => [number, number]} */
    const widened = ([low, high], middle) => [Math.min(low, middle - home.reach), Math.max(high, middle + home.reach)];
    const [across, up] = this.boxOf(codes);
    return holding([widened(across, home.x), widened(up, home.y)]);
  }

  /**
   * Sets the two latents of the axes to those of a place; the others stay as they are.
   *
   * @template {(number | null)[] | Float32Array} T
   * @param {[number, number]} place
   * @param {T} others
   * @returns {T}
   */
  latentsAt([x, y], others) {
    [others[this.pair[0]], others[this.pair[1]]] = [this.scale.from(x), this.scale.from(y)];
    return others;
  }
}
