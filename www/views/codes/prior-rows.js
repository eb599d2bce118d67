// What the prior is good for: pictures of codes that it draws together, over pictures of codes that are drawn each by itself.

import { h, setDisabled, thousands } from "../dom.js";
import { Strip } from "./prior-strip.js";
import { drawApart } from "./use.js";

/**
 * @import { Codes } from "../../types.js"
 * @import { Asking } from "./prior-asking.js"
 */

/** Pictures in a row. */
const ALONG = 8;
/** Pictures of the data before their codes are counted. */
const ENOUGH = 500;

export class Rows {
  #asking;
  #codes;
  #together = new Strip("from the prior", ALONG);
  #apart = new Strip("drawn each by itself", ALONG);
  #more = h("button", { type: "button", onclick: () => this.more() }, "Eight more");
  #seed = 0;
  /** The seeds of what each row shows. */
  #shown = { together: 0, apart: 0 };
  #drawTogether;
  #drawApart;
  element = h(
    "section",
    { class: "prior-rows", "aria-label": "With the prior and without it" },
    h("h3", {}, "With the prior and without it"),
    this.#together.element,
    this.#apart.element,
    h("div", { class: "row" }, this.#more),
  );

  /**
   * @param {Asking} asking
   * @param {() => { codes: Codes, counts: readonly number[] } | null} codes of pictures of the data, as far as there are any
   */
  constructor(asking, codes) {
    this.#asking = asking;
    this.#codes = codes;
    this.#drawTogether = asking.latest(async (isStill) => {
      const [seed, step, words] = [this.#seed, thousands(asking.step), asking.words];
      const { codes } = await asking.sample(ALONG, seed);
      const pixels = await asking.decode(codes);
      if (!isStill()) return;
      this.#together.show(pixels, `${words}, at step ${step}`);
      this.#shown.together = seed;
      this.follow();
    });
    this.#drawApart = asking.latest(async (isStill) => {
      const seed = this.#shown.together;
      const { codes, counts } = this.#codes() ?? {};
      if (!codes || !counts || codes.count < ENOUGH || seed === this.#shown.apart) return;
      const [count, name] = [thousands(codes.count), codes.pictures.name];
      const pixels = await asking.decode(drawApart(counts, ALONG * codes.latent, seed));
      if (!isStill()) return;
      this.#apart.show(pixels, `as often as each code occurs in ${count} ${name}`);
      this.#shown.apart = seed;
    });
  }

  /** Other ones. */
  more() {
    this.#seed += 1;
    void this.#drawTogether();
  }

  /** The first ones, where there are none yet; the same random numbers where something else is asked for. */
  begin() {
    this.#seed ||= 1;
    void this.#drawTogether();
  }

  get isEmpty() {
    return this.#seed === 0;
  }

  /** More codes of pictures may be there. */
  follow() {
    if (this.#shown.together !== this.#shown.apart) void this.#drawApart();
  }

  enable() {
    const { isPossible } = this.#asking;
    setDisabled(this.#more, !isPossible, undefined);
    // What was asked for in vain is asked for again.
    if (!isPossible && this.#together.isEmpty) this.#seed = 0;
  }

  clear() {
    this.#seed = 0;
    this.#shown = { together: 0, apart: 0 };
    for (const strip of [this.#together, this.#apart]) strip.clear();
  }

  recolor() {
    for (const strip of [this.#together, this.#apart]) strip.recolor();
  }

  /** Those that show something. */
  get rows() {
    return [this.#together, this.#apart]
      .filter(({ isEmpty }) => !isEmpty)
      .map(({ canvas, caption }) => ({ canvases: [canvas], caption }));
  }
}
