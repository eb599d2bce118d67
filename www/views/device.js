// Which device runs the model and why, and the choice of another one.

import { CONTROLS } from "../controls.js";
import { h, setText } from "./dom.js";

/**
 * @import { Parts, View, WorkersStatus } from "../types.js"
 */

const NAMES = { auto: "Automatic", cpu: "CPU", webgpu: "WebGPU" };

/** @param {number} rate */
const perSecond = (rate) => `${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)} steps/s`;

/** How fast how many workers train. @param {WorkersStatus | null} status */
function paceOf(status) {
  if (!status) return "";
  const { workers, rates, memory, refusal } = status;
  if (refusal) return `No workers to train in: ${refusal}`;
  const [own] = rates.filter(([count]) => count === workers).map(([, rate]) => perSecond(rate));
  const others = rates
    .filter(([count]) => count !== workers)
    .map(([count, rate]) => `${perSecond(rate)} with ${count}`);
  return `${workers === 1 ? "1 worker trains" : `${workers} workers train`}: ${[own, ...others].join(", ")}; ${Math.round(memory / 1e6)} MB`;
}

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
  const cores = navigator.hardwareConcurrency || 2;
  const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count <= cores);
  const workers = h(
    "select",
    {
      id: "control-workers",
      onchange: () => store.set({ workers: workers.value === "" ? null : Number(workers.value) }),
    },
    h("option", { value: "" }, "as many as are fastest"),
    ...counts.map((count) => h("option", { value: String(count) }, String(count))),
  );
  const team = h(
    "p",
    { class: "reason workers" },
    h("label", { for: "control-workers" }, "Workers that train"),
    workers,
  );
  const pace = h("p", { class: "reason", id: "pace" });
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
    team,
    pace,
  );

  return {
    update(changed) {
      if (changed.has("device")) {
        for (const { choice, input } of choices) input.checked = choice === store.get("device");
      }
      if (changed.has("phase")) {
        for (const { input } of choices) input.disabled = store.get("phase") !== "ready";
      }
      if (changed.has("workers")) workers.value = String(store.get("workers") ?? "");
      if (changed.has("workers_status") || changed.has("device_status")) {
        const isOnCpu = store.get("device_status")?.device === "cpu";
        team.hidden = !isOnCpu || !!store.get("workers_status")?.refusal || counts.length < 2;
        setText(pace, isOnCpu ? paceOf(store.get("workers_status")) : "");
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
