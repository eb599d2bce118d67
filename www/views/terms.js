// What training has curves of, and what these are called.

import { autoencoderOf, gridOf, lengthOf } from "../grid.js";
import { inNats } from "./dom.js";

/**
 * @import { Floors, ResolvedConfig, Stage, Term } from "../types.js"
 */

/** @type {{ [term in Term]: { title: string, unit: string, color: string } }} */
export const TERMS = {
  reconstruction: { title: "Reconstruction", unit: "nats", color: "--reconstruction" },
  kl: { title: "KL", unit: "nats", color: "--latent" },
  commitment: { title: "Commitment", unit: "squared distance", color: "--latent" },
  perplexity: { title: "Perplexity", unit: "codes", color: "--latent" },
  prior: { title: "Codes under the prior", unit: "nats", color: "--latent" },
};

/** @type {{ [family in ResolvedConfig["family"]]: Term[] }} */
const CURVES = {
  ae: ["reconstruction"],
  vae: ["reconstruction", "kl"],
  vq_vae: ["reconstruction", "perplexity"],
  dvae: ["reconstruction", "kl"],
};

/**
 * Those that are shown, the main one first.
 *
 * @param {ResolvedConfig | undefined} config
 * @param {Stage} stage
 */
export const curvesOf = (config, stage) =>
  stage === "prior" ? [/** @type {Term} */ ("prior")] : CURVES[config?.family ?? "vae"];

/** What is measured of held-out images. @param {ResolvedConfig | undefined} config @param {Stage} stage */
export function lossName(config, stage) {
  if (stage === "prior") return "loss";
  if (gridOf(config)) return "reconstruction";
  return config?.family === "vae" ? "−ELBO" : "loss";
}

/**
 * What a curve can be compared with: lines, and the range that its axis has at least.
 *
 * @param {Term} term
 * @param {ResolvedConfig | undefined} config
 * @param {Floors} floors
 * @returns {{ lines: { y: number, label: string }[], range: [number, number] }}
 */
export function comparedOf(term, config, floors) {
  const grid = gridOf(config);
  const size = grid?.codebook.size ?? 1;
  switch (term) {
    case "reconstruction": {
      // Both floors are known of the cross-entropy alone.
      if (autoencoderOf(config)?.likelihood === "gaussian") return { lines: [], range: [0, 0] };
      const lines = [
        { y: floors.mean_image, label: `${inNats(floors.mean_image)} always the mean image` },
        { y: floors.entropy, label: `${inNats(floors.entropy)} entropy of the pixels` },
      ];
      return { lines, range: [Math.floor((floors.entropy * 0.8) / 10) * 10, floors.mean_image * 1.06] };
    }
    case "kl":
      return { lines: [{ y: 0, label: "0 the latents say nothing" }], range: [0, 30] };
    case "commitment":
      return { lines: [], range: [0, 0] };
    case "perplexity":
      return { lines: [{ y: size, label: `${size} all used alike` }], range: [0, size * 1.1] };
    case "prior": {
      const most = (grid ? lengthOf(grid) : 0) * Math.log(size);
      return {
        lines: [{ y: most, label: `${inNats(most)} any code as likely as any other` }],
        range: [0, most * 1.06],
      };
    }
  }
}
