// What each place of the plane decodes to, as a grid of small pictures.

import { sideOf } from "../pixels.js";
import { Tiles } from "./tiles.js";

/** Pictures that are decoded at once: a drawing has to wait for one such part at most. */
const PART = 40;

export class Manifold {
  #tiles = new Tiles();
  #decode;
  #onpart;
  #generation = 0;
  /** The view that was decoded last. @type {{ x: number, y: number, reach: number } | undefined} */
  view;

  /**
   * @param {(latents: Float32Array) => Promise<Float32Array>} decode in the background
   * @param {() => void} onpart called when there is more to show
   */
  constructor(decode, onpart) {
    this.#decode = decode;
    this.#onpart = onpart;
  }

  get canvas() {
    return this.#tiles.canvas;
  }

  /** Cancels the decoding under way. */
  stop() {
    this.#generation += 1;
  }

  clear() {
    this.stop();
    this.view = undefined;
  }

  /**
   * Decodes a grid over a view, from the top down.
   *
   * @param {{ x: number, y: number, reach: number }} view
   * @param {number} along pictures along each side
   * @param {(place: [number, number]) => Float32Array} latents
   * @returns {Promise<void>} when all is decoded, or another grid has replaced it
   */
  async decode(view, along, latents) {
    this.stop();
    const generation = this.#generation;
    this.view = { x: view.x, y: view.y, reach: view.reach };
    for (let start = 0; start < along * along; start += PART) {
      const count = Math.min(PART, along * along - start);
      const rows = Array.from({ length: count }, (_, index) => {
        const [column, row] = [(start + index) % along, Math.floor((start + index) / along)];
        const x = view.x + view.reach * (((column + 0.5) / along) * 2 - 1);
        const y = view.y - view.reach * (((row + 0.5) / along) * 2 - 1);
        return latents([x, y]);
      });
      const flat = new Float32Array(count * rows[0].length);
      rows.forEach((row, index) => flat.set(row, index * row.length));
      const pixels = await this.#decode(flat);
      if (generation !== this.#generation) return;
      if (start === 0) this.#tiles.resize(along, sideOf(pixels, count));
      this.#tiles.paint(start, pixels, "--reconstruction");
      this.#onpart();
    }
  }
}
