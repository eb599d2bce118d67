// The worker's promise client: the methods of `Lab`, and those that a page needs besides.

import { Connection } from "./lab/connection.js";

/**
 * @import {
 *   DataBatches, DataFiles, DeviceChoice, EvaluateSettings, Latents, LookRequest, ModelConfig, Preset, SampleSettings,
 *   SampleSource, Stage, StepSettings, TrainOptions, TrainSettings
 * } from "./types.js"
 */

/**
 * A copy, which may be given away: a caller's arrays are never detached.
 *
 * @template {Float32Array | Uint8Array} T
 * @param {T} array
 * @returns {T}
 */
const copy = (array) => /** @type {T} */ (array.slice());

/**
 * As `copy`, of the arrays that are in an object too.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
function copyAll(value) {
  const own = (/** @type {any} */ part) => (ArrayBuffer.isView(part) ? copy(/** @type {Float32Array} */ (part)) : part);
  if (!(value instanceof Object) || ArrayBuffer.isView(value) || Array.isArray(value)) return own(value);
  return /** @type {T} */ (Object.fromEntries(Object.entries(value).map(([name, part]) => [name, own(part)])));
}

/** Its events, and how it starts and stops, are those of the connection. */
export class LabClient extends Connection {
  /**
   * @param {ModelConfig | Preset} model
   * @param {{ seed?: number, mean_image?: Float32Array }} [options]
   */
  create(model, options = {}) {
    const { mean_image, ...rest } = options;
    return this.call("create", [model, mean_image ? { ...rest, mean_image: copy(mean_image) } : rest]);
  }

  /**
   * @param {Uint8Array} checkpoint
   * @param {ModelConfig} [config] in place of the file's own, with the same parameters
   */
  open(checkpoint, config) {
    return this.call("open", [copy(checkpoint), config]);
  }

  /**
   * The open model goes on under another configuration of its parameters.
   *
   * @param {ModelConfig | Preset} config
   */
  retune(config) {
    return this.call("retune", [config]);
  }

  /** @param {string} [notes] */
  async save(notes) {
    return (await this.checkpoint(notes)).bytes;
  }

  /**
   * As `save`, with the step that the file holds.
   *
   * @param {string} [notes]
   */
  checkpoint(notes) {
    return this.call("save", [notes]);
  }

  info() {
    return this.call("info", []);
  }

  /**
   * What a model could do, without building it.
   *
   * @param {ModelConfig | Preset} model
   */
  describe(model) {
    return this.call("describe", [model]);
  }

  /**
   * @param {Float32Array} images
   * @param {StepSettings} [settings]
   */
  train_step(images, settings) {
    return this.call("train_step", [copy(images), copyAll(settings)]);
  }

  /**
   * Trains until the batches end or the signal aborts, which rejects with the signal's reason; the weights of the steps
   * so far are kept either way. Between two steps every other call is answered.
   *
   * @param {DataBatches | Float32Array[]} batches
   * @param {TrainSettings} [settings] those of `tune` apply from the next step on
   * @param {TrainOptions} [options]
   */
  train(batches, settings = {}, options = {}) {
    const own = Array.isArray(batches) ? batches.map(copy) : batches;
    return this.call("train", [own, settings], options);
  }

  /**
   * Changes a training under way.
   *
   * @param {TrainSettings & { size?: number }} settings
   */
  tune(settings) {
    return this.call("tune", [settings]);
  }

  /**
   * @param {Float32Array} images
   * @param {EvaluateSettings} [settings]
   */
  evaluate(images, settings) {
    return this.call("evaluate", [copy(images), copyAll(settings)]);
  }

  /**
   * The terms of the loss on the held-out part of the data; undefined where there is none.
   *
   * @param {{ stage?: Stage, signal?: AbortSignal }} [options]
   */
  held_out({ stage, signal } = {}) {
    return this.call("held_out", [stage], { signal });
  }

  /** @param {Float32Array} images */
  encode(images) {
    return this.call("encode", [copy(images)]);
  }

  /** @param {Latents} latents */
  decode(latents) {
    return this.call("decode", [copyAll(latents)]);
  }

  /**
   * @param {number} count
   * @param {SampleSettings} [settings]
   */
  sample(count, settings) {
    return this.call("sample", [count, copyAll(settings)]);
  }

  /** @param {Float32Array} images */
  reconstruct(images) {
    return this.call("reconstruct", [copy(images)]);
  }

  free() {
    return this.call("free", []);
  }

  /**
   * Centres, encodes and decodes in one go. Of several the latest wins: those before it give undefined. The arrays of the
   * request are given away.
   *
   * @param {LookRequest} request
   */
  look(request) {
    return this.call("look", [request]);
  }

  /**
   * Digits that `sample_digit` shows, by the name of where they come from. Gives their number.
   *
   * @param {Uint8Array} images
   * @param {Uint8Array} [labels]
   * @param {SampleSource} [name]
   */
  samples(images, labels, name = "samples") {
    return this.call("samples", [copy(images), labels && copy(labels), name]);
  }

  /**
   * @param {number} index taken modulo their number
   * @param {SampleSource} [from]
   */
  sample_digit(index, from = "samples") {
    return this.call("sample_digit", [index, from]);
  }

  /**
   * The data to train on. The files are given away.
   *
   * @param {DataFiles} files
   */
  data(files) {
    return this.call("data", [files]);
  }

  /**
   * What the encoder says about pictures, when nothing else is asked for.
   *
   * @param {number} start
   * @param {number} count
   * @param {SampleSource} from
   * @param {string} [beside] a model that was opened beside the open one
   */
  codes(start, count, from, beside) {
    return this.call("codes", [start, count, from, beside]);
  }

  /**
   * Pictures themselves.
   *
   * @param {number} start
   * @param {number} count
   * @param {SampleSource} from
   */
  digits(start, count, from) {
    return this.call("digits", [start, count, from]);
  }

  /**
   * As `decode`, when nothing else is asked for. The latents are given away.
   *
   * @param {Float32Array} latents
   * @param {string} [beside]
   */
  tiles(latents, beside) {
    return this.call("tiles", [latents, beside]);
  }

  /**
   * Opens a model beside the open one, to be compared with it.
   *
   * @param {string} name by which it is asked for
   * @param {Uint8Array} checkpoint
   */
  open_beside(name, checkpoint) {
    return this.call("open_beside", [name, copy(checkpoint)]);
  }

  /** Closes all that were opened so. */
  close_beside() {
    return this.call("close_beside", []);
  }

  /**
   * Grids of codes from the open model's prior, with what each code was drawn from.
   *
   * @param {number} count
   * @param {SampleSettings} [settings]
   */
  sample_codes(count, settings) {
    return this.call("sample_codes", [count, copyAll(settings)]);
  }

  /** The vectors that the cells of the open model may take. */
  codebook() {
    return this.call("codebook", []);
  }

  /**
   * A picture through several models, when nothing else is asked for.
   *
   * @param {Float32Array} picture a square one, which gets each model's frame
   * @param {(string | undefined)[]} models by name; undefined for the open one
   */
  rebuild(picture, models) {
    return this.call("rebuild", [copy(picture), models]);
  }

  /**
   * The mean squared error of a pixel, of each of the first pictures.
   *
   * @param {number} count
   * @param {SampleSource} from
   * @param {string} [beside]
   */
  errors(count, from, beside) {
    return this.call("errors", [count, from, beside]);
  }

  /** @param {DeviceChoice} choice */
  device(choice) {
    return this.call("device", [choice]);
  }

  /** Bytes of WebAssembly memory. */
  memory() {
    return this.call("memory", []);
  }
}
