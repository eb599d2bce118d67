// Which device the user chose, and which one is in use.

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
    lab.addEventListener("workers", (event) => {
      if (event instanceof CustomEvent) store.set({ workers_status: event.detail });
    });
  }

  /** Says how many workers train on the CPU. */
  chooseWorkers() {
    this.#lab.workers(this.#store.get("workers")).catch(reportMistake);
  }

  /** Asks for the chosen device; if it is refused, the previous choice is restored, and a notice gives the reason. */
  async choose() {
    const choice = this.#store.get("device");
    // Dismissed now, not on success: after a refusal the previous choice is chosen again, and the reason has to stay.
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
