// A row of pictures with a caption, and several such rows on one sheet.

import { h, setText } from "../dom.js";
import { sideOf } from "../pixels.js";
import { Tiles } from "../explore/tiles.js";

/** On a sheet: the height of a row and of its caption, and the gap between pictures. */
const ROW = 84;
const CAPTION = 24;
const GAP = 8;
/** Side of a picture until there is one. */
const SIDE = 28;

export class Strip {
  #tiles = new Tiles();
  #caption = h("figcaption", {});
  /** @type {string} */
  #name;
  /** @type {number} */
  #along;
  /** @type {Float32Array | null} */
  #pixels = null;
  canvas = this.#tiles.canvas;
  element = h("figure", { class: "strip-of" }, this.canvas, this.#caption);

  /**
   * @param {string} name
   * @param {number} along number of pictures
   */
  constructor(name, along) {
    [this.#name, this.#along] = [name, along];
    this.canvas.classList.add("tiles");
    this.canvas.setAttribute("role", "img");
    this.element.style.setProperty("--along", String(along));
    this.clear();
  }

  /** The caption's text. */
  get caption() {
    return this.#caption.textContent ?? "";
  }

  get isEmpty() {
    return this.#pixels === null;
  }

  clear() {
    this.#pixels = null;
    this.#tiles.resize(this.#along, SIDE, 1);
    this.#tiles.paint(0, new Float32Array(this.#along * SIDE ** 2), "--decoder");
    this.#setCaption("");
  }

  /**
   * @param {Float32Array} pixels
   * @param {string} more words for the caption
   */
  show(pixels, more) {
    this.#pixels = pixels;
    this.recolor();
    this.#setCaption(more);
  }

  /** @param {string} more */
  #setCaption(more) {
    setText(this.#caption, more ? `${this.#name}: ${more}` : this.#name);
    this.canvas.setAttribute(
      "aria-label",
      this.isEmpty ? `Pictures ${this.#name}: none yet` : `${this.#along} pictures ${this.caption}`,
    );
  }

  /** Paints again, because the colours may have changed. */
  recolor() {
    if (!this.#pixels) return;
    this.#tiles.resize(this.#along, sideOf(this.#pixels, this.#along), 1);
    this.#tiles.paint(0, this.#pixels, "--decoder");
  }
}

/**
 * A sheet with rows one below the other, to be saved.
 *
 * @param {readonly { canvases: readonly HTMLCanvasElement[], caption: string }[]} rows
 * @param {Element} element whose colour and font are used
 */
export function sheetOf(rows, element) {
  const widthOf = (/** @type {HTMLCanvasElement} */ { width, height }) => Math.round((width * ROW) / height);
  const widths = rows.map(({ canvases }) => canvases.reduce((sum, canvas) => sum + widthOf(canvas) + GAP, 0));
  const sheet = new OffscreenCanvas(Math.max(...widths), rows.length * (ROW + CAPTION));
  const context = sheet.getContext("2d");
  if (!context) return sheet;
  const style = getComputedStyle(element);
  [context.imageSmoothingEnabled, context.fillStyle] = [false, style.color];
  context.font = `12px ${style.fontFamily}`;
  rows.forEach(({ canvases, caption }, row) => {
    const top = row * (ROW + CAPTION);
    let left = 0;
    for (const canvas of canvases) {
      context.drawImage(canvas, left, top, widthOf(canvas), ROW);
      left += widthOf(canvas) + GAP;
    }
    context.fillText(caption, 0, top + ROW + CAPTION - 8, sheet.width);
  });
  return sheet;
}
