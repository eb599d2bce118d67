// Which experiment is open, and which of its models.

import { h, setText } from "./dom.js";

/**
 * @import { Parts, PresetInfo, View } from "../types.js"
 */

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
  element.append(h("label", { for: presets.id }, "Experiment"), presets, variants);
  /** @type {PresetInfo | undefined} */
  let listed;

  /** @param {PresetInfo | undefined} preset */
  function list(preset) {
    listed = preset;
    const inputs = (preset?.variants ?? []).map(({ id, title }) => {
      const input = h("input", { type: "radio", name: "variant", value: id, onchange: () => experiment.choose(id) });
      return h("label", {}, input, h("span", {}, title));
    });
    row.replaceChildren(...inputs);
    setText(legend, preset ? `Models of “${preset.title}”` : "");
    variants.hidden = inputs.length < 2;
  }

  function show() {
    const model = store.get("model");
    const preset = store.get("presets").find(({ variants }) => variants.some(({ id }) => id === model));
    if (preset !== listed) list(preset);
    if (preset) presets.value = preset.id;
    for (const input of row.querySelectorAll("input")) input.checked = input.value === model;
  }

  return {
    update(changed) {
      if (changed.has("presets")) {
        presets.replaceChildren(...store.get("presets").map(({ id, title }) => h("option", { value: id }, title)));
      }
      if (changed.has("presets") || changed.has("model")) show();
      if (changed.has("phase") || changed.has("presets") || changed.has("model")) {
        const ready = store.get("phase") === "ready";
        for (const control of [presets, ...row.querySelectorAll("input")]) control.disabled = !ready;
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
