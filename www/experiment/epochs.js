// Epochs: passes over the data, counted from where a run's curves begin.

/**
 * @import { Pace } from "../types.js"
 */

/** A sum of many small shares misses a whole number by less than this. */
const SLACK = 1e-6;

/**
 * The passes over the data that are done after a step. With another batch size or other data, a pass that has begun
 * goes on: half of one before and half of one after make one.
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
 * The last epoch that is over; 0 before the first is.
 *
 * @param {number} passes
 */
export const epochOf = (passes) => Math.floor(passes + SLACK);

/**
 * The epoch that a step ended; 0 where it ended none.
 *
 * @param {readonly Pace[]} paces
 * @param {number} step
 */
export function endedAt(paces, step) {
  const epoch = epochOf(passesAt(paces, step));
  return epoch > epochOf(passesAt(paces, step - 1)) ? epoch : 0;
}

/**
 * The step that ends an epoch, or will.
 *
 * @param {readonly Pace[]} paces at least one
 * @param {number} epoch from 1
 */
export function endOf(paces, epoch) {
  const index = paces.findLastIndex(({ from }) => passesAt(paces, from) < epoch - SLACK);
  const { from, steps } = paces[index];
  return from + Math.ceil((epoch - passesAt(paces, from) - SLACK) * steps);
}
