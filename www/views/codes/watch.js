// Watches several things as one.

/**
 * @param {...{ watch(seen: boolean): void }} attentions
 */
export const watchAll = (...attentions) => ({
  watch: (/** @type {boolean} */ seen) => attentions.forEach((attention) => attention.watch(seen)),
});
