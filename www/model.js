// What a model can do, as the library describes it: whoever asks here need not know its family.

import { lengthOfRow } from "./scene.js";

/**
 * @import { Description, ResolvedConfig, Space, Stage, StageInfo, TermInfo } from "./types.js"
 */

/** @typedef {Pick<Description, "space"> | null | undefined} Spaced what has a space, once it is there */

/** The grid of a model with codes. @param {Spaced} model @returns {Space & { kind: "grid" } | undefined} */
export const gridOf = (model) => (model?.space.kind === "grid" ? model.space : undefined);

/** The objects of a model that finds some. @param {Spaced} model @returns {Space & { kind: "objects" } | undefined} */
export const objectsOf = (model) => (model?.space.kind === "objects" ? model.space : undefined);

/** Whether its latents have a prior, N(0, I). @param {Spaced} model */
export const isGaussian = (model) => model?.space.kind === "gaussian";

/** Numbers of a picture's latent; of codes and of objects it has none by itself. @param {Spaced} model */
export const latentsOf = (model) => (model && "latent" in model.space && !objectsOf(model) ? model.space.latent : 0);

/**
 * Numbers that are said of a picture: its latent, the codes of its cells, or a row of its objects.
 *
 * @param {Pick<Description, "space">} model
 */
export function lengthOf({ space }) {
  switch (space.kind) {
    case "grid":
      return space.sides[0] * space.sides[1];
    case "objects":
      return lengthOfRow(space.latent);
    default:
      return space.latent;
  }
}

/** What is trained in a stage. @param {Pick<Description, "stages">} model @param {Stage} stage that it has @returns {StageInfo} */
export const stageInfo = ({ stages }, stage) => stages.find(({ name }) => name === stage) ?? stages[0];

/** The term that β weighs. @param {Pick<Description, "stages">} model @param {Stage} stage */
export const weighedIn = (model, stage) => stageInfo(model, stage).terms.find(({ weight }) => weight === "beta");

/** Terms that add up to the loss, the main one first. @param {StageInfo} stage @returns {TermInfo[]} */
export const partsOf = ({ terms }) => terms.filter(({ weight }) => weight !== "zero");

/**
 * Terms that held-out images are measured by: those of the loss; of codes the main one alone, for what else their loss has is
 * no cost of a picture.
 *
 * @param {Description} model
 * @param {Stage} stage
 */
export function heldOutTerms(model, stage) {
  const parts = partsOf(stageInfo(model, stage));
  return stage === "codes" && gridOf(model) ? parts.slice(0, 1) : parts;
}

/** σ_x of a model that pays the squared error of its pixels. @param {ResolvedConfig | undefined} config */
export const deviationOf = (config) =>
  config && "likelihood" in config && config.likelihood === "gaussian" ? config.sigma_x : undefined;

/** What pictures are damaged by while it trains, of a model that mends. @param {ResolvedConfig | undefined} config */
export const corruptionOf = (config) => (config && "corruption" in config ? config.corruption : undefined);

/** Classes that its prior can be asked for. @param {ResolvedConfig | undefined} config */
export const classesOf = (config) => (config && "prior" in config && config.prior?.classes) || 0;
