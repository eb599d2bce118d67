// The controls of training. A setting that needs a fresh model says so, and waits until one is started.

import { CONTROLS, weightRange } from "../controls.js";
import { gentleRate } from "../experiment/rates.js";
import { stageInfo, weighedIn } from "../model.js";
import { stageOf } from "../progress.js";
import { anyOf } from "../store.js";
import { h, icon, setDisabled, setText } from "./dom.js";
import { wordsOf } from "./terms.js";
import { workersRow } from "./workers.js";

/**
 * @import { Controls, Parts, TrainConfig, View } from "../types.js"
 */

/** @param {number} rate */
const rateText = (rate) => Number(rate.toPrecision(2)).toString();

/** Step of the learning rate's slider: a twentieth of a power of ten. */
const LOG_STEP = 0.05;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  /** The value of the model's own configuration. @param {keyof TrainConfig} name */
  const ownValue = (name) => {
    const info = store.get("info");
    return info && name === "learning_rate" ? stageInfo(info, stageOf(store))[name] : info?.config.training[name];
  };

  /**
   * A row: a label, the input, the value, and a button that resets it.
   *
   * @param {"learning_rate" | "beta" | "batch_size"} name
   * @param {string} label
   * @param {HTMLInputElement | HTMLSelectElement} input
   */
  const row = (name, label, input) => {
    input.id = `control-${name}`;
    const value = h("output", { class: "number", for: input.id });
    const back = h(
      "button",
      {
        type: "button",
        class: "quiet",
        title: "Back to the model's own",
        "aria-label": `${label}: back to the model's own`,
        onclick: () => store.set({ [name]: null }),
      },
      icon("back"),
    );
    const title = h("label", { for: input.id }, label);
    const line = h("div", { class: "setting" }, title, input, value, back);
    element.append(line);
    return { line, title, value, back };
  };

  const { learning_rate, beta, batch_size, seed } = CONTROLS;
  const rate = h("input", {
    type: "range",
    min: Math.log10(learning_rate.min ?? 1),
    max: Math.log10(learning_rate.max ?? 1),
    step: LOG_STEP,
    oninput: () => store.set({ learning_rate: Number((10 ** rate.valueAsNumber).toPrecision(2)) }),
  });
  const rateRow = row("learning_rate", "Learning rate", rate);
  const weight = h("input", {
    type: "range",
    min: beta.min,
    max: beta.max,
    step: beta.step,
    oninput: () => store.set({ beta: weight.valueAsNumber }),
  });
  const weightRow = row("beta", "KL weight β", weight);
  const size = h("select", { onchange: () => store.set({ batch_size: batch_size.parse(size.value) ?? null }) });
  const sizeRow = row("batch_size", "Batch size", size);

  const number = h("input", {
    type: "number",
    id: "control-seed",
    min: seed.min,
    max: seed.max,
    step: 1,
    inputmode: "numeric",
    onchange: () => {
      const value = seed.parse(number.value);
      number.setAttribute("aria-invalid", String(value === undefined));
      wrong.hidden = value !== undefined;
      setText(
        wrong,
        `“${number.value}” is no seed; give a whole number from 0 to ${seed.max}. Seed ${store.get("seed")} holds.`,
      );
      if (value !== undefined) store.set({ seed: value });
    },
  });
  element.append(h("div", { class: "setting wide" }, h("label", { for: number.id }, "Seed"), number));

  const workers = workersRow(store);
  element.append(...workers.elements);

  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  element.append(wrong);

  const apply = h(
    "button",
    { type: "button", class: "apply", onclick: () => void experiment.startAfresh() },
    "Start afresh to apply",
  );
  const pending = h("p", { class: "pending", hidden: true }, h("span", {}), apply);
  element.append(pending);

  function showPending() {
    const basis = store.get("basis");
    const seed = store.get("seed");
    const due = basis !== null && basis.seed !== seed;
    if (!due && document.activeElement === apply) number.focus();
    pending.hidden = !due;
    if (pending.firstChild) setText(pending.firstChild, due ? `Seed ${seed} needs a fresh model.` : "");
  }

  /** Lists the batch sizes, including the model's own. */
  function showSizes() {
    const sizes = new Set(
      [...(batch_size.choices ?? []), ownValue("batch_size")].filter((size) => typeof size === "number"),
    );
    if (sizes.size === size.options.length && size.querySelector(`[value="${ownValue("batch_size")}"]`)) return;
    const inOrder = [...sizes].toSorted((a, b) => a - b);
    size.replaceChildren(...inOrder.map((count) => h("option", { value: String(count) }, `${count} images`)));
  }

  /** @param {ReadonlySet<string>} changed */
  function show(changed) {
    const { learning_rate, beta, batch_size, seed } = store.controls;
    if (document.activeElement !== number) number.value = String(seed);
    const rateNow = learning_rate ?? gentleRate(store, store.controls) ?? ownValue("learning_rate");
    if (rateNow !== undefined) {
      if (document.activeElement !== rate || !changed.has("learning_rate")) {
        rate.value = String(Math.log10(rateNow));
      }
      rate.setAttribute("aria-valuetext", rateText(rateNow));
      setText(rateRow.value, rateText(rateNow));
    }
    setDisabled(rateRow.back, learning_rate === null, rate);
    const info = store.get("info");
    const term = info && weighedIn(info, stageOf(store));
    weightRow.line.hidden = term === undefined;
    if (term) {
      const { weight: name } = wordsOf(term);
      setText(weightRow.title, name);
      weightRow.back.setAttribute("aria-label", `${name}: back to the model's own`);
      const range = weightRange(term);
      for (const bound of /** @type {const} */ (["min", "max", "step"])) weight[bound] = String(range[bound]);
    }
    const weightNow = beta ?? ownValue("beta");
    if (weightNow !== undefined) weight.value = String(weightNow);
    const isWarmUp = beta === null && (ownValue("kl_warm_up") ?? 0) > 0;
    const weightText = `${weightNow ?? "–"}`;
    setText(weightRow.value, weightText);
    weight.setAttribute(
      "aria-valuetext",
      isWarmUp ? `${weightText}, after a warm-up over ${ownValue("kl_warm_up")} steps` : weightText,
    );
    weight.title = isWarmUp ? `Rises from 0 over the first ${ownValue("kl_warm_up")} steps, unless you set it` : "";
    setDisabled(weightRow.back, beta === null, weight);
    showSizes();
    size.value = String(batch_size ?? ownValue("batch_size") ?? "");
    setDisabled(sizeRow.back, batch_size === null, size);
  }

  const CHANGES = /** @type {(keyof Controls)[]} */ (["learning_rate", "beta", "batch_size", "seed", "stage"]);
  return {
    update(changed) {
      if (changed.has("basis") || changed.has("data") || CHANGES.some((name) => changed.has(name))) {
        show(changed);
        showPending();
      }
      if (anyOf(changed, "workers", "workers_status", "device_status")) workers.show();
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const control of [rate, weight, size, number, workers.select, apply]) control.disabled = !ready;
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
