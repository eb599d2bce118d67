// What an encoder says, in one form for latents and for codes: whoever handles the ones handles the others.

import { gridOf } from "../model.js";

/**
 * @import { Encoding, Lab } from "../types.js"
 */

/**
 * Means or codes, which are numbers too.
 *
 * @param {Lab} lab
 * @param {Float32Array} images
 * @returns {Promise<Encoding>}
 */
export async function encode(lab, images) {
  const latents = await lab.encode(images);
  if ("codes" in latents) return { mean: Float32Array.from(latents.codes) };
  if ("objects" in latents) throw new TypeError("the page opens no model of objects");
  return latents;
}

/**
 * @param {Lab} lab
 * @param {Float32Array} latents or codes
 * @param {boolean} [negated] whether each code stands for the opposite of its vector, which no codebook need have
 */
export async function decode(lab, latents, negated = false) {
  const grid = gridOf(lab.info());
  if (!grid) return lab.decode(latents);
  if (!negated) return lab.decode({ codes: latents });
  const vectors = await lab.codebook();
  const { dimension } = grid;
  const opposite = (/** @type {number} */ _, /** @type {number} */ at) =>
    -vectors[latents[Math.floor(at / dimension)] * dimension + (at % dimension)];
  return lab.decode({ vectors: Float32Array.from({ length: latents.length * dimension }, opposite) });
}
