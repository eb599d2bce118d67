// What a model can do, as the library describes it, so that other modules need not know its family.

import { lengthOfRow } from "./scene.js";

/**
 * @import { Description, ResolvedConfig, Space, Stage, StageInfo, TermInfo } from "./types.js"
 */

/** @typedef {Pick<Description, "space"> | null | undefined} Spaced anything with a space, or nothing yet */

/** The grid of a model with codes. @param {Spaced} model @returns {Space & { kind: "grid" } | undefined} */
export const gridOf = (model) => (model?.space.kind === "grid" ? model.space : undefined);

/** The space of a model of objects. @param {Spaced} model @returns {Space & { kind: "objects" } | undefined} */
export const objectsOf = (model) => (model?.space.kind === "objects" ? model.space : undefined);

/** Whether the latents have a prior, N(0, I). @param {Spaced} model */
export const isGaussian = (model) => model?.space.kind === "gaussian";

/** Length of a picture's latent vector; 0 for models of codes and of objects. @param {Spaced} model */
export const latentsOf = (model) => (model && "latent" in model.space && !objectsOf(model) ? model.space.latent : 0);

/**
 * Length of a picture's encoding: its latent vector, the codes of its cells, or the row of its objects.
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

/** The description of a training stage. @param {Pick<Description, "stages">} model @param {Stage} stage that the model has @returns {StageInfo} */
export const stageInfo = ({ stages }, stage) => stages.find(({ name }) => name === stage) ?? stages[0];

/** The term that β weighs. @param {Pick<Description, "stages">} model @param {Stage} stage */
export const weighedIn = (model, stage) => stageInfo(model, stage).terms.find(({ weight }) => weight === "beta");

/** Terms that add up to the loss, the main one first. @param {StageInfo} stage @returns {TermInfo[]} */
export const partsOf = ({ terms }) => terms.filter(({ weight }) => weight !== "zero");

/**
 * The terms that are measured on held-out images: those of the loss. For models of codes it is the main one alone,
 * because the other terms of their loss are not costs of a picture.
 *
 * @param {Description} model
 * @param {Stage} stage
 */
export function heldOutTerms(model, stage) {
  const parts = partsOf(stageInfo(model, stage));
  return stage === "codes" && gridOf(model) ? parts.slice(0, 1) : parts;
}

/** σ_x of a model whose loss is the squared error; undefined for other models. @param {ResolvedConfig | undefined} config */
export const deviationOf = (config) =>
  config && "likelihood" in config && config.likelihood === "gaussian" ? config.sigma_x : undefined;

/** The damage that a model that mends pictures is trained with; undefined for other models. @param {ResolvedConfig | undefined} config */
export const corruptionOf = (config) => (config && "corruption" in config ? config.corruption : undefined);

/** The number of classes that the model's prior knows. @param {ResolvedConfig | undefined} config */
export const classesOf = (config) => (config && "prior" in config && config.prior?.classes) || 0;
