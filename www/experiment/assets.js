// The files that the page is made of. Each is downloaded once, and again only if the download failed.

import { binary } from "../pkg/cpu/binary.js";
import { stem } from "./files.js";
import { DATA_NAMES } from "../store.js";
import { bytes, download, downloadModule } from "../download.js";

/**
 * @import { DataFiles } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** @param {string} path */
const urlOf = (path) => new URL(`../${path}`, import.meta.url);

/** The floors of all of MNIST; those of its first 10,000 images agree with them to a tenth. */
export const MNIST_FLOORS = { entropy: 45.5, mean_image: 205.9 };

export class Assets {
  #store;
  /** @type {Promise<WebAssembly.Module> | undefined} */
  #module;
  /** @type {Map<string, Promise<Uint8Array>>} one entry for each variant that was chosen */
  #weights = new Map();
  /** @type {{ [part: string]: Promise<[Uint8Array, Uint8Array]> | undefined }} */
  #samples = {};

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  module() {
    const name = "engine";
    this.#module ??= downloadModule(binary(), name, this.progress(name)).catch((error) => {
      this.#module = undefined;
      throw error;
    });
    return this.#module;
  }

  /** @param {string} model a variant's name; the weights of E6/vae are in E6-vae.safetensors */
  weights(model) {
    const path = `weights/${stem(model)}.safetensors`;
    const weights =
      this.#weights.get(model) ??
      this.#bytes(path, "shipped weights").catch((error) => {
        this.#weights.delete(model);
        throw error;
      });
    this.#weights.set(model, weights);
    return weights;
  }

  /** @param {string} model */
  forgetWeights(model) {
    this.#weights.delete(model);
  }

  /** @param {"first" | "sample"} part the first ten of the sample digits, or all of them */
  samples(part) {
    this.#samples[part] ??= Promise.all([
      this.#bytes(`data/${part}-images-idx3-ubyte.gz`, "sample digits"),
      this.#bytes(`data/${part}-labels-idx1-ubyte.gz`, "sample labels"),
    ]).catch((error) => {
      delete this.#samples[part];
      throw error;
    });
    return this.#samples[part];
  }

  /** Digits that no model has seen, for the views. */
  test() {
    return Promise.all([
      this.#bytes("data/t10k-images-idx3-ubyte.gz", "test digits"),
      this.#bytes("data/t10k-labels-idx1-ubyte.gz", "test labels"),
    ]);
  }

  /**
   * @param {keyof typeof DATA_NAMES} set
   * @returns {Promise<DataFiles>} not kept here: the worker gets the bytes, and the browser's cache has them too
   */
  async data(set) {
    const name = DATA_NAMES[set];
    if (set === "fashion") {
      const [images, labels] = await Promise.all([
        this.#bytes("data/fashion-images-idx3-ubyte.gz", "garments"),
        this.#bytes("data/fashion-labels-idx1-ubyte.gz", "garments' labels"),
      ]);
      return { name, set, images, labels };
    }
    const [images, labels, held_out] = await Promise.all([
      this.#bytes("data/train-images-idx3-ubyte.gz", "training digits"),
      this.#bytes("data/train-labels-idx1-ubyte.gz", "training labels"),
      this.#bytes("data/test-images-idx3-ubyte.gz", "held-out digits"),
    ]);
    return { name, set, images, labels, held_out, floors: MNIST_FLOORS };
  }

  /**
   * @param {string} path
   * @param {string} name
   */
  async #bytes(path, name) {
    return bytes(await download(urlOf(path), name, this.progress(name)), name);
  }

  /**
   * Shows how far a download has come.
   *
   * @param {string} name
   * @returns {(loaded: number, total: number | undefined, done: boolean) => void}
   */
  progress(name) {
    return (loaded, total, done) => {
      const downloads = new Map(this.#store.get("downloads"));
      if (done) downloads.delete(name);
      else downloads.set(name, { loaded, total });
      this.#store.set({ downloads });
    };
  }
}
