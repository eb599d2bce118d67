// Choices that the open model cannot have: a notice reports them, and those that would have an effect are reset.

import { weightRange } from "../controls.js";
import { weighedIn } from "../model.js";
import { anyOf, presetOf } from "../store.js";
import { valuesOf } from "../structure.js";
import { dismiss, notify } from "./notices.js";

/**
 * @import { Info, Structure } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Choices that not every model has, or not with every value; addresses use the same names. */
const PARTIAL = /** @type {const} */ (["layers", "units", "update", "revival"]);

/**
 * Resets β if it is out of its range. The range depends on the term that β weighs, and an address may ask for any
 * value.
 *
 * @param {Store} store
 */
export function keepWithin(store) {
  store.subscribe((changed) => {
    if (!anyOf(changed, "beta", "basis")) return;
    const [beta, info] = [store.get("beta"), store.get("info")];
    const term = info && weighedIn(info, "codes");
    if (beta === null || !term) return;
    const { min, max } = weightRange(term);
    if (beta >= min && beta <= max) return;
    store.set({ beta: null });
    const text = `β = ${beta} is no weight of a ${term.name}, which goes from ${min} to ${max}: the model's own holds.`;
    notify(store, { id: "weight", tone: "info", text });
  });
}

/**
 * Reports a structure that was asked for, as an address may do, and that the model does not have.
 *
 * @param {Store} store
 * @param {Readonly<Structure>} asked
 * @param {Info} info of the open model
 */
export function tellUnmet(store, asked, info) {
  const built = valuesOf(info);
  const unmet = PARTIAL.filter((name) => asked[name] !== null && asked[name] !== built[name]);
  if (unmet.length === 0) return dismiss(store, "unmet");
  const words = unmet.map((name) => `${name}=${asked[name]}`).join(", ");
  notify(store, {
    id: "unmet",
    tone: "info",
    text: `This model cannot have ${words}: see under “Structure” what it has.`,
  });
}

/**
 * An address may name a model that there is not.
 *
 * @param {Store} store
 * @param {string} otherwise the model in its place
 */
export function findModel(store, otherwise) {
  if (presetOf(store)) return dismiss(store, "model");
  const asked = store.get("model");
  // Of a known experiment it is that one's first.
  const known = store.get("presets").find(({ id }) => asked.startsWith(`${id}/`))?.id ?? otherwise;
  const text = `There is no model called “${asked}” here; this is “${known}”. The list above has them all.`;
  store.set({ model: known });
  notify(store, { id: "model", tone: "info", text });
}
