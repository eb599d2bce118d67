// The classes of many pictures: which labels there are, and the colour of each.

/**
 * @import { Codes } from "../../types.js"
 */

/** Labels below this have colours of their own. */
const OWN = 10;
/** The hues between which the colours of other labels lie; the two ends look different. */
const [FIRST, LAST] = [25, 325];

/**
 * The labels that the pictures have, in order; empty if they have none.
 *
 * @param {Pick<Codes, "labels" | "count"> | null} codes
 * @returns {number[]}
 */
export function labelsOf(codes) {
  if (!codes?.labels) return [];
  return [...new Set(codes.labels.subarray(0, codes.count))].sort((a, b) => a - b);
}

/** Whether the labels get colours from a scale. @param {readonly number[]} labels in order */
export const isScale = (labels) => (labels.at(-1) ?? 0) >= OWN;

/**
 * The CSS colour of each label.
 *
 * @param {readonly number[]} labels in order
 */
export function colorsOf(labels) {
  const scale = isScale(labels);
  const step = (LAST - FIRST) / Math.max(labels.length - 1, 1);
  const colorOf = (/** @type {number} */ label, /** @type {number} */ rank) =>
    scale ? `oklch(var(--class-scale) ${FIRST + rank * step})` : `var(--class-${label})`;
  return new Map(labels.map((label, rank) => [label, colorOf(label, rank)]));
}
