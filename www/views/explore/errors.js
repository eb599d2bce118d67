// The error of a drawing among those of digits, which shows whether the drawing looks like a digit to the model.

import { h, s, setText } from "../dom.js";

/** The errors that are shown, as powers of ten. */
const [LEAST, MOST] = [-4, -0.5];
const [WIDE, HIGH] = [160, 30];
/** Pixels of a saved strip per shown pixel. */
const SHARPNESS = 2;

/** @param {number} error */
const across = (error) => (WIDE * Math.min(Math.max((Math.log10(error) - LEAST) / (MOST - LEAST), 0), 1)).toFixed(1);

export class Errors {
  #strip = s("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "errors", role: "img", "aria-label": "Errors: none yet" });
  #caption = h("figcaption", { class: "nats" });
  element = h("figure", { class: "belongs" }, this.#strip, this.#caption);

  /**
   * @param {string} title of the model
   * @param {number | null} own mean squared error of a pixel
   * @param {Float32Array | null} errors of digits
   */
  show(title, own, errors) {
    const digits = [...(errors ?? [])].map((error) => `M${across(error)} 7V${HIGH - 7}`).join("");
    const mark = own === null ? "" : `M${across(own)} 0V${HIGH}`;
    this.#strip.replaceChildren(s("path", { class: "digits", d: digits }), s("path", { class: "mark", d: mark }));
    const share = errors && own !== null ? errors.filter((error) => error < own).length / errors.length : null;
    const among = share === null ? "" : `, above ${Math.floor(100 * share)} % of digits`;
    setText(this.#caption, own === null ? "nothing drawn" : `error ${own.toFixed(4)}${among}`);
    this.#strip.setAttribute("aria-label", `Errors by ${title}: ${this.caption}`);
  }

  get caption() {
    return this.#caption.textContent ?? "";
  }

  /** The strip, to be saved. */
  sheet() {
    const sheet = new OffscreenCanvas(WIDE * SHARPNESS, HIGH * SHARPNESS);
    const context = sheet.getContext("2d");
    if (!context) return sheet;
    context.scale(SHARPNESS, SHARPNESS);
    for (const path of this.#strip.children) {
      const style = getComputedStyle(path);
      [context.strokeStyle, context.lineWidth] = [style.stroke, parseFloat(style.strokeWidth)];
      context.stroke(new Path2D(path.getAttribute("d") ?? ""));
    }
    return sheet;
  }
}
