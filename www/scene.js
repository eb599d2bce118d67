// A scene of objects as a row of numbers, which is encoded, edited and decoded like the latents of any other model.

import { even, normal } from "./random.js";

/**
 * @import { GivenObject, SceneObject } from "./types.js"
 */

/** The most objects that a row holds: those that the encoder finds, and those that the user adds. */
export const SLOTS = 8;

/** Presence of an object that the user or the prior added: painted as strongly as can be, and unlike any that is encoded. */
export const ADDED = Math.fround(0.999);

/** How far beyond the edge of a canvas a centre may be: half the patch that an object is painted on. */
export const BEYOND = 14;

/** Distance of sampled objects from the edges of their scene, and the most tries to place all of them. */
const MARGIN = 10;
const TRIES = 200;

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

/** The names of a row's numbers. @param {number} latent numbers that say what an object is */
export const columnsOf = (latent) =>
  Array.from({ length: SLOTS }, (_, slot) => {
    const latents = Array.from({ length: latent }, (_, index) => `z${index + 1}`);
    return ["presence", "row", "column", ...latents].map((name) => `object${slot + 1}_${name}`);
  }).flat();

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
 * The objects of several rows as a decoder takes them. What lies beyond the canvas, which may have been larger, is moved to
 * its edge.
 *
 * @param {Float32Array} rows
 * @param {number} latent
 * @param {number} side of the canvas
 * @returns {GivenObject[]}
 */
export function objectsOfRows(rows, latent, side) {
  const length = lengthOfRow(latent);
  const images = Array.from({ length: rows.length / length }, (_, image) => image);
  const within = (/** @type {number} */ at) => Math.min(Math.max(at, -BEYOND), side + BEYOND);
  return images.flatMap((image) => {
    const objects = objectsIn(rows.subarray(image * length, (image + 1) * length), latent);
    // A decoder does not use the cell that an object comes from.
    return objects.map(({ presence, where: [row, column], mean }) => {
      return { image, cell: 0, presence, where: [within(row), within(column)], mean };
    });
  });
}

/**
 * Places on a canvas that are far enough from each other. If a try leaves no room for all of them, the next one begins anew;
 * if none has room, these are as many as fit.
 *
 * @param {number} count
 * @param {{ side: number, distance: number, seed: number }} of
 */
function drawPlaces(count, { side, distance, seed }) {
  const numbers = even(2 * SLOTS * TRIES, seed);
  /** @type {[row: number, column: number][]} */
  let best = [];
  for (let start = 0; start < numbers.length && best.length < count; start += 2 * SLOTS) {
    /** @type {[row: number, column: number][]} */
    const places = [];
    for (let at = start; at < start + 2 * SLOTS && places.length < count; at += 2) {
      const [row, column] = [numbers[at], numbers[at + 1]].map((share) => MARGIN + share * (side - 2 * MARGIN));
      if (places.every((other) => Math.hypot(other[0] - row, other[1] - column) >= distance))
        places.push([row, column]);
    }
    if (places.length > best.length) best = places;
  }
  return best;
}

/**
 * A scene of the prior: objects whose latents are from N(0, I), at places far enough from each other.
 *
 * @param {number} count
 * @param {{ latent: number, side: number, distance: number, seed: number }} of
 */
export function drawScene(count, { latent, side, distance, seed }) {
  // Two seeds, because places and latents would follow from the same numbers otherwise.
  const places = drawPlaces(count, { side, distance, seed: 2 * seed });
  const numbers = normal(count * latent, 2 * seed + 1);
  const objects = places.map((where, index) => ({
    presence: ADDED,
    where,
    mean: numbers.slice(index * latent, (index + 1) * latent),
  }));
  return rowOf(objects, latent);
}
