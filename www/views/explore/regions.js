// Divides the square after the normal CDF among the classes: each place belongs to the class of most digits around it.

import { colorOf } from "../pixels.js";
import { colorsOf, labelsOf } from "./classes.js";
import { cdf } from "./normal.js";

/**
 * @import { Codes } from "../../types.js"
 */

/** Cells along each side. */
const CELLS = 50;
const TINT = 60;

export class Regions {
  canvas = new OffscreenCanvas(CELLS, CELLS);
  /** Shares of the square, by label; empty while unknown. @type {number[]} */
  shares = [];

  clear() {
    this.shares = [];
  }

  /**
   * @param {Pick<Codes, "mean" | "labels" | "latent" | "count">} codes
   * @param {[number, number]} axes
   */
  fill({ mean, labels, latent, count }, axes) {
    if (!labels) return this.clear();
    const all = labelsOf({ labels, count });
    const size = (all.at(-1) ?? 0) + 1;
    const cells = Array.from({ length: CELLS * CELLS }, () => new Uint16Array(size));
    for (let index = 0; index < count; index += 1) {
      const [x, y] = axes.map((axis) => Math.min(Math.floor(cdf(mean[index * latent + axis]) * CELLS), CELLS - 1));
      cells[y * CELLS + x][labels[index]] += 1;
    }
    const colors = new Map([...colorsOf(all)].map(([label, color]) => [label, colorOf(color)]));
    const image = new ImageData(CELLS, CELLS);
    this.shares = new Array(size).fill(0);
    cells.forEach((_, at) => {
      const [x, y] = [at % CELLS, Math.floor(at / CELLS)];
      const owner = ownerOf(cells, x, y);
      const color = colors.get(owner);
      if (!color) return;
      this.shares[owner] += 1 / cells.length;
      // The rows are reversed, because a canvas counts them from the top.
      image.data.set([...color, TINT], 4 * ((CELLS - 1 - y) * CELLS + x));
    });
    this.canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/**
 * The class that has most of the digits in a cell, or in the smallest square around it that has any.
 *
 * @param {Uint16Array[]} cells
 * @param {number} x
 * @param {number} y
 */
function ownerOf(cells, x, y) {
  for (let reach = 0; reach < CELLS; reach += 1) {
    const counts = new Uint32Array(cells[0].length);
    for (let row = Math.max(0, y - reach); row <= Math.min(CELLS - 1, y + reach); row += 1) {
      for (let column = Math.max(0, x - reach); column <= Math.min(CELLS - 1, x + reach); column += 1) {
        cells[row * CELLS + column].forEach((count, label) => (counts[label] += count));
      }
    }
    const largest = Math.max(...counts);
    // Ties go to the last class, as in the report.
    if (largest > 0) return counts.lastIndexOf(largest);
  }
  return -1;
}
