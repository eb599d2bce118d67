// The address holds the choices, so that an experiment is a link.

import { CONTROLS, readHash, refusedIn, writeHash } from "./controls.js";
import { dismiss, notify } from "./experiment/notices.js";

/**
 * @import { Controls } from "./types.js"
 * @import { Store } from "./store.js"
 */

const NAMES = /** @type {(keyof Controls)[]} */ (Object.keys(CONTROLS));

/** Browsers refuse addresses that change too often. */
const HASH_DELAY = 300;

/**
 * Keeps the address and the store's choices the same.
 *
 * @param {Store} store
 */
export function keepInAddress(store) {
  let timer = 0;
  const tell = () => {
    const refused = refusedIn(location.hash);
    if (refused.length === 0) return dismiss(store, "address");
    const text = `The address asks for ${refused.join(", ")}, which cannot be: what stands there now is used instead.`;
    notify(store, { id: "address", tone: "info", text });
  };
  const write = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = location.pathname + location.search + writeHash(store.controls);
      history.replaceState(history.state, "", address);
    }, HASH_DELAY);
  };
  store.subscribe((changed) => {
    if (NAMES.some((name) => changed.has(name))) write();
  });
  addEventListener("hashchange", () => {
    store.set(readHash(location.hash));
    tell();
    write(); // What is no choice does not stay.
  });
  tell();
  write();
}
