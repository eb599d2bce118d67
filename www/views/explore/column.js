// One model of several that are compared: your drawing through it, how its error stands among those of digits, its plane or
// its codes, random ones of these, and the way from one drawing to another.

import { tellOfOpen } from "../../experiment/attention.js";
import { gridOf } from "../../model.js";
import { isOwn } from "../../structure.js";
import { h, setDisabled, setText, thousands } from "../dom.js";
import { meanSquaredError, Picture, sideOf } from "../pixels.js";
import { CodeUse } from "./column-codes.js";
import { Plane } from "./column-plane.js";
import { Errors } from "./errors.js";
import { Tiles } from "./tiles.js";

/**
 * @import { Compared } from "../../types.js"
 * @import { LabClient } from "../../lab.js"
 * @import { Store } from "../../store.js"
 */

/**
 * @typedef {object} Wishes what all columns are to show
 * @property {number} seed of the random points
 * @property {{ picture: Float32Array, id: number, name: string } | null} from the drawing that ways begin at
 * @property {boolean} decoded whether planes show what is decoded in place of points
 */

/** @typedef {{ count: number, latents: Float32Array }} Decoded so many rows of latents, or of codes */

/** Random points, and pictures along a way: a square of so many along each side. */
const POINTS = 4;
const WAY = 3;

