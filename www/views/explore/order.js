// Shows the views of an experiment in the order that its preset gives.

import { anyOf, presetOf } from "../../store.js";
import { isOwn } from "../../structure.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const all = [...element.children];

  /** Views that a structure of the user's own may add to those of its experiment. */
  const addedViews = () => (isOwn(store.controls) ? (store.get("info")?.views ?? []) : []);

  function arrange() {
    const ownViews = presetOf(store)?.views ?? all.map(({ id }) => id);
    const views = [...new Set([...ownViews, ...addedViews()])];
    for (const section of all) section.toggleAttribute("data-off", !views.includes(section.id));
    const shown = views
      .map((id) => all.find((section) => section.id === id))
      .filter((section) => section !== undefined);
    const isShown = (/** @type {Element} */ section) => shown.includes(section);
    if (String([...element.children].filter(isShown).map(({ id }) => id)) === String(shown.map(({ id }) => id))) return;
    // A section that is moved loses the focus, so the others are moved around the one that has it.
    const at = shown.findIndex((section) => section.contains(document.activeElement));
    if (at < 0) return element.append(...shown);
    shown[at].before(...shown.slice(0, at));
    shown[at].after(...shown.slice(at + 1));
  }

  let arranged = "";
  return {
    update(changed) {
      if (!anyOf(changed, "presets", "model", "basis")) return;
      const now = store.get("presets").length > 0 ? `${store.get("model")} ${addedViews()}` : "";
      if (now !== arranged) arrange();
      arranged = now;
    },
    destroy() {},
  };
}
