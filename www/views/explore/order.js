// Which views an experiment has, and in which order: the table of presets says it.

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

  function arrange() {
    const model = store.get("model");
    const preset = store.get("presets").find(({ variants }) => variants.some(({ id }) => id === model));
    const views = preset?.views ?? all.map(({ id }) => id);
    for (const section of all) section.toggleAttribute("data-off", !views.includes(section.id));
    const shown = views
      .map((id) => all.find((section) => section.id === id))
      .filter((section) => section !== undefined);
    element.append(...shown);
  }

  let arranged = "";
  return {
    update(changed) {
      if (!changed.has("presets") && !changed.has("model")) return;
      const now = store.get("presets").length > 0 ? store.get("model") : "";
      if (now !== arranged) arrange();
      arranged = now;
    },
    destroy() {},
  };
}
