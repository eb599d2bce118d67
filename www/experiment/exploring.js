// What the encoder says about thousands of digits, kept up to date while somebody looks at it.

import { kindOf, notify, sentence } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Codes } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Digits that are encoded, and how many at once: a drawing waits no longer than for one such part. */
const COUNT = 5000;
const PART = 100;
/** While training, encoding takes one part of the time in so many. */
const SHARE = 4;
/** What is seen for so long is looked at, in milliseconds. */
const SETTLE = 300;
/** Points are shown anew this often, in milliseconds. */
const SHOW_EVERY = 100;

/** @param {number} milliseconds @returns {Promise<void>} */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Exploring {
  #store;
  #lab;
  #loadData;
  #watchers = 0;
  #running = false;
  /** Ends a wait for something to change. */
  #wake = () => {};

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {() => Promise<void>} loadData
   */
  constructor(store, lab, loadData) {
    this.#store = store;
    this.#lab = lab;
    this.#loadData = loadData;
    store.subscribe((changed) => {
      if (["basis", "info", "data", "phase"].some((name) => changed.has(/** @type {any} */ (name)))) this.#wake();
    });
  }

  /**
   * Views say when they are seen and when they are not any more.
   *
   * @param {boolean} seen
   */
  watch(seen) {
    this.#watchers += seen ? 1 : -1;
    this.#wake();
    if (this.#watchers > 0 && !this.#running) void this.#run();
  }

  async #run() {
    this.#running = true;
    while (this.#watchers > 0) {
      const due = this.#store.get("phase") === "ready" && this.#isStale();
      try {
        if (due) await this.#encode();
        else await this.#change();
      } catch (error) {
        // A worker that is gone is told of elsewhere, and comes back with another basis.
        if (kindOf(error) !== "device") {
          const text = sentence(error);
          notify(this.#store, { id: "explore", tone: "problem", text });
        }
        await this.#change();
      }
    }
    this.#running = false;
  }

  #isStale() {
    const { codes, basis, info, data } = this.#facts();
    if (!info || info.step === codes?.step) return !codes || codes.basis !== basis || codes.data !== data;
    return true;
  }

  #facts() {
    const store = this.#store;
    return {
      codes: store.get("codes"),
      basis: store.get("basis"),
      info: store.get("info"),
      data: store.get("data"),
    };
  }

  /** @returns {Promise<void>} */
  #change() {
    return new Promise((resolve) => (this.#wake = () => resolve()));
  }

  /** All of them, part by part; what is replaced stays until its turn comes. */
  async #encode() {
    if (!this.#store.get("data")) {
      // While a page is put together, what is far down may be seen for a moment.
      await wait(SETTLE);
      if (this.#watchers === 0) return;
    }
    await this.#loadData();
    const { basis, data, info, codes } = this.#facts();
    if (!info || !data) return;
    const { latent } = info.config;
    const count = Math.min(COUNT, data.count);
    const goesOn = codes?.basis === basis && codes.data === data && codes.latent === latent;
    /** @type {Codes} */
    const next = goesOn
      ? { ...codes, step: info.step }
      : {
          basis,
          data,
          latent,
          step: info.step,
          count: 0,
          mean: new Float32Array(count * latent),
          log_variance: info.config.family === "vae" ? new Float32Array(count * latent) : null,
          labels: null,
        };
    let shownAt = 0;
    for (let start = 0; start < count; start += PART) {
      const began = performance.now();
      const part = await this.#lab.codes(start, Math.min(PART, count - start));
      if (this.#watchers === 0 || this.#store.get("basis") !== basis || this.#store.get("data") !== data) return;
      next.mean.set(part.mean, start * latent);
      if (part.log_variance) next.log_variance?.set(part.log_variance, start * latent);
      if (part.labels) {
        next.labels ??= new Uint8Array(count);
        next.labels.set(part.labels, start);
      }
      next.count = Math.max(next.count, start + part.mean.length / latent);
      const now = performance.now();
      if (now - shownAt >= SHOW_EVERY || start + PART >= count) {
        shownAt = now;
        this.#store.set({ codes: { ...next } });
      }
      if (this.#store.get("training")) await wait((now - began) * SHARE);
    }
  }
}
