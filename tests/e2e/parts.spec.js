// Parts of the page that need no page: what they say of small inputs.

import { isUndo } from "../../www/views/keys.js";
import { expect, test } from "@playwright/test";

test("undo is known by what the key means, on every layout", () => {
  const pressed = (/** @type {string} */ key, /** @type {string} */ code, held = {}) =>
    isUndo({ key, code, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, ...held });
  for (const [key, code, layout] of [
    ["z", "KeyZ", "QWERTY"],
    ["Z", "KeyZ", "with Caps Lock"],
    ["z", "KeyY", "QWERTZ"],
    ["z", "KeyW", "AZERTY"],
    ["z", "Slash", "Dvorak"],
    ["я", "KeyZ", "Cyrillic"],
    ["Я", "KeyZ", "Cyrillic, with Caps Lock"],
    ["ζ", "KeyZ", "Greek"],
  ])
    expect(pressed(key, code), layout).toBe(true);
  for (const [key, code, layout] of [
    [";", "KeyZ", "Dvorak"],
    ["y", "KeyZ", "QWERTZ"],
    ["w", "KeyZ", "AZERTY"],
    ["à", "KeyZ", "BÉPO"],
    ["н", "KeyY", "Cyrillic"],
  ])
    expect(pressed(key, code), layout).toBe(false);
  expect(pressed("z", "KeyZ", { ctrlKey: false, metaKey: true }), "Cmd+Z").toBe(true);
  for (const held of [{ ctrlKey: false }, { shiftKey: true }, { altKey: true }])
    expect(pressed("z", "KeyZ", held), JSON.stringify(held)).toBe(false);
});
