// The slider of a latent.

import { h, icon, setDisabled, setText } from "./dom.js";

/** Further out the prior hardly ever is. */
const RANGE = 4;
const STEP = 0.05;

const SAID = "The tick is what the encoder says, the band one standard deviation to each side";

/** @param {number} value */
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(Math.abs(value) < 100 ? 2 : 0)}`;

/** A tick and a band show the encoder's mean and its standard deviation. */
export class Row {
  element;
  #slider;
  #value;
  #mean = h("span", { class: "mean" });
  #deviation = h("span", { class: "deviation" });
  #back;
  #name;

  /**
   * @param {number} index
   * @param {(value: number | null) => void} onset
   */
  constructor(index, onset) {
    this.#name = `Latent ${index + 1}`;
    this.#slider = h("input", {
      type: "range",
      min: -RANGE,
      max: RANGE,
      step: STEP,
      value: 0,
      "aria-label": this.#name,
      oninput: () => onset(this.#slider.valueAsNumber),
      ondblclick: () => onset(null),
    });
    this.#value = h("output", { class: "number" }, "0.00");
    this.#back = h(
      "button",
      {
        type: "button",
        class: "quiet",
        title: "Back to what the encoder said",
        "aria-label": `${this.#name}: back to the encoder`,
        onclick: () => onset(null),
      },
      icon("back"),
    );
    this.element = h(
      "li",
      { class: "latent-row" },
      h("span", { class: "symbol", "aria-hidden": "true" }, "z", h("sub", {}, String(index + 1))),
      h("span", { class: "track", title: SAID }, this.#deviation, this.#mean, this.#slider),
      this.#value,
      this.#back,
    );
  }

  /**
   * @param {number | undefined} value
   * @param {number | undefined} mean
   * @param {number} deviation
   * @param {boolean} own whether the user set it
   * @param {boolean} isRectified whether it is never below zero
   */
  show(value, mean, deviation, own, isRectified) {
    const held = document.activeElement === this.#slider;
    // A range that shrank under the hand would run away with the thumb.
    const before = held ? Number(this.#slider.max) : RANGE;
    const reach = Math.max(before, Math.ceil(Math.abs(mean ?? 0)), Math.ceil(Math.abs(value ?? 0)));
    const least = isRectified ? 0 : -reach;
    this.#slider.min = String(least);
    this.#slider.max = String(reach);
    // A thumb that is being held is where it is; elsewhere it shows what was decoded.
    const at = value ?? 0;
    if (!held || Math.abs(this.#slider.valueAsNumber - at) > STEP) this.#slider.value = String(at);
    this.element.classList.toggle("own", own);
    this.element.classList.toggle("unsaid", mean === undefined);
    setDisabled(this.#back, !own, this.#slider);
    if (mean !== undefined) {
      for (const mark of [this.#mean, this.#deviation])
        mark.style.setProperty("--at", ((mean - least) / (reach - least)).toFixed(3));
      this.#deviation.style.setProperty("--reach", Math.min(deviation / (reach - least), 1).toFixed(3));
    }
    const shown = value === undefined ? "–" : signed(value);
    setText(this.#value, shown);
    const encoded = mean === undefined ? "" : `; the encoder says ${signed(mean)}`;
    this.#slider.setAttribute("aria-valuetext", shown + (own ? encoded : ""));
  }

  /** @param {boolean} works */
  enable(works) {
    this.#slider.disabled = !works;
  }
}
