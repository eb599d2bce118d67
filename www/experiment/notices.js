// What the page says besides its numbers: what went wrong, what was mended, what can be done.

/**
 * @import { Notice } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** More than these nobody reads. */
const MOST = 3;

/**
 * @param {Store} store
 * @param {Omit<Notice, "actions"> & { actions?: Notice["actions"] }} notice takes the place of the one of its id
 */
export function notify(store, { actions = [], ...notice }) {
  const others = store.get("notices").filter(({ id }) => id !== notice.id);
  store.set({ notices: [...others, { ...notice, actions }].slice(-MOST) });
}

/**
 * @param {Store} store
 * @param {string} id
 */
export function dismiss(store, id) {
  store.set({ notices: store.get("notices").filter((notice) => notice.id !== id) });
}

/**
 * An error's own words, which say what to do, as a sentence.
 *
 * @param {unknown} error
 */
export function sentence(error) {
  const words = error instanceof Error ? error.message : String(error);
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
export const kindOf = (error) => (error instanceof Error && "kind" in error ? String(error.kind) : undefined);
