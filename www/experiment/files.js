// Files of the user's: what they are, before anything is asked of them.

/** Larger ones are refused unread. */
export const MOST_BYTES = 64 << 20;
const IDX_IMAGES = 3;
const IDX_LABELS = 1;

/** @typedef {"checkpoint" | "images" | "labels" | "unknown"} Kind */

/**
 * @param {Blob} part
 * @param {string} name
 */
async function bytesOf(part, name) {
  try {
    return new Uint8Array(await part.arrayBuffer());
  } catch (cause) {
    throw new Error(`“${name}” cannot be read: it is a folder, or was moved meanwhile. Choose the file again.`, {
      cause,
    });
  }
}

/**
 * The first bytes of a file, out of its gzip where it is in one.
 *
 * @param {File} file
 * @param {number} count
 */
async function head(file, count) {
  const raw = await bytesOf(file.slice(0, count), file.name);
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  const unpacked = file.slice(0, 4096).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unpacked.getReader();
  try {
    const { value } = await reader.read();
    return value?.subarray(0, count) ?? raw;
  } catch {
    return raw; // Broken: opening it will say how.
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/**
 * By its content; by its name where the content is none of ours, so that a broken file is told what is wrong with it.
 *
 * @param {File} file
 * @returns {Promise<Kind>}
 */
export async function kindOfFile(file) {
  if (/\.safetensors$/i.test(file.name)) return "checkpoint";
  const start = await head(file, 9);
  if (start[0] === 0 && start[1] === 0 && start[2] !== 0) {
    if (start[3] === IDX_LABELS) return "labels";
    if (start[3] === IDX_IMAGES) return "images";
  }
  // A safetensors file begins with the length of a JSON object.
  if (start[8] === "{".charCodeAt(0)) return "checkpoint";
  if (/idx1|labels/i.test(file.name)) return "labels";
  return /idx|ubyte|\.gz$/i.test(file.name) ? "images" : "unknown";
}

/** @param {File} file */
export async function read(file) {
  if (file.size > MOST_BYTES) {
    const size = (file.size / 2 ** 20).toFixed(0);
    const message = `“${file.name}” has ${size} MB; at most ${MOST_BYTES >> 20} MB are read here. Take a part of it.`;
    throw Object.assign(new Error(message), { kind: "invalid_data" });
  }
  return bytesOf(file, file.name);
}

/**
 * Lets the browser keep some bytes as a file.
 *
 * @param {Uint8Array} bytes
 * @param {string} name
 */
export function offer(bytes, name) {
  const part = /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
  const url = URL.createObjectURL(new Blob([part], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
