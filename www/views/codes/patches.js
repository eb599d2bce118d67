// What each code paints: the mean of what is decoded around its cells in the grids of digits. For a code that these
// grids do not have, it is what is decoded around the code in the middle of a grid of the commonest code.

import { Tiles } from "../explore/tiles.js";

/** How many grids of digits are decoded, and how many at once: a drawing has to wait for one such part at most. */
export const GRIDS = 200;
const PART = 40;
/** Side of a patch in cells: the code's own cell, and those around it that its strokes reach into. */
const REACH = 3;
/** Patches in a row of the sheet that holds them all. */
const ALONG = 16;

/**
 * @typedef {object} Wanted
 * @property {Float32Array} codes of complete grids, of which the first ones are used
 * @property {number} background the commonest code
 * @property {number} size of the codebook
 * @property {readonly number[]} sides of a grid
 * @property {readonly number[]} image height and width of a picture
 */

/** Sums of the patches of each code; pixels outside of a picture count as 0. */
class Sums {
  #wanted;
  /** Height and width of a cell and of a patch. */
  cell;
  patch;
  counts;
  #sums;

  /** @param {Wanted} wanted */
  constructor(wanted) {
    this.#wanted = wanted;
    this.cell = wanted.image.map((length, axis) => Math.round(length / wanted.sides[axis]));
    this.patch = this.cell.map((length) => REACH * length);
    this.counts = new Uint32Array(wanted.size);
    this.#sums = new Float32Array(wanted.size * this.patch[0] * this.patch[1]);
  }

  /**
   * @param {Float32Array} pixels of the pictures of grids
   * @param {Float32Array} codes of those grids; below 0 for a cell that is skipped
   */
  add(pixels, codes) {
    const { sides, size } = this.#wanted;
    const cells = sides[0] * sides[1];
    codes.forEach((code, at) => {
      if (code < 0 || code >= size) return;
      this.counts[code] += 1;
      const [row, column] = [Math.floor((at % cells) / sides[1]) - 1, (at % sides[1]) - 1];
      this.#addOne(pixels, Math.floor(at / cells), [row * this.cell[0], column * this.cell[1]], code);
    });
  }

  /** @type {(pixels: Float32Array, picture: number, corner: [top: number, left: number], code: number) => void} */
  #addOne(pixels, picture, [top, left], code) {
    const [height, width] = this.#wanted.image;
    const [patchHeight, patchWidth] = this.patch;
    for (let y = Math.max(-top, 0); y < patchHeight && top + y < height; y += 1) {
      const from = (picture * height + top + y) * width + left;
      const to = (code * patchHeight + y) * patchWidth;
      for (let x = Math.max(-left, 0); x < patchWidth && left + x < width; x += 1)
        this.#sums[to + x] += pixels[from + x];
    }
  }

  /** The mean patches of all codes, one after the other. */
  get means() {
    const area = this.patch[0] * this.patch[1];
    return this.#sums.map((sum, at) => sum / Math.max(this.counts[Math.floor(at / area)], 1));
  }

  /** For each code, how grey its own cell is. @param {Float32Array} means */
  greys(means) {
    const [patchHeight, patchWidth] = this.patch;
    const [height, width] = this.cell;
    return Array.from(this.counts, (_, code) => {
      let sum = 0;
      for (let y = height; y < 2 * height; y += 1) {
        for (let x = width; x < 2 * width; x += 1) sum += means[(code * patchHeight + y) * patchWidth + x];
      }
      return sum / (height * width);
    });
  }
}

export class Patches {
  #sheet = new Tiles();
  #decode;
  #side = 0;
  /** For each code, how grey its own cell is. @type {number[]} */
  greys = [];

  /** @param {(grids: Float32Array) => Promise<Float32Array>} decode in the background */
  constructor(decode) {
    this.#decode = decode;
  }

  /** @param {Wanted} wanted */
  async make(wanted) {
    const cells = wanted.sides[0] * wanted.sides[1];
    const sums = new Sums(wanted);
    const length = Math.min(GRIDS * cells, wanted.codes.length);
    for (let start = 0; start < length; start += PART * cells) {
      const codes = wanted.codes.slice(start, Math.min(start + PART * cells, length));
      sums.add(await this.#decode(codes.slice()), codes);
    }
    const missing = [...sums.counts.keys()].filter((code) => sums.counts[code] === 0);
    const middle = Math.floor(wanted.sides[0] / 2) * wanted.sides[1] + Math.floor(wanted.sides[1] / 2);
    for (let start = 0; start < missing.length; start += PART) {
      const part = missing.slice(start, start + PART);
      const grids = new Float32Array(part.length * cells).fill(wanted.background);
      const alone = new Float32Array(part.length * cells).fill(-1);
      part.forEach((code, index) => (grids[index * cells + middle] = alone[index * cells + middle] = code));
      sums.add(await this.#decode(grids), alone);
    }
    this.#side = sums.patch[0];
    this.#sheet.resize(ALONG, this.#side, Math.ceil(wanted.size / ALONG));
    const { means } = sums;
    this.#sheet.paint(0, means, "--reconstruction");
    this.greys = sums.greys(means);
  }

  /** Forgets the patches. */
  clear() {
    this.greys = [];
  }

  /**
   * @param {number} code
   * @param {HTMLCanvasElement} canvas
   */
  draw(code, canvas) {
    const side = this.#side;
    const isKnown = code < this.greys.length;
    // Setting a canvas's width clears it.
    canvas.width = canvas.height = Math.max(side, 1);
    if (!isKnown) return;
    const [x, y] = [(code % ALONG) * side, Math.floor(code / ALONG) * side];
    canvas.getContext("2d")?.drawImage(this.#sheet.canvas, x, y, side, side, 0, 0, side, side);
  }
}
