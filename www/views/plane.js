// Two latents as a plane: drag the point, and watch what it decodes to.

import { h, s } from "./dom.js";

/**
 * @import { Look } from "../types.js"
 */

const SIZE = 200;
const RANGE = 4;
const STEP = 0.1;
const SMALL_STEP = 0.02;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {number} value */
const across = (value) => ((value + RANGE) / (2 * RANGE)) * SIZE;
/** @param {number} value */
const clip = (value) => Math.min(Math.max(value, -RANGE), RANGE);

export class Plane {
  element;
  #svg;
  #point = s("circle", { class: "point", r: 6 });
  #ellipse = s("ellipse", { class: "ellipse" });
  #at = { x: 0, y: 0 };
  #onset;
  #dragging = false;

  /** @param {(x: number, y: number) => void} onset */
  constructor(onset) {
    this.#onset = onset;
    const rings = [1, 2, 3].map((deviations) =>
      s("circle", { class: "ring", cx: SIZE / 2, cy: SIZE / 2, r: across(deviations) - SIZE / 2 }),
    );
    this.#svg = s(
      "svg",
      { viewBox: `0 0 ${SIZE} ${SIZE}`, "aria-hidden": "true" },
      s("path", { class: "axis", d: `M0 ${SIZE / 2}H${SIZE}M${SIZE / 2} 0V${SIZE}` }),
      ...rings,
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
        onpointerdown: (/** @type {PointerEvent} */ event) => {
          if (event.button !== 0) return;
          this.#dragging = true;
          this.element.setPointerCapture(event.pointerId);
          this.#drag(event);
        },
        onpointermove: (/** @type {PointerEvent} */ event) => this.#dragging && this.#drag(event),
        onlostpointercapture: () => (this.#dragging = false),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#press(event),
      },
      this.#svg,
    );
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const box = this.#svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 - 1;
    const y = 1 - ((event.clientY - box.top) / box.height) * 2;
    this.#set(x * RANGE, y * RANGE);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = event.shiftKey ? SMALL_STEP : STEP;
    this.#set(this.#at.x + direction[0] * step, this.#at.y + direction[1] * step);
  }

  /** @param {number} x @param {number} y */
  #set(x, y) {
    this.#move(clip(x), clip(y));
    this.#onset(this.#at.x, this.#at.y);
  }

  /** @param {number} x @param {number} y */
  #move(x, y) {
    this.#at = { x, y };
    this.#point.setAttribute("cx", String(across(clip(x))));
    this.#point.setAttribute("cy", String(SIZE - across(clip(y))));
  }

  /** @param {Look | null} look */
  show(look) {
    if (this.element.hidden) return;
    const { latents, encoding } = look ?? {};
    if (latents?.every(Number.isFinite) && !this.#dragging) this.#move(latents[0], latents[1]);
    this.#point.classList.toggle("nowhere", !latents);
    const [x, y] = encoding?.mean ?? [];
    // A code has no deviation: its point is as small as can be seen.
    const [width, height] = encoding?.log_variance?.map((value) => Math.exp(value / 2)) ?? [0, 0];
    const known = [x, y, width, height].every(Number.isFinite);
    this.#ellipse.classList.toggle("nowhere", !known);
    if (!known) return;
    this.#ellipse.setAttribute("cx", String(across(x)));
    this.#ellipse.setAttribute("cy", String(SIZE - across(y)));
    this.#ellipse.setAttribute("rx", String(Math.max(across(width) - SIZE / 2, 1.5)));
    this.#ellipse.setAttribute("ry", String(Math.max(across(height) - SIZE / 2, 1.5)));
  }
}
