// Costs of a pixel as curves over the predicted grey. The colours are attributes, so that the SVG can be saved.

import { s } from "../dom.js";

/**
 * @typedef {object} Prices
 * @property {number} x the true grey
 * @property {number} p the predicted one
 * @property {number} width
 * @property {{ x: string, p: string }} labels
 * @property {readonly { cost: (p: number) => number, name: string, color: string }[]} curves
 */

const HEIGHT = 300;
const MARGIN = { left: 40, right: 12, top: 28, bottom: 38 };
/** The axis goes at least this high, in nats. */
const LOW = 2;
const SAMPLES = 240;

/** @param {Prices} prices */
export function plot({ x, p, width, labels, curves }) {
  const [left, right] = [MARGIN.left, Math.max(width, 240) - MARGIN.right];
  const [upper, lower] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  const top = Math.max(LOW, Math.ceil(Math.max(...curves.map(({ cost }) => cost(p))) * 1.1));
  /** @param {number} grey */
  const toX = (grey) => left + Math.min(Math.max(grey, 0), 1) * (right - left);
  /** @param {number} cost */
  const toY = (cost) => lower - (cost / top) * (lower - upper);

  /** @param {number} left @param {number} top @param {string} words @param {{ [name: string]: string }} [more] */
  const text = (left, top, words, more = {}) =>
    s("text", { x: left, y: top, fill: "var(--muted)", "font-size": 12, ...more }, words);
  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {{ [name: string]: string }} [more] */
  const line = (x1, y1, x2, y2, more = {}) => s("line", { x1, y1, x2, y2, stroke: "var(--line)", ...more });
  /** @param {number} grey @param {number} cost @param {number} r @param {string} fill @param {string} edge */
  const dot = (grey, cost, r, fill, edge) =>
    s("circle", { cx: toX(grey), cy: toY(cost), r, fill: `var(${fill})`, stroke: `var(${edge})`, "stroke-width": 2 });
  /** A label of a horizontal place, on the side with more room. @param {number} grey @param {number} y @param {string} words */
  const label = (grey, y, words) =>
    text(toX(grey) + (grey > 0.7 ? -5 : 5), y, words, {
      "text-anchor": grey > 0.7 ? "end" : "start",
      stroke: "var(--surface)",
      "stroke-width": "3",
      "paint-order": "stroke",
    });

  const stride = top > 6 ? 2 : top > 3 ? 1 : 0.5;
  const ticks = Array.from({ length: Math.floor(top / stride) + 1 }, (_, index) => index * stride);
  const greys = [0, 0.25, 0.5, 0.75, 1];

  // The samples are dense at both ends, where the cross-entropy is steep.
  const samples = Array.from({ length: SAMPLES + 1 }, (_, at) => (1 - Math.cos((Math.PI * at) / SAMPLES)) / 2);
  const paths = curves.map(({ cost, color }) => {
    const points = samples.map((grey) => `${(toX(grey) - left).toFixed(1)} ${(toY(cost(grey)) - upper).toFixed(1)}`);
    return s("path", { d: `M${points.join("L")}`, fill: "none", stroke: `var(${color})`, "stroke-width": 2 });
  });
  const names = curves.map(({ name, color }, index) => {
    const at = 8 + index * Math.min(right / 2, 200);
    return s(
      "g",
      {},
      line(at, 11, at + 18, 11, { stroke: `var(${color})`, "stroke-width": "2" }),
      text(at + 24, 15, name, { fill: "var(--text)" }),
    );
  });

  return s(
    "svg",
    { viewBox: `0 0 ${right + MARGIN.right} ${HEIGHT}`, height: HEIGHT, role: "img", "aria-label": describe() },
    ...ticks.flatMap((tick) => [
      line(left, toY(tick), right, toY(tick)),
      text(left - 6, toY(tick) + 4, String(tick), { "text-anchor": "end" }),
    ]),
    ...greys.map((grey) => text(toX(grey), lower + 16, String(grey), { "text-anchor": "middle" })),
    text((left + right) / 2, HEIGHT - 6, "predicted grey", { "text-anchor": "middle" }),
    text(12, (upper + lower) / 2, "nats", {
      "text-anchor": "middle",
      transform: `rotate(-90 12 ${(upper + lower) / 2})`,
    }),
    ...names,
    line(toX(x), upper, toX(x), lower, { stroke: "var(--muted)", "stroke-dasharray": "3 3" }),
    line(toX(p), upper, toX(p), lower, { stroke: "var(--muted)" }),
    // A nested SVG clips what is higher than the axis.
    s("svg", { x: left, y: upper, width: right - left, height: lower - upper }, ...paths),
    ...curves.flatMap(({ cost, color }) => [
      dot(x, cost(x), 3, "--surface", color),
      dot(p, cost(p), 5, color, "--surface"),
    ]),
    label(x, upper + 14, labels.x),
    label(p, upper + 30, labels.p),
  );

  function describe() {
    const names = curves.map(({ name }) => name).join(", ");
    return `Cost in nats over the predicted grey, as two curves. ${labels.x}, ${labels.p}: ${names}.`;
  }
}
