// Which model of the table a configuration is, and what was chosen about it.

import { configOf, isEqual, isOfObjects, NAMES, NONE, structureOf, valuesOf } from "./structure.js";

/**
 * @import { PresetInfo, ResolvedConfig, Structure } from "./types.js"
 * @import { Model } from "./structure.js"
 */

/** What its layers are. @param {ResolvedConfig} config */
const kindOf = (config) => (isOfObjects(config) ? "objects" : config.encoder.kind);

/**
 * The choices that make a configuration of a variant's own; undefined where none do.
 *
 * @param {Model} variant
 * @param {ResolvedConfig} config
 */
export function choicesFor(variant, config) {
  if (kindOf(variant.config) !== kindOf(config)) return undefined;
  const [before, after] = [valuesOf(variant), valuesOf({ ...variant, config })];
  const chosen = structureOf(after);
  for (const name of NAMES) if (before[name] === after[name]) chosen[name] = null;
  // Layers that are left out or added at the end keep the widths of the others.
  for (const choices of [{ ...chosen, units: null }, chosen]) {
    if (isEqual(configOf(variant, choices), config)) return choices;
  }
  return undefined;
}

/**
 * Which model a configuration is: a variant's own, otherwise what choices make of one.
 *
 * @param {readonly PresetInfo[]} presets
 * @param {ResolvedConfig} config
 * @param {readonly string[]} likely names to try first
 * @returns {{ model: string | null, structure: Readonly<Structure> }}
 */
export function identify(presets, config, likely) {
  const all = presets.flatMap(({ variants }) => variants);
  const first = likely.flatMap((id) => all.filter((variant) => variant.id === id));
  const candidates = [...first, ...all];
  const exact = candidates.find((variant) => isEqual(variant.config, config));
  if (exact) return { model: exact.id, structure: NONE };
  for (const variant of candidates) {
    const structure = choicesFor(variant, config);
    if (structure) return { model: variant.id, structure };
  }
  return { model: null, structure: NONE };
}
