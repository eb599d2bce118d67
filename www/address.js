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
 * Keeps the address and the store's choices the same. Each experiment is an entry of the browser's history, so that
 * Back goes to the previous one, with its choices.
 *
 * @param {Store} store
 */
export function keepInAddress(store) {
  let timer = 0;
  /** The experiment of the current history entry. @type {string | undefined} */
  let entry;
  /** The hash that was read or written last. */
  let hash = location.hash;
  const reportRefused = () => {
    const refused = refusedIn(location.hash);
    if (refused.length === 0) return dismiss(store, "address");
    const text = `The address asks for ${refused.join(", ")}, which cannot be: what stands there now is used instead.`;
    notify(store, { id: "address", tone: "info", text });
  };
  const write = () => {
    clearTimeout(timer);
    const model = store.get("basis")?.model ?? store.get("model");
    // The entry belongs to the old experiment until another one is open, and also if that one cannot be opened. If the
    // browser has already moved to another entry, a hashchange event is on its way.
    if (model !== store.get("model") || hash !== location.hash) return;
    const address = location.pathname + location.search + writeHash(store.controls);
    const opened = store.get("basis") && presetOf(store)?.id;
    const named = presetOf(store, readHash(hash).model)?.id;
    if (entry && opened && opened !== entry && opened !== named) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
    [entry, hash] = [opened ?? entry, location.hash];
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
    reportRefused();
    writeSoon(); // Anything that is not a choice is removed.
  });
  reportRefused();
  writeSoon();
}
