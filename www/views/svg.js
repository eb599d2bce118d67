// A canvas context that writes SVG, with the methods that charts use.

import { s } from "./dom.js";

const ANCHORS = { left: "start", right: "end", center: "middle", start: "start", end: "end" };

export class SvgContext {
  element = s("g");
  #parent = /** @type {Element} */ (this.element);
  #path = "";
  #rectangle = { x: 0, y: 0, width: 0, height: 0 };
  /** @type {readonly number[]} */
  #dash = [];
  #measure;
  strokeStyle = "";
  fillStyle = "";
  lineWidth = 1;
  globalAlpha = 1;
  font = "";
  /** @type {CanvasTextAlign} */
  textAlign = "left";
  /** @type {CanvasTextBaseline} only "middle" is supported */
  textBaseline = "middle";
  /** @type {CanvasLineJoin} */
  lineJoin = "round";

  /** @param {(text: string) => { width: number }} measure */
  constructor(measure) {
    this.#measure = measure;
  }

  /** @param {string} text */
  measureText(text) {
    return this.#measure(text);
  }

  beginPath() {
    this.#path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  /** A full circle. @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    const [left, right] = [(x - r).toFixed(1), (x + r).toFixed(1)];
    this.#path += `M${left} ${y.toFixed(1)}A${r} ${r} 0 1 0 ${right} ${y.toFixed(1)}A${r} ${r} 0 1 0 ${left} ${y.toFixed(1)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#rectangle = { x, y, width, height };
  }

  /** Clips to the rectangle that was given last. */
  clip() {
    const { x, y, width, height } = this.#rectangle;
    this.#parent = this.#put(s("svg", { ...this.#rectangle, viewBox: `${x} ${y} ${width} ${height}` }));
  }

  save() {}

  restore() {
    this.#parent = this.element;
  }

  /** @param {readonly number[]} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }

  stroke() {
    const dash = this.#dash.join(" ") || "none";
    const style = { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-dasharray": dash };
    this.#put(s("path", { d: this.#path, ...style, "stroke-linejoin": "round", opacity: this.globalAlpha }));
  }

  fill() {
    this.#put(s("path", { d: this.#path, fill: this.fillStyle }));
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#write(text, x, y, { fill: this.fillStyle });
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#write(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth });
  }

  /** @type {(text: string, x: number, y: number, paint: { [name: string]: string | number }) => void} */
  #write(text, x, y, paint) {
    const style = { ...paint, "font-size": 11, "text-anchor": ANCHORS[this.textAlign] };
    this.#put(s("text", { x, y, ...style, "dominant-baseline": "central" }, text));
  }

  /**
   * @template {Element} T
   * @param {T} element
   */
  #put(element) {
    this.#parent.append(element);
    return element;
  }
}
