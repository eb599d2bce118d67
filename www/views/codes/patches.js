// What each code paints: decoded in the middle of a grid whose other cells have the background's code.

import { Tiles } from "../explore/tiles.js";

/**
 * @import { PaletteOf } from "../../types.js"
 */

/** Pictures that are decoded at once: a drawing waits no longer than for these. */
const PART = 40;
/** Cells of what is cut out of a picture, along each side: the code's own, and those that its strokes reach into. */
const REACH = 3;
/** Patches along a row of the sheet that they are all on. */
const ALONG = 16;

/** @typedef {{ palette: PaletteOf, background: number, sides: readonly number[], image: readonly number[] }} Wanted */

/**
 * The cells around the middle one, out of pictures of grids.
 *
 * @param {Float32Array} pixels of one picture or more
 * @param {readonly number[]} image height and width of each
 * @param {readonly number[]} sides of the grid
 */
export function middles(pixels, image, sides) {
  const [[top, height], [left, width]] = image.map((length, axis) => {
    const cell = Math.round(length / sides[axis]);
    const start = Math.max(Math.floor(sides[axis] / 2) - Math.floor(REACH / 2), 0) * cell;
    return [start, Math.min(REACH * cell, length - start)];
  });
  const count = pixels.length / (image[0] * image[1]);
  const patches = new Float32Array(count * height * width);
  for (let row = 0; row < count * height; row += 1) {
    const from = (Math.floor(row / height) * image[0] + top + (row % height)) * image[1] + left;
    patches.set(pixels.subarray(from, from + width), row * width);
  }
  return { patches, side: height };
}

export class Patches {
  #sheet = new Tiles();
  #decode;
  #side = 0;
  /** Of each code, how grey its own cell is. @type {number[]} */
  greys = [];

  /** @param {(grids: Float32Array) => Promise<Float32Array>} decode when nothing else is asked for */
  constructor(decode) {
    this.#decode = decode;
  }

  /** @param {Wanted} wanted */
  async make({ palette, background, sides, image }) {
    const cells = sides[0] * sides[1];
    const middle = Math.floor(sides[0] / 2) * sides[1] + Math.floor(sides[1] / 2);
    /** @type {number[]} */
    const greys = [];
    for (let start = 0; start < palette.size; start += PART) {
      const count = Math.min(PART, palette.size - start);
      const grids = new Float32Array(count * cells).fill(background);
      for (let index = 0; index < count; index += 1) grids[index * cells + middle] = start + index;
      const { patches, side } = middles(await this.#decode(grids), image, sides);
      if (start === 0) this.#sheet.resize(ALONG, side, Math.ceil(palette.size / ALONG));
      this.#sheet.paint(start, patches, "--reconstruction");
      this.#side = side;
      for (let index = 0; index < count; index += 1) {
        greys.push(greyOf(patches.subarray(index * side * side, (index + 1) * side * side), side));
      }
    }
    this.greys = greys;
  }

  /** None are there any more. */
  clear() {
    this.greys = [];
  }

  /**
   * @param {number} code
   * @param {HTMLCanvasElement} canvas
   */
  draw(code, canvas) {
    const side = this.#side;
    const isThere = code < this.greys.length;
    // Setting a canvas's width clears it.
    canvas.width = canvas.height = Math.max(side, 1);
    if (!isThere) return;
    const [x, y] = [(code % ALONG) * side, Math.floor(code / ALONG) * side];
    canvas.getContext("2d")?.drawImage(this.#sheet.canvas, x, y, side, side, 0, 0, side, side);
  }
}

/** Of the middle cell. @param {Float32Array} patch @param {number} side */
function greyOf(patch, side) {
  const [start, end] = [Math.floor(side / REACH), Math.ceil((side * (REACH - 1)) / REACH)];
  let sum = 0;
  for (let y = start; y < end; y += 1) for (let x = start; x < end; x += 1) sum += patch[y * side + x];
  return sum / (end - start) ** 2;
}
