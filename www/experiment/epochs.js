// Epochs: passes over the data, counted from where a run's curves begin.

/**
 * @import { Pace } from "../types.js"
 */

/** Rounding makes a sum of many small shares miss a whole number by less than this. */
const SLACK = 1e-6;

/**
 * The passes over the data that are done after a step. If the batch size or the data changes, a pass that has begun
 * goes on: half a pass before the change and half a pass after it make one.
 *
 * @param {readonly Pace[]} paces in order
 * @param {number} step
 */
export function passesAt(paces, step) {
  return paces.reduce((sum, { from, steps }, index) => {
    const to = Math.min(step, paces[index + 1]?.from ?? Infinity);
    return sum + Math.max(to - from, 0) / steps;
  }, 0);
}

/**
 * The last epoch that is over; 0 while none is.
 *
 * @param {number} passes
 */
export const epochOf = (passes) => Math.floor(passes + SLACK);

/**
 * The epoch that a step ended; 0 if it ended none.
 *
 * @param {readonly Pace[]} paces
 * @param {number} step
 */
export function endedAt(paces, step) {
  const epoch = epochOf(passesAt(paces, step));
  return epoch > epochOf(passesAt(paces, step - 1)) ? epoch : 0;
}

/**
 * The step that ends an epoch, which may be in the future.
 *
 * @param {readonly Pace[]} paces at least one
 * @param {number} epoch from 1
 */
export function endOf(paces, epoch) {
  const index = paces.findLastIndex(({ from }) => passesAt(paces, from) < epoch - SLACK);
  const { from, steps } = paces[index];
  return from + Math.ceil((epoch - passesAt(paces, from) - SLACK) * steps);
}
