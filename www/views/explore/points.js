// Draws thousands of points as pixels of a picture, which is far faster than as many rectangles.

import { colorOf } from "../pixels.js";
import { colorsOf, labelsOf } from "./classes.js";

/**
 * @import { Codes } from "../../types.js"
 * @import { Scene } from "./scatter.js"
 */

/** A pixel's value as a number. @param {string} color in CSS */
const pixelOf = (color) => new Uint32Array(new Uint8ClampedArray([...colorOf(color), 255]).buffer)[0];

export class Points {
  canvas = new OffscreenCanvas(1, 1);
  #context = this.canvas.getContext("2d");
  #image = new ImageData(1, 1);

  /**
   * @param {number} side of the canvas in its own pixels
   * @param {number} sharpness pixels of the canvas per pixel of the page
   * @param {Scene} scene
   * @param {Pick<Codes, "mean" | "labels" | "latent" | "count">} codes
   */
  draw(side, sharpness, { camera, axes: { pair, scale }, hidden }, { mean, labels, latent, count }) {
    if (this.#image.width !== side) {
      this.canvas.width = this.canvas.height = side;
      this.#image = new ImageData(side, side);
    }
    const pixels = new Uint32Array(this.#image.data.buffer).fill(0);
    /** By label; without labels all points have label 0. @type {number[]} */
    const colors = [pixelOf("--latent")];
    for (const [label, color] of colorsOf(labelsOf({ labels, count }))) colors[label] = pixelOf(color);
    const size = Math.round(Math.max(2 * sharpness, side / 180));
    const zoom = side / (2 * camera.reach);
    const [left, top] = [side / 2 - camera.x * zoom - size / 2, side / 2 + camera.y * zoom - size / 2];
    for (let index = 0; index < count; index += 1) {
      const label = labels ? labels[index] : 0;
      if (labels && hidden.has(label)) continue;
      const x = Math.round(left + scale.to(mean[index * latent + pair[0]]) * zoom);
      const y = Math.round(top - scale.to(mean[index * latent + pair[1]]) * zoom);
      const [from, to] = [Math.max(x, 0), Math.min(x + size, side)];
      if (from >= to) continue;
      for (let row = Math.max(y, 0); row < Math.min(y + size, side); row += 1) {
        pixels.fill(colors[label], row * side + from, row * side + to);
      }
    }
    this.#context?.putImageData(this.#image, 0, 0);
  }
}

/**
 * The point nearest to a place; undefined if none is near.
 *
 * @param {Pick<Codes, "mean" | "labels" | "latent" | "count">} codes
 * @param {Pick<Scene, "axes" | "hidden">} scene
 * @param {[number, number]} place as it is shown
 * @param {number} reach the largest distance of a near point
 * @returns {number | undefined} the point's index
 */
export function nearest({ mean, labels, latent, count }, { axes: { pair, scale }, hidden }, [x, y], reach) {
  let [found, least] = [-1, reach];
  for (let index = 0; index < count; index += 1) {
    if (labels && hidden.has(labels[index])) continue;
    const across = scale.to(mean[index * latent + pair[0]]) - x;
    const distance = Math.hypot(across, scale.to(mean[index * latent + pair[1]]) - y);
    if (distance < least) [found, least] = [index, distance];
  }
  return found < 0 ? undefined : found;
}
