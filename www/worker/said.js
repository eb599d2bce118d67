// What an encoder says, in one form for latents and for codes: whoever handles the ones handles the others.

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
 */
export const decode = (lab, latents) => lab.decode(lab.info().grid ? { codes: latents } : latents);
