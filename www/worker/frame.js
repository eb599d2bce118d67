// Pictures in the frame of a model: smaller ones get a border of zeros, larger ones are cropped.

/**
 * @param {Float32Array} images square pictures, one after the other
 * @param {readonly [number, number]} size height and width of the frame
 * @param {number} [side] of each picture; without it there is a single picture
 */
export function framed(images, [height, width], side = Math.round(Math.sqrt(images.length))) {
  if (height === side && width === side) return images;
  const count = images.length / (side * side);
  const [top, left] = [Math.floor((height - side) / 2), Math.floor((width - side) / 2)];
  const [from, to] = [Math.max(0, -left), Math.min(side, width - left)];
  const all = new Float32Array(count * height * width);
  for (let index = 0; index < count; index += 1) {
    for (let y = Math.max(0, -top); y < Math.min(side, height - top); y += 1) {
      const row = (index * side + y) * side;
      all.set(images.subarray(row + from, row + to), (index * height + y + top) * width + left + from);
    }
  }
  return all;
}

/**
 * Scales ink down to a number of pixels, each as grey as the ink that falls into it; null if there is no ink.
 *
 * @param {{ bytes: Uint8Array, height: number, width: number }} ink
 * @param {readonly [number, number]} size height and width
 */
export function scaled({ bytes, height, width }, [rows, columns]) {
  const down = overlaps(height, rows);
  const across = overlaps(width, columns);
  const horizontal = new Float32Array(height * columns);
  for (let y = 0; y < height; y += 1) {
    across.forEach(({ target, shares }, x) => {
      const grey = bytes[y * width + x] / 255;
      shares.forEach((share, at) => (horizontal[y * columns + target + at] += share * grey));
    });
  }
  const pixels = new Float32Array(rows * columns);
  down.forEach(({ target, shares }, y) => {
    shares.forEach((share, at) => {
      for (let x = 0; x < columns; x += 1) pixels[(target + at) * columns + x] += share * horizontal[y * columns + x];
    });
  });
  if (!pixels.some((grey) => grey > 0)) return null;
  return pixels.map((grey) => Math.min(grey, 1));
}

/**
 * For each pixel of a longer row: into which pixels of a shorter row it falls, and how much of them it fills.
 *
 * @param {number} from
 * @param {number} to
 */
function overlaps(from, to) {
  const size = to / from;
  return Array.from({ length: from }, (_, at) => {
    const [start, end] = [at * size, (at + 1) * size];
    const target = Math.min(Math.floor(start), to - 1);
    const inFirst = Math.min(end, target + 1) - start;
    return { target, shares: size - inFirst > 1e-6 && target + 1 < to ? [inFirst, size - inFirst] : [size] };
  });
}
