// What the page says besides its numbers: what went wrong, what was mended, what can be done.

/**
 * @import { Notice } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** More than these nobody reads. What can be answered stays until it is, however many there are. */
const MOST = 3;

/**
 * @param {Store} store
 * @param {Omit<Notice, "actions"> & { actions?: Notice["actions"] }} notice takes the place of the one of its id
 */
export function notify(store, { actions = [], ...notice }) {
  const others = store.get("notices").filter(({ id }) => id !== notice.id);
  const all = [...others, { ...notice, actions }];
  const passing = all.filter(({ actions }) => actions.length === 0);
  const room = Math.max(MOST - (all.length - passing.length), 1); // The newest is read in any case.
  const over = passing.slice(0, -room);
  store.set({ notices: all.filter((one) => !over.includes(one)) });
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
  const words = wordsOf(error);
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/**
 * A mistake of the program's reaches the console, whatever else is told of it.
 *
 * @param {unknown} error
 */
export function reportMistake(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (/^(Type|Reference|Range|Syntax)Error$/.test(cause.name)) reportError(cause);
}

/**
 * Tells what failed, in its own words.
 *
 * @param {Store} store
 * @param {string} id
 * @param {unknown} error
 * @param {Partial<Pick<Notice, "text" | "actions" | "lasting">>} [more] other words, and what can be done
 */
export function tell(store, id, error, more) {
  reportMistake(error);
  notify(store, { id, tone: "problem", text: sentence(error), ...more });
}

/**
 * What an error says to people: the package's begin with their kind, which is for programs.
 *
 * @param {unknown} error
 */
export function wordsOf(error) {
  if (!(error instanceof Error)) return String(error);
  const kind = `${kindOf(error)}: `;
  return error.message.startsWith(kind) ? error.message.slice(kind.length) : error.message;
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
export const kindOf = (error) =>
  error instanceof Error && "kind" in error && error.kind !== undefined ? String(error.kind) : undefined;
