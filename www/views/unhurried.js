// Views that nobody sees: what comes with each stroke and with each step reaches them together, now and then. The pen has
// the thread first.

/**
 * @import { Name, View } from "../types.js"
 */

/** What changes that often; everything else is told at once. @type {ReadonlySet<Name>} */
const OFTEN = new Set(["look", "overrides", "info", "history", "codes", "speed", "cursor"]);
/** Milliseconds between two such tellings. */
const EVERY = 250;

/**
 * @param {HTMLElement} element where the view is
 * @param {View} view
 * @returns {View}
 */
export function unhurried(element, view) {
  let inSight = false;
  let timer = 0;
  /** @type {Set<Name>} */
  let untold = new Set();

  function tell() {
    clearTimeout(timer);
    timer = 0;
    if (untold.size === 0) return;
    const changed = untold;
    untold = new Set();
    view.update(changed);
  }

  const observer = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (inSight) tell();
  });
  observer.observe(element);

  return {
    update(changed) {
      for (const name of changed) untold.add(name);
      if (inSight || [...changed].some((name) => !OFTEN.has(name))) tell();
      else timer ||= setTimeout(tell, EVERY);
    },
    destroy() {
      clearTimeout(timer);
      observer.disconnect();
      view.destroy();
    },
  };
}
