// From the pen to the picture: what the user draws and slides, and what the model makes of it.

import { latentsOf, lengthOf, objectsOf } from "../model.js";
import { normal } from "../random.js";
import { drawScene } from "../scene.js";
import { kindOf, reportMistake, tell } from "./notices.js";
import { measured } from "./timing.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Damage, Look, LookRequest, SampleSource } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** What of the latents is the user's, and nothing where it is the encoder's. @typedef {readonly (number | null)[]} Overrides */

/** @typedef {{ latents: Overrides, negated: boolean }} Own */

/** @param {Own} own */
const isEdited = ({ latents }) => latents.some((value) => value !== null);

export class Looking {
  #store;
  #lab;
  #source;
  /** The first one that is shown is the next one: a clear 3. */
  #sample = 2;
  #draws = 0;
  #first = true;
  /** The generation of the last look that was shown. */
  #shown = 0;
  /** Latents that are pointed at, and those of before. @type {{ latents: Overrides, before: Own } | undefined} */
  #previewed;
  /** What each edit took the place of. @type {WeakMap<Overrides, Own>} */
  #before = new WeakMap();
  /** What was done to the encoder's word, edit by edit, by what came of it. @type {WeakMap<Overrides, readonly string[]>} */
  #done = new WeakMap();
  /** Whether the user drew something. */
  hasDrawing = false;
  /** Whether what is looked at is a drawing of the user's, not a sample. */
  isDrawn = false;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {(wanted: "garments" | undefined) => Promise<{ from: SampleSource, nameOf: (label: number) => string, isInk: boolean }>} source
   *   where samples come from, once they can, what their classes are called, and whether a pen made them
   */
  constructor(store, lab, source) {
    this.#store = store;
    this.#lab = lab;
    this.#source = source;
    lab.addEventListener("look", (event) => {
      if (event instanceof CustomEvent) this.#show(event.detail);
    });
  }

  /**
   * A drawing, as it is now. It says anew what the latents are; what the user had made of them can be taken back.
   *
   * @param {NonNullable<LookRequest["ink"]>} ink given away
   * @param {number} start when the pen's event came
   */
  async draw(ink, start) {
    this.hasDrawing = this.isDrawn = true;
    this.#store.set(this.#encoded());
    const shown = await this.#look({ ink, latents: [] });
    if (shown) measured("lab:reconstruction", start);
  }

