// The classes in their colours, each shown or hidden, with their shares of the plane.

import { h, setText } from "../dom.js";
import { colorOf } from "../pixels.js";
import { colorsOf, isScale } from "./classes.js";

/** A saved legend: the width of a column and the height of a line in pixels, and the lines in a column. */
const [WIDE, LINE, LINES] = [224, 22, 24];

/** @typedef {{ color: string, button: HTMLButtonElement, name: HTMLElement, share: HTMLElement }} Row */

export class Legend {
  /** @type {Set<number>} classes that are not shown */
  hidden = new Set();
  #scale = h("p", { class: "fine", hidden: true });
  element = h("div", { class: "legend", role: "group", "aria-label": "Classes shown" });
  /** By label. @type {Map<number, Row>} */
  #rows = new Map();
  #onchange;

  /** @param {() => void} onchange */
  constructor(onchange) {
    this.#onchange = onchange;
  }

  /**
   * @param {readonly number[]} labels in order
   * @param {(label: number) => string} nameOf
   */
  show(labels, nameOf) {
    if (labels.join() !== [...this.#rows.keys()].join()) this.#build(labels);
    const names = labels.map(nameOf);
    [...this.#rows.values()].forEach(({ name }, index) => setText(name, names[index]));
    this.element.classList.toggle(
      "words",
      names.some((name, index) => name !== String(labels[index])),
    );
    this.#scale.hidden = !isScale(labels);
    setText(this.#scale, `${labels.length} classes: their colours are a scale, near labels have near colours.`);
  }

  /** @param {readonly number[]} labels in order */
  #build(labels) {
    const colors = colorsOf(labels);
    this.#rows = new Map(labels.map((label) => [label, this.#row(label, colors.get(label) ?? "")]));
    this.element.replaceChildren(this.#scale, ...[...this.#rows.values()].map(({ button }) => button));
  }

  /**
   * @param {number} label
   * @param {string} color
   * @returns {Row}
   */
  #row(label, color) {
    const [name, share] = [h("span", {}), h("span", { class: "fine" })];
    const isShown = () => String(!this.hidden.has(label));
    const toggle = () => {
      if (!this.hidden.delete(label)) this.hidden.add(label);
      button.setAttribute("aria-pressed", isShown());
      this.#onchange();
    };
    const swatch = h("span", { class: "swatch" });
    const button = h("button", { type: "button", "aria-pressed": isShown(), onclick: toggle }, swatch, name, share);
    button.style.setProperty("--class", color);
    return { color, button, name, share };
  }

  /** The legend as a picture, to be saved. */
  sheet() {
    const rows = [...this.#rows];
    const sheet = new OffscreenCanvas(WIDE * Math.ceil(rows.length / LINES), Math.min(rows.length, LINES) * LINE);
    const context = sheet.getContext("2d");
    if (!context) return sheet;
    const style = getComputedStyle(this.element);
    [context.font, context.textBaseline] = [`13px ${style.fontFamily}`, "middle"];
    rows.forEach(([label, { color, name, share }], index) => {
      const [left, middle] = [WIDE * Math.floor(index / LINES), ((index % LINES) + 0.5) * LINE];
      context.fillStyle = `rgb(${colorOf(color).join(" ")})`;
      context.fillRect(left + 4, middle - 6, 12, 12);
      context.fillStyle = style.color;
      const words = [name.textContent, share.textContent, this.hidden.has(label) && "not shown"].filter(Boolean);
      context.fillText(words.join("   "), left + 24, middle);
    });
    return sheet;
  }

  /** @param {readonly number[]} shares by label; empty if there are none */
  share(shares) {
    for (const [label, { share }] of this.#rows) {
      setText(share, shares.length > 0 ? `${Math.round(100 * (shares[label] ?? 0))} %` : "");
    }
  }
}
