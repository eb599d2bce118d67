// A picture or a grid with what it shows below it.

import { h } from "../dom.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} caption
 * @param {string} ink the colour's name
 * @param {Element} [over] what lies over the picture
 */
export function figure(canvas, caption, ink, over) {
  const words = h("figcaption", {}, caption);
  const element = h("figure", { class: "there" }, over ? h("div", { class: "stack" }, canvas, over) : canvas, words);
  element.style.setProperty("--ink", `var(${ink})`);
  return { element, canvas, words };
}