  /**
   * Another sample becomes the drawing: a digit to begin with, or one of the data that are trained on.
   *
   * @param {"garments"} [wanted] in their place
   */
  async nextSample(wanted) {
    this.#sample += 1;
    try {
      const { from, nameOf, isInk } = await this.#source(wanted);
      const { image, label } = await this.#lab.sample_digit(this.#sample, from);
      const name = label === undefined ? undefined : nameOf(label);
      this.isDrawn = false;
      this.#store.set({ sample: { image: image.slice(), label, name, isInk }, ...this.#encoded() });
      await this.#look({ image, latents: [] });
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * @param {number} index
   * @param {number | null} value null for what the encoder says
   */
  setLatent(index, value) {
    const info = this.#store.get("info");
    const count = info ? lengthOf(info) : 0;
    const before = this.#store.get("overrides");
    this.setLatents(Array.from({ length: count }, (_, at) => (at === index ? value : (before[at] ?? null))));
  }

  /**
   * @param {Overrides} latents
   * @param {boolean} [negated] whether codes stand for the opposites of their vectors
   */
  setLatents(latents, negated = false) {
    this.#store.set({ overrides: latents, negated });
    void this.#look({ latents, negated });
  }

  /**
   * The same for a moment, until it is ended: unless the latents are others by then, those of before come back.
   *
   * @param {Overrides} latents
   */
  preview(latents) {
    const before = this.#previewed?.latents === this.own.latents ? this.#previewed.before : this.own;
    this.#previewed = { latents, before };
    this.setLatents(latents);
  }

  endPreview() {
    const { latents, before } = this.#previewed ?? {};
    this.#previewed = undefined;
    if (before && latents === this.own.latents) this.setLatents(before.latents, before.negated);
  }

  /**
   * The same, to be undone.
   *
   * @param {Overrides} latents
   * @param {object} how
   * @param {boolean} how.negated
   * @param {boolean} [how.joins] whether it is undone together with the edit before
   * @param {string} [how.name] what people call it; none for what goes on with the one before
   */
  edit(latents, { negated, joins = false, name }) {
    const { own, done } = this;
    const next = [...latents]; // By which it is known from the one before.
    this.#before.set(next, (joins && this.#before.get(own.latents)) || own);
    this.#done.set(next, name === undefined ? done : [...done, name]);
    this.setLatents(next, negated);
  }

  /** The names of the edits that made what is the user's. */
  get done() {
    const { own } = this;
    return (isEdited(own) && this.#done.get(own.latents)) || [];
  }

  get canUndo() {
    return this.#before.has(this.own.latents);
  }

  undo() {
    const before = this.#before.get(this.own.latents);
    if (before) this.setLatents(before.latents, before.negated);
  }

  /** The encoder's word, for what the user had put in its place: as it was seen, of whichever drawing, it can come back. */
  #encoded() {
    const { own } = this;
    if (!isEdited(own)) return {};
    const said = this.#store.get("look")?.encoding?.mean;
    /** @type {Overrides} */
    const overrides = [];
    let later = overrides;
    for (let one = /** @type {Own | undefined} */ (own); one; one = this.#before.get(one.latents)) {
      const latents = one.latents.map((value, index) => value ?? (isEdited(one) ? (said?.[index] ?? null) : null));
      this.#before.set(later, { ...one, latents });
      this.#done.set(latents, this.#done.get(one.latents) ?? []);
      later = latents;
    }
    return { overrides, negated: false };
  }

  /** @param {Damage} damage done to the drawing before the model sees it */
  spoil(damage) {
    this.#store.set({ damage, ...this.#encoded() });
    void this.#look({ damage, latents: [] });
  }

  /** Latents as the prior has them. */
  samplePrior() {
    const count = latentsOf(this.#store.get("info"));
    this.#draws += 1;
    this.setLatents([...normal(count, this.#store.get("seed") * 7919 + this.#draws)]);
  }

  /**
   * A scene of so many objects as the prior has them; that can be undone.
   *
   * @param {number} count
   */
  sampleScene(count) {
    const info = this.#store.get("info");
    const scene = objectsOf(info);
    if (!info || !scene || !("distance" in info.config)) return;
    this.#draws += 1;
    const { image, distance } = info.config;
    const seed = this.#store.get("seed") * 7919 + this.#draws;
    const row = drawScene(count, { latent: scene.latent, side: image[0], distance, seed });
    this.edit([...row], { negated: false, name: "Sampled" });
  }

  /** @param {number} slot of the object whose numbers are to be seen */
  choose(slot) {
    this.#store.set({ object: slot });
  }

  /**
   * A centred picture with latents of the user's: what a worker before looked at.
   *
   * @param {Float32Array} image
   * @param {Pick<LookRequest, "latents" | "negated">} own
   */
  show(image, own) {
    return this.#look({ image: image.slice(), ...own, damage: this.#store.get("damage") });
  }

  /** The latents that are the user's. @returns {Own} */
  get own() {
    return { latents: this.#store.get("overrides"), negated: this.#store.get("negated") };
  }

  /** The same, through other weights. */
  again() {
    return this.#look(this.own);
  }

  /**
   * @param {LookRequest} request
   * @returns {Promise<boolean>} whether it was shown, not overtaken
   */
  async #look(request) {
    try {
      const look = await this.#lab.look(request);
      if (look) this.#show(look);
      return look !== undefined;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** @param {Look} look */
  #show(look) {
    if (look.generation < this.#shown) return;
    this.#shown = look.generation;
    this.#store.set({ look });
    if (!this.#first || !look.image) return;
    this.#first = false;
    requestAnimationFrame(() => performance.mark("lab:first-reconstruction"));
  }

  /** The worker is another one, which counts from the beginning. */
  forget() {
    this.#shown = 0;
  }

  /** @param {unknown} error */
  #fail(error) {
    // A worker that is gone is told of elsewhere, and so is a page that is not ready.
    if (kindOf(error) === "device" || this.#store.get("phase") !== "ready") return reportMistake(error);
    tell(this.#store, "look", error);
  }
}
