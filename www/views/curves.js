// What training costs: reconstruction and KL, each with the values that they can be compared with.

import { MNIST_FLOORS } from "../experiment/assets.js";
import { endedAt, endOf, epochOf, passesAt } from "../experiment/epochs.js";
import { autoencoderOf } from "../grid.js";
import { Chart } from "./chart.js";
import { offerSvg, offerTable } from "../experiment/files.js";
import { h, inNats, s, saves, setText, thousands } from "./dom.js";

/**
 * @import { History, Name, Parts, View } from "../types.js"
 */

/** What a screen reader hears of a chart changes only so often, in milliseconds. */
const DESCRIBE_EVERY = 5000;

/** Between two charts that are saved, in pixels. */
const GAP = 16;
/** Epochs that are marked; of more every second, fifth, tenth. */
const MOST_MARKS = 24;

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
 * The ends of epochs, for a chart.
 *
 * @param {History} history
 */
function marksOf({ epochs, step }) {
  const last = epochOf(passesAt(epochs, step.at(-1) ?? 0));
  const power = 10 ** Math.floor(Math.log10(Math.max(last / MOST_MARKS, 1)));
  const stride = power * ([1, 2, 5].find((factor) => last / (factor * power) <= MOST_MARKS) ?? 10);
  return Array.from({ length: Math.floor(last / stride) }, (_, index) => {
    const epoch = (index + 1) * stride;
    return { x: endOf(epochs, epoch), label: index === 0 ? `epoch ${epoch}` : thousands(epoch) };
  });
}

/**
 * What held-out images cost after the last full epoch before a step.
 *
 * @param {History} history
 * @param {number} step
 */
function lastEpoch({ epochs, held_out }, step) {
  const point = held_out.findLast((point) => point.step <= step && endedAt(epochs, point.step) > 0);
  return point && { epoch: endedAt(epochs, point.step), total: point.total };
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  /** @param {string} name @param {string} title @param {string} color */
  const panel = (name, title, color) => {
    const chart = new Chart();
    const value = h("output", { class: "number", "aria-label": title });
    const note = h("span", { class: "note" });
    const heading = h("h3", {}, title, h("span", { class: "unit" }, "nats"));
    const figure = h("div", { class: `panel ${name}` }, h("header", {}, heading, value, note), chart.canvas);
    chart.onpoint = (cursor) => store.set({ cursor });
    /** @param {string} to @param {string} unit */
    const rename = (to, unit) => {
      heading.replaceChildren(to, h("span", { class: "unit" }, unit));
      value.setAttribute("aria-label", to);
      one.title = to;
    };
    const one = { chart, value, note, figure, title, color, rename };
    return one;
  };
  const reconstruction = panel("of-reconstruction", "Reconstruction", "--reconstruction");
  const kl = panel("of-kl", "KL", "--latent");
  const heldOut = h("output", { class: "number", "aria-label": "Held-out −ELBO" });
  const what = h("span", {});
  const epoch = h("output", { class: "note epoch", "aria-label": "Last epoch" });
  reconstruction.note.append(h("span", { class: "dot", "aria-hidden": "true" }), what, heldOut);
  const keep = saves({ SVG: savePicture, CSV: saveNumbers });
  reconstruction.note.after(h("div", { class: "kept" }, keep, epoch));
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
    const variational = config?.family !== "ae" && config?.family !== "vq_vae";
    const committed = config?.family === "vq_vae";
    const second = committed ? "Commitment" : "KL";
    if (kl.title !== second) kl.rename(second, committed ? "squared distance" : "nats");
    kl.figure.hidden = !variational && !committed;
    element.classList.toggle("alone", kl.figure.hidden);
    setText(what, variational ? "held-out −ELBO " : "held-out loss ");
    heldOut.setAttribute("aria-label", variational ? "Held-out −ELBO" : "Held-out loss");
    const history = store.get("history");
    const cursor = store.get("cursor");
    const marks = marksOf(history);
    const floors = store.get("data")?.floors ?? MNIST_FLOORS;
    // Both floors are known of the cross-entropy alone.
    const known = autoencoderOf(config)?.likelihood !== "gaussian";
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
        marks,
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
        lines: committed ? [] : [{ y: 0, label: "0 the latents say nothing" }],
        marks,
        nothing: "",
      },
      committed ? [0, 0] : [0, 30],
      cursor,
    );
    keep.disabled = history.step.length + history.held_out.length === 0;
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
    const full = lastEpoch(history, cursor ?? Infinity);
    setText(epoch, full ? `epoch ${thousands(full.epoch)}: ${inNats(full.total)} nats held out` : "");
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
    kl.chart.canvas.setAttribute("aria-label", describe(kl.title, history.kl));
  }

  function savePicture() {
    let left = 0;
    const charts = [reconstruction, kl]
      .filter(({ figure }) => !figure.hidden)
      .map(({ chart, title, color }) => {
        const heading = s("text", { x: 4, y: 14, fill: `var(${color})`, "font-size": 13 }, `${title}, nats`);
        const curve = s("g", { transform: "translate(0 24)" }, chart.toSvg());
        const part = s("g", { transform: `translate(${left} 0)` }, heading, curve);
        left += chart.canvas.clientWidth + GAP;
        return part;
      });
    const height = 24 + reconstruction.chart.canvas.clientHeight;
    offerSvg(s("svg", { viewBox: `0 0 ${left} ${height}` }, ...charts), "curves", store.get("model"));
  }

  function saveNumbers() {
    const { step, reconstruction, kl: second, held_out, epochs } = store.get("history");
    /** @type {Map<number, (string | number)[]>} */
    const rows = new Map(step.map((at, index) => [at, [at, reconstruction[index], second[index], "", ""]]));
    for (const point of held_out) {
      const row = rows.get(point.step) ?? [point.step, "", "", "", ""];
      [row[3], row[4]] = [point.total, endedAt(epochs, point.step) || ""];
      rows.set(point.step, row);
    }
    const columns = ["step", "reconstruction", kl.title.toLowerCase(), "held_out_loss", "epoch"];
    const inOrder = [...rows.values()].sort(([a], [b]) => Number(a) - Number(b));
    offerTable(columns, inOrder, "curves", store.get("model"));
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
