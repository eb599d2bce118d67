// One model of several that are compared: your drawing through it, how its error stands among those of digits, its plane,
// random points of it, and the way from one drawing to another.

import { even, normal } from "../../random.js";
import { isOwn } from "../../structure.js";
import { h, setText, thousands } from "../dom.js";
import { meanSquaredError, Picture, sideOf } from "../pixels.js";
import { around, Camera } from "./camera.js";
import { Errors } from "./errors.js";
import { Manifold } from "./manifold.js";
import { AS_IT_IS } from "./normal.js";
import { Scatter } from "./scatter.js";
import { Tiles } from "./tiles.js";

/**
 * @import { Compared } from "../../types.js"
 * @import { LabClient } from "../../lab.js"
 */

/**
 * @typedef {object} Wishes what all columns are to show
 * @property {number} seed of the random points
 * @property {{ picture: Float32Array, id: number } | null} from the drawing that ways begin at
 * @property {boolean} decoded whether planes show what is decoded in place of points
 */

/** Random points, and pictures along a way: a square of so many along each side. */
const POINTS = 4;
const WAY = 3;
/** Pictures along each side of a decoded plane. */
const ALONG = 12;

export class Column {
  #lab;
  #picture = new Picture("Rebuilt: nothing yet");
  #errors = new Errors();
  #scatter = new Scatter();
  #camera = new Camera();
  #manifold;
  #points = new Tiles();
  #way = new Tiles();
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
  #busy = false;
  #ended = false;
  /** What the pictures show now, by what they are made of. */
  #shown = { points: "", way: "", decoded: "" };

