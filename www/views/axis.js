// An axis: its range, whether it is logarithmic, and its ticks at round numbers. It suits data of any scale.

/** If the largest value is this many times the usual one, a logarithmic axis keeps the rest from being pressed flat. */
const LOG_RATIO = 20;

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {boolean} isLogarithmic
 * @property {(value: number) => number} share how far up a value is: 0 at the low end of the axis, 1 at the high end
 * @property {Tick[]} ticks
 *
 * @typedef {{ at: number, label: string }} Tick
 */

/** A logarithmic axis goes down to this share of its top, so that one tiny value does not press the others flat. */
const LOWEST_SHARE = 1e-4;

/** @param {number} value */
const power = (value) => 10 ** Math.floor(Math.log10(value));

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/**
 * A short label for a number that differs from those of its neighbours.
 *
 * @param {number} value
 * @param {number} step to the next number
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
 * Ticks at round numbers across a range.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count of ticks, approximately
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
 * Ticks at powers of ten, or at 1, 2 and 5 times each power if there are few.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count of ticks, approximately
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
 * An axis on which all of these values can be seen.
 *
 * @param {readonly number[]} values
 * @param {readonly [low: number, high: number]} usual range that the axis shows at least
 * @param {number} count of ticks, approximately
 * @returns {Axis}
 */
export function axisOf(values, usual, count) {
  const all = values.filter(Number.isFinite);
  const positive = all.filter((value) => value > 0);
  const highest = Math.max(usual[1], ...all);
  // The usual range is always shown.
  const lowest = Math.min(
    Math.max(Math.min(...positive), LOWEST_SHARE * highest),
    ...usual.filter((value) => value > 0),
  );
  const isLogarithmic = all.every((value) => value >= 0) && highest > LOG_RATIO * Math.max(usual[1], lowest);
  if (isLogarithmic) {
    const [low, high] = [lowest / 1.1, highest * 1.1];
    const share = (/** @type {number} */ value) => Math.log(Math.max(value, low) / low) / Math.log(high / low);
    return { low, high, isLogarithmic, share, ticks: logarithmicTicks(low, high, count) };
  }
  const low = Math.min(usual[0], ...all);
  const high = highest + 0.04 * Math.abs(highest) || 1;
  const share = (/** @type {number} */ value) => (value - low) / (high - low);
  return { low, high, isLogarithmic, share, ticks: ticks(low, high, count) };
}
