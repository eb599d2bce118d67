// The page's side: the methods of `Lab`, whose model is in a worker. A call is a message with a number, which its answer has
// too.

/**
 * @import { Info, LabError } from "../cpu/latent_lab.js"
 * @typedef {{ id: number, method: string, args: unknown[] }} Call
 * @typedef {{ id: number, value?: unknown, error?: Pick<LabError, "name" | "kind" | "message">, info?: Info }} Answer
 */

/** @param {{ name?: string, kind: LabError["kind"], message: string }} said */
const failure = ({ name = "LabError", kind, message }) => {
  const words = message.startsWith(`${kind}: `) ? message : `${kind}: ${message}`;
  return Object.assign(new Error(words), { name, kind });
};

/** The worker and the calls under way. It knows no `WorkerLab`, so that one that nobody holds can be freed. */
class Connection {
  #worker;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #calls = new Map();
  #next = 0;
  /** @type {LabError | undefined} why no call is taken any more */
  #ended;
  /** @type {Info | undefined} */
  info;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onmessageerror = () => this.#break("an answer cannot be read here");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(event.message || "its script did not arrive");
    };
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  call(method, args) {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      const id = this.#next++;
      try {
        this.#worker.postMessage({ id, method, args });
      } catch (error) {
        const message = `${method} was given what cannot be sent to a worker; give plain objects and arrays`;
        throw Object.assign(failure({ kind: "invalid_input", message }), { cause: error });
      }
      this.#calls.set(id, { resolve, reject });
    });
  }

  /** @param {Answer} answer */
  #receive({ id, value, error, info }) {
    this.info = info ?? this.info;
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(failure(error));
    else call?.resolve(value);
    if (this.#ended) this.#close();
  }

  /** Takes no call any more; the worker ends with the last one under way. */
  end() {
    this.#ended ??= failure({ kind: "invalid_input", message: "This model was freed; create or open another one." });
    this.#close();
  }

  #close() {
    if (this.#calls.size === 0) this.#worker.terminate();
  }

  /** @param {string} why */
  #break(why) {
    const message = `The worker of this model stopped: ${why}. Open the last checkpoint again.`;
    const error = failure({ kind: "broken", message });
    this.#ended = error;
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    this.#close();
  }
}

/** Ends the workers of models that nobody holds any more. */
const forgotten = new FinalizationRegistry((/** @type {Connection} */ connection) => connection.end());

/** Each flavour's `Lab` says what its worker is. */
export class WorkerLab {
  #connection;

  /** @param {Connection} connection */
  constructor(connection) {
    if (!(connection instanceof Connection)) {
      throw failure({ kind: "invalid_input", message: "A model is made by Lab.create or Lab.open, not by new." });
    }
    this.#connection = connection;
    forgotten.register(this, connection);
  }

  /** @returns {Worker} */
  static worker() {
    throw new Error("a flavour has a worker");
  }

  static create(/** @type {unknown[]} */ ...args) {
    return begin(this, "create", args);
  }

  static open(/** @type {unknown[]} */ ...args) {
    return begin(this, "open", args);
  }

  save(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("save", args);
  }

  /** As the last answer had it. */
  info() {
    return this.#connection.info;
  }

  train_step(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("train_step", args);
  }

  begin_step(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("begin_step", args);
  }

  end_step(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("end_step", args);
  }

  evaluate(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("evaluate", args);
  }

  encode(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("encode", args);
  }

  decode(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("decode", args);
  }

  sample(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("sample", args);
  }

  sample_codes(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("sample_codes", args);
  }

  codebook() {
    return this.#connection.call("codebook", []);
  }

  reconstruct(/** @type {unknown[]} */ ...args) {
    return this.#connection.call("reconstruct", args);
  }

  /** Gives the worker's memory back. Calls under way are still answered. */
  free() {
    this.#connection.end();
  }
}
if (Symbol.dispose) Object.assign(WorkerLab.prototype, { [Symbol.dispose]: WorkerLab.prototype.free });

/** @param {typeof WorkerLab} Lab */
function started(Lab) {
  try {
    return Lab.worker();
  } catch (error) {
    const message = `This page may start no worker (${error}); allow it (worker-src), or take Lab itself, without a worker.`;
    throw Object.assign(failure({ kind: "broken", message }), { cause: error });
  }
}

/**
 * @param {typeof WorkerLab} Lab
 * @param {string} method
 * @param {unknown[]} args
 */
async function begin(Lab, method, args) {
  const connection = new Connection(started(Lab));
  try {
    await connection.call(method, args);
  } catch (error) {
    connection.end();
    throw error;
  }
  return new Lab(connection);
}
