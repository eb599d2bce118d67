// The part of a comparison's column for a model with codes: the use of its codes, pictures of codes that are drawn
// independently, and a drawing that becomes another one cell by cell.

import { gridOf } from "../../model.js";
import { drawIndependently, usesOf } from "../codes/use.js";
import { h, thousands } from "../dom.js";

/**
 * @import { Compared } from "../../types.js"
 */

/** Width and height of the picture, in CSS pixels. */
const [WIDE, HIGH] = [280, 280];
/** The tallest bar stands for this many times an even share; a code for blank paper is far above that. */
const FULL = 4;

export class CodeUse {
  canvas = h("canvas", { class: "use", width: 2 * WIDE, height: 2 * HIGH });
  #context = this.canvas.getContext("2d");
  /** @type {ReturnType<typeof usesOf> | null} */
  #uses = null;
  /** The codes that were counted. @type {Compared["codes"]} */
  #codes = null;
  random = "codes drawn each by itself, decoded";

  /** The share of all cells that each code has. @returns {readonly number[]} */
  get shares() {
    return this.#uses?.shares ?? [];
  }

  get caption() {
    if (!this.#uses) return "use of its codes";
    const { perplexity, dead } = this.#uses;
    const codes = dead === 1 ? "1 dead code" : `${dead} dead codes`;
    return `perplexity ${perplexity.toFixed(1)}, ${codes}, ${thousands(this.#codes?.count ?? 0)} pictures`;
  }

  /** @param {Compared} compared */
  show({ codes, description, title }) {
    if (codes === this.#codes) return; // A new drawing does not change the codes of the digits.
    this.#codes = codes;
    const size = gridOf(description)?.codes ?? 0;
    this.#uses = codes && usesOf(codes.mean.subarray(0, codes.count * codes.latent), size);
    if (codes) {
      const words = `Use of the codes of ${title}, from the commonest down: ${this.caption}`;
      this.canvas.setAttribute("aria-label", words);
    }
    this.draw();
  }

  /** Draws the shares from the commonest code down, with a line for an even share. */
  draw() {
    const context = this.#context;
    if (!context) return;
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, WIDE, HIGH);
    if (!this.#uses) return;
    const shares = this.#uses.shares.toSorted((a, b) => b - a);
    const style = getComputedStyle(this.canvas);
    const barWidth = WIDE / shares.length;
    const barHeight = (/** @type {number} */ share) => (HIGH * Math.min(share * shares.length, FULL)) / FULL;
    context.fillStyle = style.getPropertyValue("--latent");
    shares.forEach((share, at) =>
      context.fillRect(at * barWidth, HIGH - barHeight(share), Math.max(barWidth - 1, 0.5), barHeight(share)),
    );
    context.strokeStyle = style.getPropertyValue("--text");
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(0, HIGH - HIGH / FULL);
    context.lineTo(WIDE, HIGH - HIGH / FULL);
    context.stroke();
    context.setLineDash([]);
  }

  /** @param {number} count @param {number} seed */
  drawn(count, seed) {
    return this.#uses && drawIndependently(this.#uses.cells, count * (this.#codes?.latent ?? 0), seed);
  }

  /** @type {(begin: Float32Array, end: Float32Array, stop: number) => Float32Array} cells change from the top down */
  between(begin, end, stop) {
    return begin.map((code, at) => (at < stop * begin.length ? end[at] : code));
  }

  gridOf() {
    return "";
  }

  async decode() {}

  stop() {}
}
