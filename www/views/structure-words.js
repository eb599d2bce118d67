// The structure of a model in words.

import { deviationOf, isGaussian } from "../model.js";
import { has, isOfObjects } from "../structure.js";

/**
 * @import { Description, ResolvedConfig } from "../types.js"
 */

/** @typedef {Pick<Description, "space" | "controls"> & { config: ResolvedConfig }} Model a variant, or what is open */

/** @param {readonly number[]} sizes @param {string} what */
const layersOf = (sizes, what) => {
  if (sizes.length === 0) return "no hidden layer";
  const each = new Set(sizes).size === 1 ? `${sizes[0]}` : `${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)}`;
  return `${sizes.length} ${what}${sizes.length === 1 ? "" : "s"} of ${each}`;
};

/** A structure in words. @param {Model} model */
export function inWords(model) {
  const { config } = model;
  if (isOfObjects(config)) {
    const { objects, latent, selection, image } = config;
    return [
      `canvas of ${image.join(" × ")}`,
      `up to ${objects} ${objects === 1 ? "object" : "objects"} of ${latent} numbers`,
      selection === "presence" ? "where cells find one" : `always the ${objects} strongest cells`,
    ].join(", ");
  }
  const { encoder } = config;
  const layers =
    encoder.kind === "dense"
      ? `${layersOf(encoder.hidden, "hidden layer")}${encoder.hidden.length > 0 ? " units" : ""}`
      : `${layersOf(encoder.channels, "convolution")} channels`;
  if ("codebook" in config) {
    const { size, dimension, update, revive_after } = config.codebook;
    return [
      layers,
      `${size} codes of ${dimension}`,
      ...(has(model, "update") ? [`codebook ${update === "average" ? "by running averages" : "by its loss"}`] : []),
      ...(has(model, "revival") ? [revive_after > 0 ? "dead codes revived" : "nothing revived"] : []),
    ].join(", ");
  }
  const { latent, corruption } = config;
  const { noise, masks } = corruption;
  const deviation = deviationOf(config);
  return [
    layers,
    isGaussian(model) ? `${latent} ${latent === 1 ? "latent" : "latents"}` : `code of ${latent}`,
    deviation === undefined ? "binary cross-entropy" : `squared error at σₓ ${Number(deviation.toPrecision(3))}`,
    ...(noise > 0 ? [`noise ${noise}`] : []),
    ...(masks.length > 0 ? [`masks: ${masks.join(", ")}`] : []),
  ].join(", ");
}
