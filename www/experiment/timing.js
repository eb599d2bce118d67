// User Timing: how long the page took, for the browser's tools.

/** Of each name so many entries are kept, not more for ever. */
const KEPT = 500;
/** @type {Map<string, number>} */
const counts = new Map();

/**
 * @param {"lab:reconstruction" | "lab:step"} name
 * @param {number} start
 * @param {number} [end] now unless given
 */
export function measured(name, start, end = performance.now()) {
  performance.measure(name, { start, end });
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (count % KEPT === 0) performance.clearMeasures(name);
}
