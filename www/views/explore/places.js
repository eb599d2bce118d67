// Random places of a plane, decoded: numbered there, and in the same order here.

import { even } from "../../random.js";
import { h } from "../dom.js";
import { sideOf } from "../pixels.js";
import { Tiles } from "./tiles.js";

const ACROSS = 6;
const DOWN = 3;
const COUNT = ACROSS * DOWN;

export class Places {
  #tiles = new Tiles();
  #decode;
  #seed = 0;
  /** Where they are, as they are shown. @type {[number, number][]} */
  at = [];
  /** What they were decoded by. */
  #decoded = "";
  element = h(
    "figure",
    { class: "places", hidden: true },
    this.#tiles.canvas,
    h("figcaption", {}, "the numbered places, row by row"),
  );

  /** @param {(latents: Float32Array) => Promise<Float32Array>} decode when nothing else is asked for */
  constructor(decode) {
    this.#decode = decode;
    this.#tiles.canvas.classList.add("tiles");
    this.#tiles.canvas.setAttribute("role", "img");
  }

  /** What is decoded there; null where nothing is. */
  get picture() {
    return this.element.hidden ? null : this.#tiles.canvas;
  }

  clear() {
    this.at = [];
    this.#decoded = "";
    this.element.hidden = true;
  }

  /**
   * Other ones, evenly in a box.
   *
   * @param {[low: number, high: number]} x
   * @param {[low: number, high: number]} y
   */
  draw(x, y) {
    this.#seed += 1;
    const numbers = even(2 * COUNT, this.#seed);
    const within = (/** @type {[number, number]} */ [low, high], /** @type {number} */ u) => low + u * (high - low);
    this.at = Array.from({ length: COUNT }, (_, at) => [within(x, numbers[2 * at]), within(y, numbers[2 * at + 1])]);
    this.#decoded = "";
  }

  /**
   * @param {string} by what they are decoded by: the same is not asked for twice
   * @param {(place: [number, number]) => Float32Array} latentsAt
   */
  async decode(by, latentsAt) {
    if (this.at.length === 0 || this.#decoded === by) return;
    this.#decoded = by;
    try {
      const pixels = await this.#decode(Float32Array.from(this.at.flatMap((place) => [...latentsAt(place)])));
      if (this.at.length === 0) return;
      this.#tiles.resize(ACROSS, sideOf(pixels, COUNT), DOWN);
      this.#tiles.paint(0, pixels, "--reconstruction");
      this.#tiles.canvas.setAttribute("aria-label", `What is decoded at ${COUNT} random places of the plane`);
      this.element.hidden = false;
    } catch {
      this.#decoded = ""; // Told of elsewhere: the worker ended, or another model took the place of this one.
    }
  }
}
