// The open model, and the viewer that encodes and decodes what the user looks at.

import { kindOf } from "../experiment/notices.js";
import { corruptionOf, lengthOf, objectsOf } from "../model.js";
import { normal } from "../random.js";
import { framed, scaled } from "./frame.js";
import { decode, decodeParts, encodeOne } from "./latents.js";
import { LOOK } from "./queue.js";

/**
 * @import { Corruption, Damage, Info, Lab, Look, LookRequest } from "../types.js"
 * @import { Queue } from "./queue.js"
 */

const NOISE_SEED = 3;

/** @typedef {(ink: Uint8Array, height: number, width: number) => Float32Array | undefined} CenterDigit */

export class Model {
  /** @type {Lab | undefined} */
  #lab;

  /** The open model, whose methods are called directly. */
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

  /** @param {Lab | undefined} lab replaces the previous one, which is freed */
  replace(lab) {
    this.#lab?.free();
    this.#lab = lab;
  }
}

/**
 * A damaged picture; only damage of the kinds that the model was trained to mend is done. The noise is the same each
 * time, so that only the drawing changes.
 *
 * @param {Float32Array} clean
 * @param {Damage} damage
 * @param {Corruption} mended
 */
function corrupt(clean, { noise, mask }, mended) {
  const added = mended.noise > 0 && noise > 0 ? normal(clean.length, NOISE_SEED) : null;
  const erased = mended.masks.length > 0 ? mask : null;
  if (!added && !erased) return clean;
  return clean.map((pixel, index) => {
    const noisy = added ? Math.min(Math.max(pixel + noise * added[index], 0), 1) : pixel;
    return erased?.[index] ? 0 : noisy;
  });
}

/** The latest request wins: one that a later request overtook resolves to undefined. */
export class Viewer {
  #queue;
  #model;
  #centerDigit;
  #generation = 0;
  /** @type {{ resolve: (look: Look | undefined) => void, reject: (error: unknown) => void } | undefined} */
  #waiting;
  #queued = false;
  /** The drawing: ink, or a picture. @type {{ ink: NonNullable<LookRequest["ink"]> } | { image: Float32Array } | null} */
  #drawing = null;
  /** The drawing as a model sees it, kept for that drawing and frame. @type {{ drawing: unknown, frame: string, pixels: Float32Array | null }} */
  #seen = { drawing: null, frame: "", pixels: null };
  /** @type {readonly (number | null)[]} */
  #latents = [];
  #negated = false;
  /** @type {Damage} */
  #damage = { noise: 0, mask: null };
  /** When the last look ended. */
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
    if (ink) this.#drawing = { ink };
    else if (image) this.#drawing = image.some((grey) => grey > 0) ? { image } : null;
    if (latents) [this.#latents, this.#negated] = [latents, negated];
    if (damage) this.#damage = damage;
    this.#generation += 1;
    this.#waiting?.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#enqueue();
    });
  }

  /** Looks at the same again with the changed weights, unless a look is waiting anyway. */
  async again() {
    if (this.#queued) return;
    try {
      await this.#queue.run(LOOK, async () => {
        if (!this.#waiting && this.#model.isOpen) this.onagain(await this.#compute());
      });
    } catch (error) {
      // Diverging weights and a lost device give nothing to show, and the next training step reports them. Any other
      // error is thrown.
      if (!["diverged", "invalid_input", "device"].includes(kindOf(error) ?? "")) throw error;
    }
  }

  #enqueue() {
    if (this.#queued) return;
    this.#queued = true;
    void this.#queue.run(LOOK, async () => {
      // Requests from here on get a look of their own.
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
    const { lab } = this.#model;
    const info = lab.info();
    const { step, config } = info;
    const clean = this.#seenBy(info);
    const { noise, mask } = this.#damage;
    const damage = { noise, mask: mask && framed(mask, config.image) };
    const corruption = corruptionOf(config);
    const input = clean && (corruption ? corrupt(clean, damage, corruption) : clean);
    const { encoding, found } = input ? await encodeOne(lab, input) : { encoding: null, found: null };
    const latents = this.#latentsOf(encoding?.mean ?? null, lengthOf(info));
    const image = latents ? await decode(lab, latents, this.#negated) : null;
    const parts = latents && (await decodeParts(lab, latents));
    this.lookedAt = performance.now();
    return {
      generation,
      step,
      clean: clean?.slice() ?? null,
      input: input?.slice() ?? null,
      encoding,
      found,
      latents,
      image,
      parts,
    };
  }

  /**
   * The drawing as a model sees it: a centred digit, or, for a model of objects, the whole drawing.
   *
   * @param {Pick<Info, "space" | "config">} model
   */
  #seenBy(model) {
    const drawing = this.#drawing;
    if (!drawing) return null;
    const { image } = model.config;
    const isScene = objectsOf(model) !== undefined;
    const frame = `${image} ${isScene}`;
    if (this.#seen.drawing === drawing && this.#seen.frame === frame) return this.#seen.pixels;
    const pixels =
      "image" in drawing
        ? framed(drawing.image, image)
        : isScene
          ? scaled(drawing.ink, image)
          : this.#centred(drawing.ink, image);
    this.#seen = { drawing, frame, pixels };
    return pixels;
  }

  /**
   * @param {NonNullable<LookRequest["ink"]>} ink
   * @param {readonly [number, number]} size of the frame
   */
  #centred({ bytes, height, width }, size) {
    const digit = this.#centerDigit(bytes, height, width);
    return digit ? framed(digit, size) : null;
  }

  /**
   * The latents that the user set, and the encoder's for the others. Without a drawing, the others are the prior's mean
   * or the first code.
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
