// What a pixel costs, by cross-entropy and by squared error: two curves over what is predicted, and a pixel of yours.

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
/** What an arrow key moves with Shift, in pixels. */
const STRIDE = 5;
/** A prediction of exactly 0 or 1 that is wrong would cost without end. */
const NEAREST = 1e-6;

/** @param {number} x @param {number} p */
export function crossEntropy(x, p) {
  const inside = Math.min(Math.max(p, NEAREST), 1 - NEAREST);
  return -x * Math.log(inside) - (1 - x) * Math.log(1 - inside);
}

/** @param {number} x @param {number} p @param {number} sigma */
export const squaredError = (x, p, sigma) => (x - p) ** 2 / (2 * sigma ** 2);

/** @param {number} value from 0 to 1: near its ends, where the cross-entropy is steep, with more digits */
const grey = (value) => (value % 1 === 0 ? String(value) : value.toFixed(value > 0.005 && value < 0.995 ? 2 : 4));
/** @param {number} cost of small ones two digits that count, down to the fourth */
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
        passing = null;
        redraw();
      },
    },
    picture.canvas,
    mark,
  );
  const chart = h("div", { class: "prices" });
  const costliest = h("button", { type: "button", onclick: () => choose(null) }, "The costliest pixel");
  const told = h("p", { role: "status" });
  const paid = h("p", { class: "fine" });
  const all = h("p", { class: "fine" });
  const keep = saves({ SVG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "What a pixel costs"), all, keep),
    h(
      "figure",
      {},
      board,
      h("figcaption", {}, "your drawing, rebuilt: point at a pixel, or use the arrow keys"),
      costliest,
    ),
    h("div", { class: "aside" }, chart, told, paid),
  );
  /** The pixel that a person chose, and the one that the mouse is over. @type {number | null} */
  let chosen = null;
  /** @type {number | null} */
  let passing = null;
  /** The one that costs most in the drawing of now, as it was first rebuilt. */
  let first = 0;
  /** @type {Float32Array | null} */
  let drawn = null;
  let another = false;
  let frame = 0;

  const seen = () => {
    const { clean = null, image = null } = store.get("look") ?? {};
    return clean && image?.length === clean.length ? { clean, image } : null;
  };
  const own = () => deviationOf(store.get("info")?.config);
  const sigma = () => own() ?? 1;
  /** Of a smaller picture there may be nobody yet who said which. */
  const now = () => Math.min(passing ?? chosen ?? first, (seen()?.image.length ?? 1) - 1);

  /** Of another drawing, or through another model, another pixel tells most. */
  function follow() {
    const { clean, image } = seen() ?? {};
    if (!clean || !image) return;
    const fits = drawn?.length === clean.length;
    if (!fits) chosen = passing = null;
    if (fits && !another && drawn?.every((value, at) => value === clean[at])) return;
    [drawn, another] = [clean, false];
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
    passing = null;
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
    passing = event.pointerType === "mouse" ? y * side + x : null;
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

  /** Once a frame at most, and only where it is shown. */
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
    for (const text of [paid, all]) setText(text, "");
    if (!look) {
      setText(told, "Draw a digit, and each of its pixels has a price.");
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
    const where = `row ${row + 1}, column ${column + 1}`;
    board.setAttribute("aria-label", `Pixels of the reconstruction: ${where}. Arrow keys choose another one.`);
    told.setAttribute("aria-live", store.get("training") ? "off" : "polite");
    setText(
      told,
      `True ${grey(x)}, predicted ${grey(p)}: ${nats(costs[0])} nats by cross-entropy, ${nats(costs[1])} by squared error.`,
    );
    setText(paid, pays(x));
    const sums = [crossEntropy, squaredError].map((cost) =>
      image.reduce((sum, p, at) => sum + cost(clean[at], p, sigma()), 0),
    );
    setText(
      all,
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

  /** How the two differ, and which of them the model pays. @param {number} x the true grey */
  function pays(x) {
    const [entropy, most] = [crossEntropy(x, x), squaredError(0, 1, sigma())].map(nats);
    const floor = x % 1 === 0 ? "nothing for the right grey here" : `${entropy} even for the right grey, its entropy`;
    const over = Number((2 * sigma() ** 2).toPrecision(3));
    const unseen = squaredError(0, 1, sigma()) < 0.01 ? ", too little to rise from the axis" : "";
    return (
      `Cross-entropy charges ${floor}, rises faster on one side than on the other, and has no limit where a prediction is certain and wrong. ` +
      `Squared error, over 2σ² = ${over}, charges nothing for the right grey, the same on both sides, and at most ${most}${unseen}. ` +
      `This model pays the ${own() === undefined ? "cross-entropy" : "squared error"}.`
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
      if (changed.has("basis")) another = true;
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
