// Runs one call at a time, by priority. A training step is a call too: looks and other calls of the user go before it.

/** Looks, which the pen waits for. */
export const LOOK = 0;
/** Calls that the user asked for. */
export const CALL = 1;
/** Short steps of training and of other long work. */
export const BACKGROUND = 2;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const resumed = [];
channel.port1.onmessage = () => resumed.shift()?.();

/** Lets waiting messages come in; a timer would add a wait of four milliseconds. */
export function macrotask() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      resumed.push(resolve);
      channel.port2.postMessage(null);
    })
  );
}

export class Queue {
  /** @type {(() => Promise<void>)[][]} */
  #jobs = [[], [], []];
  #running = false;

  /**
   * @template T
   * @param {0 | 1 | 2} priority
   * @param {() => T} job
   * @returns {Promise<Awaited<T>>} the result of the job
   */
  run(priority, job) {
    return new Promise((resolve, reject) => {
      this.#jobs[priority].push(async () => {
        try {
          resolve(await job());
        } catch (error) {
          reject(error);
        }
      });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain() {
    this.#running = true;
    for (;;) {
      await macrotask();
      const next = this.#jobs.find((line) => line.length > 0)?.shift();
      if (!next) break;
      await next();
    }
    this.#running = false;
  }
}
