// A picture or a grid with a caption below it.

import { h } from "../dom.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} caption
 * @param {string} ink the colour's name
 * @param {Element} [over] an overlay of the picture
 */
export function figure(canvas, caption, ink, over) {
  const words = h("figcaption", {}, caption);
  const element = h("figure", { class: "there" }, over ? h("div", { class: "stack" }, canvas, over) : canvas, words);
  element.style.setProperty("--ink", `var(${ink})`);
  return { element, canvas, words };
}
