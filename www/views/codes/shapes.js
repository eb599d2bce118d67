// Operations on a grid of codes, given row by row. They return new codes and change nothing in place.

/** @typedef {readonly number[]} Sides height and width of a grid */
/** @typedef {{ top: number, left: number, height: number, width: number }} Frame a rectangle of cells */

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {(row: number, column: number) => readonly [row: number, column: number]} from the cell that each cell's code comes from
 * @param {number} [fill] the code for cells outside of the grid
 */
function rearranged(codes, [height, width], from, fill = -1) {
  return Array.from({ length: height * width }, (_, cell) => {
    const [row, column] = from(Math.floor(cell / width), cell % width);
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? codes[row * width + column] : fill;
  });
}

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {readonly [down: number, right: number]} by how many cells
 * @param {number} fill the code that comes in at the edge
 */
export const shift = (codes, sides, [down, right], fill) =>
  rearranged(codes, sides, (row, column) => [row - down, column - right], fill);

/**
 * Rotates by 90 degrees, clockwise. Only a square grid can be rotated.
 *
 * @param {ArrayLike<number>} codes
 * @param {number} side
 */
export const rotate = (codes, side) => rearranged(codes, [side, side], (row, column) => [side - 1 - column, row]);

/**
 * @param {ArrayLike<number>} codes
 * @param {Sides} sides
 * @param {"across" | "down"} along swaps left and right, or top and bottom
 */
export const flip = (codes, sides, along) =>
  rearranged(codes, sides, (row, column) =>
    along === "across" ? [row, sides[1] - 1 - column] : [sides[0] - 1 - row, column],
  );

/**
 * Replaces the first code by the last, and so on. A code's number is just its place in the codebook.
 *
 * @param {ArrayLike<number>} codes
 * @param {number} size of the codebook
 */
export const invert = (codes, size) => Array.from(codes, (code) => size - 1 - code);

/**
 * One half of each of two grids. The middle one of an odd number of rows or columns comes from the first.
 *
 * @param {ArrayLike<number>} first gives the left or the top half
 * @param {ArrayLike<number>} second
 * @param {Sides} sides
 * @param {"across" | "down"} along
 */
export function join(first, second, [height, width], along) {
  const half = Math.ceil((along === "across" ? width : height) / 2);
  return Array.from(first, (code, cell) => {
    const at = along === "across" ? cell % width : Math.floor(cell / width);
    return at < half ? code : second[cell];
  });
}

/**
 * A rectangle moved to another place, and clipped to the grid.
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
 * Copies a rectangle of the source's codes into the target, clipped at the edges.
 *
 * @param {ArrayLike<number>} target
 * @param {ArrayLike<number>} source
 * @param {Sides} sides of both
 * @param {Frame} frame in the source
 * @param {number} cell of the target where its top left goes
 */
export function transplant(target, source, sides, frame, cell) {
  const width = sides[1];
  const to = placed(frame, cell, sides);
  return Array.from(target, (code, at) => {
    const [row, column] = [Math.floor(at / width) - to.top, (at % width) - to.left];
    const inside = row >= 0 && row < to.height && column >= 0 && column < to.width;
    return inside ? source[(frame.top + row) * width + frame.left + column] : code;
  });
}
