// The decoder's picture.

import { deviationOf, gridOf, objectsOf } from "../model.js";
import { h, inNats, setText } from "./dom.js";
import { Picture, reconstructionCost, sideOf } from "./pixels.js";

/**
 * @import { Look, Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const title = element.querySelector("h2");
  const picture = new Picture("Reconstruction: nothing yet");
  const prompt = h("p", { class: "ask" });
  const cost = h("p", { class: "nats" });
  element.append(h("div", { class: "board" }, picture.canvas, prompt), cost);

  /** @param {Look | null} look */
  const show = (look) => {
    const image = look?.image ?? null;
    const own = store.get("overrides").some((value) => value !== null);
    picture.paint(image);
    const info = store.get("info");
    const from = gridOf(info) ? "codes" : objectsOf(info) ? "objects" : "latents";
    const heading = image && (own || !look?.input) ? `Decoded from your ${from}` : "Reconstruction";
    if (title) setText(title, heading);
    picture.label = image
      ? `${heading}: ${sideOf(image)} by ${sideOf(image)} pixels`
      : "Reconstruction: none, the drawing is empty";
    setText(prompt, look && !image ? "Draw a stroke, and it appears here" : "");
    const nats =
      look?.clean && image ? inNats(reconstructionCost(look.clean, image, deviationOf(store.get("info")?.config))) : "";
    setText(cost, nats && `${nats} nats from your drawing`);
  };

  return {
    update(changed) {
      if (changed.has("theme")) picture.recolor();
      if (changed.has("look") || changed.has("overrides") || changed.has("theme")) {
        show(store.get("look"));
      }
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
