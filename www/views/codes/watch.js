// Several things are watched as one.

/**
 * @param {...{ watch(seen: boolean): void }} attentions
 */
export const together = (...attentions) => ({
  watch: (/** @type {boolean} */ seen) => attentions.forEach((attention) => attention.watch(seen)),
});
