// What the open experiment is about, and what to try.

import { presetOf } from "../store.js";
import { STORIES } from "../stories.js";
import { h } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 * @import { Story } from "../stories.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  /** @param {Story["tries"][number]} what */
  function attempt({ model, start, stage, play, beta, latents, sample }) {
    if (model) experiment.choose(model);
    if (start && store.get("start") === start) void experiment.startAfresh();
    else if (start) store.set({ start });
    if (stage) store.set({ stage, learning_rate: null });
    if (play) experiment.training.play();
    if (beta !== undefined) store.set({ beta });
    if (latents) experiment.looking.setLatents(latents);
    if (sample) void experiment.looking.nextSample(sample);
  }

  function show() {
    const preset = presetOf(store);
    const story = preset && STORIES[preset.id];
    element.hidden = !story;
    if (!preset || !story) return;
    // On a narrow screen it may have to be scrolled, by keys too.
    const formula = h("div", { class: "formula", tabindex: 0, role: "group", "aria-label": "Formula" });
    formula.innerHTML = story.formula;
    const tries = story.tries.map((what) => h("button", { type: "button", onclick: () => attempt(what) }, what.label));
    element.replaceChildren(
      h("h2", {}, preset.title),
      h("div", { class: "words" }, ...story.sentences.map((sentence) => h("p", {}, sentence))),
      h("figure", {}, formula, h("figcaption", {}, story.source)),
      h("div", { class: "row", role: "group", "aria-label": "Try this" }, ...tries),
    );
  }

  /** @type {string | undefined} */
  let shown;
  return {
    update(changed) {
      if (!changed.has("presets") && !changed.has("model")) return;
      const now = store.get("presets").length > 0 ? store.get("model") : undefined;
      if (now === shown) return;
      shown = now;
      show();
    },
    destroy: () => element.replaceChildren(),
  };
}
