// A picture or a grid with what it shows below it.

import { h } from "../dom.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} caption
 * @param {string} ink the colour's name
 */
export function figure(canvas, caption, ink) {
  const words = h("figcaption", {}, caption);
  const element = h("figure", { class: "there" }, canvas, words);
  element.style.setProperty("--ink", `var(${ink})`);
  return { element, canvas, words };
}
