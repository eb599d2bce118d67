// Shortcuts by meaning, on any keyboard layout.

/** A key that types a Latin letter counts as that letter, wherever it is on the keyboard. */
const LATIN = /^[\p{ASCII}\p{Script=Latin}]$/u;

/**
 * Whether it is Ctrl+Z or Cmd+Z. On a layout of another alphabet, it is the key that has the Z on Latin layouts.
 *
 * @param {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} event
 */
export function isUndo({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || shiftKey || altKey) return false;
  return LATIN.test(key) ? key.toLowerCase() === "z" : code === "KeyZ";
}
