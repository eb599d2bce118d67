// The encodings of thousands of digits, kept up to date while a view shows them.

import { isGaussian, lengthOf, objectsOf } from "../model.js";
import { Attention, wait } from "./attention.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Codes } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** How many digits are encoded, and how many at once: a drawing has to wait for one such part at most. */
const COUNT = 10_000;
const PART = 100;
/** How many scenes are encoded: as many as the grids show, because the encoder looks at each scene many times. */
const SCENES = 64;
/** While training, the pause after each part is this many times as long as encoding the part took. */
const SHARE = 4;
/** A view that is visible for so long is being looked at, in milliseconds. */
const SETTLE = 300;
/** The shown points are updated this often, in milliseconds. */
const SHOW_EVERY = 100;

/** Encodings that are older than the last one by more than this, in milliseconds, count as outdated while training. */
const RECENT = 15_000;

/**
 * The encodings of the last step. During training no two parts are of the same step, so those encoded lately are taken.
 * The latest one comes first.
 *
 * @param {Codes} codes
 * @param {boolean} isTraining
 * @param {number} [most]
 * @returns {Codes} with their count and the step of the last one, without labels if only some are recent
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
  const rowsOf = (all) => {
    const some = new Float32Array(order.length * latent);
    order.forEach((from, to) => some.set(all.subarray(from * latent, (from + 1) * latent), to * latent));
    return some;
  };
  return {
    ...codes,
    step,
    count: order.length,
    mean: rowsOf(mean),
    log_variance: log_variance && rowsOf(log_variance),
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

  /** @param {boolean} seen whether a view shows the codes from now on */
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

  /** Encodes all digits part by part; an old encoding stays until it is replaced. */
  async #encode() {
    if (!this.#store.get("pictures")) {
      // While the page is being laid out, a view far down may be visible for a moment.
      await wait(SETTLE);
      if (!this.#attention.isHeld) return;
    }
    await this.#openPictures();
    const { basis, pictures, info, codes } = this.#facts();
    if (!info || !pictures) return;
    const latent = lengthOf(info);
    const count = objectsOf(info) ? SCENES : Math.min(COUNT, pictures.count);
    const isContinued = codes?.basis === basis && codes.pictures === pictures && codes.latent === latent;
    // If the views were hidden in the middle of a pass, that pass goes on from there.
    const begin = isContinued && codes.step === info.step && !codes.isWhole ? codes.newest : 0;
    /** @type {Codes} */
    const next = isContinued
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
      // The worker may have opened another model, of which the page learns later.
      if (part.mean.length % latent !== 0 || part.mean.length > next.mean.length - start * latent) return;
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
