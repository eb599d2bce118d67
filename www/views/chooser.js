// Which experiment is open, and which of its models.

import { anyOf, presetOf } from "../store.js";
import { latentsOf } from "../model.js";
import { isOwn } from "../structure.js";
import { h, setText } from "./dom.js";

/**
 * @import { Parts, PresetInfo, VariantInfo, View } from "../types.js"
 */

/** From this many models on, there is a slider. */
const SIZES = 3;

/**
 * The models by the size of their code; none if they differ in anything else or are too few.
 *
 * @param {PresetInfo} preset
 */
function bySize({ variants }) {
  const configs = new Set(variants.map(({ config }) => JSON.stringify({ ...config, latent: 0 })));
  if (configs.size > 1 || variants.length < SIZES) return [];
  return variants.toSorted((a, b) => latentsOf(a) - latentsOf(b));
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const presets = h("select", { id: "chosen-experiment", onchange: () => experiment.choose(presets.value) });
  const legend = h("legend", { class: "unseen" });
  const row = h("div", {});
  const variants = h("fieldset", { class: "segmented" }, legend, row);
  // If the models differ only in the size of their code, a slider chooses among them.
  const size = h("input", { type: "range", id: "chosen-size", min: 0, step: 1, oninput: () => resize() });
  const sizeTitle = h("output", { class: "number", for: size.id });
  const slider = h(
    "span",
    { class: "sizes", hidden: true },
    h("label", { for: size.id }, "Code size"),
    size,
    sizeTitle,
  );
  const own = h("span", { class: "fine", hidden: true }, "with a structure of your own");
  element.append(h("label", { for: presets.id }, "Experiment"), presets, variants, slider, own);
  /** @type {PresetInfo | undefined} */
  let listed;
  /** @type {VariantInfo[]} */
  let sizes = [];

  function resize() {
    experiment.choose(sizes[size.valueAsNumber].id);
  }

  /** @param {PresetInfo | undefined} preset */
  function list(preset) {
    listed = preset;
    const inputs = (preset?.variants ?? []).map(({ id, title }) => {
      const input = h("input", { type: "radio", name: "variant", value: id, onchange: () => experiment.choose(id) });
      return h("label", {}, input, h("span", {}, title));
    });
    sizes = preset ? bySize(preset) : [];
    // A control that is about to be removed passes the focus on, because the focus would be lost.
    const [focused, isSizeGone] = [document.activeElement, sizes.length === 0];
    if (row.contains(focused) || (isSizeGone && size === focused)) presets.focus();
    row.replaceChildren(...inputs);
    setText(legend, preset ? `Models of “${preset.title}”` : "");
    slider.hidden = isSizeGone;
    size.max = String(sizes.length - 1);
    variants.hidden = inputs.length < 2 || sizes.length > 0;
  }

  function show() {
    const preset = presetOf(store);
    if (preset?.id !== listed?.id) list(preset); // A new worker has the same presets.
    if (preset) presets.value = preset.id;
    // If the structure is the user's own, no model is checked, so that each of them is a way back.
    own.hidden = !isOwn(store.controls);
    for (const input of row.querySelectorAll("input")) {
      input.checked = own.hidden && input.value === store.get("model");
    }
    const at = sizes.findIndex(({ id }) => id === store.get("model"));
    if (at < 0) return;
    size.value = String(at);
    size.setAttribute("aria-valuetext", sizes[at].title);
    setText(sizeTitle, sizes[at].title);
  }

  return {
    update(changed) {
      if (changed.has("presets")) {
        presets.replaceChildren(...store.get("presets").map(({ id, title }) => h("option", { value: id }, title)));
      }
      if (anyOf(changed, "presets", "model", "basis")) show();
      if (changed.has("phase") || changed.has("presets") || changed.has("model")) {
        const ready = store.get("phase") === "ready";
        for (const control of [presets, size, ...row.querySelectorAll("input")]) control.disabled = !ready;
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
