// Choices that the open model cannot have: where they would count they are taken back, and in any case that is told.

import { COMMITMENT } from "../controls.js";
import { anyOf } from "../store.js";
import { valuesOf } from "../structure.js";
import { dismiss, notify } from "./notices.js";

/**
 * @import { ResolvedConfig, Structure } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Choices that not every family has, or not with every value; an address has them by these names. */
const PARTIAL = /** @type {const} */ (["layers", "units", "update", "revival"]);

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

/**
 * An address may ask for a structure that the model's family has not.
 *
 * @param {Store} store
 * @param {Readonly<Structure>} asked
 * @param {ResolvedConfig} config of what is open now
 */
export function tellUnmet(store, asked, config) {
  const built = valuesOf(config);
  const isRelaxed = config.family === "dvae";
  const unmet = PARTIAL.filter((name) => {
    if (asked[name] === null) return false;
    return asked[name] !== built[name] || (isRelaxed && (name === "update" || name === "revival"));
  });
  if (unmet.length === 0) return dismiss(store, "unmet");
  const words = unmet.map((name) => `${name}=${asked[name]}`).join(", ");
  notify(store, {
    id: "unmet",
    tone: "info",
    text: `This model cannot have ${words}: see under “Structure” what it has.`,
  });
}
