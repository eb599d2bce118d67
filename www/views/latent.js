// The latents: what the encoder says about each, and what the user makes of them.

import { gridOf, latentsOf } from "../model.js";
import { h, icon, inNats, setDisabled, setText } from "./dom.js";
import { klOf } from "./pixels.js";
import { Plane } from "./plane.js";

/**
 * @import { Look, Parts, View } from "../types.js"
 */

/** Further out the prior hardly ever is. */
const RANGE = 4;
const STEP = 0.05;

const SAID = "The tick is what the encoder says, the band one standard deviation to each side";

/** @param {number} value */
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(Math.abs(value) < 100 ? 2 : 0)}`;

/** A latent's slider: a tick and a band show the encoder's mean and its standard deviation. */
class Row {
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
    const said = mean === undefined ? "" : `; the encoder says ${signed(mean)}`;
    this.#slider.setAttribute("aria-valuetext", shown + (own ? said : ""));
  }

  /** @param {boolean} works */
  enable(works) {
    this.#slider.disabled = !works;
  }
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const title = element.querySelector("h2");
  const list = h("ol", { class: "latent-rows" });
  const encoder = h("button", { type: "button", onclick: () => looking.setLatents([]) }, "Back to the encoder");
  const prior = h("button", { type: "button", onclick: () => looking.samplePrior() }, "Sample from the prior");
  const told = h("p", { class: "nats" });
  const plane = new Plane({
    preview: (place) => looking.preview(place),
    leave: () => looking.endPreview(),
    choose: (place) => looking.setLatents(place),
  });
  element.append(plane.element, list, h("div", { class: "row" }, encoder, prior), told);
  /** @type {Row[]} */
  const rows = [];

  /** @param {number} count */
  function build(count) {
    // Those that stay keep the focus.
    for (const { element } of rows.splice(count)) element.remove();
    for (let index = rows.length; index < count; index += 1) {
      rows.push(new Row(index, (value) => looking.setLatent(index, value)));
      list.append(rows[index].element);
    }
    plane.element.hidden = count !== 2;
    element.classList.toggle("with-plane", count === 2);
    if (title) setText(title, `Latent: ${count} ${count === 1 ? "number" : "numbers"}`);
  }

  /** @param {Look | null} latest */
  function show(latest) {
    // What a model before said with another number of latents is no word of this one.
    const look = latest?.latents?.length === rows.length || !latest?.latents ? latest : null;
    const overrides = store.get("overrides");
    const encoding = look?.encoding;
    const config = store.get("info")?.config;
    const isRectified = config !== undefined && "code" in config && config.code === "relu";
    rows.forEach((row, index) => {
      const own = overrides[index] ?? null;
      const deviation = encoding?.log_variance ? Math.exp(encoding.log_variance[index] / 2) : 0;
      const value = own ?? look?.latents?.[index];
      row.show(value, encoding?.mean[index], deviation, own !== null, isRectified);
    });
    plane.show(look);
    setDisabled(
      encoder,
      overrides.every((value) => value === null),
      list.querySelector("input") ?? undefined,
    );
    setText(
      told,
      encoding?.log_variance
        ? `The encoder tells ${inNats(klOf(encoding.mean, encoding.log_variance))} nats about it`
        : "",
    );
  }

  return {
    update(changed) {
      const info = store.get("info");
      if (changed.has("info") && info) {
        element.hidden = gridOf(info) !== undefined;
        if (latentsOf(info) !== rows.length) build(latentsOf(info));
        prior.hidden = !info.calls.includes("sample");
      }
      if ((changed.has("look") || changed.has("overrides")) && rows.length > 0) show(store.get("look"));
      if (changed.has("phase") || changed.has("info")) {
        const ready = store.get("phase") === "ready";
        prior.disabled = !ready;
        rows.forEach((row) => row.enable(ready));
      }
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
