// Strokes, drawn on two canvases at once: the sharp one that is shown, and the one that the model's picture is made
// from.

/** Side of the field that strokes are measured in. */
export const FIELD = 280;
/** Width of a pen, about that of MNIST's writers once a drawing is scaled to a digit, and the side of a digit's frame. */
const PEN = 21;
const FRAME = 28;
/** The factors of the width for the least and the greatest pressure. */
const LIGHTEST = 0.55;
const HEAVIEST = 1.45;
/** A digit of 28 by 28 is grey at its edges; scaled up, the greys between these two values become its contour. */
const PAPER = 0.3;
const SOLID = 0.4;
/** At most this many changes can be undone. */
const KEPT = 100;

/** @typedef {{ x: number, y: number, width: number }} Point */
/** @typedef {{ pixels: Float32Array, isInk: boolean }} Sample a picture to draw upon, and whether a pen made it */
/** @typedef {{ base: Sample | undefined, strokes: readonly Point[][] }} Sheet a sample, and strokes on it */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/**
 * @param {number} x
 * @param {number} y
 * @param {object} [how]
 * @param {number} [how.pressure] from 0 to 1, if the pen senses it
 * @param {number} [how.side] side of the model's picture in pixels, if it is larger than a digit's frame
 * @returns {Point}
 */
export const point = (x, y, { pressure, side = FRAME } = {}) => ({
  x,
  y,
  width: ((PEN * FRAME) / side) * (pressure === undefined ? 1 : LIGHTEST + (HEAVIEST - LIGHTEST) * pressure),
});

/** @param {Point} a @param {Point} b */
const middle = (a, b) => /** @type {const} */ ([(a.x + b.x) / 2, (a.y + b.y) / 2]);

/**
 * Draws the part of a stroke that its point `index` adds: a curve through the midpoints, and on to the point itself.
 *
 * @param {Context} context
 * @param {readonly Point[]} stroke
 * @param {number} index
 */
