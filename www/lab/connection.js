// The connection to the worker: calls with their answers, and an event when it has ended. Every promise settles.

import { takeWorker } from "./early.js";

/**
 * @import { DeviceName, FromWorker, Method, Methods, StartOptions, TrainOptions, WireError } from "../types.js"
 */

/**
 * @typedef {object} Call
 * @property {(value: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {TrainOptions["onstep"]} onstep
 */

/**
 * A failure with a kind of the package, or without one if it was unexpected. Promises that were aborted reject with
 * their signal's reason instead.
 */
export class LabFailure extends Error {
  /** @param {WireError} error */
  constructor({ name, kind, message }) {
    super(message);
    this.name = name;
    this.kind = kind;
  }
}

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
export class Connection extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #next = 1;
  /** @type {AbortController} */
  #watch = new AbortController();

  /**
   * Starts a new worker for the module, in place of the previous one.
   *
   * @param {Omit<StartOptions, "lock" | "module"> & { module: WebAssembly.Module | Promise<WebAssembly.Module> }} options
   */
  async start({ module, ...options }) {
    this.stop("a new worker takes its place");
    const worker = takeWorker();
    this.#worker = worker;
    const lock = `latent-lab ${performance.timeOrigin + performance.now()} ${Math.random()}`;
    worker.onmessage = ({ data }) => this.#receive(worker, lock, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(worker, event.message || "its script did not arrive", "cpu");
    };
    const started = { ...options, lock, module: await module };
    return this.call("start", [started]);
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
   * A worker that the browser ends sends no message, but the lock that it held is released.
   *
   * @param {Worker} worker
   * @param {string} lock
   */
  #watchOver(worker, lock) {
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    navigator.locks
      .request(lock, { signal }, () => this.#lose(worker, "the browser ended it", "cpu"))
      .catch(({ message }) => {
        if (!signal.aborted) console.info(`The page is not told when the browser ends its worker: ${message}`);
      });
  }

  /**
   * @template {Method} M
   * @param {M} method
   * @param {Parameters<Methods[M]>} args
   * @param {TrainOptions} [options]
   * @returns {Promise<Awaited<ReturnType<Methods[M]>>>}
   */
  call(method, args, { signal, onstep } = {}) {
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
}
