// An axis: from where to where, whether it is logarithmic, and the round numbers on it. It follows the data at any scale.

/** Where the largest value is so many times what is usual, equal steps would press the rest flat. */
const WIDE = 20;

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {boolean} isLogarithmic
 * @property {(value: number) => number} share how far up a value is: 0 at the foot of the axis, 1 at its head
 * @property {Tick[]} ticks
 *
 * @typedef {{ at: number, label: string }} Tick
 */

/** A logarithmic axis goes down to so small a share of its head: one tiny value presses no other flat. */
const DEEP = 1e-4;

/** @param {number} value */
const power = (value) => 10 ** Math.floor(Math.log10(value));

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/**
 * A number in little room that is told from its neighbours.
 *
 * @param {number} value
 * @param {number} step to the next one
 */
function labelOf(value, step) {
  const size = Math.abs(value);
  const rounded = Math.round(value / step) * step;
  if (size >= 1e15 || (size > 0 && step < 1e-4)) {
    return Number(rounded.toPrecision(3)).toExponential().replace("+", "");
  }
  if (size >= 1e4 && step >= size / 1000) return compact.format(value);
  return String(Number(rounded.toPrecision(12)));
}

/**
 * Round numbers across a range.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count about so many
 * @returns {Tick[]}
 */
export function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const step = ([1, 2, 5, 10].find((factor) => factor * power(rough) >= 0.7 * rough) ?? 10) * power(rough);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => {
    const at = (first + index) * step;
    return { at, label: labelOf(at, step) };
  });
}

/**
 * Powers of ten, or 1, 2 and 5 of each where there are few.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count about so many
 */
function logarithmicTicks(low, high, count) {
  const decades = Math.log10(high / low);
  const stride = Math.max(Math.round(decades / count), 1);
  const factors = decades < 0.75 * count ? [1, 2, 5] : [1];
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: Math.ceil(decades) + 1 }, (_, index) => index)
    .filter((index) => index % stride === 0)
    .flatMap((index) => factors.map((factor) => factor * 10 ** (first + index)))
    .filter((at) => at >= low && at <= high)
    .map((at) => ({ at, label: labelOf(at, power(at)) }));
}

/**
 * The axis on which all of these are seen.
 *
 * @param {readonly number[]} values
 * @param {readonly [low: number, high: number]} usual what the axis shows at least
 * @param {number} count of ticks, about
 * @returns {Axis}
 */
export function axisOf(values, usual, count) {
  const all = values.filter(Number.isFinite);
  const positive = all.filter((value) => value > 0);
  const highest = Math.max(usual[1], ...all);
  // What is usual is seen in any case.
  const least = Math.min(Math.max(Math.min(...positive), DEEP * highest), ...usual.filter((value) => value > 0));
  const isLogarithmic = all.every((value) => value >= 0) && highest > WIDE * Math.max(usual[1], least);
  if (isLogarithmic) {
    const [low, high] = [least / 1.1, highest * 1.1];
    const share = (/** @type {number} */ value) => Math.log(Math.max(value, low) / low) / Math.log(high / low);
    return { low, high, isLogarithmic, share, ticks: logarithmicTicks(low, high, count) };
  }
  const low = Math.min(usual[0], ...all);
  const high = highest + 0.04 * Math.abs(highest) || 1;
  const share = (/** @type {number} */ value) => (value - low) / (high - low);
  return { low, high, isLogarithmic, share, ticks: ticks(low, high, count) };
}
