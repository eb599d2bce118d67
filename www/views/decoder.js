// The decoder's network.

import { gridOf, latentsOf, objectsOf } from "../model.js";
import { h, setText } from "./dom.js";
import { decoderLayers, figure, nameOf } from "./shape.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const network = h("div", { class: "figure" });
  const shape = h("p", { class: "shape" });
  element.append(network, h("div", { class: "facts" }, shape));

  return {
    update(changed) {
      const info = store.get("info");
      if (!changed.has("basis") || !info) return;
      const layers = decoderLayers(info.config);
      const path = layers.map(nameOf).join(" → ");
      network.replaceChildren(figure(layers, `Layers of the decoder: ${path}`));
      const [grid, scene] = [gridOf(info), objectsOf(info)];
      const from = grid ? `${grid.sides.join("×")} codes` : (scene?.latent ?? latentsOf(info));
      setText(shape, `${from} → ${path}${scene ? ", for each object" : ""}`);
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
