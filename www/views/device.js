// Which device runs the model and why, and the choice of another one.

import { CONTROLS } from "../controls.js";
import { h, setText } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 */

const NAMES = { auto: "Automatic", cpu: "CPU", webgpu: "WebGPU" };

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const choices = (CONTROLS.device.choices ?? []).map((choice) => {
    const input = h("input", {
      type: "radio",
      name: "device",
      value: choice,
      onchange: () => store.set({ device: choice }),
    });
    return { choice, input, label: h("label", {}, input, h("span", {}, NAMES[choice])) };
  });
  const deviceName = h("strong", {});
  const detail = h("span", {});
  const reason = h("p", { class: "reason" }, deviceName, detail);
  element.append(
    h(
      "fieldset",
      { class: "segmented" },
      h("legend", { class: "unseen" }, "Device"),
      h("div", {}, ...choices.map(({ label }) => label)),
    ),
    reason,
  );

  return {
    update(changed) {
      if (changed.has("device")) {
        for (const { choice, input } of choices) input.checked = choice === store.get("device");
      }
      if (changed.has("phase")) {
        for (const { input } of choices) input.disabled = store.get("phase") !== "ready";
      }
      if (changed.has("device_status") || changed.has("phase")) {
        const status = store.get("device_status");
        const name = status ? NAMES[status.device] : "";
        setText(deviceName, name);
        setText(detail, status?.reason ? `: ${status.reason}` : "");
        element.dataset.device = status?.device ?? "";
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
