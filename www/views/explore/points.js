// Thousands of points as pixels of a picture: far faster than as many rectangles.

import { rgb } from "../pixels.js";

/**
 * @import { Codes } from "../../types.js"
 * @import { Scene } from "./scatter.js"
 */

export const CLASSES = 10;

export class Points {
  canvas = new OffscreenCanvas(1, 1);
  #context = this.canvas.getContext("2d");
  #image = new ImageData(1, 1);
  #element;
  #style;
  /** @type {Map<string, [number, number, number]>} by what the custom property says */
  #colors = new Map();

  /** @param {Element} element whose colours they have */
  constructor(element) {
    this.#element = element;
    this.#style = getComputedStyle(element);
  }

  /**
   * @param {string} name
   * @param {number} alpha from 0 to 1
   * @returns a pixel
   */
  #pixel(name, alpha) {
    const said = this.#style.getPropertyValue(name);
    const color = this.#colors.get(said) ?? rgb(this.#element, name);
    this.#colors.set(said, color);
    return new Uint32Array(new Uint8ClampedArray([...color, 255 * alpha]).buffer)[0];
  }

  /**
   * @param {number} side of the canvas in its own pixels
   * @param {number} sharpness pixels of the canvas for one of the page
   * @param {Scene} scene
   * @param {Pick<Codes, "mean" | "labels" | "latent" | "count">} codes
   */
  draw(side, sharpness, { camera, axes: { pair, scale }, hidden, manifold }, { mean, labels, latent, count }) {
    if (this.#image.width !== side) {
      this.canvas.width = this.canvas.height = side;
      this.#image = new ImageData(side, side);
    }
    const pixels = new Uint32Array(this.#image.data.buffer).fill(0);
    const alpha = manifold.view ? 0.9 : 0.7;
    const names = labels ? Array.from({ length: CLASSES }, (_, label) => `--class-${label}`) : ["--latent"];
    const colors = names.map((name) => this.#pixel(name, alpha));
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
