// A chart of one curve over steps, with reference lines and points. It does not know what they mean.

import { axisOf, ticks } from "./axis.js";
import { SvgContext } from "./svg.js";

/**
 * @typedef {object} Series
 * @property {readonly number[]} x
 * @property {readonly number[]} y
 * @property {readonly { x: number, y: number }[]} points
 * @property {readonly { y: number, label: string }[]} lines
 * @property {readonly { x: number, label: string }[]} marks thin vertical lines, with a row of labels of their own
 * @property {string} nothing the text that is shown while there is no curve
 */

/** The left margin is larger if the numbers are wide. */
const MARGIN = { left: 34, right: 8, top: 8, bottom: 18 };
/** How many numbers an axis has, approximately. */
const TICKS = 4;
/** The thick line is an average over this share of the steps. */
const SMOOTHING = 0.03;
const LABEL_HEIGHT = 12;

/**
 * The average of each value with its neighbours, as many on one side as on the other.
 *
 * @param {readonly number[]} values
 */
function smooth(values) {
  const sums = [0];
  for (const value of values) sums.push(sums[sums.length - 1] + value);
  const reach = Math.ceil(values.length * SMOOTHING);
  return values.map((_, index) => {
    const radius = Math.min(reach, index, values.length - 1 - index);
    return (sums[index + radius + 1] - sums[index - radius]) / (2 * radius + 1);
  });
}

