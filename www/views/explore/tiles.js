// Small pictures in rows on one canvas.

import { colorOf } from "../pixels.js";

export class Tiles {
  canvas = document.createElement("canvas");
  #context = this.canvas.getContext("2d");
  #along = 0;
  #side = 0;
  #picture = new ImageData(1, 1);

  /**
   * Resizes the canvas. If the size is the same, the old pictures stay until they are painted over.
   *
   * @param {number} along pictures in a row
   * @param {number} side of a picture
   * @param {number} [rows] by default as many as pictures in a row
   */
  resize(along, side, rows = along) {
    if (side !== this.#side) this.#picture = new ImageData(side, side);
    [this.#along, this.#side] = [along, side];
    if (this.canvas.width !== along * side) this.canvas.width = along * side;
    if (this.canvas.height !== rows * side) this.canvas.height = rows * side;
  }

  /**
   * @param {number} start place of the first picture, row by row
   * @param {Float32Array} pixels of one picture or more
   * @param {string} ink the colour's name
   */
  paint(start, pixels, ink) {
    const { data } = this.#picture;
    const [side, size] = [this.#side, this.#side ** 2];
    const color = colorOf(ink);
    for (let index = 0; index * size < pixels.length; index += 1) {
      for (let at = 0; at < size; at += 1) {
        [data[4 * at], data[4 * at + 1], data[4 * at + 2]] = color;
        data[4 * at + 3] = Math.round(255 * pixels[index * size + at]);
      }
      const [column, row] = [(start + index) % this.#along, Math.floor((start + index) / this.#along)];
      this.#context?.putImageData(this.#picture, column * side, row * side);
    }
  }
}
