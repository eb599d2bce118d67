// The terms of a loss in words, and what their curves can be compared with.

import { deviationOf, gridOf, isGaussian, lengthOf, objectsOf, stageInfo } from "../model.js";
import { inNats } from "./dom.js";

/**
 * @import { Floors, Info, Stage, TermInfo } from "../types.js"
 */

/** A term that is not listed is called by its name. @type {{ [term: string]: { title: string, weight?: string, color?: string } }} */
const WORDS = {
  reconstruction: { title: "Reconstruction", color: "--reconstruction" },
  kl: { title: "KL", weight: "KL weight β" },
  codebook: { title: "Codebook" },
  commitment: { title: "Commitment" },
  perplexity: { title: "Perplexity" },
  prior: { title: "Codes under the prior" },
  where: { title: "Places" },
  presence: { title: "Presence" },
  overlap: { title: "Overlap" },
};

/** The terms that are shown until a model is open. @type {TermInfo[]} */
const USUAL = [
  { name: "reconstruction", unit: "nats", weight: "one" },
  { name: "kl", unit: "nats", weight: "beta" },
];

/** @param {TermInfo} term */
export function wordsOf({ name, unit }) {
  const { title = name, weight = `${title} β`, color = "--latent" } = WORDS[name] ?? {};
  return { title, weight, color, unit: unit.replaceAll("_", " ") };
}

/**
 * The terms with curves, the main one first. Squared distances are left out, because their scale depends on the codes.
 *
 * @param {Info | null} info
 * @param {Stage} stage
 */
export const curvesOf = (info, stage) =>
  info ? stageInfo(info, stage).terms.filter(({ unit }) => unit !== "squared_distance") : USUAL;

/** The name of the loss that is measured on held-out images. @param {Info | null} info @param {Stage} stage */
export function lossName(info, stage) {
  if (stage === "prior") return "loss";
  if (gridOf(info)) return "reconstruction";
  return isGaussian(info) ? "−ELBO" : "loss";
}

/**
 * What a curve can be compared with: lines, and the range that its axis has at least.
 *
 * @param {TermInfo} term
 * @param {Info | null} info
 * @param {Stage} stage
 * @param {Floors} floors
 * @returns {{ lines: { y: number, label: string }[], range: [number, number] }}
 */
export function comparedOf({ unit, weight }, info, stage, floors) {
  const size = gridOf(info)?.codes ?? 1;
  if (unit === "codes") return { lines: [{ y: size, label: `${size} all used alike` }], range: [0, size * 1.1] };
  if (weight === "beta") return { lines: [{ y: 0, label: "0 the latents say nothing" }], range: [0, 30] };
  if (info && stage === "prior") {
    const maximum = lengthOf(info) * Math.log(size);
    return {
      lines: [{ y: maximum, label: `${inNats(maximum)} any code as likely as any other` }],
      range: [0, maximum * 1.06],
    };
  }
  // Both floors are known only for the cross-entropy of single images.
  if (deviationOf(info?.config) !== undefined || objectsOf(info)) return { lines: [], range: [0, 0] };
  const lines = [
    { y: floors.mean_image, label: `${inNats(floors.mean_image)} always the mean image` },
    { y: floors.entropy, label: `${inNats(floors.entropy)} entropy of the pixels` },
  ];
  return { lines, range: [Math.floor((floors.entropy * 0.8) / 10) * 10, floors.mean_image * 1.06] };
}
