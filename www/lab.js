// The worker's promise client: the methods of `Lab`, and those that a page needs besides. Every promise settles.

/**
 * @import {
 *   DataBatches, DataFiles, DeviceChoice, DeviceName, Encoding, EvaluateSettings, FromWorker, LookRequest, Method, Methods,
 *   ModelConfig, Preset, SampleSettings, StartOptions, StepSettings, TrainOptions, TrainSettings, WireError
 * } from "./types.js"
 */

/**
 * @typedef {object} Call
 * @property {(value: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {TrainOptions["onstep"]} onstep
 */

/** A failure, with the kinds of the package; "aborted" promises reject with their signal's reason instead. */
export class LabFailure extends Error {
  /** @param {WireError} error */
  constructor({ name, kind, message }) {
    super(message);
    this.name = name;
    this.kind = kind ?? "device";
  }
}

/**
 * A copy, which may be given away: a caller's arrays are never detached.
 *
 * @template {Float32Array | Uint8Array} T
 * @param {T} array
 * @returns {T}
 */
const copy = (array) => /** @type {T} */ (array.slice());

/**
 * @template {{ noise?: Float32Array }} T
 * @param {T | undefined} settings
 */
const copyNoise = (settings) => (settings?.noise ? { ...settings, noise: copy(settings.noise) } : settings);

/**
 * The buffers among the arguments of a call, one level deep.
 *
 * @param {unknown[]} args
 * @returns {Transferable[]}
 */
function buffers(args) {
  const flat = args.flatMap((arg) =>
    arg && typeof arg === "object" && !ArrayBuffer.isView(arg) ? Object.values(arg) : [arg],
  );
  return [...new Set(flat.filter(ArrayBuffer.isView).map((view) => view.buffer))].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  );
}

/**
 * Events: "look" when a drawing was looked at again during training, "device" when the device or its reason changed,
 * "download" while the worker loads, "lost" when the worker is gone, with `{ message, device }`; `start` makes a new one.
 */
