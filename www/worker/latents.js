// Encodes and decodes in one form for latents, codes and objects, so that the rest of the page need not tell them apart.

import { gridOf, objectsOf } from "../model.js";
import { lengthOfRow, objectsOfRows, rowOf } from "../scene.js";

/**
 * @import { Encoded, Encoding, Lab, Objects } from "../types.js"
 */

/**
 * Objects in the order of their cells. The encoder's own order is that of their KL, which changes while a model trains.
 *
 * @param {Objects} found
 */
const inOrder = ({ objects }) => objects.toSorted((a, b) => a.cell - b.cell);

/**
 * Means, codes, which are numbers too, or rows of objects.
 *
 * @param {Encoded} encoded
 * @param {Lab} lab
 * @param {number} count of the images
 * @returns {Encoding}
 */
function numbersOf(encoded, lab, count) {
  if ("codes" in encoded) return { mean: Float32Array.from(encoded.codes) };
  if (!("objects" in encoded)) return encoded;
  const { latent } = objectsOf(lab.info()) ?? { latent: 0 };
  const length = lengthOfRow(latent);
  const mean = new Float32Array(count * length);
  for (let image = 0; image < count; image += 1) {
    const objects = inOrder(encoded).filter((object) => object.image === image);
    mean.set(rowOf(objects, latent), image * length);
  }
  return { mean };
}

/**
 * @param {Lab} lab
 * @param {Float32Array} images
 * @returns {Promise<Encoding>}
 */
export async function encode(lab, images) {
  const [height, width] = lab.info().config.image;
  return numbersOf(await lab.encode(images), lab, images.length / (height * width));
}

/**
 * Encodes one picture; for a model of objects, `found` has its objects and the KL of each cell.
 *
 * @param {Lab} lab
 * @param {Float32Array} image
 * @returns {Promise<{ encoding: Encoding, found: Objects | null }>}
 */
export async function encodeOne(lab, image) {
  const encoded = await lab.encode(image);
  return {
    encoding: numbersOf(encoded, lab, 1),
    found: "objects" in encoded ? { ...encoded, objects: inOrder(encoded) } : null,
  };
}

/**
 * @param {Lab} lab
 * @param {Float32Array} latents codes, or rows of objects
 * @param {boolean} [negated] whether each code stands for the opposite of its vector, which no codebook need have
 */
export async function decode(lab, latents, negated = false) {
  const info = lab.info();
  const [grid, scene] = [gridOf(info), objectsOf(info)];
  if (scene) return decodeRows(lab, latents, scene.latent);
  if (!grid) return lab.decode(latents);
  if (!negated) return lab.decode({ codes: latents });
  const vectors = await lab.codebook();
  const { dimension } = grid;
  const opposite = (/** @type {number} */ _, /** @type {number} */ at) =>
    -vectors[latents[Math.floor(at / dimension)] * dimension + (at % dimension)];
  return lab.decode({ vectors: Float32Array.from({ length: latents.length * dimension }, opposite) });
}

/**
 * Decodes scenes. A decoder gives no picture for scenes without objects at the end, which are blank.
 *
 * @param {Lab} lab
 * @param {Float32Array} rows
 * @param {number} latent
 */
async function decodeRows(lab, rows, latent) {
  const [height, width] = lab.info().config.image;
  const images = new Float32Array((rows.length / lengthOfRow(latent)) * height * width);
  images.set(await lab.decode({ objects: objectsOfRows(rows, latent, height) }));
  return images;
}

/**
 * Decodes each object of a row on a canvas of its own, in the order of their slots; null for a model that finds no objects.
 *
 * @param {Lab} lab
 * @param {Float32Array} row
 */
export async function decodeParts(lab, row) {
  const info = lab.info();
  const scene = objectsOf(info);
  if (!scene) return null;
  const objects = objectsOfRows(row, scene.latent, info.config.image[0]).map((object, image) => ({ ...object, image }));
  return objects.length > 0 ? lab.decode({ objects }) : new Float32Array(0);
}