export class Column {
  #store;
  #lab;
  #picture = new Picture("Rebuilt: nothing yet");
  #errors = new Errors();
  #about;
  #points = new Tiles();
  #way = new Tiles();
  #along = h("figcaption", {}, "on the way to your drawing");
  #title = h("button", { type: "button", class: "title" });
  #step = h("p", { class: "fine" });
  #caption = h("figcaption", {});
  element;
  /** @type {Compared | undefined} */
  #compared;
  /** @type {Wishes} */
  #wishes = { seed: 1, from: null, decoded: false };
  /** Mean squared error of a pixel of the drawing. @type {number | null} */
  error = null;
  /** What was decoded: random points, and stops on the way. @type {Decoded | null} */
  points = null;
  /** @type {Decoded | null} */
  way = null;
  #busy = false;
  /** Whether something may have changed since it was looked for. */
  #asked = false;
  #ended = false;
  /** What the pictures show now, by what they are made of. */
  #shown = { points: "", way: "", decoded: "" };

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {(id: string) => void} open
   * @param {Compared} first
   */
  constructor(store, lab, open, first) {
    this.#store = store;
    this.#lab = lab;
    this.#about = gridOf(first.description) ? new CodeUse() : new Plane((latents) => lab.tiles(latents, this.#beside));
    this.#title.addEventListener("click", () => this.#compared && open(this.#compared.id));
    for (const tiles of [this.#points, this.#way]) tiles.canvas.classList.add("tiles");
    for (const { canvas } of [this.#points, this.#way, this.#about]) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", "Nothing yet");
    }
    this.element = h(
      "section",
      { class: "column", tabindex: -1 },
      h(
        "div",
        { class: "own" },
        h("h3", {}, this.#title),
        this.#step,
        h("figure", { class: "there" }, this.#picture.canvas, h("figcaption", {}, "your drawing, rebuilt")),
        this.#errors.element,
      ),
      h("figure", {}, this.#about.canvas, this.#caption),
      h("figure", {}, this.#points.canvas, h("figcaption", {}, this.#about.random)),
      h("figure", {}, this.#way.canvas, this.#along),
    );
  }

  /** The name by which the worker has it; the open model has none. */
  get #beside() {
    return this.#compared?.live ? undefined : this.#compared?.id;
  }

  /**
   * @param {Compared} compared
   * @param {Wishes} wishes
   */
  show(compared, wishes) {
    const first = this.#compared?.id !== compared.id;
    if (first || this.#compared?.basis !== compared.basis) this.#shown = { points: "", way: "", decoded: "" };
    [this.#compared, this.#wishes] = [compared, wishes];
    const { title, live, basis, rebuilt, errors, drawnAt } = compared;
    this.element.setAttribute("aria-label", title);
    const isChanged = live && isOwn(basis.structure);
    setText(this.#title, isChanged ? `${title}, with your structure` : title);
    // Whoever opened it by a key stays with it.
    setDisabled(this.#title, live, this.element);
    this.#title.title = live ? "" : "Open it";
    setText(
      this.#step,
      live ? `${isChanged ? "yours" : "open"}, at step ${thousands(Math.max(drawnAt, 0))}` : "as it is shipped",
    );
    this.#picture.paint(rebuilt?.image ?? null);
    this.#picture.label = rebuilt ? `Your drawing, rebuilt by ${title}` : `Rebuilt by ${title}: nothing yet`;
    this.error = rebuilt && meanSquaredError(rebuilt.clean, rebuilt.image);
    this.#errors.show(title, this.error, errors);
    this.#about.show(compared, wishes.decoded);
    // What the digits say of a model in training is of some steps ago.
    const { codes, step } = compared;
    const ago = live && codes && step !== drawnAt ? `, at step ${thousands(step)}` : "";
    setText(this.#caption, this.#about.caption + ago);
    void this.#decode();
  }

  /** Of a model with codes: the share of all cells that each has. */
  get shares() {
    return this.#about.shares;
  }

  /** The colours may be others now. */
  recolor() {
    this.#picture.recolor();
    this.#about.draw();
    this.#shown = { points: "", way: "", decoded: "" };
  }

  /** Decodes what is to be seen and is not yet, one after the other. */
  async #decode() {
    this.#asked = true;
    if (this.#busy) return;
    this.#busy = true;
    const basis = this.#store.get("basis");
    try {
      // Who asks while the last look finds nothing to do is not forgotten.
      while (this.#asked) {
        this.#asked = false;
        while (!this.#ended && (await this.#decodeNext()));
      }
    } catch (error) {
      // Of an experiment that nobody looks at any more nothing need be told.
      const isTold = this.#ended || (await tellOfOpen(this.#store, "explore", error, basis));
      if (!isTold) this.#shown = { points: "", way: "", decoded: "" };
    }
    this.#busy = false;
  }

  /** @returns {Promise<boolean>} whether there was anything to decode */
  async #decodeNext() {
    const { codes, rebuilt, step = 0, drawn, title } = this.#compared ?? {};
    const { seed, from } = this.#wishes;
    const lab = this.#lab;
    if (!codes || !this.#compared) return false;
    const points = `${seed} ${step}`;
    if (this.#shown.points !== points) {
      this.#shown.points = points;
      const latents = this.#about.drawn(POINTS ** 2, seed);
      if (!latents) return true;
      this.#paint(this.#points, POINTS, await lab.tiles(latents.slice(), this.#beside), `Random points of ${title}`);
      this.points = { count: POINTS ** 2, latents };
      return true;
    }
    const way = from && rebuilt ? `${from.id} ${drawn} ${step}` : "";
    if (!rebuilt && this.way) this.#noWay(this.#compared.title);
    if (from && rebuilt && this.#shown.way !== way) {
      this.#shown.way = way;
      const [begin] = await lab.rebuild(from.picture, [this.#beside]);
      const count = WAY ** 2;
      const { length } = begin.mean;
      const latents = new Float32Array(count * length);
      for (let index = 0; index < count; index += 1) {
        latents.set(this.#about.between(begin.mean, rebuilt.mean, index / (count - 1)), index * length);
      }
      this.#paint(
        this.#way,
        WAY,
        await lab.tiles(latents.slice(), this.#beside),
        `From one drawing to yours, by ${title}`,
      );
      setText(this.#along, `from ${from.name} to yours`);
      this.way = { count, latents };
      return true;
    }
    const grid = this.#about.gridOf(step);
    if (grid && this.#shown.decoded !== grid) {
      this.#shown.decoded = grid;
      await this.#about.decode();
      return true;
    }
    return false;
  }

  /** Without a drawing there is nowhere to go. @param {string} title */
  #noWay(title) {
    [this.way, this.#shown.way] = [null, ""];
    const { canvas } = this.#way;
    canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    canvas.setAttribute("aria-label", `The way to your drawing, by ${title}: nothing drawn`);
    setText(this.#along, "on the way to your drawing");
  }

  /** @type {(tiles: Tiles, along: number, pixels: Float32Array, label: string) => void} */
  #paint(tiles, along, pixels, label) {
    tiles.resize(along, sideOf(pixels, along ** 2));
    tiles.paint(0, pixels, "--decoder");
    tiles.canvas.setAttribute("aria-label", label);
  }

  /** Its pictures, from the top down, with what they are. @returns {{ canvas: HTMLCanvasElement | OffscreenCanvas, caption: string }[]} */
  get pictures() {
    const all = [this.#picture.canvas, this.#about.canvas, this.#points.canvas, this.#way.canvas];
    const captionOf = (/** @type {HTMLCanvasElement} */ canvas) =>
      canvas.closest("figure")?.querySelector("figcaption")?.textContent ?? "";
    const [own, ...others] = all.map((canvas) => ({ canvas, caption: captionOf(canvas) }));
    return [own, { canvas: this.#errors.sheet(), caption: this.#errors.told }, ...others];
  }

  stop() {
    this.#ended = true;
    this.#about.stop();
  }
}
