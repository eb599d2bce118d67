// The curves of the loss, term by term, each with the values that it can be compared with.

import { MNIST_FLOORS } from "../experiment/assets.js";
import { endedAt, endOf, epochOf, passesAt } from "../experiment/epochs.js";
import { offerSvg, offerTable } from "../experiment/files.js";
import { heldOutTerms } from "../model.js";
import { stageOf } from "../progress.js";
import { anyOf } from "../store.js";
import { Chart } from "./chart.js";
import { h, inNats, s, saves, setText, thousands } from "./dom.js";
import { comparedOf, curvesOf, lossName, wordsOf } from "./terms.js";

/**
 * @import { History, Name, Parts, TermInfo, View } from "../types.js"
 */

/** During training, a chart is drawn and its description for screen readers is changed this often, in milliseconds. */
const DRAW_EVERY = 100;
const DESCRIBE_EVERY = 5000;

/** The gap between two saved charts, in pixels. */
const GAP = 16;
/** At most this many epochs are marked; if there are more, every second, fifth or tenth one. */
const MOST_MARKS = 24;

/** Changes of these are drawn without delay. @type {Name[]} */
const SHOWN = ["data", "cursor", "theme", "training", "basis", "stage"];

/**
 * The index of the step that is nearest to a given one.
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
 * Marks of a chart at the ends of epochs.
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
 * The held-out loss after the last full epoch before a step.
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
  /** @param {TermInfo} first term that the panel shows */
  const panel = (first) => {
    const chart = new Chart();
    const value = h("output", { class: "number" });
    const note = h("span", { class: "note" });
    const heading = h("h3", {});
    const figure = h("div", { class: "panel" }, h("header", {}, heading, value, note), chart.canvas);
    chart.onpoint = (cursor) => store.set({ cursor });
    /** @param {TermInfo | undefined} term undefined if there is none to show */
    const show = (term) => {
      figure.hidden = !term;
      if (!term || (term.name === entry.term.name && heading.firstChild)) return;
      const { title, unit, color } = wordsOf(term);
      entry.term = term;
      heading.replaceChildren(title, h("span", { class: "unit" }, unit));
      value.setAttribute("aria-label", title);
      figure.style.setProperty("--stage", `var(${color})`);
    };
    const entry = { chart, value, note, figure, term: first, show };
    show(first);
    return entry;
  };
  const panels = curvesOf(null, "codes").map(panel);
  const [main, second] = panels;
  const heldOut = h("output", { class: "number", "aria-label": "Held-out −ELBO" });
  /** The held-out main term, shown first and beside its curve if the loss has several terms. */
  const pictures = h("output", { class: "number" });
  const part = h("span", {}, "held out ", pictures, " ");
  const lossLabel = h("span", {});
  const epoch = h("output", { class: "note epoch", "aria-label": "Last epoch" });
  main.note.append(h("span", { class: "dot", "aria-hidden": "true" }), part, lossLabel, heldOut);
  const keep = saves({ SVG: savePicture, CSV: saveNumbers });
  main.note.after(h("div", { class: "kept" }, keep, epoch));
  element.append(...panels.map(({ figure }) => figure));

  let frame = 0;
  let timer = 0;
  let describedAt = 0;
  const redraw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };

  /** Redraws after a delay, because new steps can wait while a pen needs the thread. */
  const follow = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      redraw();
    }, DRAW_EVERY);
  };

  /** Whether the loss of held-out images has terms besides that of the main curve. */
  const hasOthers = () => {
    const info = store.get("info");
    return info !== null && heldOutTerms(info, stageOf(store)).length > 1;
  };

  /** The curves of the stage that is trained. */
  const curves = () => store.get("history")[stageOf(store)];

  function draw() {
    const info = store.get("info");
    const stage = stageOf(store);
    const shown = curvesOf(info, stage).slice(0, panels.length);
    panels.forEach((panel, index) => panel.show(shown[index]));
    element.classList.toggle("alone", shown.length === 1);
    const loss = lossName(info, stage);
    // A training step of the prior is given the class of most images, which saves some nats; the held-out loss is
    // without it.
    const withoutClass = stage === "prior" ? ", class untold" : "";
    setText(lossLabel, hasOthers() ? `${loss} ` : `held-out ${loss}${withoutClass} `);
    part.hidden = !hasOthers();
    heldOut.setAttribute("aria-label", `Held-out ${loss}`);
    pictures.setAttribute("aria-label", `Held-out ${wordsOf(shown[0]).title.toLowerCase()}`);
    const history = curves();
    const cursor = store.get("cursor");
    const marks = marksOf(history);
    const floors = store.get("data")?.floors ?? MNIST_FLOORS;
    for (const [index, term] of shown.entries()) {
      const { lines, range } = comparedOf(term, info, stage, floors);
      const isMain = index === 0;
      panels[index].chart.draw(
        {
          x: history.step,
          y: history.terms[term.name] ?? [],
          points: isMain ? dotsOf(history) : [],
          lines,
          marks,
          nothing: isMain ? "Press play: the curve of your training goes here" : "",
        },
        range,
        cursor,
      );
    }
    keep.disabled = history.step.length + history.held_out.length === 0;
    showNumbers(history, cursor);
  }

  /** Points of the held-out images, of the same quantity as the main curve. @param {History} history */
  const dotsOf = ({ held_out }) =>
    held_out.flatMap(({ step, total, main }) => {
      const y = hasOthers() ? main : total;
      return y === undefined ? [] : [{ x: step, y }];
    });

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
    for (const { term, value } of panels) {
      const now = history.terms[term.name]?.[at];
      setText(value, now === undefined ? "–" : inNats(now));
    }
    setText(heldOut, point ? inNats(point.total) : "–");
    setText(pictures, point?.main === undefined ? "–" : inNats(point.main));
    const full = lastEpoch(history, cursor ?? Infinity);
    setText(epoch, full ? `epoch ${thousands(full.epoch)}: ${inNats(full.total)} nats held out` : "");
    const place = cursor !== null && at >= 0 ? [`step ${thousands(history.step[at])}`] : [];
    // A term without a chart of its own is shown as a number.
    const others = curvesOf(store.get("info"), stageOf(store))
      .slice(panels.length)
      .flatMap((term) => {
        const value = history.terms[term.name]?.[at];
        return value === undefined ? [] : [`${wordsOf(term).title.toLowerCase()} ${inNats(value)}`];
      });
    setText(second.note, [...place, ...others].join(", "));
    const now = performance.now();
    if (store.get("training") && now - describedAt < DESCRIBE_EVERY) return;
    describedAt = now;
    const step = history.step.at(-1);
    for (const { term, chart } of panels) {
      const { title, unit } = wordsOf(term);
      const values = history.terms[term.name] ?? [];
      const range =
        step === undefined || values.length === 0
          ? "nothing yet"
          : `from ${inNats(values[0])} to ${inNats(values[values.length - 1])} ${unit} at step ${step}`;
      chart.canvas.setAttribute("aria-label", `${title} over steps: ${range}`);
    }
  }

  function savePicture() {
    let left = 0;
    const charts = panels
      .filter(({ figure }) => !figure.hidden)
      .map(({ chart, term }) => {
        const { title, unit, color } = wordsOf(term);
        const heading = s("text", { x: 4, y: 14, fill: `var(${color})`, "font-size": 13 }, `${title}, ${unit}`);
        const curve = s("g", { transform: "translate(0 24)" }, chart.toSvg());
        const part = s("g", { transform: `translate(${left} 0)` }, heading, curve);
        left += chart.canvas.clientWidth + GAP;
        return part;
      });
    const height = 24 + main.chart.canvas.clientHeight;
    offerSvg(s("svg", { viewBox: `0 0 ${left} ${height}` }, ...charts), "curves", store.get("model"));
  }

  function saveNumbers() {
    const { step, terms, held_out, epochs } = curves();
    const names = Object.keys(terms);
    const values = Object.values(terms);
    const [info, stage] = [store.get("info"), stageOf(store)];
    const [{ name }] = curvesOf(info, stage);
    const isWhole = lossName(info, stage) !== name;
    const heldOut = [...(isWhole ? ["held_out_loss"] : []), ...(!isWhole || hasOthers() ? [`held_out_${name}`] : [])];
    const nothing = [...heldOut, "epoch"].map(() => "");
    /** @type {Map<number, (string | number)[]>} */
    const rows = new Map(step.map((at, index) => [at, [at, ...values.map((of) => of[index] ?? ""), ...nothing]]));
    for (const point of held_out) {
      const row = rows.get(point.step) ?? [point.step, ...values.map(() => ""), ...nothing];
      const costs = [point.total, ...(hasOthers() ? [point.main ?? ""] : [])];
      row.splice(-nothing.length, nothing.length, ...costs, endedAt(epochs, point.step) || "");
      rows.set(point.step, row);
    }
    const columns = ["step", ...names, ...heldOut, "epoch"];
    const inOrder = [...rows.values()].sort(([a], [b]) => Number(a) - Number(b));
    offerTable(columns, inOrder, "curves", store.get("model"));
  }

  const resized = new ResizeObserver(redraw);
  for (const { chart } of panels) resized.observe(chart.canvas);

  return {
    update(changed) {
      if (anyOf(changed, ...SHOWN)) redraw();
      else if (changed.has("history")) follow();
    },
    destroy() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      resized.disconnect();
      element.replaceChildren();
    },
  };
}
