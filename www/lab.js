// The worker's promise client: the methods of `Lab`, and others that the page needs.

import { Connection } from "./lab/connection.js";

/**
 * @import {
 *   DataBatches, DataFiles, DeviceChoice, EvaluateSettings, Latents, LookRequest, ModelConfig, Preset, SampleSettings,
 *   SampleSource, Stage, StepSettings, TrainOptions, TrainSettings
 * } from "./types.js"
 */

/**
 * A copy that can be transferred, so that the caller's arrays are never detached.
 *
 * @template {Float32Array | Uint8Array} T
 * @param {T} array
 * @returns {T}
 */
const copy = (array) => /** @type {T} */ (array.slice());

/**
 * As `copy`, and also copies the arrays in an object.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
function copyAll(value) {
  const copied = (/** @type {any} */ part) =>
    ArrayBuffer.isView(part) ? copy(/** @type {Float32Array} */ (part)) : part;
  if (!(value instanceof Object) || ArrayBuffer.isView(value) || Array.isArray(value)) return copied(value);
  return /** @type {T} */ (Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)])));
}

/** Its events, `start` and `stop` are those of the connection. */
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
   * @param {ModelConfig} [config] replaces the file's own, and needs the same parameters
   */
  open(checkpoint, config) {
    return this.call("open", [copy(checkpoint), config]);
  }

  /**
   * Continues the open model with another configuration of the same parameters.
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
   * Describes a model without building it.
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
   * @param {TrainSettings} [settings] which `tune` can change from the next step on
   * @param {TrainOptions} [options]
   */
  train(batches, settings = {}, options = {}) {
    const copied = Array.isArray(batches) ? batches.map(copy) : batches;
    return this.call("train", [copied, settings], options);
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
   * The terms of the loss on the held-out part of the data; undefined if there is none.
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
   * Centres, encodes and decodes in one call. Of several calls the latest wins: earlier ones resolve to undefined. The
   * arrays of the request are transferred.
   *
   * @param {LookRequest} request
   */
  look(request) {
    return this.call("look", [request]);
  }

  /**
   * Opens digits for `sample_digit`, under the name of their source. Returns their number.
   *
   * @param {Uint8Array} images
   * @param {Uint8Array | undefined} labels
   * @param {SampleSource} name
   */
  samples(images, labels, name) {
    return this.call("samples", [copy(images), labels && copy(labels), name]);
  }

  /**
   * @param {number} index taken modulo their number
   * @param {SampleSource} from
   */
  sample_digit(index, from) {
    return this.call("sample_digit", [index, from]);
  }

  /**
   * Opens the data to train on. The files are transferred.
   *
   * @param {DataFiles} files
   */
  data(files) {
    return this.call("data", [files]);
  }

  /**
   * Encodes pictures in the background.
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
   * The pictures themselves.
   *
   * @param {number} start
   * @param {number} count
   * @param {SampleSource} from
   */
  digits(start, count, from) {
    return this.call("digits", [start, count, from]);
  }

  /**
   * As `decode`, in the background. The latents are transferred.
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
   * @param {string} name that other calls refer to it by
   * @param {Uint8Array} checkpoint
   */
  open_beside(name, checkpoint) {
    return this.call("open_beside", [name, copy(checkpoint)]);
  }

  /** Closes all models that were opened beside. */
  close_beside() {
    return this.call("close_beside", []);
  }

  /**
   * Samples grids of codes from the open model's prior, with the distribution that each code was drawn from.
   *
   * @param {number} count
   * @param {SampleSettings} [settings]
   */
  sample_codes(count, settings) {
    return this.call("sample_codes", [count, copyAll(settings)]);
  }

  /** The open model's codebook. */
  codebook() {
    return this.call("codebook", []);
  }

  /**
   * Rebuilds a picture with several models, in the background.
   *
   * @param {Float32Array} picture a square picture, which is put into each model's frame
   * @param {(string | undefined)[]} models by name; undefined for the open one
   */
  rebuild(picture, models) {
    return this.call("rebuild", [copy(picture), models]);
  }

  /**
   * The mean squared error of a pixel, for each of the first pictures.
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

  /** How many workers train on the CPU. @param {number | null} choice null for as many as are fastest */
  workers(choice) {
    return this.call("workers", [choice]);
  }

  /** Bytes of WebAssembly memory. */
  memory() {
    return this.call("memory", []);
  }
}