function trace(context, stroke, index) {
  const current = stroke[index];
  const before = stroke[Math.max(index - 1, 0)];
  const first = stroke[Math.max(index - 2, 0)];
  context.beginPath();
  if (index === 0) {
    context.arc(current.x, current.y, current.width / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.lineWidth = (before.width + current.width) / 2;
  context.moveTo(...middle(first, before));
  context.quadraticCurveTo(before.x, before.y, ...middle(before, current));
  context.lineTo(current.x, current.y);
  context.stroke();
}

/**
 * The four neighbours of each target pixel along one axis, and their weights: a cubic B-spline, which has no corners.
 *
 * @param {number} side
 * @param {number} size
 */
function spline(side, size) {
  return Array.from({ length: size }, (_, target) => {
    const at = ((target + 0.5) * side) / size - 0.5;
    const first = Math.floor(at) - 1;
    const t = at - Math.floor(at);
    const weights = [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, 3 * (t + t ** 2 - t ** 3) + 1, t ** 3];
    return weights.map((weight, index) => ({
      source: Math.min(Math.max(first + index, 0), side - 1),
      weight: weight / 6,
    }));
  });
}

/**
 * A sample at a larger size, to be coloured: a digit as ink with a smooth contour, or another picture in its greys.
 *
 * @param {Sample} sample
 * @param {number} size
 */
function enlarge({ pixels, isInk }, size) {
  const side = Math.sqrt(pixels.length);
  const axis = spline(side, size);
  const horizontal = new Float32Array(side * size);
  for (let y = 0; y < side; y += 1) {
    axis.forEach((taps, x) => {
      for (const { source, weight } of taps) horizontal[y * size + x] += weight * pixels[y * side + source];
    });
  }
  const image = new ImageData(size, size);
  axis.forEach((taps, y) => {
    for (let x = 0; x < size; x += 1) {
      let grey = 0;
      for (const { source, weight } of taps) grey += weight * horizontal[source * size + x];
      const t = Math.min(Math.max((grey - PAPER) / (SOLID - PAPER), 0), 1);
      image.data[4 * (y * size + x) + 3] = 255 * (isInk ? t * t * (3 - 2 * t) : grey);
    }
  });
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

export class Ink {
  #canvas;
  #shown;
  #read;
  /** @type {Sheet} */
  #sheet = { base: undefined, strokes: [] };
  /** @type {Sheet[]} */
  #past = [];
  /** The drawing for canvases of the other kind, with its own past. @type {{ sheet: Sheet, past: Sheet[] }} */
  #other = { sheet: { base: undefined, strokes: [] }, past: [] };
  /** The sample below the strokes, at the size that is shown. @type {{ of: Sample, canvas: OffscreenCanvas } | undefined} */
  #enlarged;
  #color = "black";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    const shown = canvas.getContext("2d");
    const read = new OffscreenCanvas(FIELD, FIELD).getContext("2d", { willReadFrequently: true });
    if (!shown || !read) throw new Error("this browser has no canvas to draw on");
    this.#canvas = canvas;
    this.#shown = shown;
    this.#read = read;
    shown.scale(canvas.width / FIELD, canvas.height / FIELD);
    for (const context of [shown, read]) {
      context.lineCap = "round";
      context.lineJoin = "round";
    }
  }

  get isEmpty() {
    return !this.#sheet.base && this.#sheet.strokes.length === 0;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  /** @param {string} color of the shown ink */
  recolor(color) {
    this.#color = color;
    this.#redraw();
  }

  /** @param {Sheet} sheet */
  #replaceSheet(sheet) {
    // The first digit appears by itself and cannot be undone.
    if (!this.isEmpty || this.#past.length > 0 || !sheet.base) this.#past.push(this.#sheet);
    if (this.#past.length > KEPT) this.#past.shift();
    this.#sheet = sheet;
  }

  /** @param {Point} at */
  begin(at) {
    this.#replaceSheet({ ...this.#sheet, strokes: [...this.#sheet.strokes, []] });
    this.extend(at);
  }

  /** @param {Point} at */
  extend(at) {
    const stroke = this.#sheet.strokes.at(-1);
    if (!stroke) return;
    stroke.push(at);
    for (const context of [this.#shown, this.#read]) trace(context, stroke, stroke.length - 1);
  }

  /** @param {Sample} sample */
  put(sample) {
    const blank = !sample.pixels.some((grey) => grey > SOLID);
    this.#replaceSheet({ base: blank ? undefined : sample, strokes: [] });
    this.#redraw();
  }

  clear() {
    if (this.isEmpty) return;
    this.#replaceSheet({ base: undefined, strokes: [] });
    this.#redraw();
  }

  undo() {
    const before = this.#past.pop();
    if (!before) return;
    this.#sheet = before;
    this.#redraw();
  }

  /** Turns to the drawing for canvases of the other kind: of a single digit, or of several. */
  swap() {
    const { sheet, past } = this.#other;
    this.#other = { sheet: this.#sheet, past: this.#past };
    [this.#sheet, this.#past] = [sheet, past];
    this.#redraw();
  }

  #redraw() {
    const { base, strokes } = this.#sheet;
    if (base !== this.#enlarged?.of) {
      this.#enlarged = base && { of: base, canvas: enlarge(base, this.#canvas.width) };
    }
    for (const context of [this.#shown, this.#read]) {
      context.clearRect(0, 0, FIELD, FIELD);
      context.fillStyle = context.strokeStyle = this.#color;
      if (this.#enlarged) {
        context.drawImage(this.#enlarged.canvas, 0, 0, FIELD, FIELD);
        context.globalCompositeOperation = "source-in";
        context.fillRect(0, 0, FIELD, FIELD);
        context.globalCompositeOperation = "source-over";
      }
      for (const stroke of strokes) stroke.forEach((_, index) => trace(context, stroke, index));
    }
  }

  /** The ink as grey bytes, 0 for paper. */
  bytes() {
    const { data } = this.#read.getImageData(0, 0, FIELD, FIELD);
    const bytes = new Uint8Array(FIELD * FIELD);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = data[4 * index + 3];
    return bytes;
  }
}
