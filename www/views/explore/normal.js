// The scale of a plane of latents: as it is, or after the normal CDF, which makes it a square with a uniform prior.

/** Beyond these the CDF is as good as 0 and 1. */
const [LOW, HIGH] = [1e-4, 1 - 1e-4];

/**
 * The distribution function of N(0, 1): Abramowitz & Stegun 1964, formula 7.1.26, within 1.5e-7.
 *
 * @param {number} z
 */
export function cdf(z) {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - series * Math.exp(-x * x);
  return 0.5 * (1 + Math.sign(z) * erf);
}

/**
 * Its inverse, by bisection, which is fast enough here.
 *
 * @param {number} p
 */
export function quantile(p) {
  const wanted = Math.min(Math.max(p, LOW), HIGH);
  let [low, high] = [-4, 4];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (cdf(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** @typedef {{ to: (latent: number) => number, from: (shown: number) => number }} Scale from a latent to where it is shown, and back */

/** @type {Scale} */
export const AS_IT_IS = { to: (latent) => latent, from: (shown) => shown };
/** @type {Scale} */
export const AFTER_CDF = { to: cdf, from: quantile };
