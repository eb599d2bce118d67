// The curves of a run: bounded in memory, and small enough to travel in a checkpoint's notes.

/**
 * @import { History, LossTerms } from "../types.js"
 */

/** Twice as many and every other point goes. */
const POINTS = 500;
/** What a saved file carries. */
const SAVED_POINTS = 800;

/** @returns {History} */
export const emptyHistory = () => ({ step: [], reconstruction: [], kl: [], held_out: [] });

/**
 * @param {History} history
 * @param {number} every
 * @returns {History}
 */
const thin = (history, every) => {
  /** @param {unknown} _ @param {number} index */
  const kept = (_, index) => index % every === 0;
  return {
    step: history.step.filter(kept),
    reconstruction: history.reconstruction.filter(kept),
    kl: history.kl.filter(kept),
    held_out: history.held_out,
  };
};

/**
 * @param {History} history
 * @param {number} step
 * @param {LossTerms | undefined} terms
 * @param {LossTerms | undefined} heldOut
 * @returns {History} the same where nothing came
 */
export function record(history, step, terms, heldOut) {
  if (!terms && !heldOut) return history;
  let next = { ...history };
  if (terms) {
    if (next.step.length >= 2 * POINTS) next = thin(next, 2);
    next.step.push(step);
    next.reconstruction.push(terms.reconstruction);
    next.kl.push(terms.kl ?? 0);
  }
  if (heldOut) {
    const before = next.held_out.filter((point) => point.step < step);
    const { total, reconstruction, kl = 0 } = heldOut;
    next.held_out = [...before, { step, total, reconstruction, kl }];
  }
  return next;
}

/**
 * The run as it was at a step.
 *
 * @param {History} history
 * @param {number} step
 * @returns {History}
 */
export function until(history, step) {
  const length = history.step.filter((at) => at <= step).length;
  return {
    step: history.step.slice(0, length),
    reconstruction: history.reconstruction.slice(0, length),
    kl: history.kl.slice(0, length),
    held_out: history.held_out.filter((point) => point.step <= step),
  };
}

/** @param {number} value */
const short = (value) => Number(value.toPrecision(5));

/**
 * For JSON.
 *
 * @param {History} history
 */
export function pack(history) {
  const { step, reconstruction, kl, held_out } = thin(
    history,
    Math.max(1, Math.ceil(history.step.length / SAVED_POINTS)),
  );
  return {
    step,
    reconstruction: reconstruction.map(short),
    kl: kl.map(short),
    held_out: held_out.slice(-SAVED_POINTS).map((point) => [point.step, short(point.reconstruction), short(point.kl)]),
  };
}

/** @param {unknown} value @returns {value is number[]} */
const isNumbers = (value) => Array.isArray(value) && value.every(Number.isFinite);

/**
 * The other way, from anybody's file.
 *
 * @param {unknown} packed
 * @returns {History}
 */
export function unpack(packed) {
  if (!packed || typeof packed !== "object") return emptyHistory();
  const { step, reconstruction, kl, held_out } = /** @type {{ [key: string]: unknown }} */ (packed);
  if (!isNumbers(step) || !isNumbers(reconstruction) || !isNumbers(kl)) return emptyHistory();
  const length = Math.min(step.length, reconstruction.length, kl.length, 2 * POINTS);
  const points = Array.isArray(held_out) ? held_out.filter(isNumbers) : [];
  return {
    step: step.slice(0, length),
    reconstruction: reconstruction.slice(0, length),
    kl: kl.slice(0, length),
    held_out: points
      .filter((point) => point.length === 3)
      .map(([at, cost, price]) => ({
        step: at,
        reconstruction: cost,
        kl: price,
        total: cost + price,
      })),
  };
}
