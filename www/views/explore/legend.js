// The classes in their colours, each shown or hidden, and what share of the plane each has.

import { h, setText } from "../dom.js";
import { colorOf } from "../pixels.js";
import { CLASSES } from "./points.js";

/** Of a saved legend: its width and the height of a line, in pixels. */
const [WIDE, LINE] = [224, 22];

export class Legend {
  /** @type {Set<number>} classes that are not shown */
  hidden = new Set();
  element = h("div", { class: "legend", role: "group", "aria-label": "Classes shown" });
  /** @type {{ button: HTMLButtonElement, name: HTMLElement, share: HTMLElement }[]} */
  #rows;

  /** @param {() => void} onchange */
  constructor(onchange) {
    this.#rows = Array.from({ length: CLASSES }, (_, label) => {
      const [name, share] = [h("span", {}), h("span", { class: "fine" })];
      const button = h(
        "button",
        { type: "button", "aria-pressed": "true" },
        h("span", { class: "swatch" }),
        name,
        share,
      );
      button.style.setProperty("--class", `var(--class-${label})`);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(label)) this.hidden.add(label);
        button.setAttribute("aria-pressed", String(!this.hidden.has(label)));
        onchange();
      });
      return { button, name, share };
    });
    this.element.append(...this.#rows.map(({ button }) => button));
  }

  /** @param {readonly string[]} names */
  name(names) {
    this.#rows.forEach(({ name }, label) => setText(name, names[label]));
    this.element.classList.toggle(
      "words",
      names.some((name) => name.length > 1),
    );
  }

  /** As a picture, to be saved. */
  sheet() {
    const sheet = new OffscreenCanvas(WIDE, this.#rows.length * LINE);
    const context = sheet.getContext("2d");
    if (!context) return sheet;
    const { color, fontFamily } = getComputedStyle(this.element);
    [context.font, context.textBaseline] = [`13px ${fontFamily}`, "middle"];
    this.#rows.forEach(({ name, share }, label) => {
      const middle = (label + 0.5) * LINE;
      context.fillStyle = `rgb(${colorOf(`--class-${label}`).join(" ")})`;
      context.fillRect(4, middle - 6, 12, 12);
      context.fillStyle = color;
      const words = [name.textContent, share.textContent, this.hidden.has(label) && "not shown"].filter(Boolean);
      context.fillText(words.join("   "), 24, middle);
    });
    return sheet;
  }

  /** @param {readonly number[]} shares none where there is no share */
  share(shares) {
    this.#rows.forEach(({ share }, label) => {
      setText(share, shares.length > 0 ? `${Math.round(100 * shares[label])} %` : "");
    });
  }
}
