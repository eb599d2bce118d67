// Random places of a plane, decoded: they are numbered on the plane, and shown in the same order here.

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
  /** The places, as they are shown. @type {[number, number][]} */
  at = [];
  element = h(
    "figure",
    { class: "places", hidden: true },
    this.#tiles.canvas,
    h("figcaption", {}, "the numbered places, row by row"),
  );

  /** @param {(latents: Float32Array) => Promise<Float32Array>} decode in the background */
  constructor(decode) {
    this.#decode = decode;
    this.#tiles.canvas.classList.add("tiles");
    this.#tiles.canvas.setAttribute("role", "img");
  }

  /** The decoded pictures; null if there are none. */
  get picture() {
    return this.element.hidden ? null : this.#tiles.canvas;
  }

  clear() {
    this.at = [];
    this.element.hidden = true;
  }

  /**
   * Draws new places, uniform in a box.
   *
   * @param {[low: number, high: number]} x
   * @param {[low: number, high: number]} y
   */
  draw(x, y) {
    this.#seed += 1;
    const numbers = even(2 * COUNT, this.#seed);
    const within = (/** @type {[number, number]} */ [low, high], /** @type {number} */ u) => low + u * (high - low);
    this.at = Array.from({ length: COUNT }, (_, at) => [within(x, numbers[2 * at]), within(y, numbers[2 * at + 1])]);
  }

  /** A key of the places; empty if there are none. */
  get key() {
    return this.at.length > 0 ? String(this.#seed) : "";
  }

  /** @param {(place: [number, number]) => Float32Array} latentsAt */
  async decode(latentsAt) {
    const { key } = this;
    const pixels = await this.#decode(Float32Array.from(this.at.flatMap((place) => [...latentsAt(place)])));
    if (this.key !== key) return;
    this.#tiles.resize(ACROSS, sideOf(pixels, COUNT), DOWN);
    this.#tiles.paint(0, pixels, "--reconstruction");
    this.#tiles.canvas.setAttribute("aria-label", `What is decoded at ${COUNT} random places of the plane`);
    this.element.hidden = false;
  }
}
