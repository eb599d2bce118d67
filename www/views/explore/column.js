// One of the models that are compared: the user's drawing rebuilt by it, its error among those of digits, its plane or
// the use of its codes, random points, and the way from one drawing to another.

import { notifyIfOpen } from "../../experiment/attention.js";
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
 * @property {boolean} decoded whether planes show decoded pictures instead of points
 */

/** @typedef {{ count: number, latents: Float32Array }} Decoded `count` rows of latents or codes */

/** Sides of the squares of random points, and of the pictures along a way. */
const POINTS = 4;
const WAY = 3;

export class Column {
  #store;
  #lab;
  #picture = new Picture("Rebuilt: nothing yet");
  #errors = new Errors();
  #panel;
  #points = new Tiles();
  #way = new Tiles();
  #wayCaption = h("figcaption", {}, "on the way to your drawing");
  #title = h("button", { type: "button", class: "title" });
  #step = h("p", { class: "fine" });
  #caption = h("figcaption", {});
  element;
  /** @type {Compared | undefined} */
  #compared;
  /** @type {Wishes} */
  #wishes = { seed: 1, from: null, decoded: false };
  /** Mean squared error of the drawing's pixels. @type {number | null} */
  error = null;
  /** The latents that were decoded: random points, and stops on the way. @type {Decoded | null} */
  points = null;
  /** @type {Decoded | null} */
  way = null;
  #busy = false;
  /** Whether anything may have changed since the last check. */
  #asked = false;
  #ended = false;
  /** Keys of what the pictures show now. */
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
    this.#panel = gridOf(first.description) ? new CodeUse() : new Plane((latents) => lab.tiles(latents, this.#beside));
    this.#title.addEventListener("click", () => this.#compared && open(this.#compared.id));
    for (const tiles of [this.#points, this.#way]) tiles.canvas.classList.add("tiles");
    for (const { canvas } of [this.#points, this.#way, this.#panel]) {
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
      h("figure", {}, this.#panel.canvas, this.#caption),
      h("figure", {}, this.#points.canvas, h("figcaption", {}, this.#panel.random)),
      h("figure", {}, this.#way.canvas, this.#wayCaption),
    );
  }

  /** The model's name in the worker; undefined for the open model. */
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
    // If the model was opened by keyboard, the focus stays in this column.
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
    this.#panel.show(compared, wishes.decoded);
    // The encodings of digits by a model in training are some steps old.
    const { codes, step } = compared;
    const ago = live && codes && step !== drawnAt ? `, at step ${thousands(step)}` : "";
    setText(this.#caption, this.#panel.caption + ago);
    void this.#decode();
  }

  /** For a model with codes: the share of all cells that each code has. */
  get shares() {
    return this.#panel.shares;
  }

  /** Paints again, because the colours may have changed. */
  recolor() {
    this.#picture.recolor();
    this.#panel.draw();
    this.#shown = { points: "", way: "", decoded: "" };
  }

  /** Decodes the pictures that are missing, one after the other. */
  async #decode() {
    this.#asked = true;
    if (this.#busy) return;
    this.#busy = true;
    const basis = this.#store.get("basis");
    try {
      // A call during the last, unsuccessful check must not be lost.
      while (this.#asked) {
        this.#asked = false;
        while (!this.#ended && (await this.#decodeNext()));
      }
    } catch (error) {
      // Errors of a column that was removed need not be reported.
      const wasReported = this.#ended || (await notifyIfOpen(this.#store, "explore", error, basis));
      if (!wasReported) this.#shown = { points: "", way: "", decoded: "" };
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
      const latents = this.#panel.drawn(POINTS ** 2, seed);
      if (!latents) return true;
      this.#paint(this.#points, POINTS, await lab.tiles(latents.slice(), this.#beside), `Random points of ${title}`);
      this.points = { count: POINTS ** 2, latents };
      return true;
    }
    const way = from && rebuilt ? `${from.id} ${drawn} ${step}` : "";
    if (!rebuilt && this.way) this.#clearWay(this.#compared.title);
    if (from && rebuilt && this.#shown.way !== way) {
      this.#shown.way = way;
      const [begin] = await lab.rebuild(from.picture, [this.#beside]);
      const count = WAY ** 2;
      const { length } = begin.mean;
      const latents = new Float32Array(count * length);
      for (let index = 0; index < count; index += 1) {
        latents.set(this.#panel.between(begin.mean, rebuilt.mean, index / (count - 1)), index * length);
      }
      this.#paint(
        this.#way,
        WAY,
        await lab.tiles(latents.slice(), this.#beside),
        `From one drawing to yours, by ${title}`,
      );
      setText(this.#wayCaption, `from ${from.name} to yours`);
      this.way = { count, latents };
      return true;
    }
    const grid = this.#panel.gridOf(step);
    if (grid && this.#shown.decoded !== grid) {
      this.#shown.decoded = grid;
      await this.#panel.decode();
      return true;
    }
    return false;
  }

  /** Clears the way, because there is no drawing to go to. @param {string} title */
  #clearWay(title) {
    [this.way, this.#shown.way] = [null, ""];
    const { canvas } = this.#way;
    canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    canvas.setAttribute("aria-label", `The way to your drawing, by ${title}: nothing drawn`);
    setText(this.#wayCaption, "on the way to your drawing");
  }

  /** @type {(tiles: Tiles, along: number, pixels: Float32Array, label: string) => void} */
  #paint(tiles, along, pixels, label) {
    tiles.resize(along, sideOf(pixels, along ** 2));
    tiles.paint(0, pixels, "--decoder");
    tiles.canvas.setAttribute("aria-label", label);
  }

  /** Its pictures from the top down, with their captions. @returns {{ canvas: HTMLCanvasElement | OffscreenCanvas, caption: string }[]} */
  get pictures() {
    const all = [this.#picture.canvas, this.#panel.canvas, this.#points.canvas, this.#way.canvas];
    const captionOf = (/** @type {HTMLCanvasElement} */ canvas) =>
      canvas.closest("figure")?.querySelector("figcaption")?.textContent ?? "";
    const [own, ...others] = all.map((canvas) => ({ canvas, caption: captionOf(canvas) }));
    return [own, { canvas: this.#errors.sheet(), caption: this.#errors.caption }, ...others];
  }

  stop() {
    this.#ended = true;
    this.#panel.stop();
  }
}
