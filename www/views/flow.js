// Animates a new look: the arrows between the steps light up one after the other. While the model trains they rest: new looks follow
// each other without an end then, and each frame that is drawn takes time from the training.

/**
 * @import { Parts, View } from "../types.js"
 */

/** All in milliseconds. */
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
    if (still.matches || store.get("training") || now - last < EVERY) return;
    last = now;
    titles.forEach((title, index) => {
      const keyframes = [{ opacity: 0.55 }, { opacity: 1, offset: 0.3 }, { opacity: 0.55 }];
      title.animate(keyframes, { pseudoElement: "::after", duration: FADE, delay: STAGGER * index });
    });
  }

  return {
    update(changed) {
      if (changed.has("look") && store.get("look")?.image) run();
    },
    destroy() {},
  };
}
