// How a codebook is used.

import { even } from "../../random.js";

/**
 * Counts the codes over the cells of many grids.
 *
 * @param {ArrayLike<number>} codes `[cells]`
 * @param {number} size of the codebook
 */
export function usesOf(codes, size) {
  const cells = new Array(size).fill(0);
  for (let at = 0; at < codes.length; at += 1) if (codes[at] < size) cells[codes[at]] += 1;
  const shares = cells.map((count) => count / Math.max(codes.length, 1));
  const entropy = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  return { cells, shares, perplexity: Math.exp(entropy), dead: cells.filter((count) => count === 0).length };
}

/**
 * Draws codes independently of each other, with their counted frequencies.
 *
 * @param {readonly number[]} counts
 * @param {number} length
 * @param {number} seed
 */
export function drawIndependently(counts, length, seed) {
  let sum = 0;
  const cumulative = counts.map((count) => (sum += count));
  return even(length, seed).map((u) => {
    const code = cumulative.findIndex((limit) => u * sum < limit);
    // The largest random number may be rounded up to one.
    return code < 0 ? cumulative.indexOf(sum) : code;
  });
}

/** The code that most cells have. @param {ArrayLike<number>} codes @param {number} size */
export function commonest(codes, size) {
  const { cells } = usesOf(codes, size);
  return cells.indexOf(Math.max(...cells));
}

/**
 * The codes in the corners of each grid, where a digit hardly ever has ink.
 *
 * @param {ArrayLike<number>} codes `[grids, cells]`
 * @param {readonly number[]} sides
 */
export function cornersOf(codes, [height, width]) {
  const corners = [0, width - 1, (height - 1) * width, height * width - 1];
  return Array.from({ length: (4 * codes.length) / (height * width) }, (_, at) => {
    return codes[Math.floor(at / 4) * height * width + corners[at % 4]];
  });
}
