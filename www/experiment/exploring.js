// What the encoder says about thousands of digits, kept up to date while somebody looks at it.

import { isGaussian, lengthOf, objectsOf } from "../model.js";
import { Attention, wait } from "./attention.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Codes } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Digits that are encoded, and how many at once: a drawing waits no longer than for one such part. */
const COUNT = 10_000;
const PART = 100;
/** Scenes, of which each is looked at many times over: as many as the grids show. */
const SCENES = 64;
/** While training, encoding takes one part of the time in so many. */
const SHARE = 4;
/** What is seen for so long is looked at, in milliseconds. */
const SETTLE = 300;
/** Points are shown anew this often, in milliseconds. */
const SHOW_EVERY = 100;

/** What was encoded so much earlier than the last one, in milliseconds, is of another time of the training. */
const RECENT = 15_000;

/**
 * Those of one step; while it trains, where no two parts are, those that were encoded lately. The last one comes first.
 *
 * @param {Codes} codes
 * @param {boolean} isTraining
 * @param {number} [most]
 * @returns {Codes} with a count of them and the step of the last one; their labels are not among them
 */
export function recentOf(codes, isTraining, most = Infinity) {
  const { latent, count, newest, steps, times, mean, log_variance } = codes;
  const last = (newest - 1 + count) % count;
  /** @param {number} at */
  const isRecent = (at) => (isTraining ? times[at] > times[last] - RECENT : steps[at] === steps[last]);
  /** @type {number[]} */
  const order = [];
  for (let at = last; order.length < Math.min(most, count) && isRecent(at); at = (at - 1 + count) % count)
    order.push(at);
  const step = steps[last];
  if (order.length === count) return { ...codes, step };
  /** @param {Float32Array} all */
  const of = (all) => {
    const some = new Float32Array(order.length * latent);
    order.forEach((from, to) => some.set(all.subarray(from * latent, (from + 1) * latent), to * latent));
    return some;
  };
  return {
    ...codes,
    step,
    count: order.length,
    mean: of(mean),
    log_variance: log_variance && of(log_variance),
    labels: null,
  };
}

export class Exploring {
  #store;
  #lab;
  #openPictures;
  #attention;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {() => Promise<void>} openPictures
   */
  constructor(store, lab, openPictures) {
    this.#store = store;
    this.#lab = lab;
    this.#openPictures = openPictures;
    this.#attention = new Attention(store, ["basis", "info", "pictures", "training"], async () => {
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
    const { codes, basis, info, pictures } = this.#facts();
    if (!info) return false;
    const isOther = !codes || codes.basis !== basis || codes.pictures !== pictures || codes.step !== info.step;
    return isOther || !codes.isWhole;
  }

  #facts() {
    const store = this.#store;
    return {
      codes: store.get("codes"),
      basis: store.get("basis"),
      info: store.get("info"),
      pictures: store.get("pictures"),
    };
  }

  /** All of them, part by part; what is replaced stays until its turn comes. */
  async #encode() {
    if (!this.#store.get("pictures")) {
      // While a page is put together, what is far down may be seen for a moment.
      await wait(SETTLE);
      if (!this.#attention.isHeld) return;
    }
    await this.#openPictures();
    const { basis, pictures, info, codes } = this.#facts();
    if (!info || !pictures) return;
    const latent = lengthOf(info);
    const count = Math.min(objectsOf(info) ? SCENES : COUNT, pictures.count);
    const goesOn = codes?.basis === basis && codes.pictures === pictures && codes.latent === latent;
    // Who looked away in the middle of it finds it there.
    const begin = goesOn && codes.step === info.step && !codes.isWhole ? codes.newest : 0;
    /** @type {Codes} */
    const next = goesOn
      ? { ...codes, step: info.step, isWhole: false }
      : {
          basis,
          pictures,
          latent,
          step: info.step,
          isWhole: false,
          count: 0,
          newest: 0,
          steps: new Uint32Array(count),
          times: new Float64Array(count),
          mean: new Float32Array(count * latent),
          log_variance: isGaussian(info) ? new Float32Array(count * latent) : null,
          labels: null,
        };
    let shownAt = 0;
    for (let start = begin; start < count; start += PART) {
      const began = performance.now();
      const part = await this.#lab.codes(start, Math.min(PART, count - start), pictures.from);
      if (!this.#attention.isHeld || this.#store.get("basis") !== basis || this.#store.get("pictures") !== pictures)
        return;
      next.mean.set(part.mean, start * latent);
      if (part.log_variance) next.log_variance?.set(part.log_variance, start * latent);
      if (part.labels) {
        next.labels ??= new Uint8Array(count);
        next.labels.set(part.labels, start);
      }
      next.newest = start + part.mean.length / latent;
      next.steps.fill(this.#store.get("info")?.step ?? info.step, start, next.newest);
      next.times.fill(performance.now(), start, next.newest);
      next.count = Math.max(next.count, next.newest);
      next.isWhole = next.newest >= count;
      const now = performance.now();
      if (now - shownAt >= SHOW_EVERY || start + PART >= count) {
        shownAt = now;
        this.#store.set({ codes: { ...next } });
      }
      if (this.#store.get("training")) await wait((now - began) * SHARE);
    }
  }
}
