// Keys by what they mean, on whatever layout.

/** What types letters of the Latin alphabet means what it types, wherever the key is. */
const LATIN = /^[\p{ASCII}\p{Script=Latin}]$/u;

/**
 * Ctrl+Z, or Cmd+Z. On a layout of another alphabet the key is the one that has the Z on Latin ones.
 *
 * @param {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} event
 */
export function isUndo({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || shiftKey || altKey) return false;
  return LATIN.test(key) ? key.toLowerCase() === "z" : code === "KeyZ";
}
