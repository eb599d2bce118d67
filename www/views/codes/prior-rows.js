// What the prior adds: pictures of codes that it draws together, above pictures of codes that are drawn independently.

import { h, setDisabled, thousands } from "../dom.js";
import { Strip } from "./prior-strip.js";
import { drawIndependently } from "./use.js";

/**
 * @import { Codes } from "../../types.js"
 * @import { Asking } from "./prior-asking.js"
 */

/** Pictures in a row. */
const ALONG = 8;
/** At least this many pictures of the data are encoded before their codes are counted. */
const ENOUGH = 500;

export class Rows {
  #asking;
  #codes;
  #together = new Strip("from the prior", ALONG);
  #independent = new Strip("drawn each by itself", ALONG);
  #more = h("button", { type: "button", onclick: () => this.more() }, "Eight more");
  #seed = 0;
  /** The seeds of the pictures that each row shows. */
  #shown = { together: 0, apart: 0 };
  #drawTogether;
  #drawIndependent;
  element = h(
    "section",
    { class: "prior-rows", "aria-label": "With the prior and without it" },
    h("h3", {}, "With the prior and without it"),
    this.#together.element,
    this.#independent.element,
    h("div", { class: "row" }, this.#more),
  );

  /**
   * @param {Asking} asking
   * @param {() => { codes: Codes, counts: readonly number[] } | null} codes of pictures of the data, if there are any
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
    this.#drawIndependent = asking.latest(async (isStill) => {
      const seed = this.#shown.together;
      const { codes, counts } = this.#codes() ?? {};
      if (!codes || !counts || codes.count < ENOUGH || seed === this.#shown.apart) return;
      const [count, name] = [thousands(codes.count), codes.pictures.name];
      const pixels = await asking.decode(drawIndependently(counts, ALONG * codes.latent, seed));
      if (!isStill()) return;
      this.#independent.show(pixels, `as often as each code occurs in ${count} ${name}`);
      this.#shown.apart = seed;
    });
  }

  /** Draws new pictures. */
  more() {
    this.#seed += 1;
    void this.#drawTogether();
  }

  /** Draws the first pictures, or draws again with the same seed if the class or the temperature has changed. */
  begin() {
    this.#seed ||= 1;
    void this.#drawTogether();
  }

  get isEmpty() {
    return this.#seed === 0;
  }

  /** Draws the second row if it is behind the first, as more pictures may have been encoded. */
  follow() {
    if (this.#shown.together !== this.#shown.apart) void this.#drawIndependent();
  }

  enable() {
    const { isPossible } = this.#asking;
    setDisabled(this.#more, !isPossible, undefined);
    // A request that could not be answered is made again later.
    if (!isPossible && this.#together.isEmpty) this.#seed = 0;
  }

  clear() {
    this.#seed = 0;
    this.#shown = { together: 0, apart: 0 };
    for (const strip of [this.#together, this.#independent]) strip.clear();
  }

  recolor() {
    for (const strip of [this.#together, this.#independent]) strip.recolor();
  }

  /** The rows that show something. */
  get rows() {
    return [this.#together, this.#independent]
      .filter(({ isEmpty }) => !isEmpty)
      .map(({ canvas, caption }) => ({ canvases: [canvas], caption }));
  }
}
