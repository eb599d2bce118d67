// Choices that the open model cannot have: they are taken back, and that is told.

import { COMMITMENT } from "../controls.js";
import { anyOf } from "../store.js";
import { notify } from "./notices.js";

/**
 * @import { Store } from "../store.js"
 */

/**
 * The weight of a commitment has a range of its own, which an address may not know.
 *
 * @param {Store} store
 */
export function keepWithin(store) {
  store.subscribe((changed) => {
    if (!anyOf(changed, "beta", "basis")) return;
    const beta = store.get("beta");
    if (beta === null || store.get("info")?.config.family !== "vq_vae") return;
    const { min, max } = COMMITMENT;
    if (beta >= min && beta <= max) return;
    store.set({ beta: null });
    const text = `β = ${beta} is no weight of a commitment, which goes from ${min} to ${max}: the model's own holds.`;
    notify(store, { id: "weight", tone: "info", text });
  });
}
