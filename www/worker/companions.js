// Models beside the open one, to compare it with. They are only used, never trained, so the CPU flavour is fast enough.

import { framed } from "./frame.js";
import { BACKGROUND } from "./queue.js";
import { decode, encode } from "./latents.js";

/**
 * @import { Beside, Flavour, Info, Lab } from "../types.js"
 * @import { Pictures } from "./data.js"
 * @import { Model } from "./model.js"
 * @import { Queue } from "./queue.js"
 */

/** Pictures in one background job: a drawing has to wait for one such job at most. */
const PART = 25;

export class Companions {
  #queue;
  #model;
  #flavour;
  /** @type {Map<string, Lab>} */
  #labs = new Map();

  /**
   * @param {Queue} queue
   * @param {Model} model the open one
   * @param {Flavour} flavour
   */
  constructor(queue, model, flavour) {
    this.#queue = queue;
    this.#model = model;
    this.#flavour = flavour;
  }

  /**
   * @param {string | undefined} id undefined for the open model
   * @returns {Lab}
   */
  lab(id) {
    if (id === undefined) return this.#model.lab;
    const lab = this.#labs.get(id);
    if (lab) return lab;
    const message = `No model called “${id}” is open beside the other; open it first.`;
    throw Object.assign(new Error(message), { kind: "unknown_name" });
  }

  /**
   * @param {string} id
   * @param {Uint8Array} checkpoint
   * @returns {Promise<Info>}
   */
  async open(id, checkpoint) {
    const lab = await this.#flavour.Lab.open(checkpoint, { device: "cpu" });
    this.#labs.get(id)?.free();
    this.#labs.set(id, lab);
    return lab.info();
  }

  close() {
    for (const lab of this.#labs.values()) lab.free();
    this.#labs.clear();
  }

  /**
   * Rebuilds one picture with several models.
   *
   * @param {Float32Array} picture
   * @param {(string | undefined)[]} ids
   * @returns {Promise<Beside[]>}
   */
  rebuild(picture, ids) {
    const rebuildOne = async (/** @type {string | undefined} */ id) => {
      const lab = this.lab(id);
      const input = framed(picture, lab.info().config.image);
      const { mean } = await encode(lab, input);
      return { mean, input: input.slice(), image: await decode(lab, mean) };
    };
    return this.#queue.run(BACKGROUND, async () => {
      const all = [];
      for (const id of ids) all.push(await rebuildOne(id));
      return all;
    });
  }

  /**
   * The mean squared error of a pixel, for each of the first pictures.
   *
   * @param {Pictures} pictures
   * @param {number} count
   * @param {string | undefined} id
   */
  async errors(pictures, count, id) {
    const errors = new Float32Array(count);
    for (let start = 0; start < count; start += PART) {
      const size = Math.min(PART, count - start);
      await this.#queue.run(BACKGROUND, async () => {
        const lab = this.lab(id);
        const info = lab.info();
        const { image } = info.config;
        const { images } = pictures.part(start, size, info);
        const rebuilt = await decode(lab, (await encode(lab, images)).mean);
        const pixels = image[0] * image[1];
        images.forEach((pixel, at) => {
          errors[start + Math.floor(at / pixels)] += (pixel - rebuilt[at]) ** 2 / pixels;
        });
      });
    }
    return errors;
  }
}
