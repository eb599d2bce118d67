// Notices to the user: what went wrong, what was done about it, and what the user can do.

/**
 * @import { Notice } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Nobody reads more notices than these. A notice with actions stays until it is answered, however many there are. */
const MOST = 3;

/**
 * @param {Store} store
 * @param {Omit<Notice, "actions"> & { actions?: Notice["actions"] }} notice replaces the notice with the same id
 */
export function notify(store, { actions = [], ...notice }) {
  const others = store.get("notices").filter(({ id }) => id !== notice.id);
  const all = [...others, { ...notice, actions }];
  const passing = all.filter(({ actions }) => actions.length === 0);
  const allowed = Math.max(MOST - (all.length - passing.length), 1); // The newest one is always shown.
  const dropped = passing.slice(0, -allowed);
  store.set({ notices: all.filter((one) => !dropped.includes(one)) });
}

/**
 * @param {Store} store
 * @param {string} id
 */
export function dismiss(store, id) {
  store.set({ notices: store.get("notices").filter((notice) => notice.id !== id) });
}

/**
 * An error's message, which says what to do, as a sentence.
 *
 * @param {unknown} error
 */
export function sentence(error) {
  const words = wordsOf(error);
  const capitalized = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(capitalized) ? capitalized : `${capitalized}.`;
}

/**
 * Reports mistakes of the program to the console, whatever the page shows about them.
 *
 * @param {unknown} error
 */
export function reportMistake(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (/^(Type|Reference|Range|Syntax)Error$/.test(cause.name)) reportError(cause);
}

/**
 * Shows a notice about an error, with the error's message.
 *
 * @param {Store} store
 * @param {string} id
 * @param {unknown} error
 * @param {Partial<Pick<Notice, "text" | "actions" | "lasting">>} [more] another text, and actions
 */
export function tell(store, id, error, more) {
  reportMistake(error);
  notify(store, { id, tone: "problem", text: sentence(error), ...more });
}

/**
 * An error's message for people: those of the package begin with their kind, which is for programs and is left out.
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
