// Which views an experiment has, and in which order: the table of presets says it.

import { anyOf, presetOf } from "../../store.js";
import { isOwn } from "../../structure.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/** What a structure of one's own may bring that its experiment has not; each hides where it has nothing to show. */
const ANY = ["prior", "edits", "codes", "mend", "plane", "kl", "grids"];

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const all = [...element.children];

  function arrange() {
    const preset = presetOf(store);
    const own = preset?.views ?? all.map(({ id }) => id);
    const views = isOwn(store.controls) ? [...new Set([...own, ...ANY])] : own;
    for (const section of all) section.toggleAttribute("data-off", !views.includes(section.id));
    const shown = views
      .map((id) => all.find((section) => section.id === id))
      .filter((section) => section !== undefined);
    element.append(...shown);
  }

  let arranged = "";
  return {
    update(changed) {
      if (!anyOf(changed, "presets", "model", "basis")) return;
      const now = store.get("presets").length > 0 ? `${store.get("model")} ${isOwn(store.controls)}` : "";
      if (now !== arranged) arrange();
      arranged = now;
    },
    destroy() {},
  };
}
