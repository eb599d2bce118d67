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
 */

/** While training, the user's drawing is looked at again this often, in milliseconds. */
const LOOK_EVERY = 100;
/** On WebGPU a read waits for the device, so the loss is read only once in so many steps. */
const READ_EVERY = 4;

export class Training {
  #queue;
  #model;
  #viewer;
  #devices;
  #data;
  /** @type {TrainSettings & { size?: number }} */
  #settings = {};

  /**
   * @param {Queue} queue
   * @param {Model} model
   * @param {Viewer} viewer
   * @param {Devices} devices
   * @param {() => Data} data
   */
  constructor(queue, model, viewer, devices, data) {
    this.#queue = queue;
    this.#model = model;
    this.#viewer = viewer;
    this.#devices = devices;
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
      const next = await this.#queue.run(BACKGROUND, () => {
        signal.throwIfAborted();
        return this.#step(given?.[done], own?.seed ?? 0);
      });
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
   * @returns {Promise<StepReport>}
   */
  async #step(given, seed) {
    const { lab } = this.#model;
    const { stage = "codes", learning_rate, beta, size } = this.#settings;
    const info = lab.info();
    const { config } = info;
    const step = stepOf(info, stage);
    const batchSize = size ?? config.training.batch_size;
    const images = given ?? this.#data().batch(batchSize, seed, step, info);
    const labels =
      given || stage === "codes" ? undefined : this.#data().batchLabels(batchSize, seed, step, classesOf(config));
    const steps_per_epoch = given ? undefined : this.#data().steps(batchSize);
    const read = this.#devices.current === "cpu" || (step + 1) % READ_EVERY === 0;
    const start = performance.now();
    const stageSettings = stage === "prior" ? { labels } : { beta };
    const terms = await lab.train_step(images, { stage, learning_rate, read, ...stageSettings });
    const end = performance.now();
    const origin = performance.timeOrigin;
    return { step: step + 1, terms, start: origin + start, end: origin + end, steps_per_epoch };
  }
}
