// The curves of a stage of training: bounded in memory, and small enough to be saved in a checkpoint's notes.

/**
 * @import { Facts, HeldOut, History, Pace, StepReport, TermInfo, TermName } from "../types.js"
 */

/** @typedef {Pick<StepReport, "step" | "terms" | "steps_per_epoch"> & { held_out?: HeldOut }} Report a step, or a measurement after it */

/** Once there are twice as many points, every other one is dropped. */
const POINTS = 500;
/** How many points of a curve a saved file has at most. */
const SAVED_POINTS = 800;

/** How many changes of the batch size or of the data a saved file has at most. */
const SAVED_PACES = 100;

/** @returns {History} */
const emptyHistory = () => ({ step: [], terms: {}, held_out: [], epochs: [] });

/** The curves of a run that has made no step. @returns {Facts["history"]} */
export const noCurves = () => ({ codes: emptyHistory(), prior: emptyHistory() });

/**
 * Applies a function to each of the curves.
 *
 * @param {History["terms"]} terms
 * @param {(values: readonly number[]) => number[]} change
 * @returns {History["terms"]}
 */
const mapCurves = (terms, change) =>
  Object.fromEntries(Object.entries(terms).map(([name, values]) => [name, change(values)]));

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
    terms: mapCurves(history.terms, (values) => values.filter(kept)),
    held_out: history.held_out,
    epochs: history.epochs,
  };
};

/**
 * @param {History} history
 * @param {Report} report
 * @returns {History} the same object if the report adds nothing
 */
export function record(history, { step, terms, held_out: heldOut, steps_per_epoch: steps }) {
  const paces = steps && steps !== history.epochs.at(-1)?.steps;
  if (!terms && !heldOut && !paces) return history;
  let next = { ...history };
  if (paces) next.epochs = [...next.epochs, { from: step - 1, steps }];
  if (terms) {
    if (next.step.length >= 2 * POINTS) next = thin(next, 2);
    const { total: _, ...values } = terms;
    for (const [name, value] of /** @type {[TermName, number][]} */ (Object.entries(values))) {
      // A term that was not there at the run's first step gets no curve.
      if (next.terms[name] ?? next.step.length === 0) (next.terms[name] ??= []).push(value);
    }
    next.step.push(step);
  }
  if (heldOut) {
    let before = next.held_out.filter((point) => point.step < step);
    // The last point stays, because it may be the end of an epoch.
    if (before.length >= 2 * POINTS) before = before.filter((_, index) => (before.length - index) % 2 === 1);
    next.held_out = [...before, { step, ...heldOut }];
  }
  return next;
}

/**
 * The curves as they were at a step.
 *
 * @param {History} history
 * @param {number} step
 * @returns {History}
 */
export function until(history, step) {
  const length = history.step.filter((at) => at <= step).length;
  return {
    step: history.step.slice(0, length),
    terms: mapCurves(history.terms, (values) => values.slice(0, length)),
    held_out: history.held_out.filter((point) => point.step <= step),
    epochs: history.epochs.filter(({ from }) => from < step),
  };
}

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(5));

/**
 * The curves in a form for JSON.
 *
 * @param {History} history
 */
export function pack(history) {
  const { step, terms, held_out, epochs } = thin(history, Math.max(1, Math.ceil(history.step.length / SAVED_POINTS)));
  return {
    step,
    ...mapCurves(terms, (values) => values.map(rounded)),
    held_out: held_out.slice(-SAVED_POINTS).map(({ step, total, main }) => {
      return main === undefined ? [step, rounded(total)] : [step, rounded(main), rounded(total - main)];
    }),
    epochs: epochs.slice(0, SAVED_PACES).map(({ from, steps }) => [from, steps]),
  };
}

/** @param {unknown} value @returns {value is number[]} */
const isNumbers = (value) => Array.isArray(value) && value.every(Number.isFinite);

/**
 * @param {unknown} packed
 * @returns {Pace[]} in order, each a whole number of steps; none if the file has anything else
 */
function unpackPaces(packed) {
  const pairs = Array.isArray(packed) ? packed.slice(0, SAVED_PACES) : [];
  const isPace = (/** @type {unknown} */ pair) =>
    Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger) && pair[0] >= 0 && pair[1] > 0;
  const inOrder = pairs.every((pair, index) => isPace(pair) && (index === 0 || pair[0] > pairs[index - 1][0]));
  return inOrder ? pairs.map(([from, steps]) => ({ from, steps })) : [];
}

/**
 * The reverse of `pack`, checked, because the file may come from anybody.
 *
 * @param {unknown} packed
 * @param {readonly TermInfo[]} terms that may have curves
 * @returns {History}
 */
export function unpack(packed, terms) {
  if (!packed || typeof packed !== "object") return emptyHistory();
  const { step, held_out, epochs, ...rest } = /** @type {{ [key: string]: unknown }} */ (packed);
  const named = terms.flatMap(({ name }) => {
    const values = rest[name];
    return isNumbers(values) ? [/** @type {const} */ ([name, values])] : [];
  });
  if (!isNumbers(step) || named.length === 0) return emptyHistory();
  const length = Math.min(step.length, ...named.map(([, values]) => values.length), 2 * POINTS);
  const points = Array.isArray(held_out) ? held_out.filter(isNumbers) : [];
  return {
    step: step.slice(0, length),
    terms: Object.fromEntries(named.map(([name, values]) => [name, values.slice(0, length)])),
    // The loss is saved either as its parts, the main one first, or as one number.
    held_out: points
      .filter((point) => point.length > 1)
      .map(([at, ...parts]) => ({
        step: at,
        total: parts.reduce((sum, part) => sum + part),
        ...(parts.length > 1 && { main: parts[0] }),
      })),
    epochs: unpackPaces(epochs),
  };
}
