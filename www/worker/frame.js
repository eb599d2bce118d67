// Pictures in the frame of a model: what is smaller gets a border of paper, what is larger loses one.

/**
 * @param {Float32Array} images square ones, one after the other
 * @param {readonly [number, number]} size height and width of the frame
 * @param {number} [side] of each picture; of a single one its own unless given
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
