// What the model sees, and the network that reads it.

import { objectsOf } from "../model.js";
import { isOwn } from "../structure.js";
import { h, setText, thousands } from "./dom.js";
import { Picture, sideOf } from "./pixels.js";
import { encoderLayers, figure, nameOf } from "./shape.js";

/**
 * @import { Parts, Space, View } from "../types.js"
 */

/** The encoder's output in words. @param {Space} space */
function outputOf(space) {
  switch (space.kind) {
    case "grid":
      return `${space.sides.join("×")}\u00a0codes`;
    case "objects":
      return `up to ${space.most}\u00a0objects`;
    case "gaussian":
      return `${space.latent}\u00a0×\u00a0(μ,\u00a0σ)`;
    case "point":
      return `${space.latent}\u00a0${space.latent === 1 ? "number" : "numbers"}`;
  }
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const picture = new Picture("What the model sees: no digit yet");
  const caption = h("figcaption", {});
  const network = h("div", { class: "figure" });
  const shape = h("p", { class: "shape" });
  const name = h("p", { class: "fine", title: "Encoder and decoder together" });
  element.append(
    h("figure", { class: "seen" }, picture.canvas, caption),
    network,
    h("div", { class: "facts" }, shape, name),
  );

  return {
    update(changed) {
      if (changed.has("theme")) picture.recolor();
      if (changed.has("look") || changed.has("theme") || changed.has("info")) {
        const input = store.get("look")?.input ?? null;
        picture.paint(input);
        const centred = objectsOf(store.get("info")) ? "" : ", centred";
        setText(caption, `what the model sees${centred}`);
        picture.label = input
          ? `What the model sees: your drawing${centred}, ${sideOf(input)} by ${sideOf(input)} pixels`
          : "What the model sees: nothing, the drawing is empty";
      }
      const info = store.get("info");
      const basis = store.get("basis");
      if (changed.has("basis") && info) {
        const layers = encoderLayers(info.config);
        const path = layers.map(nameOf).join(" → ");
        network.replaceChildren(figure(layers, `Layers of the encoder: ${path}`));
        setText(shape, `${path} → ${outputOf(info.space)}`);
        const owner = basis?.model && !isOwn(basis.structure) ? basis.model : `your ${basis?.model ?? "model"}`;
        setText(name, `${owner}: ${thousands(info.parameters)} parameters`);
      }
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
