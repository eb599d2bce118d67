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
   * Another state is open.
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

  /** Over the data, so far. @param {Stage} stage */
  passes(stage) {
    return passesAt(this.curves[stage].epochs, this.step(stage));
  }

  /** Whether held-out images were measured where it stands. @param {Stage} stage */
  isMeasured(stage) {
    return this.curves[stage].held_out.some((point) => point.step === this.step(stage));
  }

  /**
   * A step, or what was measured after one.
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
   * The curves as they were.
   *
   * @param {Progress} progress
   * @returns {Curves}
   */
  until(progress) {
    const { codes, prior } = this.curves;
    return { codes: until(codes, progress.step), prior: until(prior, stepOf(progress, "prior")) };
  }

  /** For the notes of a file. */
  pack() {
    return { history: pack(this.curves.codes), prior_history: pack(this.curves.prior) };
  }
}

/**
 * The curves of anybody's file.
 *
 * @param {{ [key: string]: unknown }} notes
 * @param {Pick<Description, "stages">} model that is in it
 * @returns {Curves}
 */
export function curvesOf({ history, prior_history }, { stages }) {
  const [codes, prior] = stages;
  return { codes: unpack(history, codes.terms), prior: unpack(prior_history, prior?.terms ?? []) };
}
