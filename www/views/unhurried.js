// Views that are out of sight: changes that come with each stroke and each step reach them together, now and then, so
// that the pen has the thread first.

/**
 * @import { Name, View } from "../types.js"
 */

/** Keys that change often; changes of all others are passed on at once. @type {ReadonlySet<Name>} */
const OFTEN = new Set(["look", "overrides", "info", "history", "codes", "speed", "cursor"]);
/** Milliseconds between two updates of a view out of sight. */
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
  let pending = new Set();

  function flush() {
    clearTimeout(timer);
    timer = 0;
    if (pending.size === 0) return;
    const changed = pending;
    pending = new Set();
    view.update(changed);
  }

  const observer = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (inSight) flush();
  });
  observer.observe(element);

  return {
    update(changed) {
      for (const name of changed) pending.add(name);
      if (inSight || [...changed].some((name) => !OFTEN.has(name))) flush();
      else timer ||= setTimeout(flush, EVERY);
    },
    destroy() {
      clearTimeout(timer);
      observer.disconnect();
      view.destroy();
    },
  };
}
