// A square of small pictures on one canvas.

import { rgb } from "../pixels.js";

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

export class Tiles {
  canvas = document.createElement("canvas");
  #context = this.canvas.getContext("2d");
  #picture = new ImageData(SIDE, SIDE);
  #along = 0;

  /**
   * Makes room; what was painted for as many stays to be seen until its place is taken.
   *
   * @param {number} along pictures along each side
   */
  resize(along) {
    this.#along = along;
    if (this.canvas.width !== along * SIDE) this.canvas.width = this.canvas.height = along * SIDE;
  }

  /**
   * @param {number} start place of the first picture, row by row
   * @param {Float32Array} pixels of one picture or more
   * @param {string} ink the colour's name
   */
  paint(start, pixels, ink) {
    const { data } = this.#picture;
    const color = rgb(document.documentElement, ink);
    for (let index = 0; index * PIXELS < pixels.length; index += 1) {
      for (let at = 0; at < PIXELS; at += 1) {
        [data[4 * at], data[4 * at + 1], data[4 * at + 2]] = color;
        data[4 * at + 3] = Math.round(255 * pixels[index * PIXELS + at]);
      }
      const [column, row] = [(start + index) % this.#along, Math.floor((start + index) / this.#along)];
      this.#context?.putImageData(this.#picture, column * SIDE, row * SIDE);
    }
  }
}
