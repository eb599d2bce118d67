// What the controls name to start from: shipped weights, or fresh ones of a structure that may be one's own.

import { variantOf } from "../store.js";
import { configOf, hasShipped, isEqual, isOwn, NONE } from "../structure.js";
import { kindOf, notify, sentence } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Info, ModelConfig } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 */

export class Starts {
  #store;
  #lab;
  #assets;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Assets} assets
   */
  constructor(store, lab, assets) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = assets;
  }

  /** What the next one is from: for a structure of one's own there may be no shipped weights. */
  get from() {
    return this.#isOwn && !hasShipped(this.#store.controls) ? "fresh" : this.#store.get("start");
  }

  /** The configuration that was chosen; undefined where the model is as it comes. @returns {ModelConfig | undefined} */
  get config() {
    const { controls } = this.#store;
    const variant = isOwn(controls) && variantOf(this.#store);
    return variant ? configOf(variant, controls) : undefined;
  }

  /** Whether what was chosen makes another model: units of layers that there are not make none. */
  get #isOwn() {
    const { controls } = this.#store;
    const variant = variantOf(this.#store);
    return isOwn(controls) && !(variant && isEqual(configOf(variant, controls), variant.config));
  }

  /** @returns {Promise<Info>} of the model that the controls name, which is open now */
  async open() {
    if (this.from === "shipped") return this.#openShipped();
    const { model, seed } = this.#store.controls;
    return this.#lab.create(this.config ?? model, { seed });
  }

  /** As `open`; in place of a structure that the address asks for and nobody can build, the model as it is. */
  async openPossible() {
    try {
      return await this.open();
    } catch (error) {
      if (kindOf(error) !== "invalid_config" || !isOwn(this.#store.controls)) throw error;
      const text = `${sentence(error)} Until then, the model is as it comes.`;
      notify(this.#store, { id: "structure", tone: "problem", text });
      this.#store.set(NONE);
      return this.open();
    }
  }

  async #openShipped() {
    const { model } = this.#store.controls;
    const weights = await this.#assets.weights(model);
    try {
      return await this.#lab.open(weights, this.config);
    } catch (error) {
      if (kindOf(error) === "invalid_config") throw error;
      // Something arrived, but not what was asked for: the next try asks again.
      this.#assets.forgetWeights(model);
      throw kindOf(error) === "device"
        ? error
        : new Error("The shipped weights did not arrive whole. Try again.", { cause: error });
    }
  }
}