export class Chart {
  canvas;
  #context;
  /** @type {(step: number | null) => void} */
  onpoint = () => {};
  #x = { low: 0, high: 1, left: MARGIN.left };
  /** @type {[series: Series, range: [number, number], cursor: number | null] | undefined} */
  #drawn;

  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.#context = this.canvas.getContext("2d");
    this.canvas.addEventListener("pointermove", ({ offsetX }) => {
      const { clientWidth } = this.canvas;
      const { low, high, left } = this.#x;
      const share = (offsetX - left) / (clientWidth - left - MARGIN.right);
      const step = low + share * (high - low);
      this.onpoint(share < 0 || share > 1 ? null : Math.round(step));
    });
    this.canvas.addEventListener("pointerleave", () => this.onpoint(null));
  }

  /**
   * @param {Series} series
   * @param {[number, number]} range that the vertical axis shows at least
   * @param {number | null} cursor
   */
  draw(series, range, cursor) {
    this.#drawn = [series, range, cursor];
    const context = this.#context;
    if (!context) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      [this.canvas.width, this.canvas.height] = [across, down];
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#paint(context, series, range, cursor);
  }

  /** The last drawing as SVG, without the cursor. */
  toSvg() {
    const context = new SvgContext((text) => this.#context?.measureText(text) ?? { width: 0 });
    if (this.#drawn) this.#paint(context, this.#drawn[0], this.#drawn[1], null);
    return context.element;
  }

  /**
   * @param {CanvasRenderingContext2D | SvgContext} context
   * @param {Series} series
   * @param {[number, number]} range
   * @param {number | null} cursor
   */
  #paint(context, { x, y, points, lines, marks, nothing }, range, cursor) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const style = getComputedStyle(this.canvas);
    /** @param {string} name */
    const color = (name) => style.getPropertyValue(name);
    const [muted, faint, curve, ink, surface] = ["--muted", "--line", "--stage", "--text", "--surface"].map(color);
    context.font = `11px ${style.fontFamily}`;

    const last = Math.max(x.at(-1) ?? 0, points.at(-1)?.x ?? 0);
    const first = Math.min(x[0] ?? last, points[0]?.x ?? last);
    // The smoothed values set the height of the axis, so that one bad batch does not press the curve flat.
    const line = smooth(y);
    const values = [...line.slice(Math.floor(line.length / 50)), ...points.map((point) => point.y)];
    const axis = axisOf(values, range, TICKS);
    const widest = Math.max(...axis.ticks.map(({ label }) => context.measureText(label).width));
    const [left, right] = [Math.max(MARGIN.left, Math.ceil(widest) + 10), width - MARGIN.right];
    this.#x = { low: first, high: Math.max(last, first + 50), left };
    const [upper, lower] = [MARGIN.top, height - MARGIN.bottom - (marks.length > 0 ? LABEL_HEIGHT : 0)];
    /** @param {number} value */
    const toX = (value) => left + ((value - this.#x.low) / (this.#x.high - this.#x.low)) * (right - left);
    /** @param {number} value */
    const toY = (value) => lower - axis.share(value) * (lower - upper);

    context.lineWidth = 1;
    context.textBaseline = "middle";
    for (const tick of axis.ticks) {
      const at = Math.round(toY(tick.at)) + 0.5;
      context.strokeStyle = faint;
      context.beginPath();
      context.moveTo(left, at);
      context.lineTo(right, at);
      context.stroke();
      context.fillStyle = muted;
      context.textAlign = "right";
      context.fillText(tick.label, left - 6, at);
    }
    context.strokeStyle = faint;
    for (const mark of marks) {
      const at = Math.round(toX(mark.x)) + 0.5;
      context.beginPath();
      context.moveTo(at, upper);
      context.lineTo(at, lower);
      context.stroke();
    }
    context.fillStyle = muted;
    context.textAlign = "center";
    const steps = ticks(this.#x.low, this.#x.high, TICKS).map(({ at }) => ({ x: at, label: at.toLocaleString("en") }));
    for (const [row, labels] of [steps, marks].entries()) {
      let free = 0; // A label that would run into its neighbour is left out, as large step numbers are wide.
      for (const { x: place, label } of labels) {
        const halfWidth = context.measureText(label).width / 2;
        const at = Math.min(Math.max(toX(place), halfWidth), right - halfWidth);
        if (at - halfWidth < free) continue;
        context.fillText(label, at, lower + (row + 1) * LABEL_HEIGHT);
        free = at + halfWidth + LABEL_HEIGHT;
      }
    }

    /** @type {{ label: string, align: CanvasTextAlign, x: number, y: number }[]} */
    const lineLabels = [];
    let above = -Infinity; // If two lines run close together, one has its label on the left.
    if (axis.isLogarithmic) lineLabels.push({ label: "logarithmic", align: "right", x: right - 2, y: upper + 2 });
    for (const { y: value, label } of lines) {
      if (value < axis.low || value > axis.high) continue;
      const at = Math.round(toY(value)) + 0.5;
      const crowded = Math.abs(at - above) < LABEL_HEIGHT;
      if (!crowded) above = at;
      context.textAlign = crowded ? "left" : "right";
      context.strokeStyle = context.fillStyle = muted;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(left, at);
      context.lineTo(right, at);
      context.stroke();
      context.setLineDash([]);
      lineLabels.push({ label, align: context.textAlign, x: crowded ? left + 2 : right - 2, y: at - 7 });
    }

    context.save();
    context.beginPath();
    context.rect(left, upper - 4, right - left + 4, lower - upper + 8);
    context.clip();
    context.lineJoin = "round";
    /** @param {readonly number[]} values @param {number} thickness @param {number} opacity */
    const plot = (values, thickness, opacity) => {
      context.strokeStyle = curve;
      context.globalAlpha = opacity;
      context.lineWidth = thickness;
      context.beginPath();
      values.forEach((value, index) => context.lineTo(toX(x[index]), toY(value)));
      context.stroke();
      context.globalAlpha = 1;
    };
    plot(y, 1, 0.35);
    plot(line, 2, 1);
    for (const point of points) {
      context.beginPath();
      context.arc(toX(point.x), toY(point.y), 3, 0, 2 * Math.PI);
      context.fillStyle = ink;
      context.fill();
    }
    context.restore();
    // Labels are painted last, so that curves run behind them.
    for (const { label, align, x, y } of lineLabels) {
      context.textAlign = align;
      [context.strokeStyle, context.lineWidth, context.fillStyle] = [surface, 4, muted];
      context.strokeText(label, x, y);
      context.fillText(label, x, y);
    }
    context.lineWidth = 1;

    if (y.length === 0 && points.length === 0) {
      context.fillStyle = muted;
      context.textAlign = "center";
      context.fillText(nothing, (left + right) / 2, (upper + lower) / 2);
    } else if (cursor !== null && cursor >= this.#x.low && cursor <= this.#x.high) {
      context.strokeStyle = ink;
      context.beginPath();
      context.moveTo(toX(cursor), upper);
      context.lineTo(toX(cursor), lower);
      context.stroke();
    }
  }
}
