// Play, pause, step, reset; where training starts from, where it stands and how fast it is.

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
  const start = h(
    "fieldset",
    { class: "segmented" },
    h("legend", {}, "Start from weights"),
    h("div", {}, shipped.label, fresh.label),
  );
  element.append(
    h("div", { class: "buttons" }, reset, play, step),
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

  function showStart() {
    const start = store.get("start");
    shipped.input.checked = start === "shipped";
    fresh.input.checked = start === "fresh";
    reset.title = `Reset to ${start} weights`;
    shipped.input.disabled = fresh.input.disabled = store.get("phase") !== "ready";
  }

  return {
    update(changed) {
      if (changed.has("training")) showPlay();
      if (["start", "phase"].some((name) => changed.has(/** @type {any} */ (name)))) showStart();
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const button of [play, step, reset]) button.disabled = !ready;
      }
      if (changed.has("info")) {
        const info = store.get("info");
        setText(steps, info ? thousands(info.step) : "–");
      }
      if (changed.has("speed")) {
        const rate = store.get("speed");
        setText(speed, rate === null ? "–" : rate < 20 ? rate.toFixed(1) : rate.toFixed(0));
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
