// The address holds the choices, so that an experiment is a link.

import { CONTROLS, readHash, refusedIn, writeHash } from "./controls.js";
import { dismiss, notify } from "./experiment/notices.js";
import { presetOf } from "./store.js";

/**
 * @import { Controls } from "./types.js"
 * @import { Store } from "./store.js"
 */

const NAMES = /** @type {(keyof Controls)[]} */ (Object.keys(CONTROLS));

/** Browsers refuse addresses that change too often. */
const HASH_DELAY = 300;

/**
 * Keeps the address and the store's choices the same. Each experiment is a place in the browser's history: Back goes to the
 * one before, with its choices.
 *
 * @param {Store} store
 */
export function keepInAddress(store) {
  let timer = 0;
  /** The experiment that the place is of. @type {string | undefined} */
  let here;
  /** What was read or written last. */
  let hash = location.hash;
  const tell = () => {
    const refused = refusedIn(location.hash);
    if (refused.length === 0) return dismiss(store, "address");
    const text = `The address asks for ${refused.join(", ")}, which cannot be: what stands there now is used instead.`;
    notify(store, { id: "address", tone: "info", text });
  };
  const write = () => {
    clearTimeout(timer);
    const model = store.get("basis")?.model ?? store.get("model");
    // Until another experiment is open, and where it cannot be opened, the place is the old one's. And where the browser has
    // gone to another place already, word of that is on its way.
    if (model !== store.get("model") || hash !== location.hash) return;
    const address = location.pathname + location.search + writeHash(store.controls);
    const opened = store.get("basis") && presetOf(store)?.id;
    const named = presetOf(store, readHash(hash).model)?.id;
    if (here && opened && opened !== here && opened !== named) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
    [here, hash] = [opened ?? here, location.hash];
  };
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, HASH_DELAY);
  };
  store.subscribe((changed) => {
    if (changed.has("basis")) write();
    else if (NAMES.some((name) => changed.has(name))) writeSoon();
  });
  addEventListener("hashchange", () => {
    hash = location.hash;
    store.set(readHash(hash));
    tell();
    writeSoon(); // What is no choice does not stay.
  });
  tell();
  writeSoon();
}
