// Play, pause, step, reset; where training starts from, its current step and its speed.

import { CONTROLS } from "../controls.js";
import { stageOf, stepOf } from "../progress.js";
import { anyOf } from "../store.js";
import { hasShipped } from "../structure.js";
import { h, icon, setText, thousands } from "./dom.js";

/**
 * @import { Controls, Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { training } = experiment;
  const play = h("button", {
    type: "button",
    class: "play",
    onclick: () => (store.get("training") ? void training.pause() : training.play()),
  });
  const step = h(
    "button",
    {
      type: "button",
      class: "round",
      "aria-label": "Single step",
      title: "Single step",
      onclick: () => void training.step(),
    },
    icon("step"),
  );
  const reset = h(
    "button",
    { type: "button", class: "round", "aria-label": "Reset", onclick: () => void experiment.startAfresh() },
    icon("reset"),
  );
  const limit = h("input", {
    type: "number",
    id: "control-steps",
    min: CONTROLS.steps.min,
    max: CONTROLS.steps.max,
    inputmode: "numeric",
    placeholder: "∞",
    title: "Each time that you press play; without a number training goes on until you pause",
    onchange: () => {
      const steps = CONTROLS.steps.parse(limit.value) ?? null;
      // An empty field is valid; one with anything but a number in it is not.
      const isValid = steps !== null || (limit.value === "" && !limit.validity.badInput);
      limit.setAttribute("aria-invalid", String(!isValid));
      wrong.hidden = isValid;
      if (isValid) store.set({ steps });
    },
  });
  const { min = 1, max = 1 } = CONTROLS.steps;
  const wrong = h(
    "p",
    { class: "wrong", role: "alert", hidden: true },
    `Give a whole number from ${min} to ${thousands(max)}, or nothing: then only you pause it.`,
  );
  const steps = h("output", { class: "number", "aria-label": "Step" }, "–");
  const speed = h("output", { class: "number", "aria-label": "Steps per second" }, "–");

  /** @param {Controls["start"]} value @param {string} name */
  const choice = (value, name) => {
    const input = h("input", {
      type: "radio",
      name: "start",
      value,
      "aria-label": `${name} weights`,
      onchange: () => store.set({ start: value }),
    });
    return { input, label: h("label", {}, input, h("span", {}, name)) };
  };
  const shipped = choice("shipped", "Shipped");
  const fresh = choice("fresh", "Fresh");
  const codes = h("input", { type: "radio", name: "stage", value: "codes", onchange: () => choose("codes") });
  const prior = h("input", { type: "radio", name: "stage", value: "prior", onchange: () => choose("prior") });
  const stage = h(
    "fieldset",
    { class: "segmented", hidden: true },
    h("legend", {}, "Train"),
    h("div", {}, h("label", {}, codes, h("span", {}, "Codes")), h("label", {}, prior, h("span", {}, "Prior"))),
  );
  /** Chooses a stage and resets the learning rate, which suits only one stage. @param {Controls["stage"]} to */
  const choose = (to) => store.set({ stage: to, learning_rate: null });
  const ownNote = h("p", { class: "fine", hidden: true }, "Your own structure has no shipped weights.");
  const start = h(
    "fieldset",
    { class: "segmented" },
    h("legend", {}, "Start from weights"),
    h("div", {}, shipped.label, fresh.label),
    ownNote,
  );
  const watch = h(
    "button",
    { type: "button", hidden: true, onclick: () => void experiment.learnFromNothing() },
    "Watch it learn from nothing",
  );
  element.append(
    watch,
    h("div", { class: "buttons" }, reset, play, step),
    h("p", { class: "most" }, h("label", { for: limit.id }, "Pause after"), limit, "steps"),
    wrong,
    stage,
    h(
      "div",
      { class: "counters" },
      h("p", {}, steps, h("span", { class: "unit" }, "steps")),
      h("p", {}, speed, h("span", { class: "unit" }, "steps/s")),
    ),
    start,
  );

  function showPlay() {
    const running = store.get("training");
    play.classList.toggle("running", running);
    play.setAttribute("aria-label", running ? "Pause" : "Train");
    play.title = running ? "Pause" : "Train";
    play.replaceChildren(icon(running ? "pause" : "play"));
  }

  function showLimit() {
    if (document.activeElement !== limit) limit.value = String(store.get("steps") ?? "");
  }

  function showStart() {
    ownNote.hidden = hasShipped(store.controls);
    const start = ownNote.hidden ? store.get("start") : "fresh";
    shipped.input.checked = start === "shipped";
    fresh.input.checked = start === "fresh";
    reset.title = `Reset to ${start} weights`;
    const isLearning = store.get("basis")?.start !== "shipped";
    if (isLearning && watch === document.activeElement) play.focus();
    watch.hidden = isLearning;
    fresh.input.disabled = store.get("phase") !== "ready";
    shipped.input.disabled = fresh.input.disabled || !ownNote.hidden;
  }

  return {
    update(changed) {
      if (changed.has("training")) showPlay();
      if (anyOf(changed, "start", "basis", "phase")) showStart();
      if (changed.has("steps")) showLimit();
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const control of [watch, play, step, reset, limit, codes, prior]) control.disabled = !ready;
      }
      if (anyOf(changed, "info", "stage")) {
        const info = store.get("info");
        const now = stageOf(store);
        stage.hidden = (info?.stages.length ?? 0) < 2;
        (now === "prior" ? prior : codes).checked = true;
        setText(steps, info ? thousands(stepOf(info, now)) : "–");
      }
      if (changed.has("speed")) {
        const rate = store.get("speed");
        setText(speed, rate === null ? "–" : rate < 20 ? rate.toFixed(1) : rate.toFixed(0));
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
