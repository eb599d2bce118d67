// Paints scenes on canvases: the KL of each cell of the encoder, and each object in its own colour.

import { colorOf } from "../pixels.js";

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/** Pixels of a canvas for one of a scene. */
export const SCALE = 8;
/** Opacity of the tint over the cell with the largest KL. */
const TINT = 0.6;
/** Width of lines and radius of the discs behind numbers, in pixels of a scene. */
const LINE = 0.35;
const DISC = 2.6;

/**
 * Paints several pictures over each other, each in its colour. A pixel that two of them paint gets a mixture of both.
 *
 * @param {Context} context of a canvas that is `SCALE` times as large
 * @param {readonly Float32Array[]} parts
 * @param {readonly string[]} colors custom properties
 * @param {number} side of a part
 */
export function paintParts(context, parts, colors, side) {
  const image = new ImageData(side, side);
  const inks = colors.map((color) => colorOf(color));
  for (let at = 0; at < side * side; at += 1) {
    let [sum, blank] = [0, 1];
    const mixed = [0, 0, 0];
    parts.forEach((part, index) => {
      const ink = part[at];
      sum += ink;
      blank *= 1 - ink;
      inks[index].forEach((value, channel) => (mixed[channel] += ink * value));
    });
    if (sum === 0) continue;
    image.data.set([...mixed.map((value) => value / sum), 255 * (1 - blank)], 4 * at);
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, side * SCALE, side * SCALE);
}

/**
 * Paints a number on a disc, which is moved onto the canvas if it would cross the edge.
 *
 * @param {Context} context
 * @param {readonly [row: number, column: number]} where in pixels of the scene
 * @param {string} name
 * @param {{ color: string, paper: string }} colors in CSS
 */
export function paintName(context, [row, column], name, { color, paper }) {
  const edge = (DISC + LINE) * SCALE;
  const within = (/** @type {number} */ at, /** @type {number} */ size) => Math.min(Math.max(at, edge), size - edge);
  const x = within((column + 0.5) * SCALE, context.canvas.width);
  const y = within((row + 0.5) * SCALE, context.canvas.height);
  context.beginPath();
  context.arc(x, y, DISC * SCALE, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = LINE * SCALE;
  context.strokeStyle = context.fillStyle = paper;
  context.stroke();
  context.font = `bold ${3.6 * SCALE}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(name, x, y + 0.2 * SCALE);
}

/**
 * Paints a square around a place.
 *
 * @param {Context} context
 * @param {readonly [row: number, column: number]} where the middle of the square
 * @param {number} side
 * @param {{ color: string, dashed?: boolean }} how
 */
export function paintFrame(context, [row, column], side, { color, dashed = false }) {
  context.strokeStyle = color;
  context.lineWidth = 2 * LINE * SCALE;
  context.setLineDash(dashed ? [SCALE, SCALE / 2] : []);
  const [left, top] = [column + 0.5 - side / 2, row + 0.5 - side / 2];
  context.strokeRect(left * SCALE, top * SCALE, side * SCALE, side * SCALE);
  context.setLineDash([]);
}

/**
 * Tints each cell, the stronger the larger its KL.
 *
 * @param {Context} context
 * @param {Float32Array} nats
 * @param {readonly [rows: number, columns: number]} sides
 * @param {number} cell side of a cell in pixels of the scene
 * @param {string} color in CSS
 */
export function paintHeat(context, nats, [, columns], cell, color) {
  const most = Math.max(...nats, 1);
  context.fillStyle = color;
  nats.forEach((value, at) => {
    context.globalAlpha = TINT * Math.max(value / most, 0);
    const [x, y] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    context.fillRect(x * SCALE, y * SCALE, cell * SCALE, cell * SCALE);
  });
  context.globalAlpha = 1;
}
