// A play and pause button for a view whose pictures move while the main button may be out of sight.

import { h, icon } from "../dom.js";

/**
 * @import { Training } from "../../experiment/training.js"
 * @import { Store } from "../../store.js"
 */

export class TrainButton {
  #store;
  element;

  /**
   * @param {Store} store
   * @param {Training} training
   */
  constructor(store, training) {
    this.#store = store;
    const toggle = () => (store.get("training") ? void training.pause() : training.play());
    this.element = h("button", { type: "button", onclick: toggle });
  }

  show() {
    const running = this.#store.get("training");
    this.element.replaceChildren(icon(running ? "pause" : "play"), running ? "Pause training" : "Train and watch");
    this.element.disabled = this.#store.get("phase") !== "ready";
  }
}
