// User Timing: how long things took, for the browser's developer tools.

/** At most this many entries are kept for each name, so that they do not grow without end. */
const KEPT = 500;
/** @type {Map<string, number>} */
const counts = new Map();

/**
 * @param {"lab:reconstruction" | "lab:step"} name
 * @param {number} start
 * @param {number} [end] the default is now
 */
export function measured(name, start, end = performance.now()) {
  performance.measure(name, { start, end });
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  if (count % KEPT === 0) performance.clearMeasures(name);
}
