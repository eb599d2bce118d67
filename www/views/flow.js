// A look runs through the sentence: each arrow lights up after the one before it.

/**
 * @import { Parts, View } from "../types.js"
 */

/** Milliseconds. */
const EVERY = 700;
const STAGGER = 90;
const FADE = 450;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const titles = [...element.querySelectorAll("h2")];
  let last = -EVERY;

  function run() {
    const now = performance.now();
    if (still.matches || now - last < EVERY) return;
    last = now;
    titles.forEach((title, index) => {
      const light = [{ opacity: 0.55 }, { opacity: 1, offset: 0.3 }, { opacity: 0.55 }];
      title.animate(light, { pseudoElement: "::after", duration: FADE, delay: STAGGER * index });
    });
  }

  return {
    update(changed) {
      if (changed.has("look") && store.get("look")?.image) run();
    },
    destroy() {},
  };
}
