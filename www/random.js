// Random numbers for samples of the prior and for the noise of held-out evaluations.

/**
 * Uniform numbers in (0, 1): mulberry32, which is plenty for pictures and averages.
 *
 * @param {number} seed
 */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/**
 * Uniform numbers between 0 and 1, the same for the same seed.
 *
 * @param {number} count
 * @param {number} seed
 */
export function even(count, seed) {
  const next = uniform(seed);
  return Float32Array.from({ length: count }, () => next());
}

/**
 * Normal numbers, the same for the same seed (Box and Muller 1958).
 *
 * @param {number} count
 * @param {number} seed
 */
export function normal(count, seed) {
  const next = uniform(seed);
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(next()));
    return radius * Math.cos(2 * Math.PI * next());
  });
}
