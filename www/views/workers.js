// How many workers train on the CPU, and how fast each number of them is.

import { h, setText } from "./dom.js";

/**
 * @import { Store } from "../store.js"
 * @import { WorkersStatus } from "../types.js"
 */

/** @param {number} rate */
const perSecond = (rate) => `${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)} steps/s`;

/** @param {WorkersStatus | null} status */
function paceOf(status) {
  if (!status) return "";
  const { workers, rates, memory, refusal } = status;
  if (refusal) return `No workers to train in: ${refusal}`;
  /** @param {readonly (typeof rates)[number][]} some */
  const told = (some) => some.map(([count, rate]) => `${perSecond(rate)} with ${count === 0 ? "none" : count}`);
  const own = rates.filter(([count]) => count === workers);
  const others = rates.filter(([count]) => count !== workers);
  const room = workers > 0 ? [`${Math.round(memory / 1e6)} MB`] : [];
  return [...told(own), ...told(others), ...room].join(", ");
}

/**
 * A row for the settings, and a sentence below it.
 *
 * @param {Store} store
 */
export function workersRow(store) {
  const cores = navigator.hardwareConcurrency || 2;
  const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count <= cores);
  const select = h(
    "select",
    {
      id: "control-workers",
      title: "Each computes a part of every batch on a core of its own; the run is the same with any number of them",
      onchange: () => store.set({ workers: select.value === "" ? null : Number(select.value) }),
    },
    h("option", { value: "" }, "the fastest number"),
    ...counts.map((count) => h("option", { value: String(count) }, String(count))),
  );
  const row = h("div", { class: "setting wide" }, h("label", { for: select.id }, "Workers"), select);
  const pace = h("p", { class: "pace" });
  return {
    elements: [row, pace],
    select,
    show() {
      const isOnCpu = store.get("device_status")?.device === "cpu";
      const status = store.get("workers_status");
      select.value = String(store.get("workers") ?? "");
      row.hidden = !isOnCpu || !!status?.refusal;
      setText(pace, isOnCpu ? paceOf(status) : "");
    },
  };
}
