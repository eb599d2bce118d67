// Two latents as a plane: drag the point and watch what it decodes to.

import { h, s } from "./dom.js";
import { Hand } from "./hand.js";

/**
 * @import { Look } from "../types.js"
 */

const SIZE = 200;
/** The prior is hardly ever further out than this. Codes without a prior may be, and the plane grows for them. */
const RANGE = 4;
const STEP = 0.1;
const SMALL_STEP = 0.02;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The range, doubled until all values are in sight. @param {number[]} values */
const reachOf = (values) => RANGE * 2 ** Math.ceil(Math.log2(Math.max(RANGE, ...values.map(Math.abs)) / RANGE));

export class Plane {
  element;
  #svg;
  #point = s("circle", { class: "point", r: 6 });
  #ellipse = s("ellipse", { class: "ellipse" });
  /** Rings at one, two and three standard deviations of the prior. */
  #rings = [1, 2, 3].map(() => s("circle", { class: "ring", cx: SIZE / 2, cy: SIZE / 2 }));
  /** The largest latent in sight. */
  #reach = RANGE;
  #at = { x: 0, y: 0 };
  #choose;
  #hand;

  /**
   * @param {object} actions
   * @param {(place: [number, number]) => void} actions.preview the place where the pointer is
   * @param {() => void} actions.leave ends the preview without choosing
   * @param {(place: [number, number]) => void} actions.choose
   */
  constructor({ preview, leave, choose }) {
    this.#choose = choose;
    this.#svg = s(
      "svg",
      { viewBox: `0 0 ${SIZE} ${SIZE}`, "aria-hidden": "true" },
      s("path", { class: "axis", d: `M0 ${SIZE / 2}H${SIZE}M${SIZE / 2} 0V${SIZE}` }),
      ...this.#rings,
      this.#ellipse,
      this.#point,
    );
    this.element = h(
      "div",
      {
        class: "plane",
        hidden: true,
        tabindex: 0,
        role: "application",
        "aria-label": "Latent plane: arrow keys move the point",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#press(event),
      },
      this.#svg,
    );
    const drag = (/** @type {PointerEvent} */ event) => {
      this.#drag(event);
      preview([this.#at.x, this.#at.y]);
    };
    const end = () => choose([this.#at.x, this.#at.y]);
    this.#hand = new Hand(this.element, { begin: drag, move: drag, end, cancel: leave });
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const box = this.#svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 - 1;
    const y = 1 - ((event.clientY - box.top) / box.height) * 2;
    this.#move(this.#clip(x * this.#reach), this.#clip(y * this.#reach));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = ((event.shiftKey ? SMALL_STEP : STEP) * this.#reach) / RANGE;
    this.#move(this.#clip(this.#at.x + direction[0] * step), this.#clip(this.#at.y + direction[1] * step));
    this.#choose([this.#at.x, this.#at.y]);
  }

  /** @param {number} value */
  #clip(value) {
    return Math.min(Math.max(value, -this.#reach), this.#reach);
  }

  /** @param {number} value */
  #toCanvas(value) {
    return ((value + this.#reach) / (2 * this.#reach)) * SIZE;
  }

  /** @param {number} x @param {number} y */
  #move(x, y) {
    this.#at = { x, y };
    this.#point.setAttribute("cx", String(this.#toCanvas(x)));
    this.#point.setAttribute("cy", String(SIZE - this.#toCanvas(y)));
  }

  /** @param {Look | null} look */
  show(look) {
    if (this.element.hidden) return;
    const { latents, encoding } = look ?? {};
    if (!this.#hand.isDown) {
      this.#reach = reachOf([...(latents ?? []), ...(encoding?.mean ?? [])].filter(Number.isFinite));
      this.#rings.forEach((ring, index) => ring.setAttribute("r", String(this.#toCanvas(index + 1) - SIZE / 2)));
    }
    if (latents?.every(Number.isFinite) && !this.#hand.isDown) this.#move(latents[0], latents[1]);
    this.#point.classList.toggle("nowhere", !latents);
    const [x, y] = encoding?.mean ?? [];
    // An encoding without a variance is drawn as a point that is just large enough to be seen.
    const [width, height] = encoding?.log_variance?.map((value) => Math.exp(value / 2)) ?? [0, 0];
    const known = [x, y, width, height].every(Number.isFinite);
    this.#ellipse.classList.toggle("nowhere", !known);
    if (!known) return;
    this.#ellipse.setAttribute("cx", String(this.#toCanvas(x)));
    this.#ellipse.setAttribute("cy", String(SIZE - this.#toCanvas(y)));
    this.#ellipse.setAttribute("rx", String(Math.max(this.#toCanvas(width) - SIZE / 2, 1.5)));
    this.#ellipse.setAttribute("ry", String(Math.max(this.#toCanvas(height) - SIZE / 2, 1.5)));
  }
}
