// A scene of objects as a row of numbers, which is encoded, edited and decoded like the latents of any other model.

import { even, normal } from "./random.js";

/**
 * @import { GivenObject, SceneObject } from "./types.js"
 */

/** The most objects that a row holds: those that the encoder finds, and those that the user adds. */
export const SLOTS = 8;

/** How far beyond the edge of a canvas a centre may be: half the patch that an object is painted on. */
export const BEYOND = 14;

/** Objects of a drawn scene have their centres so far from its edges; for each so many places are tried. */
const MARGIN = 10;
const TRIES = 50;

/** Of each object come first: how strongly it is painted, 0 where there is none; the row and the column of its centre. */
const [PRESENCE, ROW, COLUMN, FIRST] = [0, 1, 2, 3];

/**
 * An object of a row.
 *
 * @typedef {object} Placed
 * @property {number} slot its place in the row
 * @property {number} presence
 * @property {[row: number, column: number]} where in pixels of the canvas
 * @property {Float32Array<ArrayBuffer>} mean
 */

/** Numbers of an object in a row. @param {number} latent numbers that say what it is */
export const widthOf = (latent) => FIRST + latent;

/** Numbers of a row. @param {number} latent numbers that say what an object is */
export const lengthOfRow = (latent) => SLOTS * (FIRST + latent);

/** The numbers of an object. @param {Pick<Placed, "presence" | "where" | "mean">} object */
export const numbersOf = ({ presence, where, mean }) => [presence, ...where, ...mean];

/**
 * @param {readonly Pick<SceneObject, "presence" | "where" | "mean">[]} objects in the order of their slots
 * @param {number} latent
 */
export function rowOf(objects, latent) {
  const row = new Float32Array(lengthOfRow(latent));
  objects.slice(0, SLOTS).forEach((object, slot) => row.set(numbersOf(object), slot * widthOf(latent)));
  return row;
}

/**
 * The objects that a row has.
 *
 * @param {ArrayLike<number>} row
 * @param {number} latent
 * @returns {Placed[]}
 */
export function objectsIn(row, latent) {
  const width = widthOf(latent);
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  return slots.flatMap((slot) => {
    const of = Array.from({ length: width }, (_, at) => row[slot * width + at] ?? 0);
    if (of[PRESENCE] <= 0) return [];
    return [{ slot, presence: of[PRESENCE], where: [of[ROW], of[COLUMN]], mean: Float32Array.from(of.slice(FIRST)) }];
  });
}

/**
 * The objects of several rows as a decoder takes them.
 *
 * @param {Float32Array} rows
 * @param {number} latent
 * @returns {GivenObject[]}
 */
export function objectsOfRows(rows, latent) {
  const length = lengthOfRow(latent);
  const images = Array.from({ length: rows.length / length }, (_, image) => image);
  return images.flatMap((image) => {
    const objects = objectsIn(rows.subarray(image * length, (image + 1) * length), latent);
    // From which cell of the encoder's it came is no matter to a decoder.
    return objects.map(({ presence, where, mean }) => ({ image, cell: 0, presence, where, mean }));
  });
}

/**
 * A scene of the prior: objects whose latents are from N(0, I), at places far enough from each other.
 *
 * @param {number} count
 * @param {{ latent: number, side: number, distance: number, seed: number }} of
 */
export function drawScene(count, { latent, side, distance, seed }) {
  const tries = even(2 * SLOTS * TRIES, seed);
  /** @type {[number, number][]} */
  const places = [];
  for (let at = 0; at + 1 < tries.length && places.length < count; at += 2) {
    /** @type {[number, number]} */
    const place = [MARGIN + tries[at] * (side - 2 * MARGIN), MARGIN + tries[at + 1] * (side - 2 * MARGIN)];
    const isFar = places.every(([row, column]) => Math.hypot(row - place[0], column - place[1]) >= distance);
    if (isFar) places.push(place);
  }
  const numbers = normal(count * latent, seed);
  const objects = places.map((where, index) => ({
    presence: 1,
    where,
    mean: numbers.slice(index * latent, (index + 1) * latent),
  }));
  return rowOf(objects, latent);
}
