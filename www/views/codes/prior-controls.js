// Controls of a dream: its class, its temperature, and how fast it is shown.

import { h, setDisabled, setText } from "../dom.js";

/**
 * @import { Asking } from "./prior-asking.js"
 */

export class Controls {
  #asking;
  #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #slow = h("input", { type: "radio", name: "prior-speed", checked: true });
  #speed = h(
    "fieldset",
    { class: "segmented" },
    h("legend", { class: "unseen" }, "How the cells come"),
    h(
      "div",
      {},
      h("label", {}, this.#slow, h("span", {}, "slowly")),
      h("label", {}, h("input", { type: "radio", name: "prior-speed" }), h("span", {}, "at once")),
    ),
  );
  #class;
  #temperature;
  #value;
  #dream;
  element;

  /**
   * @param {Asking} asking
   * @param {{ dream: () => void, change: () => void }} on a request for a dream, and a change of its terms
   */
  constructor(asking, { dream, change }) {
    this.#asking = asking;
    this.#class = h("select", {
      id: "prior-class",
      onchange: () => {
        const { value } = this.#class;
        asking.terms = { ...asking.terms, label: value === "" ? undefined : Number(value) };
        change();
      },
    });
    this.#temperature = h("input", {
      type: "range",
      id: "prior-temperature",
      min: 0.2,
      max: 2,
      step: 0.1,
      value: asking.terms.temperature,
      oninput: () => {
        asking.terms = { ...asking.terms, temperature: this.#temperature.valueAsNumber };
        this.#showTemperature();
      },
      onchange: change,
    });
    this.#value = h("output", { class: "number", for: "prior-temperature" });
    this.#dream = h("button", { type: "button", onclick: dream }, "Dream one");
    this.element = h(
      "div",
      { class: "prior-controls" },
      h("div", { class: "setting" }, h("label", { for: "prior-class" }, "Class"), this.#class),
      h(
        "div",
        { class: "setting" },
        h("label", { for: "prior-temperature" }, "Temperature"),
        this.#temperature,
        this.#value,
      ),
      h("div", { class: "row" }, this.#dream, this.#speed),
    );
    this.#reducedMotion.addEventListener("change", this.#follow);
    this.#follow();
    this.#showTemperature();
  }

  #showTemperature() {
    setText(this.#value, this.#asking.terms.temperature.toFixed(1));
  }

  /** If the user prefers reduced motion, dreams are shown at once. */
  #follow = () => (this.#speed.hidden = this.#reducedMotion.matches);

  get isSlow() {
    return this.#slow.checked && !this.#reducedMotion.matches;
  }

  /** Takes over the names of the classes, which may have changed. @param {readonly string[]} names */
  name(names) {
    if (names.join() === this.#asking.names.join()) return;
    this.#asking.names = names;
    const { label } = this.#asking.terms;
    const kept = label !== undefined && label < names.length ? label : undefined;
    this.#asking.terms = { ...this.#asking.terms, label: kept };
    this.#class.replaceChildren(
      h("option", { value: "" }, "any"),
      ...names.map((name, label) => h("option", { value: label }, name)),
    );
    this.#class.value = kept === undefined ? "" : String(kept);
  }

  enable() {
    setDisabled(this.#dream, !this.#asking.isPossible, this.#temperature);
  }

  stop() {
    this.#reducedMotion.removeEventListener("change", this.#follow);
  }
}
