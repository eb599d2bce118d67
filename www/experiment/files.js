// The user's files: what kind each one is, how they are read, and how results are saved.

/** Larger experiments are refused without reading them; of a data file, this much is read. */
const MOST_BYTES = 64 << 20;
/** How many bytes are read to find out what a file is. */
const HEAD = 64;
/** Length of an IDX header with two dimensions, the codes of its number types, and the most dimensions known here. */
const IDX_HEADER = 12;
const IDX_TYPES = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
const IDX_DIMENSIONS = 4;
/** Labels may be rows of a few columns (QMNIST has eight); no image is that narrow. */
const LABEL_COLUMNS = 16;

/** In pixels: the least width of a saved picture, the gap between two of them, and the height of a title above. */
const SMALLEST = 224;
const GAP = 12;
const TITLE = 28;

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
 * The first bytes of a file, unpacked if it is gzipped.
 *
 * @param {File} file
 */
export async function head(file) {
  const raw = await bytesOf(file.slice(0, HEAD), file.name);
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  const unpacked = file.slice(0, 4096).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = unpacked.getReader();
  try {
    const { value } = await reader.read();
    await reader.cancel();
    return value?.subarray(0, HEAD) ?? raw;
  } catch {
    return raw; // Broken: opening it will say how.
  }
}

/**
 * What an IDX file holds, in either byte order.
 *
 * @param {Uint8Array} start its first bytes
 * @returns {Kind | undefined}
 */
function kindOfIdx(start) {
  const isLittleEndian = start[3] === 0;
  const [zeros, type, dimensions] = isLittleEndian
    ? [start.subarray(2, 4), start[1], start[0]]
    : [start.subarray(0, 2), start[2], start[3]];
  const isIdx = zeros.every((byte) => byte === 0) && IDX_TYPES.includes(type) && dimensions > 0;
  if (!isIdx || dimensions > IDX_DIMENSIONS) return undefined;
  if (dimensions > 2) return "images";
  if (dimensions === 1 || start.length < IDX_HEADER) return "labels";
  const columns = new DataView(start.buffer, start.byteOffset).getUint32(8, isLittleEndian);
  return columns <= LABEL_COLUMNS ? "labels" : "images";
}

/**
 * The kind of a file by its content. If the content is of no known kind, the name decides, so that opening a broken
 * file says what is wrong with it.
 *
 * @param {File} file
 * @returns {Promise<Kind>}
 */
export async function kindOfFile(file) {
  if (/\.safetensors$/i.test(file.name)) return "checkpoint";
  const start = await head(file);
  // A safetensors file begins with the length of a JSON object, which is below four billion.
  if (start[8] === "{".charCodeAt(0) && start.subarray(4, 8).every((byte) => byte === 0)) return "checkpoint";
  const kind = kindOfIdx(start);
  if (kind) return kind;
  if (/idx1|labels/i.test(file.name)) return "labels";
  return /idx|ubyte|\.gz$/i.test(file.name) ? "images" : "unknown";
}

/** Reads a data file, up to the limit. @param {File} file */
export const readData = (file) => bytesOf(file.slice(0, MOST_BYTES), file.name);

/** Reads a saved experiment. @param {File} file */
export async function read(file) {
  if (file.size > MOST_BYTES) {
    const size = (file.size / 2 ** 20).toFixed(0);
    const limit = MOST_BYTES >> 20;
    const message = `“${file.name}” has ${size} MB; what is saved here has at most ${limit} MB. Choose another file.`;
    throw Object.assign(new Error(message), { kind: "invalid_data" });
  }
  return bytesOf(file, file.name);
}

/**
 * Lets the browser save some bytes as a file.
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

/**
 * A model's name as part of a file name: E6/vae becomes E6-vae.
 *
 * @param {string} model
 */
export const stem = (model) => model.replace("/", "-");

/** @typedef {{ canvas: HTMLCanvasElement | OffscreenCanvas, title: string }} Titled */

/**
 * Saves a picture as PNG, or several in a row with their titles, on the page's background. Small ones are enlarged.
 *
 * @param {HTMLCanvasElement | OffscreenCanvas | readonly Titled[]} pictures
 * @param {string} prefix
 * @param {string} model
 */
export async function offerPicture(pictures, prefix, model) {
  const all = Array.isArray(pictures) ? pictures : [{ canvas: pictures, title: "" }];
  const sizes = all.map(({ canvas }) => {
    const scale = Math.ceil(SMALLEST / canvas.width);
    return { width: scale * canvas.width, height: scale * canvas.height };
  });
  const line = all.some(({ title }) => title) ? TITLE : 0;
  const width = sizes.reduce((sum, size) => sum + size.width, (all.length - 1) * GAP);
  const sheet = new OffscreenCanvas(width, line + Math.max(...sizes.map(({ height }) => height)));
  const context = sheet.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(document.body);
  context.fillStyle = style.getPropertyValue("--surface");
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = style.color;
  context.font = `14px ${style.fontFamily}`;
  context.imageSmoothingEnabled = false;
  let left = 0;
  all.forEach(({ canvas, title }, index) => {
    const { width, height } = sizes[index];
    context.fillText(title, left + 4, 19, width - 8);
    context.drawImage(canvas, left, line, width, height);
    left += width + GAP;
  });
  const blob = await sheet.convertToBlob();
  offer(new Uint8Array(await blob.arrayBuffer()), `${prefix}-${stem(model)}.png`);
}

/**
 * Saves a drawing as SVG, on the page's background. Custom properties are replaced by their colours, because a file has
 * none.
 *
 * @param {SVGSVGElement} svg
 * @param {string} prefix
 * @param {string} model
 */
export function offerSvg(svg, prefix, model) {
  const style = getComputedStyle(document.body);
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const { width, height } = copy.viewBox.baseVal;
  const size = { width: String(width), height: String(height), "font-family": style.fontFamily };
  for (const [name, value] of Object.entries(size)) copy.setAttribute(name, value);
  const paper = document.createElementNS(copy.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: "var(--surface)" }))
    paper.setAttribute(name, value);
  copy.prepend(paper);
  const text = new XMLSerializer().serializeToString(copy);
  offerText(
    text.replaceAll(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim()),
    `${prefix}-${stem(model)}.svg`,
  );
}

/**
 * Saves numbers as CSV.
 *
 * @param {readonly string[]} columns
 * @param {readonly (readonly (string | number)[])[]} rows
 * @param {string} prefix
 * @param {string} model
 */
export function offerTable(columns, rows, prefix, model) {
  const lines = [columns, ...rows].map((row) => row.join(","));
  offerText(`${lines.join("\n")}\n`, `${prefix}-${stem(model)}.csv`);
}

/**
 * @param {string} text
 * @param {string} name
 */
const offerText = (text, name) => offer(new TextEncoder().encode(text), name);
