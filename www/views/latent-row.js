// The slider of a latent.

import { h, icon, setDisabled, setText } from "./dom.js";

/** The prior is hardly ever further out than this. */
const RANGE = 4;
const STEP = 0.05;

const HINT = "The tick is what the encoder says, the band one standard deviation to each side";

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
      h("span", { class: "track", title: HINT }, this.#deviation, this.#mean, this.#slider),
      this.#value,
      this.#back,
    );
  }

  /**
   * @param {number | undefined} value
   * @param {number | undefined} mean
   * @param {number} deviation
   * @param {boolean} isOwn whether the user set the value
   * @param {boolean} isRectified whether the value is never below zero
   */
  show(value, mean, deviation, isOwn, isRectified) {
    const isDragged = document.activeElement === this.#slider;
    // While the slider is being dragged its range must not shrink, because the thumb would jump.
    const before = isDragged ? Number(this.#slider.max) : RANGE;
    const reach = Math.max(before, Math.ceil(Math.abs(mean ?? 0)), Math.ceil(Math.abs(value ?? 0)));
    const lowest = isRectified ? 0 : -reach;
    this.#slider.min = String(lowest);
    this.#slider.max = String(reach);
    // A thumb that is being dragged stays where it is; otherwise it shows the decoded value.
    const at = value ?? 0;
    if (!isDragged || Math.abs(this.#slider.valueAsNumber - at) > STEP) this.#slider.value = String(at);
    this.element.classList.toggle("own", isOwn);
    this.element.classList.toggle("unsaid", mean === undefined);
    setDisabled(this.#back, !isOwn, this.#slider);
    if (mean !== undefined) {
      for (const mark of [this.#mean, this.#deviation])
        mark.style.setProperty("--at", ((mean - lowest) / (reach - lowest)).toFixed(3));
      this.#deviation.style.setProperty("--reach", Math.min(deviation / (reach - lowest), 1).toFixed(3));
    }
    const shown = value === undefined ? "–" : signed(value);
    setText(this.#value, shown);
    const encoded = mean === undefined ? "" : `; the encoder says ${signed(mean)}`;
    this.#slider.setAttribute("aria-valuetext", shown + (isOwn ? encoded : ""));
  }

  /** @param {boolean} isEnabled */
  enable(isEnabled) {
    this.#slider.disabled = !isEnabled;
  }
}