  /**
   * @param {LabClient} lab
   * @param {(id: string) => void} open
   */
  constructor(lab, open) {
    this.#lab = lab;
    this.#manifold = new Manifold(
      (latents) => lab.tiles(latents, this.#beside),
      () => this.drawPlane(),
    );
    this.#title.addEventListener("click", () => this.#compared && open(this.#compared.id));
    for (const tiles of [this.#points, this.#way]) tiles.canvas.classList.add("tiles");
    for (const { canvas } of [this.#points, this.#way, this.#scatter]) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", "Nothing yet");
    }
    const plane = h("figure", {}, this.#scatter.canvas, this.#caption);
    this.element = h(
      "section",
      { class: "column" },
      h(
        "div",
        { class: "own" },
        h("h3", {}, this.#title),
        this.#step,
        h("figure", { class: "there" }, this.#picture.canvas, h("figcaption", {}, "your drawing, rebuilt")),
        this.#errors.element,
      ),
      plane,
      h("figure", {}, this.#points.canvas, h("figcaption", {}, "random points, decoded")),
      h("figure", {}, this.#way.canvas, h("figcaption", {}, "on the way to your drawing")),
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
    const { title, live, basis, rebuilt, codes, errors, drawnAt } = compared;
    this.element.setAttribute("aria-label", title);
    const isChanged = live && isOwn(basis.structure);
    setText(this.#title, isChanged ? `${title}, with your structure` : title);
    this.#title.disabled = live;
    this.#title.title = live ? "" : "Open it";
    setText(
      this.#step,
      live ? `${isChanged ? "yours" : "open"}, at step ${thousands(Math.max(drawnAt, 0))}` : "as it is shipped",
    );
    this.#picture.paint(rebuilt?.image ?? null);
    this.#picture.label = rebuilt ? `Your drawing, rebuilt by ${title}` : `Rebuilt by ${title}: nothing yet`;
    this.error = rebuilt && meanSquaredError(rebuilt.clean, rebuilt.image);
    this.#errors.show(title, this.error, errors);
    setText(this.#caption, codes?.latent === 1 ? "a single number has no plane" : "its plane");
    if (codes && codes.latent > 1) {
      this.#camera.look(around(codes.mean, codes.count, codes.latent, [0, 1]));
      this.#scatter.canvas.setAttribute("aria-label", `Plane of ${title}: ${codes.count} pictures, each a point`);
    }
    this.drawPlane();
    void this.#decode();
  }

  /** The colours may be others now. */
  recolor() {
    this.#picture.recolor();
    this.#shown = { points: "", way: "", decoded: "" };
  }

  drawPlane() {
    const { codes, rebuilt } = this.#compared ?? {};
    const decoded = this.#wishes.decoded && codes?.latent === 2;
    this.#scatter.draw({
      camera: this.#camera,
      axes: { pair: [0, 1], scale: AS_IT_IS },
      hidden: new Set(),
      codes: decoded || codes?.latent === 1 ? null : (codes ?? null),
      encoding: rebuilt,
      latents: null,
      manifold: decoded ? this.#manifold : { view: undefined, canvas: this.#manifold.canvas },
    });
  }

  /** What a code of random numbers would be: as the prior has it, or anywhere in the box that the codes fill. */
  #randomPoints() {
    const { codes, config } = this.#compared ?? {};
    if (!codes) return null;
    const { latent, mean, count } = codes;
    const total = POINTS ** 2 * latent;
    if (config?.family === "vae") return normal(total, this.#wishes.seed);
    const [low, high] = [new Float32Array(latent).fill(Infinity), new Float32Array(latent).fill(-Infinity)];
    for (let at = 0; at < count * latent; at += 1) {
      low[at % latent] = Math.min(low[at % latent], mean[at]);
      high[at % latent] = Math.max(high[at % latent], mean[at]);
    }
    return even(total, this.#wishes.seed).map((u, at) => low[at % latent] + u * (high[at % latent] - low[at % latent]));
  }

  /** Decodes what is to be seen and is not yet, one after the other. */
  async #decode() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#ended && (await this.#decodeNext()));
    } catch {
      // Told of elsewhere: the worker ended, or another experiment took the place of this one.
    }
    this.#busy = false;
  }

  /** @returns {Promise<boolean>} whether there was anything to decode */
  async #decodeNext() {
    const { codes, rebuilt, step, drawn, title } = this.#compared ?? {};
    const { seed, from, decoded } = this.#wishes;
    const lab = this.#lab;
    if (!codes || !this.#compared) return false;
    const points = `${seed} ${step}`;
    if (this.#shown.points !== points) {
      this.#shown.points = points;
      const latents = this.#randomPoints();
      if (latents)
        this.#paint(this.#points, POINTS, await lab.tiles(latents, this.#beside), `Random points of ${title}`);
      return true;
    }
    const way = from && rebuilt ? `${from.id} ${drawn} ${step}` : "";
    if (from && rebuilt && this.#shown.way !== way) {
      this.#shown.way = way;
      const [begin] = await lab.rebuild(from.picture, [this.#beside]);
      const count = WAY ** 2;
      const latents = new Float32Array(count * begin.mean.length);
      for (let at = 0; at < latents.length; at += 1) {
        const [stop, index] = [Math.floor(at / begin.mean.length) / (count - 1), at % begin.mean.length];
        latents[at] = begin.mean[index] * (1 - stop) + rebuilt.mean[index] * stop;
      }
      this.#paint(this.#way, WAY, await lab.tiles(latents, this.#beside), `From one drawing to yours, by ${title}`);
      return true;
    }
    const grid = decoded && codes.latent === 2 ? `${step} ${this.#camera.key}` : "";
    if (grid && this.#shown.decoded !== grid) {
      this.#shown.decoded = grid;
      await this.#manifold.decode(this.#camera, ALONG, (place) => Float32Array.from(place));
      return true;
    }
    return false;
  }

  /** @type {(tiles: Tiles, along: number, pixels: Float32Array, label: string) => void} */
  #paint(tiles, along, pixels, label) {
    tiles.resize(along, sideOf(pixels, along ** 2));
    tiles.paint(0, pixels, "--decoder");
    tiles.canvas.setAttribute("aria-label", label);
  }

  /** Its pictures, from the top down, with what they are. */
  get pictures() {
    const all = [this.#picture.canvas, this.#scatter.canvas, this.#points.canvas, this.#way.canvas];
    const captions = [...this.element.querySelectorAll("figcaption")].map(({ textContent }) => textContent ?? "");
    return all.map((canvas, index) => ({ canvas, caption: captions[index] }));
  }

  stop() {
    this.#ended = true;
    this.#manifold.stop();
  }
}
