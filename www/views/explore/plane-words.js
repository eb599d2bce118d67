// The latent plane in words for screen readers, and in numbers for saving.

import { thousands } from "../dom.js";

/**
 * @import { Codes, Look } from "../../types.js"
 * @import { Axes } from "./axes.js"
 */

/**
 * @typedef {object} Plane what the plane shows
 * @property {Axes} axes
 * @property {Codes | null} codes of the points
 * @property {Look | null} look
 * @property {number} along pictures along each side of the decoded grid, 0 without one
 * @property {readonly [number, number][]} places the numbered places
 * @property {readonly number[]} shares of the square, by label; empty without a square
 * @property {(label: number) => string} nameOf a class
 * @property {string} beside the class of the decoded point in words; empty if there is none
 */

/** @param {Axes} axes @param {Float32Array} latents */
export const placeOf = (axes, latents) =>
  axes
    .shown(latents)
    .map((value) => value.toFixed(axes.isSquare ? 2 : 1))
    .join(", ");

/**
 * A sentence or two for a screen reader.
 *
 * @param {Plane} plane
 */
export function wordsOf({ axes, codes, look, along, places, shares, nameOf, beside }) {
  const { encoding, latents } = look ?? {};
  const some = shares.map((share, label) => ({ share, label })).filter(({ share }) => share > 0);
  const best = some.toSorted((a, b) => b.share - a.share);
  const share = best.map(({ share, label }) => `${nameOf(label)} ${Math.round(100 * share)} %`);
  return [
    codes ? `${thousands(codes.count)} ${codes.pictures.name}, each a point.` : "Loading the pictures…",
    axes.isSquare && "After the normal CDF it is a square from 0 to 1.",
    shares.length > 0 && `Shares of the square: ${share.join(", ")}.`,
    along > 0 && `A grid of ${along} by ${along} decoded pictures lies over it.`,
    places.length > 0 && `${places.length} random places are numbered.`,
    encoding && encoding.mean.length > 1 && `Yours is at ${placeOf(axes, encoding.mean)}.`,
    latents && latents.length > 1 && `Decoded at ${placeOf(axes, latents)}${beside && `, ${beside}`}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * A row for each point: its name, its class and that class's share of the square, its mean and its log-variance.
 *
 * @param {Plane} plane
 * @param {(place: [number, number]) => Float32Array} latentsAt
 */
export function tableOf({ codes, look, places, shares }, latentsAt) {
  if (!codes) return null;
  const { latent, labels, mean, log_variance: logVariance } = codes;
  const names = (/** @type {string} */ prefix) => Array.from({ length: latent }, (_, index) => `${prefix}${index + 1}`);
  const varianceNames = logVariance ? names("log_variance_z") : [];
  const shareNames = shares.length > 0 ? ["share_of_class"] : [];
  const nothing = (/** @type {string[]} */ columns) => columns.map(() => "");
  const digits = Array.from({ length: codes.count }, (_, index) => {
    const part = (/** @type {Float32Array} */ all) => all.subarray(index * latent, (index + 1) * latent);
    const share = shareNames.map(() => (labels ? shares[labels[index]] : ""));
    return [index, labels?.[index] ?? "", ...share, ...part(mean), ...(logVariance ? part(logVariance) : [])];
  });
  const { encoding } = look ?? {};
  const ownRow = encoding
    ? [["yours", "", ...nothing(shareNames), ...encoding.mean, ...(logVariance ? (encoding.log_variance ?? []) : [])]]
    : [];
  const numbered = places.map((place, index) => {
    return [`place ${index + 1}`, "", ...nothing(shareNames), ...latentsAt(place), ...nothing(varianceNames)];
  });
  return {
    columns: ["image", "class", ...shareNames, ...names("z"), ...varianceNames],
    rows: [...digits, ...ownRow, ...numbered],
  };
}
