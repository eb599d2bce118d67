// The learning rate at which training goes on from shipped weights.

import { stageInfo } from "../model.js";

/**
 * @import { Controls } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** The share of the model's own rate. */
const SHARE = 1 / 50;

/**
 * The rate for shipped weights, unless the user chooses one; null for the model's own rate. Shipped weights were
 * trained until their rate had fallen to nothing, and the full rate would undo in seconds what the last thousands of
 * steps gained. A model that is to learn something else, because of another β or other data, uses its own rate.
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
