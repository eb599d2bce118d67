// How far a model has been trained and what its steps cost, stage by stage.

import { advanced, progressOf, stepOf } from "../progress.js";
import { passesAt } from "./epochs.js";
import { noCurves, pack, record, unpack, until } from "./history.js";

/**
 * @import { Description, Facts, Progress, Stage } from "../types.js"
 * @import { Report } from "./history.js"
 */

/** @typedef {Facts["history"]} Curves */

export class Log {
  /** @type {Progress} */
  progress = { step: 0 };
  /** @type {Curves} */
  curves = noCurves();

  /**
   * Sets the progress and the curves of a newly opened state.
   *
   * @param {Progress} progress
   * @param {Curves} curves
   */
  reset(progress, curves) {
    [this.progress, this.curves] = [progressOf(progress), curves];
  }

  /** @param {Stage} stage */
  step(stage) {
    return stepOf(this.progress, stage);
  }

  /** The passes over the data so far. @param {Stage} stage */
  passes(stage) {
    return passesAt(this.curves[stage].epochs, this.step(stage));
  }

  /** Whether held-out images were measured at the current step. @param {Stage} stage */
  isMeasured(stage) {
    return this.curves[stage].held_out.some((point) => point.step === this.step(stage));
  }

  /**
   * Records a step, or a measurement after one.
   *
   * @param {Stage} stage
   * @param {Report} report
   */
  take(stage, report) {
    this.progress = advanced(this.progress, stage, report.step);
    const history = record(this.curves[stage], report);
    if (history !== this.curves[stage]) this.curves = { ...this.curves, [stage]: history };
  }

  /**
   * The curves as they were at an earlier point of training.
   *
   * @param {Progress} progress
   * @returns {Curves}
   */
  until(progress) {
    const { codes, prior } = this.curves;
    return { codes: until(codes, progress.step), prior: until(prior, stepOf(progress, "prior")) };
  }

  /** The curves in the form of a file's notes. */
  pack() {
    return { history: pack(this.curves.codes), prior_history: pack(this.curves.prior) };
  }
}

/**
 * The curves from a file's notes, which may come from anybody.
 *
 * @param {{ [key: string]: unknown }} notes
 * @param {Pick<Description, "stages">} model in the file
 * @returns {Curves}
 */
export function curvesOf({ history, prior_history }, { stages }) {
  const [codes, prior] = stages;
  return { codes: unpack(history, codes.terms), prior: unpack(prior_history, prior?.terms ?? []) };
}
