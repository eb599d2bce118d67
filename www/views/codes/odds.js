// The distribution that a cell's code was drawn from: a bar for each code, in its colour.

import { h } from "../dom.js";

/** At most this many codes are named, the likeliest ones, and only those that are at least this likely. */
const NAMED = 12;
const POSSIBLE = 0.001;
const MARGIN = { left: 46, right: 8, top: 22, bottom: 18 };
/** Size of the mark at the code that was drawn, in pixels. */
const MARK = 5;

/**
 * @typedef {object} Cell
 * @property {Float32Array} shares of the codes
 * @property {number} drawn
 * @property {readonly string[]} colors of the codes
 */

/** @param {number} share */
export function percent(share) {
  if (share < 1e-4) return "under 0.01 %";
  if (share < 1 && share >= 0.995) return "> 99 %"; // Others were possible, though hardly.
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** The entropy in bits: -sum p log2 p. @param {Float32Array} shares */
export const entropy = (shares) => shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);

/** @param {Cell} cell */
function likeliest({ shares, drawn }) {
  const codes = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, NAMED);
  return codes
    .filter((code) => shares[code] >= POSSIBLE)
    .map((code) => `code ${code}, ${percent(shares[code])}${code === drawn ? ", drawn" : ""}`)
    .join("; ");
}

export class Odds {
  canvas = h("canvas", { class: "odds", role: "img" });
  #context = this.canvas.getContext("2d");
  /** @type {Cell | null} */
  #cell = null;
  #resized = new ResizeObserver(() => this.#draw());

  constructor() {
    this.#resized.observe(this.canvas);
  }

  /**
   * @param {string} words that describe the cell
   * @param {Cell | null} cell
   */
  show(words, cell) {
    this.#cell = cell;
    const label = cell ? `${words}. The likeliest: ${likeliest(cell)}.` : words;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
    this.#draw();
  }

  #draw() {
    const { canvas } = this;
    const context = this.#context;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!context || width === 0) return;
    const [across, down] = [width, height].map((side) => Math.round(side * devicePixelRatio));
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.#cell) this.#paint(context, width, height, this.#cell);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   * @param {Cell} cell
   */
  #paint(context, width, height, { shares, drawn, colors }) {
    const style = getComputedStyle(this.canvas);
    const [muted, edge, ink, paper] = ["--muted", "--edge", "--text", "--surface"].map((name) =>
      style.getPropertyValue(name),
    );
    const [left, right] = [MARGIN.left, width - MARGIN.right];
    const [upper, lower] = [MARGIN.top, height - MARGIN.bottom];
    const largest = Math.max(...shares);
    const barWidth = (right - left) / shares.length;
    context.font = `11px ${style.fontFamily}`;
    context.fillStyle = edge;
    context.fillRect(left, lower, right - left, 1);
    context.fillStyle = muted;
    context.textAlign = "right";
    context.fillText(percent(largest), left - 6, upper + 4);
    context.fillText("0", left - 6, lower + 4);
    context.fillText(`code ${shares.length - 1}`, right, height - 4);
    context.textAlign = "left";
    context.fillText("code 0", left, height - 4);
    shares.forEach((share, code) => {
      const barHeight = (share / largest) * (lower - upper);
      context.fillStyle = colors[code] ?? muted;
      // If the bars are wide enough, there is a gap between them.
      context.fillRect(
        left + code * barWidth,
        lower - barHeight,
        Math.max(barWidth - (barWidth > 3 ? 1 : 0), 0.5),
        barHeight,
      );
    });

    const x = left + (drawn + 0.5) * barWidth;
    const y = lower - (shares[drawn] / largest) * (lower - upper) - 2;
    context.fillStyle = ink;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - MARK, y - 2 * MARK);
    context.lineTo(x + MARK, y - 2 * MARK);
    context.fill();
    const isRight = x > (left + right) / 2;
    context.textAlign = isRight ? "right" : "left";
    // Bars of other codes may be behind the label.
    [context.strokeStyle, context.lineWidth, context.lineJoin] = [paper, 4, "round"];
    const label = /** @type {const} */ ([`code ${drawn}`, isRight ? x - 2 * MARK : x + 2 * MARK, y - 2]);
    context.strokeText(...label);
    context.fillText(...label);
  }

  stop() {
    this.#resized.disconnect();
  }
}
