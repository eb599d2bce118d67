// What an encoder says, in one form for latents and for codes: whoever handles the ones handles the others.

import { gridOf } from "../grid.js";

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
  const said = await lab.encode(images);
  return "codes" in said ? { mean: Float32Array.from(said.codes) } : said;
}

/**
 * @param {Lab} lab
 * @param {Float32Array} latents or codes
 * @param {boolean} [negated] whether each code stands for the opposite of its vector, which no codebook need have
 */
export async function decode(lab, latents, negated = false) {
  const grid = gridOf(lab.info().config);
  if (!grid) return lab.decode(latents);
  if (!negated) return lab.decode({ codes: latents });
  const vectors = await lab.codebook();
  const { dimension } = grid.codebook;
  const opposite = (/** @type {number} */ _, /** @type {number} */ at) =>
    -vectors[latents[Math.floor(at / dimension)] * dimension + (at % dimension)];
  return lab.decode({ vectors: Float32Array.from({ length: latents.length * dimension }, opposite) });
}