export class LabClient extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #next = 1;
  /** @type {AbortController} */
  #watch = new AbortController();

  /**
   * A worker of its own for the module, in place of the one before.
   *
   * @param {Omit<StartOptions, "lock" | "module"> & { module: WebAssembly.Module | Promise<WebAssembly.Module> }} options
   */
  async start({ module, ...options }) {
    this.stop("a new worker takes its place");
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      type: "module",
      name: "latent-lab",
    });
    this.#worker = worker;
    const lock = `latent-lab ${performance.timeOrigin + performance.now()} ${Math.random()}`;
    worker.onmessage = ({ data }) => this.#receive(worker, lock, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(worker, event.message || "its script did not arrive", "cpu");
    };
    const started = { ...options, lock, module: await module };
    return this.#call("start", [started]);
  }

  /**
   * Ends the worker; its open calls fail.
   *
   * @param {string} reason
   */
  stop(reason) {
    this.#watch.abort();
    this.#worker?.terminate();
    this.#worker = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    const error = { name: "Error", kind: "device", message: `The worker stopped: ${reason}.` };
    for (const call of calls) call.reject(new LabFailure(error));
  }

  /** The worker, for tests that end it as a browser short of memory would. */
  get worker() {
    return this.#worker;
  }

  /**
   * @param {Worker} worker
   * @param {string} message
   * @param {DeviceName} device
   */
  #lose(worker, message, device) {
    if (worker !== this.#worker) return;
    this.stop(message);
    this.dispatchEvent(new CustomEvent("lost", { detail: { message, device } }));
  }

  /**
   * @param {Worker} worker
   * @param {string} lock
   * @param {FromWorker} message
   */
  #receive(worker, lock, message) {
    if (worker !== this.#worker) return;
    if ("event" in message) {
      if (message.event === "locked") this.#watchOver(worker, lock);
      else if (message.event === "dead") {
        this.#lose(worker, message.detail.message, message.detail.device);
      } else this.dispatchEvent(new CustomEvent(message.event, { detail: message.detail }));
      return;
    }
    const call = this.#calls.get(message.id);
    if (!call) return;
    if ("report" in message) return call.onstep?.(message.report);
    this.#calls.delete(message.id);
    if ("error" in message) call.reject(new LabFailure(message.error));
    else call.resolve(message.value);
  }

  /**
   * A worker that a browser ends says nothing, but it gives back the lock that it held.
   *
   * @param {Worker} worker
   * @param {string} lock
   */
  #watchOver(worker, lock) {
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    navigator.locks.request(lock, { signal }, () => this.#lose(worker, "the browser ended it", "cpu")).catch(() => {}); // No longer watched over.
  }

  /**
   * @template {Method} M
   * @param {M} method
   * @param {Parameters<Methods[M]>} args
   * @param {TrainOptions} [options]
   * @returns {Promise<Awaited<ReturnType<Methods[M]>>>}
   */
  #call(method, args, { signal, onstep } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const worker = this.#worker;
      if (!worker) {
        const message = "No worker runs; start one.";
        return reject(new LabFailure({ name: "Error", kind: "device", message }));
      }
      const id = this.#next++;
      const cancel = () => worker.postMessage({ cancel: id });
      const settled = () => signal?.removeEventListener("abort", cancel);
      signal?.addEventListener("abort", cancel);
      this.#calls.set(id, {
        onstep,
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error.name === "AbortError" ? signal?.reason : error)),
      });
      worker.postMessage({ id, method, args }, buffers(args));
    });
  }

  /**
   * @param {ModelConfig | Preset} model
   * @param {{ seed?: number, mean_image?: Float32Array }} [options]
   */
  create(model, options = {}) {
    const { mean_image, ...rest } = options;
    return this.#call("create", [model, mean_image ? { ...rest, mean_image: copy(mean_image) } : rest]);
  }

  /** @param {Uint8Array} checkpoint */
  open(checkpoint) {
    return this.#call("open", [copy(checkpoint)]);
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
    return this.#call("save", [notes]);
  }

  info() {
    return this.#call("info", []);
  }

  /**
   * @param {Float32Array} images
   * @param {StepSettings} [settings]
   */
  train_step(images, settings) {
    return this.#call("train_step", [copy(images), copyNoise(settings)]);
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
    return this.#call("train", [own, settings], options);
  }

  /**
   * Changes a training under way.
   *
   * @param {TrainSettings & { size?: number }} settings
   */
  tune(settings) {
    return this.#call("tune", [settings]);
  }

  /**
   * @param {Float32Array} images
   * @param {EvaluateSettings} [settings]
   */
  evaluate(images, settings) {
    return this.#call("evaluate", [copy(images), copyNoise(settings)]);
  }

  /** The terms of the loss on the held-out part of the data; undefined where there is none. */
  held_out() {
    return this.#call("held_out", []);
  }

  /** @param {Float32Array} images */
  encode(images) {
    return this.#call("encode", [copy(images)]);
  }

  /** @param {Encoding | Float32Array | number[]} latents */
  decode(latents) {
    const numbers = "mean" in latents ? latents.mean : latents;
    return this.#call("decode", [numbers instanceof Float32Array ? copy(numbers) : numbers]);
  }

  /**
   * @param {number} count
   * @param {SampleSettings} [settings]
   */
  sample(count, settings) {
    return this.#call("sample", [count, settings]);
  }

  /** @param {Float32Array} images */
  reconstruct(images) {
    return this.#call("reconstruct", [copy(images)]);
  }

  free() {
    return this.#call("free", []);
  }

  /**
   * Centres, encodes and decodes in one go. Of several the latest wins: those before it give undefined. The arrays of the
   * request are given away.
   *
   * @param {LookRequest} request
   */
  look(request) {
    return this.#call("look", [request]);
  }

  /**
   * The digits that `sample_digit` shows. Gives their number.
   *
   * @param {Uint8Array} images
   * @param {Uint8Array} [labels]
   */
  samples(images, labels) {
    return this.#call("samples", [copy(images), labels && copy(labels)]);
  }

  /** @param {number} index taken modulo their number */
  sample_digit(index) {
    return this.#call("sample_digit", [index]);
  }

  /**
   * The data to train on. The files are given away.
   *
   * @param {DataFiles} files
   */
  data(files) {
    return this.#call("data", [files]);
  }

  /** @param {DeviceChoice} choice */
  device(choice) {
    return this.#call("device", [choice]);
  }

  /** Bytes of WebAssembly memory. */
  memory() {
    return this.#call("memory", []);
  }
}
