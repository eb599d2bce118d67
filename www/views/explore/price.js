// What a pixel costs by cross-entropy and by squared error: two curves over the prediction, and a pixel of the drawing.

import { deviationOf } from "../../model.js";
import { anyOf } from "../../store.js";
import { offerSvg, offerTable } from "../../experiment/files.js";
import { h, saves, setText, thousands } from "../dom.js";
import { Picture, sideOf } from "../pixels.js";
import { plot } from "./prices.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** How far an arrow key moves with Shift, in pixels. */
const STRIDE = 5;
/** Predictions stay this far from 0 and 1, where a wrong one would have an infinite cost. */
const NEAREST = 1e-6;

/** @param {number} x @param {number} p */
export function crossEntropy(x, p) {
  const inside = Math.min(Math.max(p, NEAREST), 1 - NEAREST);
  return -x * Math.log(inside) - (1 - x) * Math.log(1 - inside);
}

/** @param {number} x @param {number} p @param {number} sigma */
export const squaredError = (x, p, sigma) => (x - p) ** 2 / (2 * sigma ** 2);

/** @param {number} value from 0 to 1; it gets more digits near the ends, where the cross-entropy is steep */
const grey = (value) => (value % 1 === 0 ? String(value) : value.toFixed(value > 0.005 && value < 0.995 ? 2 : 4));
/** @param {number} cost if it is small, two significant digits, and at most four decimals */
const nats = (cost) =>
  cost < 0.095 ? String(Number(Number(cost.toPrecision(2)).toFixed(4))) : cost.toFixed(cost < 10 ? 2 : 1);

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const picture = new Picture("Your drawing, rebuilt: nothing yet");
  const mark = h("span", { class: "mark" });
  const board = h(
    "div",
    {
      class: "pointed",
      tabindex: 0,
      role: "application",
      onkeydown: press,
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        board.setPointerCapture(event.pointerId);
        point(event);
      },
      onpointermove: point,
      onpointerleave: () => {
        hovered = null;
        redraw();
      },
    },
    picture.canvas,
    mark,
  );
  const chart = h("div", { class: "prices" });
  const costliest = h("button", { type: "button", onclick: () => choose(null) }, "The costliest pixel");
  const status = h("p", { role: "status" });
  const lossNote = h("p", { class: "fine" });
  const totals = h("p", { class: "fine" });
  const keep = saves({ SVG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "What a pixel costs"), totals, keep),
    h(
      "figure",
      {},
      board,
      h("figcaption", {}, "your drawing, rebuilt: point at a pixel, or use the arrow keys"),
      costliest,
    ),
    h("div", { class: "aside" }, chart, status, lossNote),
  );
  /** The pixel that the user chose, and below it the one under the mouse. @type {number | null} */
  let chosen = null;
  /** @type {number | null} */
  let hovered = null;
  /** The costliest pixel of the current drawing when it was first rebuilt. */
  let first = 0;
  /** @type {Float32Array | null} */
  let drawn = null;
  let isOtherModel = false;
  let frame = 0;

  const seen = () => {
    const { clean = null, image = null } = store.get("look") ?? {};
    return clean && image?.length === clean.length ? { clean, image } : null;
  };
  const ownDeviation = () => deviationOf(store.get("info")?.config);
  const sigma = () => ownDeviation() ?? 1;
  /** The current pixel, clipped because the picture may have become smaller. */
  const now = () => Math.min(hovered ?? chosen ?? first, (seen()?.image.length ?? 1) - 1);

  /** With another drawing or another model, chooses the costliest pixel again. */
  function follow() {
    const { clean, image } = seen() ?? {};
    if (!clean || !image) return;
    const fits = drawn?.length === clean.length;
    if (!fits) chosen = hovered = null;
    if (fits && !isOtherModel && drawn?.every((value, at) => value === clean[at])) return;
    [drawn, isOtherModel] = [clean, false];
    findFirst();
  }

  function findFirst() {
    const { clean, image } = seen() ?? {};
    if (!clean || !image) return;
    const costs = image.map((p, at) => crossEntropy(clean[at], p));
    first = costs.indexOf(Math.max(...costs));
  }

  /** @param {number | null} at null for the costliest */
  function choose(at) {
    chosen = at;
    hovered = null;
    if (at === null) findFirst();
    redraw();
  }

  /** @param {PointerEvent} event */
  function point(event) {
    const look = seen();
    if (!look) return;
    const side = sideOf(look.image);
    const box = picture.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((share) =>
      Math.min(Math.max(Math.floor(share * side), 0), side - 1),
    );
    if (event.buttons > 0) choose(y * side + x);
    hovered = event.pointerType === "mouse" ? y * side + x : null;
    redraw();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const look = seen();
    const direction = ARROWS[event.key];
    if (!direction || !look) return;
    event.preventDefault();
    const side = sideOf(look.image);
    const stride = event.shiftKey ? STRIDE : 1;
    const [x, y] = [now() % side, Math.floor(now() / side)].map((at, axis) =>
      Math.min(Math.max(at + direction[axis] * stride, 0), side - 1),
    );
    choose(y * side + x);
  }

  /** Redraws at most once a frame, and only if the view is shown. */
  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (element.clientWidth > 0) show();
    });
  }

  function show() {
    const look = seen();
    picture.paint(look?.image ?? null);
    picture.label = look ? "Your drawing, rebuilt" : "Your drawing, rebuilt: nothing yet";
    mark.hidden = chart.hidden = costliest.disabled = !look;
    keep.disabled = !look;
    for (const text of [lossNote, totals]) setText(text, "");
    if (!look) {
      setText(status, "Draw a digit, and each of its pixels has a price.");
      board.setAttribute("aria-label", "Pixels of the reconstruction: none yet");
      return;
    }
    const { clean, image } = look;
    const [at, side] = [now(), sideOf(image)];
    const [x, p] = [clean[at], image[at]];
    const costs = [crossEntropy(x, p), squaredError(x, p, sigma())];
    const [column, row] = [at % side, Math.floor(at / side)];
    board.style.setProperty("--side", String(side));
    board.style.setProperty("--x", String(column));
    board.style.setProperty("--y", String(row));
    const place = `row ${row + 1}, column ${column + 1}`;
    board.setAttribute("aria-label", `Pixels of the reconstruction: ${place}. Arrow keys choose another one.`);
    status.setAttribute("aria-live", store.get("training") ? "off" : "polite");
    setText(
      status,
      `True ${grey(x)}, predicted ${grey(p)}: ${nats(costs[0])} nats by cross-entropy, ${nats(costs[1])} by squared error.`,
    );
    setText(lossNote, lossWords(x));
    const sums = [crossEntropy, squaredError].map((cost) =>
      image.reduce((sum, p, at) => sum + cost(clean[at], p, sigma()), 0),
    );
    setText(
      totals,
      `all ${thousands(image.length)} pixels: ${nats(sums[0])} nats by cross-entropy, ${nats(sums[1])} by squared error`,
    );
    chart.replaceChildren(
      plot({
        x,
        p,
        width: chart.clientWidth,
        labels: { x: `true ${grey(x)}`, p: `predicted ${grey(p)}` },
        curves: [
          { cost: (p) => crossEntropy(x, p), name: `cross-entropy ${nats(costs[0])}`, color: "--reconstruction" },
          { cost: (p) => squaredError(x, p, sigma()), name: `squared error ${nats(costs[1])}`, color: "--encoder" },
        ],
      }),
    );
  }

  /** Words on how the two costs differ, and which of them is the model's loss. @param {number} x the true grey */
  function lossWords(x) {
    const [entropy, most] = [crossEntropy(x, x), squaredError(0, 1, sigma())].map(nats);
    const floor = x % 1 === 0 ? "nothing for the right grey here" : `${entropy} even for the right grey, its entropy`;
    const divisor = Number((2 * sigma() ** 2).toPrecision(3));
    const tooLow = squaredError(0, 1, sigma()) < 0.01 ? ", too little to rise from the axis" : "";
    return (
      `Cross-entropy charges ${floor}, rises faster on one side than on the other, and has no limit where a prediction is certain and wrong. ` +
      `Squared error, over 2σ² = ${divisor}, charges nothing for the right grey, the same on both sides, and at most ${most}${tooLow}. ` +
      `This model pays the ${ownDeviation() === undefined ? "cross-entropy" : "squared error"}.`
    );
  }

  function savePicture() {
    const svg = chart.querySelector("svg");
    if (svg) offerSvg(svg, "pixel-cost", store.get("model"));
  }

  function saveNumbers() {
    const { clean, image } = seen() ?? {};
    if (!clean || !image) return;
    const side = sideOf(image);
    const rows = Array.from(image, (p, at) => {
      const x = clean[at];
      const costs = [crossEntropy(x, p), squaredError(x, p, sigma())];
      return [Math.floor(at / side) + 1, (at % side) + 1, x, p, ...costs];
    });
    const columns = ["row", "column", "true", "predicted", "cross_entropy", "squared_error"];
    offerTable(columns, rows, "pixel-cost", store.get("model"));
  }

  const resized = new ResizeObserver(redraw);
  resized.observe(chart);

  return {
    update(changed) {
      if (changed.has("theme")) picture.recolor();
      if (changed.has("basis")) isOtherModel = true;
      if (changed.has("look")) follow();
      if (anyOf(changed, "look", "theme", "training")) redraw();
    },
    destroy() {
      cancelAnimationFrame(frame);
      resized.disconnect();
      element.replaceChildren();
    },
  };
}
