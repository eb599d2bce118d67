// The one model, on the device it runs on, and what the user looks at through it.

import { kindOf } from "../experiment/notices.js";
import { corruptionOf, lengthOf } from "../model.js";
import { normal } from "../random.js";
import { framed } from "./frame.js";
import { LOOK } from "./queue.js";
import { decode, encode } from "./said.js";

/**
 * @import { Corruption, Damage, Lab, Look, LookRequest } from "../types.js"
 * @import { Queue } from "./queue.js"
 */

const NOISE_SEED = 3;

/** @typedef {(ink: Uint8Array, height: number, width: number) => Float32Array | undefined} CenterDigit */

export class Model {
  /** @type {Lab | undefined} */
  #lab;

  /** The open model; the flavour's calls are its own affair. */
  get lab() {
    if (!this.#lab) {
      const error = new Error("There is no model yet; create or open one.");
      throw Object.assign(error, { kind: "invalid_input" });
    }
    return this.#lab;
  }

  get isOpen() {
    return this.#lab !== undefined;
  }

  /** @param {Lab | undefined} lab takes the place of the one before, which is freed */
  replace(lab) {
    this.#lab?.free();
    this.#lab = lab;
  }
}

/**
 * What damage leaves of a picture, of the kinds that the model was made to mend. The noise is the same each time: what
 * changes is the drawing.
 *
 * @param {Float32Array} clean
 * @param {Damage} damage
 * @param {Corruption} mended
 */
function spoil(clean, { noise, mask }, mended) {
  const added = mended.noise > 0 && noise > 0 ? normal(clean.length, NOISE_SEED) : null;
  const erased = mended.masks.length > 0 ? mask : null;
  if (!added && !erased) return clean;
  return clean.map((pixel, index) => {
    const noisy = added ? Math.min(Math.max(pixel + noise * added[index], 0), 1) : pixel;
    return erased?.[index] ? 0 : noisy;
  });
}

/** The latest wins: a request that another one overtook settles as undefined. */
export class Viewer {
  #queue;
  #model;
  #centerDigit;
  #generation = 0;
  /** @type {{ resolve: (look: Look | undefined) => void, reject: (error: unknown) => void } | undefined} */
  #waiting;
  #queued = false;
  /** @type {Float32Array | null} */
  #input = null;
  /** @type {Uint8Array | undefined} ink that is not centred yet */
  #ink;
  #height = 0;
  #width = 0;
  /** @type {readonly (number | null)[]} */
  #latents = [];
  #negated = false;
  /** @type {Damage} */
  #damage = { noise: 0, mask: null };
  /** When the last look was over. */
  lookedAt = 0;
  /** @type {(look: Look) => void} */
  onagain = () => {};

  /**
   * @param {Queue} queue
   * @param {Model} model
   * @param {CenterDigit} centerDigit
   */
  constructor(queue, model, centerDigit) {
    this.#queue = queue;
    this.#model = model;
    this.#centerDigit = centerDigit;
  }

  /**
   * @param {LookRequest} request
   * @returns {Promise<Look | undefined>}
   */
  look({ ink, image, latents, negated = false, damage }) {
    if (ink) {
      [this.#ink, this.#height, this.#width] = [ink.bytes, ink.height, ink.width];
    } else if (image) {
      [this.#ink, this.#input] = [undefined, image.some((grey) => grey > 0) ? image : null];
    }
    if (latents) [this.#latents, this.#negated] = [latents, negated];
    if (damage) this.#damage = damage;
    this.#generation += 1;
    this.#waiting?.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#enqueue();
    });
  }

  /** Looks at the same again, through weights that have changed, unless somebody waits for a look anyway. */
  async again() {
    if (this.#queued) return;
    try {
      await this.#queue.run(LOOK, async () => {
        if (!this.#waiting && this.#model.isOpen) this.onagain(await this.#compute());
      });
    } catch (error) {
      // Weights on their way to infinity show nothing, nor does a device that is lost: the next step says why. Anything
      // else is another matter.
      if (!["diverged", "invalid_input", "device"].includes(kindOf(error) ?? "")) throw error;
    }
  }

  #enqueue() {
    if (this.#queued) return;
    this.#queued = true;
    void this.#queue.run(LOOK, async () => {
      // What comes from here on is a look of its own.
      const waiting = this.#waiting;
      [this.#queued, this.#waiting] = [false, undefined];
      try {
        waiting?.resolve(await this.#compute());
      } catch (error) {
        waiting?.reject(error);
      }
    });
  }

  /** @returns {Promise<Look>} */
  async #compute() {
    const generation = this.#generation;
    if (this.#ink) {
      this.#input = this.#centerDigit(this.#ink, this.#height, this.#width) ?? null;
      this.#ink = undefined;
    }
    const { lab } = this.#model;
    const info = lab.info();
    const { step, config } = info;
    const clean = this.#input && framed(this.#input, config.image);
    const { noise, mask } = this.#damage;
    const damage = { noise, mask: mask && framed(mask, config.image) };
    const corruption = corruptionOf(config);
    const input = clean && (corruption ? spoil(clean, damage, corruption) : clean);
    const encoding = input ? await encode(lab, input) : null;
    const latents = this.#latentsOf(encoding?.mean ?? null, lengthOf(info));
    const image = latents ? await decode(lab, latents, this.#negated) : null;
    this.lookedAt = performance.now();
    return { generation, step, clean: clean?.slice() ?? null, input: input?.slice() ?? null, encoding, latents, image };
  }

  /**
   * What the user set, and for the others what the encoder says; without a drawing the middle of the prior, or the
   * first code.
   *
   * @param {Float32Array | null} mean
   * @param {number} count
   */
  #latentsOf(mean, count) {
    const chosen = Array.from({ length: count }, (_, index) => this.#latents[index] ?? null);
    if (!mean && chosen.every((value) => value === null)) return null;
    return Float32Array.from(chosen, (value, index) => value ?? mean?.[index] ?? 0);
  }
}
