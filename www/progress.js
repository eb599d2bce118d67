// How far a model has been trained. Each stage of training counts its own steps: the codes, the only stage of most
// models, and a prior over them.

/**
 * @import { Progress, Stage } from "./types.js"
 * @import { Store } from "./store.js"
 */

/** @param {Store} store @returns {Stage} the stage to train: the chosen one, if the model has it */
export const stageOf = (store) =>
  store.get("info")?.stages.find(({ name }) => name === store.get("stage"))?.name ?? "codes";

/** @param {Progress} progress @param {Stage} stage */
export const stepOf = (progress, stage) => (stage === "prior" ? (progress.prior_step ?? 0) : progress.step);

/** The steps of all stages together: of two states of one run, the later one has more. @param {Progress} progress */
export const stepsOf = (progress) => progress.step + (progress.prior_step ?? 0);

/** @param {Progress} progress or an object that includes it @returns {Progress} */
export const progressOf = ({ step, prior_step }) => ({ step, ...(prior_step !== undefined && { prior_step }) });

/**
 * @param {Progress} progress
 * @param {Stage} stage
 * @param {number} step that the stage has reached
 * @returns {Progress}
 */
export const advanced = (progress, stage, step) => ({ ...progress, [stage === "prior" ? "prior_step" : "step"]: step });

/** How long ago something was, in words. @param {number} at a time of `Date.now()` */
export function agoOf(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return `${days} ${days === 1 ? "day" : "days"} ago`;
}

/** The progress in words. @param {Progress} progress */
export function placeOf({ step, prior_step: prior = 0 }) {
  const place = `step ${step.toLocaleString("en")}`;
  return prior > 0 ? `${place}, its prior at ${prior.toLocaleString("en")}` : place;
}
