// What can be done to a grid of codes, given row by row. Nothing is changed in place.

/** @typedef {readonly number[]} Sides height and width of a grid */
/** @typedef {{ top: number, left: number, height: number, width: number }} Frame a rectangle of cells */

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {(row: number, column: number) => readonly [row: number, column: number]} from where each cell's code comes from
 * @param {number} [fill] what comes from outside
 */
function moved(codes, [height, width], from, fill = -1) {
  return Array.from({ length: height * width }, (_, cell) => {
    const [row, column] = from(Math.floor(cell / width), cell % width);
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? codes[row * width + column] : fill;
  });
}

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {readonly [down: number, right: number]} by cells
 * @param {number} fill what comes in at the edge
 */
export const shift = (codes, sides, [down, right], fill) =>
  moved(codes, sides, (row, column) => [row - down, column - right], fill);

/**
 * By 90 degrees, clockwise. Only a square fits into itself.
 *
 * @param {ArrayLike<number>} codes
 * @param {number} side
 */
export const rotate = (codes, side) => moved(codes, [side, side], (row, column) => [side - 1 - column, row]);

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {"across" | "down"} along left for right, or top for bottom
 */
export const flip = (codes, sides, along) =>
  moved(codes, sides, (row, column) =>
    along === "across" ? [row, sides[1] - 1 - column] : [sides[0] - 1 - row, column],
  );

/**
 * The last code for the first, and so on: what a code's number means is nothing but its place in the codebook.
 *
 * @param {ArrayLike<number>} codes
 * @param {number} size of the codebook
 */
export const invert = (codes, size) => Array.from(codes, (code) => size - 1 - code);

/**
 * One half of each; of an odd number of rows or columns the middle one is mine.
 *
 * @param {ArrayLike<number>} mine the left or the top half
 * @param {ArrayLike<number>} theirs
 * @param {Sides} sides
 * @param {"across" | "down"} along
 */
export function join(mine, theirs, [height, width], along) {
  const half = Math.ceil((along === "across" ? width : height) / 2);
  return Array.from(mine, (code, cell) => {
    const at = along === "across" ? cell % width : Math.floor(cell / width);
    return at < half ? code : theirs[cell];
  });
}

/**
 * A rectangle's size at another place, as far as it fits.
 *
 * @param {Frame} frame
 * @param {number} cell where its top left goes
 * @param {Sides} sides
 * @returns {Frame}
 */
export function placed(frame, cell, [height, width]) {
  const [top, left] = [Math.floor(cell / width), cell % width];
  return { top, left, height: Math.min(frame.height, height - top), width: Math.min(frame.width, width - left) };
}

/**
 * A rectangle of their codes into mine, clipped at the edges.
 *
 * @param {ArrayLike<number>} mine
 * @param {ArrayLike<number>} theirs
 * @param {Sides} sides of both
 * @param {Frame} frame in theirs
 * @param {number} cell of mine where its top left goes
 */
export function transplant(mine, theirs, sides, frame, cell) {
  const width = sides[1];
  const to = placed(frame, cell, sides);
  return Array.from(mine, (code, at) => {
    const [row, column] = [Math.floor(at / width) - to.top, (at % width) - to.left];
    const inside = row >= 0 && row < to.height && column >= 0 && column < to.width;
    return inside ? theirs[(frame.top + row) * width + frame.left + column] : code;
  });
}
