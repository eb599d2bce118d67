// What training costs: reconstruction and KL, each with the values that they can be compared with.

import { MNIST_FLOORS } from "../experiment/assets.js";
import { Chart } from "./chart.js";
import { h, inNats, setText, thousands } from "./dom.js";

/**
 * @import { History, Name, Parts, View } from "../types.js"
 */

/** What a screen reader hears of a chart changes only so often, in milliseconds. */
const DESCRIBE_EVERY = 5000;

/** @type {Name[]} */
const SHOWN = ["history", "data", "cursor", "theme", "training", "basis"];

/**
 * The index of the step nearest to one.
 *
 * @param {readonly number[]} steps in order
 * @param {number} step
 */
function nearest(steps, step) {
  const after = steps.findIndex((at) => at >= step);
  if (after <= 0) return after === 0 ? 0 : steps.length - 1;
  return steps[after] - step < step - steps[after - 1] ? after : after - 1;
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  /** @param {string} name @param {string} title */
  const panel = (name, title) => {
    const chart = new Chart();
    const value = h("output", { class: "number", "aria-label": title });
    const note = h("span", { class: "note" });
    const heading = h("h3", {}, title, h("span", { class: "unit" }, "nats"));
    const figure = h("div", { class: `panel ${name}` }, h("header", {}, heading, value, note), chart.canvas);
    chart.onpoint = (cursor) => store.set({ cursor });
    return { chart, value, note, figure };
  };
  const reconstruction = panel("of-reconstruction", "Reconstruction");
  const kl = panel("of-kl", "KL");
  const heldOut = h("output", { class: "number", "aria-label": "Held-out −ELBO" });
  const what = h("span", {});
  reconstruction.note.append(h("span", { class: "dot", "aria-hidden": "true" }), what, heldOut);
  element.append(reconstruction.figure, kl.figure);

  let frame = 0;
  let describedAt = 0;
  const redraw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };

  function draw() {
    const config = store.get("info")?.config;
    const variational = config?.family !== "ae";
    kl.figure.hidden = !variational;
    element.classList.toggle("alone", !variational);
    setText(what, variational ? "held-out −ELBO " : "held-out loss ");
    heldOut.setAttribute("aria-label", variational ? "Held-out −ELBO" : "Held-out loss");
    const history = store.get("history");
    const cursor = store.get("cursor");
    const floors = store.get("data")?.floors ?? MNIST_FLOORS;
    // Both floors are known of the cross-entropy alone.
    const known = config?.likelihood !== "gaussian";
    const lines = [
      { y: floors.mean_image, label: `${inNats(floors.mean_image)} always the mean image` },
      { y: floors.entropy, label: `${inNats(floors.entropy)} entropy of the pixels` },
    ].filter(() => known);
    /** @type {[number, number]} */
    const range = known ? [Math.floor((floors.entropy * 0.8) / 10) * 10, floors.mean_image * 1.06] : [0, 0];
    reconstruction.chart.draw(
      {
        x: history.step,
        y: history.reconstruction,
        points: history.held_out.map((point) => ({ x: point.step, y: point.total })),
        lines,
        nothing: "Press play: the curve of your training goes here",
      },
      range,
      cursor,
    );
    kl.chart.draw(
      {
        x: history.step,
        y: history.kl,
        points: [],
        lines: [{ y: 0, label: "0 the latents say nothing" }],
        nothing: "",
      },
      [0, 30],
      cursor,
    );
    showNumbers(history, cursor);
  }

  /** @param {History} history @param {number | null} cursor */
  function showNumbers(history, cursor) {
    const at = cursor === null ? history.step.length - 1 : nearest(history.step, cursor);
    const points = history.held_out;
    const point =
      cursor === null
        ? points.at(-1)
        : points[
            nearest(
              points.map(({ step }) => step),
              cursor,
            )
          ];
    const cost = history.reconstruction[at];
    const price = history.kl[at];
    setText(reconstruction.value, cost === undefined ? "–" : inNats(cost));
    setText(kl.value, price === undefined ? "–" : inNats(price));
    setText(heldOut, point ? inNats(point.total) : "–");
    setText(kl.note, cursor !== null && at >= 0 ? `step ${thousands(history.step[at])}` : "");
    const now = performance.now();
    if (store.get("training") && now - describedAt < DESCRIBE_EVERY) return;
    describedAt = now;
    const step = history.step.at(-1);
    /** @param {string} name @param {readonly number[]} values */
    const describe = (name, values) =>
      step === undefined
        ? `${name} over steps: nothing yet`
        : `${name} over steps: from ${inNats(values[0])} to ${inNats(values[values.length - 1])} nats at step ${step}`;
    reconstruction.chart.canvas.setAttribute("aria-label", describe("Reconstruction", history.reconstruction));
    kl.chart.canvas.setAttribute("aria-label", describe("KL", history.kl));
  }

  const resized = new ResizeObserver(redraw);
  for (const { chart } of [reconstruction, kl]) resized.observe(chart.canvas);

  return {
    update(changed) {
      if (SHOWN.some((name) => changed.has(name))) redraw();
    },
    destroy() {
      cancelAnimationFrame(frame);
      resized.disconnect();
      element.replaceChildren();
    },
  };
}
