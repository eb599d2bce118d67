// Files to open and to drop, good and broken.

import { gzipSync } from "node:zlib";

export const IMAGES = 0x0803;
export const LABELS = 0x0801;

/**
 * @param {number} magic
 * @param {number[]} dimensions
 * @param {Uint8Array} bytes
 */
export function idx(magic, dimensions, bytes) {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  [magic, ...dimensions].forEach((word, at) => header.setUint32(4 * at, word));
  return joined(new Uint8Array(header.buffer), bytes);
}

/** @param {Uint8Array} bytes */
export const gz = (bytes) => new Uint8Array(gzipSync(bytes));

/** @param {Uint8Array[]} parts */
export const joined = (...parts) => new Uint8Array(Buffer.concat(parts));

/**
 * Images of one light bar each, at another place in each image.
 *
 * @param {number} count
 * @param {number} [side]
 */
export function bars(count, side = 28) {
  const pixels = new Uint8Array(count * side * side);
  for (let image = 0; image < count; image += 1) {
    const column = 6 + ((image * 5) % (side - 12));
    for (let row = 5; row < side - 5; row += 1)
      pixels.fill(255, image * side * side + row * side + column, image * side * side + row * side + column + 3);
  }
  return idx(IMAGES, [count, side, side], pixels);
}

/**
 * The lines of a CSV file, with the names of its columns first.
 *
 * @param {{ bytes: Uint8Array }} file
 */
export const table = ({ bytes }) =>
  new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

/** A small file that declares one image and goes on for 200 MB of zeros. */
export const bomb = () => gz(idx(IMAGES, [1, 28, 28], new Uint8Array(200 << 20)));

/** The first bytes of a picture that is no IDX. */
export const PNG = new Uint8Array([...Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...new Uint8Array(64)]);

/**
 * @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Tensor
 * @typedef {{ __metadata__: { [key: string]: string } } & { [name: string]: Tensor }} Header of a safetensors file
 */

/**
 * @param {Uint8Array} file
 * @returns {{ header: Header, data: Uint8Array }}
 */
function parts(file) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return { header, data: file.slice(8 + length) };
}

/**
 * A safetensors file with another header.
 *
 * @param {Uint8Array} file
 * @param {(header: Header) => void} change
 */
export function withHeader(file, change) {
  const { header, data } = parts(file);
  change(header);
  return safetensors(header, data);
}

/**
 * A safetensors file with another number at the beginning of a tensor.
 *
 * @param {Uint8Array} file
 * @param {string} tensor
 * @param {number} value
 */
export function withNumber(file, tensor, value) {
  const { header, data } = parts(file);
  new DataView(data.buffer).setFloat32(header[tensor].data_offsets[0], value, true);
  return safetensors(header, data);
}

/**
 * @param {object} header
 * @param {Uint8Array} data
 */
export function safetensors(header, data) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  return joined(declaring(BigInt(text.length)), text, data);
}

/**
 * The first eight bytes of a safetensors file.
 *
 * @param {bigint} length of the header
 */
export function declaring(length) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

/**
 * @param {Uint8Array} png
 * @returns {[width: number, height: number]}
 */
export function sizeOf(png) {
  const header = new DataView(png.buffer, png.byteOffset + 16);
  return [header.getUint32(0), header.getUint32(4)];
}
