// A codebook as swatches: for each code its number, its colour, what it paints, and how much it is used.

import { h, setText } from "../dom.js";

/**
 * @import { Patches } from "./patches.js"
 * @import { usesOf } from "./use.js"
 */

/** A bar is full if a code is used this many times as often as with even use. */
export const FULL = 4;

/**
 * @typedef {object} Handlers
 * @property {(code: number | null) => void} point at a swatch; null if none is pointed at any more
 * @property {(code: number) => void} choose
 *
 * @typedef {{ element: HTMLButtonElement, patch: HTMLCanvasElement, bar: HTMLElement }} Swatch
 */

/** @param {number} share */
export const percent = (share) =>
  `${(100 * share).toFixed(share === 0 || share >= 0.0995 ? 0 : share >= 0.00095 ? 1 : 3)} %`;

export class Book {
  element = h("div", { class: "book", role: "toolbar", "aria-label": "Codebook: a code to paint with" });
  #handlers;
  /** @type {Swatch[]} */
  #swatches = [];

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.element.addEventListener("keydown", (event) => this.#move(event));
  }

  /**
   * @param {readonly string[]} colors of each code
   * @param {ReturnType<typeof usesOf> | null} uses
   */
  show(colors, uses) {
    if (this.#swatches.length !== colors.length) this.#build(colors.length);
    this.#swatches.forEach(({ element, bar }, code) => {
      const isDead = uses?.cells[code] === 0;
      const share = uses?.shares[code] ?? 0;
      element.style.setProperty("--color", colors[code]);
      element.style.setProperty("--share", String(Math.min((share * colors.length) / FULL, 1)));
      element.classList.toggle("dead", isDead);
      element.classList.toggle("over", share * colors.length > FULL);
      const use = isDead ? ": dead, no cell has it" : uses ? `: ${percent(share)} of all cells` : "";
      element.setAttribute("aria-label", `Code ${code}${use}`);
      setText(bar, isDead ? "dead" : "");
    });
  }

  /** @param {Patches} patches */
  paint(patches) {
    this.#swatches.forEach(({ patch }, code) => patches.draw(code, patch));
  }

  /**
   * @param {number | null} brush the code that is painted with
   * @param {number | null} marked the code whose cells are marked
   */
  mark(brush, marked) {
    this.#swatches.forEach(({ element }, code) => {
      element.setAttribute("aria-pressed", String(code === brush));
      element.classList.toggle("marked", code === marked);
    });
  }

  /**
   * A picture to be saved: for each code its colour, what it paints, its bar and its number; dead codes are crossed
   * out.
   *
   * @param {number} side
   */
  sheet(side) {
    const sheet = new OffscreenCanvas(side, side);
    const context = sheet.getContext("2d");
    if (!context) return sheet;
    const columns = Math.ceil(Math.sqrt(this.#swatches.length));
    const tile = side / columns;
    const [piece, bar] = [tile * 0.62, tile * 0.1];
    context.imageSmoothingEnabled = false;
    const { color, fontFamily } = getComputedStyle(this.element);
    context.strokeStyle = color;
    context.font = `${Math.round(tile * 0.17)}px ${fontFamily}`;
    this.#swatches.forEach(({ element, patch }, code) => {
      const [left, top] = [(code % columns) * tile, Math.floor(code / columns) * tile];
      context.fillStyle = element.style.getPropertyValue("--color");
      context.fillRect(left + 1, top + 1, tile * 0.24, piece);
      context.drawImage(patch, left + tile * 0.3, top + 1, piece, piece);
      context.fillRect(left + 1, top + piece + 4, (tile - 4) * Number(element.style.getPropertyValue("--share")), bar);
      context.fillStyle = color;
      context.fillText(String(code), left + 1, top + tile - 3);
      if (!element.classList.contains("dead")) return;
      context.beginPath();
      context.moveTo(left + 1, top + 1);
      context.lineTo(left + tile * 0.92, top + piece);
      context.stroke();
    });
    return sheet;
  }

  /** @param {number} size */
  #build(size) {
    const { point, choose } = this.#handlers;
    this.#swatches = Array.from({ length: size }, (_, code) => {
      const patch = h("canvas", { class: "patch", "aria-hidden": "true", width: 1, height: 1 });
      const bar = h("span", { class: "bar" });
      const element = h(
        "button",
        {
          type: "button",
          "aria-pressed": "false",
          tabindex: code === 0 ? 0 : -1,
          onclick: () => choose(code),
          onpointerenter: () => point(code),
          onpointerleave: () => point(null),
          onblur: () => point(null),
          onfocus: () => {
            // The tab key goes to one of the swatches, and arrow keys go on from there.
            this.#swatches.forEach((swatch, other) => (swatch.element.tabIndex = other === code ? 0 : -1));
            if (element.matches(":focus-visible")) point(code);
          },
        },
        h("span", { class: "number" }, String(code)),
        h("span", { class: "hue" }),
        patch,
        bar,
      );
      return { element, patch, bar };
    });
    this.element.replaceChildren(...this.#swatches.map(({ element }) => element));
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const all = this.#swatches.map(({ element }) => element);
    const at = all.findIndex((element) => element === document.activeElement);
    if (at < 0) return;
    const columns = all.filter(({ offsetTop }) => offsetTop === all[0].offsetTop).length;
    const moves = /** @type {{ [key: string]: number }} */ ({
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: all.length - 1,
    });
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  }
}
