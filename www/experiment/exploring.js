// What the encoder says about thousands of digits, kept up to date while somebody looks at it.

import { Attention, wait } from "./attention.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Codes } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Digits that are encoded, and how many at once: a drawing waits no longer than for one such part. */
const COUNT = 10_000;
const PART = 100;
/** While training, encoding takes one part of the time in so many. */
const SHARE = 4;
/** What is seen for so long is looked at, in milliseconds. */
const SETTLE = 300;
/** Points are shown anew this often, in milliseconds. */
const SHOW_EVERY = 100;

export class Exploring {
  #store;
  #lab;
  #loadData;
  #attention;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {() => Promise<void>} loadData
   */
  constructor(store, lab, loadData) {
    this.#store = store;
    this.#lab = lab;
    this.#loadData = loadData;
    this.#attention = new Attention(store, ["basis", "info", "data"], async () => {
      if (!this.#isStale()) return false;
      await this.#encode();
      return true;
    });
  }

  /** @param {boolean} seen whether a view of the codes is, from now on */
  watch(seen) {
    this.#attention.watch(seen);
  }

  #isStale() {
    const { codes, basis, info, data } = this.#facts();
    if (!info) return false;
    return !codes || codes.basis !== basis || codes.data !== data || codes.step !== info.step;
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

  /** All of them, part by part; what is replaced stays until its turn comes. */
  async #encode() {
    if (!this.#store.get("data")) {
      // While a page is put together, what is far down may be seen for a moment.
      await wait(SETTLE);
      if (!this.#attention.isHeld) return;
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
      if (!this.#attention.isHeld || this.#store.get("basis") !== basis || this.#store.get("data") !== data) return;
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
