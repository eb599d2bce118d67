// Which device a person chose, and what came of it.

import { dismiss, notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { DeviceChoice } from "../types.js"
 * @import { Store } from "../store.js"
 */

export class Device {
  #store;
  #lab;
  /** @type {DeviceChoice} the last choice that was possible */
  #possible = "auto";

  /**
   * @param {Store} store
   * @param {LabClient} lab
   */
  constructor(store, lab) {
    this.#store = store;
    this.#lab = lab;
    lab.addEventListener("device", (event) => {
      if (event instanceof CustomEvent) store.set({ device_status: event.detail });
    });
  }

  /** Asks for what was chosen; where it is refused, the choice before is back, with the reason. */
  async choose() {
    const choice = this.#store.get("device");
    // Now, not when it is granted: a refusal goes back to the choice before, and its reason has to stay.
    dismiss(this.#store, "device");
    try {
      const device_status = await this.#lab.device(choice);
      if (this.#store.get("device") !== choice) return;
      this.#possible = choice;
      this.#store.set({ device_status });
    } catch (error) {
      reportMistake(error);
      if (this.#store.get("device") !== choice) return;
      this.#store.set({ device: this.#possible });
      notify(this.#store, { id: "device", tone: "problem", text: sentence(error) });
    }
  }
}
