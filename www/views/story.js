// What the open experiment is about, and what to try.

import { presetOf, variantOf } from "../store.js";
import { STORIES } from "../stories.js";
import { NONE } from "../structure.js";
import { h } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 * @import { Try } from "../stories.js"
 */

/** Shown for PCA. A trained model of the same form has other weights and is not PCA. */
const COMPUTED =
  "PCA is computed, not trained. What trains here is a linear autoencoder of its form, on from PCA or from nothing: it comes to the same plane step by step.";

/**
 * Waits for an element. Views are mounted after the first reconstruction, so a user may be quicker than they are.
 *
 * @param {Element} view
 * @param {() => Element | undefined} find
 * @returns {Promise<Element>}
 */
const waitFor = (view, find) =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const found = find();
      if (!found) return;
      observer.disconnect();
      resolve(found);
    });
    observer.observe(view, { childList: true, subtree: true });
  });

/**
 * Does what a user would do: scrolls to a view, and presses buttons or ticks boxes there.
 *
 * @param {string} place
 * @param {...string} names beginnings of their labels
 */
async function pressIn(place, ...names) {
  const view = document.getElementById(place);
  if (!view) return;
  view.scrollIntoView({ block: "nearest" });
  for (const name of names) {
    const findNamed = () =>
      [...view.querySelectorAll("button, label")].find(({ textContent }) => textContent?.trim().startsWith(name));
    const found = findNamed() ?? (await waitFor(view, findNamed));
    const box = found instanceof HTMLLabelElement ? found.control : null;
    if (box instanceof HTMLInputElement && box.checked) continue;
    if (found instanceof HTMLElement) found.click();
  }
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  /** @param {Try} action */
  async function attempt({ model, structure, start, stage, play, beta, latents, slide, noise, press, sample, above }) {
    if (above) document.getElementById("sentence")?.scrollIntoView({ block: "nearest" });
    if (model) experiment.choose(model);
    if (structure) experiment.build({ ...NONE, ...structure });
    if (stage) store.set({ stage, learning_rate: null });
    if (start && !(await experiment.startFrom(start))) return;
    if (play) experiment.training.play();
    if (beta !== undefined) store.set({ beta });
    if (latents) experiment.looking.setLatents(latents);
    if (slide) experiment.looking.setLatent(...slide);
    if (noise !== undefined) experiment.looking.spoil({ noise, mask: null });
    if (press) void pressIn(...press);
    if (sample) void experiment.looking.nextSample(sample === "garments" ? sample : undefined);
  }

  function show() {
    const preset = presetOf(store);
    const story = preset && STORIES[preset.id];
    element.hidden = !story;
    if (!preset || !story) return;
    // On a narrow screen it may have to be scrolled, also by keyboard.
    const formula = h("div", { class: "formula", tabindex: 0, role: "group", "aria-label": "Formula" });
    formula.innerHTML = story.formula;
    const tries = story.tries.map((action) =>
      h("button", { type: "button", onclick: () => void attempt(action) }, action.label),
    );
    // If a model was chosen by keyboard, the focus stays at that button.
    const focused = element.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    element.replaceChildren(
      h("h2", {}, preset.title),
      h(
        "div",
        { class: "words" },
        ...story.sentences.map((sentence) => h("p", {}, sentence)),
        variantOf(store)?.computed && h("p", { class: "fine" }, COMPUTED),
      ),
      h("figure", {}, formula, h("figcaption", {}, story.source)),
      h("div", { class: "row", role: "group", "aria-label": "Try this" }, ...tries),
    );
    // The story of another experiment may have no button of that name; then the focus goes to the first one.
    if (focused !== undefined) (tries.find(({ textContent }) => textContent === focused) ?? tries[0])?.focus();
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
