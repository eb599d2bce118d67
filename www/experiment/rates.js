// The learning rate that going on from shipped weights begins with.

import { stageInfo } from "../model.js";

/**
 * @import { Controls } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Of the model's own rate. */
const SHARE = 1 / 50;

/**
 * The rate of shipped weights, unless somebody chooses one; null for the model's own. They were trained until their rate had
 * fallen to nothing, and its full size would undo in seconds what the last thousands of steps gained. What is to learn
 * something else, by another β or from other data, takes its own.
 *
 * @param {Store} store
 * @param {Pick<Controls, "stage" | "beta">} chosen
 * @returns {number | null}
 */
export function gentleRate(store, { stage, beta }) {
  const [info, basis, data] = [store.get("info"), store.get("basis"), store.get("data")];
  if (!info || basis?.start !== "shipped" || beta !== null || data?.set === "own") return null;
  return SHARE * stageInfo(info, stage).learning_rate;
}
