// One call at a time, by priority. A step of training is a call too: whatever else came in the meantime goes first.

/** What the pen waits for. */
export const LOOK = 0;
/** What a person asked for. */
export const CALL = 1;
/** Steps of training and of other long work, each short. */
export const BACKGROUND = 2;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const resumed = [];
channel.port1.onmessage = () => resumed.shift()?.();

/** Lets the messages that are waiting come in; timers would wait for four milliseconds besides. */
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
  #lines = [[], [], []];
  #running = false;

  /**
   * @template T
   * @param {0 | 1 | 2} priority
   * @param {() => T} job
   * @returns {Promise<Awaited<T>>} what the job gives
   */
  run(priority, job) {
    return new Promise((resolve, reject) => {
      this.#lines[priority].push(async () => {
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
      const next = this.#lines.find((line) => line.length > 0)?.shift();
      if (!next) break;
      await next();
    }
    this.#running = false;
  }
}
