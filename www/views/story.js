// What the open experiment is about, and what to try.

import { presetOf, variantOf } from "../store.js";
import { STORIES } from "../stories.js";
import { NONE } from "../structure.js";
import { h } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 * @import { Try } from "../stories.js"
 */

/** Of PCA. What has its form and other weights is none. */
const COMPUTED =
  "PCA is computed, not trained. What trains here is a linear autoencoder of its form, on from PCA or from nothing: it comes to the same plane step by step.";

/**
 * Views come after the first reconstruction: who is quicker than they are waits.
 *
 * @param {Element} view
 * @param {() => Element | undefined} find
 * @returns {Promise<Element>}
 */
const arrival = (view, find) =>
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
 * What a person would do: go to a view, and press buttons there, or tick boxes.
 *
 * @param {string} place
 * @param {...string} names that their words begin with
 */
async function pressIn(place, ...names) {
  const view = document.getElementById(place);
  if (!view) return;
  view.scrollIntoView({ block: "nearest" });
  for (const name of names) {
    const named = () =>
      [...view.querySelectorAll("button, label")].find(({ textContent }) => textContent?.trim().startsWith(name));
    const found = named() ?? (await arrival(view, named));
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
  /** @param {Try} what */
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
    // On a narrow screen it may have to be scrolled, by keys too.
    const formula = h("div", { class: "formula", tabindex: 0, role: "group", "aria-label": "Formula" });
    formula.innerHTML = story.formula;
    const tries = story.tries.map((what) =>
      h("button", { type: "button", onclick: () => void attempt(what) }, what.label),
    );
    // Whoever chose a model by a key stays at that button.
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
    // In the story of another experiment there may be none of that name: then it begins anew.
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
