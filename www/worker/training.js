// Training, a step at a time.

import { epochOf } from "../experiment/epochs.js";
import { classesOf } from "../model.js";
import { stepOf } from "../progress.js";
import { BACKGROUND } from "./queue.js";

/**
 * @import { DataBatches, Stage, StepReport, TrainSettings } from "../types.js"
 * @import { Data } from "./data.js"
 * @import { Devices } from "./device.js"
 * @import { Model, Viewer } from "./model.js"
 * @import { Queue } from "./queue.js"
 * @import { Workers } from "./workers.js"
 */

/** While training, the user's drawing is looked at again this often, in milliseconds. */
const LOOK_EVERY = 100;
/** On WebGPU a read waits for the device, so the loss is read only once in so many steps. */
const READ_EVERY = 4;

/**
 * What a step is given, and what that follows from.
 *
 * @typedef {object} Prepared
 * @property {{ data: Data | undefined, seed: number, step: number, batchSize: number, stage: Stage, canvas: string }} of
 * @property {Float32Array} images
 * @property {{ stage: Stage, learning_rate?: number, beta?: number, labels?: Uint8Array }} settings
 * @property {number} step
 * @property {number | undefined} steps_per_epoch
 */

export class Training {
  #queue;
  #model;
  #viewer;
  #devices;
  #workers;
  #data;
  /** @type {TrainSettings & { size?: number }} */
  #settings = {};
  /** The batch of the next step, if it is there already. @type {Prepared | undefined} */
  #next;

  /**
   * @param {Queue} queue
   * @param {Model} model
   * @param {Viewer} viewer
   * @param {Devices} devices
   * @param {Workers} workers
   * @param {() => Data} data
   */
  constructor(queue, model, viewer, devices, workers, data) {
    this.#queue = queue;
    this.#model = model;
    this.#viewer = viewer;
    this.#devices = devices;
    this.#workers = workers;
    this.#data = data;
  }

  /** The batch size of the last training, if there was one. */
  get size() {
    return this.#settings.size;
  }

  /** @param {TrainSettings & { size?: number }} settings */
  tune(settings) {
    this.#settings = { ...this.#settings, ...settings };
  }

  /**
   * @param {DataBatches | Float32Array[]} batches
   * @param {TrainSettings} settings
   * @param {AbortSignal} signal
   * @param {(report: StepReport) => void} report
   */
  async train(batches, settings, signal, report) {
    const given = Array.isArray(batches) ? batches : undefined;
    const own = Array.isArray(batches) ? undefined : batches;
    const steps = given?.length ?? own?.steps ?? Infinity;
    this.#settings = { size: own?.size, ...settings };
    try {
      await this.#steps(given, own, steps, signal, report);
    } finally {
      // The last look has to show the last step.
      void this.#viewer.again();
    }
  }

  /**
   * @param {Float32Array[] | undefined} given
   * @param {DataBatches | undefined} own
   * @param {number} steps
   * @param {AbortSignal} signal
   * @param {(report: StepReport) => void} report
   */
  async #steps(given, own, steps, signal, report) {
    let passes = own?.passes ?? 0;
    for (let done = 0; done < steps; done += 1) {
      const next = await this.#step(given?.[done], own?.seed ?? 0, signal);
      const every = this.#settings.held_out_every;
      const before = passes;
      if (next.steps_per_epoch) passes += 1 / next.steps_per_epoch;
      const due = next.step % (every ?? Infinity) === 0 || epochOf(passes) > epochOf(before);
      try {
        if (every && due) next.held_out = await this.heldOut(this.#settings.stage, signal);
      } finally {
        // The step is reported even if a pause cuts the evaluation short, because it was made.
        report(next);
      }
      if (performance.now() - this.#viewer.lookedAt >= LOOK_EVERY) void this.#viewer.again();
    }
  }

  /**
   * @param {Stage} [stage]
   * @param {AbortSignal} [signal]
   */
  heldOut(stage = "codes", signal) {
    return this.#data().evaluate(
      () => this.#model.lab,
      stage,
      (job) =>
        this.#queue.run(BACKGROUND, () => {
          signal?.throwIfAborted();
          return job();
        }),
    );
  }

  /**
   * @param {Float32Array | undefined} given
   * @param {number} seed
   * @param {AbortSignal} signal
   * @returns {Promise<StepReport>}
   */
  async #step(given, seed, signal) {
    /** @type {import("./workers.js").Run} */
    const run = (job) => this.#queue.run(BACKGROUND, job);
    const open = () => this.#model.lab;
    const batch = () => {
      signal.throwIfAborted();
      return this.#batch(given, seed, 0);
    };
    const prefetch = () => {
      if (!given && !signal.aborted) this.#next = this.#batch(given, seed, 1);
    };
    if (this.#devices.current === "cpu") {
      const start = performance.now();
      const { batch: taken, terms } = await this.#workers.train_step({ open, batch, prefetch, run });
      return reportOf(taken, terms, start);
    }
    return run(async () => {
      const taken = batch();
      const start = performance.now();
      const read = (taken.step + 1) % READ_EVERY === 0;
      return reportOf(taken, await open().train_step(taken.images, { ...taken.settings, read }), start);
    });
  }

  /**
   * What a step is given.
   *
   * @param {Float32Array | undefined} given
   * @param {number} seed
   * @param {0 | 1} ahead whether it is for the step after the next one
   * @returns {Prepared}
   */
  #batch(given, seed, ahead) {
    const { stage = "codes", learning_rate, beta, size } = this.#settings;
    const info = this.#model.lab.info();
    const { config } = info;
    const step = stepOf(info, stage) + ahead;
    const data = given ? undefined : this.#data();
    const batchSize = size ?? config.training.batch_size;
    const settings = { stage, learning_rate, ...(stage === "codes" && { beta }) };
    const of = { data, seed, step, batchSize, stage, canvas: String(config.image) };
    const next = this.#next;
    if (next && Object.entries(of).every(([key, value]) => next.of[/** @type {keyof typeof of} */ (key)] === value)) {
      return { ...next, settings: { ...next.settings, ...settings } };
    }
    const images = given ?? this.#data().batch(batchSize, seed, step, info);
    const labels = stage === "prior" ? data?.batchLabels(batchSize, seed, step, classesOf(config)) : undefined;
    const steps_per_epoch = data?.steps(batchSize);
    return { of, images, settings: labels ? { ...settings, labels } : settings, step, steps_per_epoch };
  }
}

/**
 * @param {{ step: number, steps_per_epoch: number | undefined }} batch
 * @param {StepReport["terms"]} terms
 * @param {number} start
 * @returns {StepReport}
 */
function reportOf({ step, steps_per_epoch }, terms, start) {
  const origin = performance.timeOrigin;
  return { step: step + 1, terms, start: origin + start, end: origin + performance.now(), steps_per_epoch };
}
