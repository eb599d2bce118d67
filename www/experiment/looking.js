// From the pen to the picture: the user's drawing and latents, and the model's encoding and reconstruction of them.

import { latentsOf, lengthOf, objectsOf } from "../model.js";
import { normal } from "../random.js";
import { drawScene, objectsIn } from "../scene.js";
import { kindOf, reportMistake, tell } from "./notices.js";
import { measured } from "./timing.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Damage, Look, LookRequest, SampleSource } from "../types.js"
 * @import { Store } from "../store.js"
 */

/** Latents that the user set; null where the encoder's value holds. @typedef {readonly (number | null)[]} Overrides */

/** @typedef {{ latents: Overrides, negated: boolean }} Own */

/** So many edits can be undone, and so many are named. */
const MOST_EDITS = 100;

/** @param {Own} own */
const isEdited = ({ latents }) => latents.some((value) => value !== null);

export class Looking {
  #store;
  #lab;
  #source;
  /** The index of the current sample. The first one shown is the next one, a clear 3. */
  #sample = 2;
  #draws = 0;
  #first = true;
  /** The generation of the last look that was shown. */
  #shown = 0;
  /** The latents of the preview, and those before it. @type {{ latents: Overrides, before: Own } | undefined} */
  #previewed;
  /** The latents that each edit replaced. @type {WeakMap<Overrides, Own>} */
  #replaced = new WeakMap();
  /** For the latents of each edit: the names of all edits since the encoding. @type {WeakMap<Overrides, readonly string[]>} */
  #editNames = new WeakMap();
  /** Whether the user drew something. */
  hasDrawing = false;
  /** Whether the current picture is the user's drawing and not a sample. */
  isDrawn = false;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {(index: number, wanted: "garments" | undefined) => Promise<{ from: SampleSource, nameOf: (label: number) => string, isInk: boolean }>} source
   *   opens the samples; gives where they come from, what their classes are called, and whether they are pen drawings
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
   * Looks at the drawing as it is now. The latents are the encoder's again; the user's edits can be brought back by
   * undo.
   *
   * @param {NonNullable<LookRequest["ink"]>} ink whose bytes are transferred to the worker
   * @param {number} start time of the pen's event
   */
  async draw(ink, start) {
    this.hasDrawing = this.isDrawn = true;
    this.#store.set(this.#encoded());
    const shown = await this.#look({ ink, latents: [] });
    if (shown) measured("lab:reconstruction", start);
  }

  /**
   * Makes the next sample the drawing: one of the sample digits, or an image of the data that is trained on.
   *
   * @param {"garments"} [wanted] instead of those
   */
  async nextSample(wanted) {
    this.#sample += 1;
    try {
      const { from, nameOf, isInk } = await this.#source(this.#sample, wanted);
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
   * @param {number | null} value null for the encoder's value
   */
  setLatent(index, value) {
    const info = this.#store.get("info");
    const count = info ? lengthOf(info) : 0;
    const before = this.#store.get("overrides");
    this.setLatents(Array.from({ length: count }, (_, at) => (at === index ? value : (before[at] ?? null))));
  }

  /**
   * @param {Overrides} latents
   * @param {boolean} [negated] whether the vectors of the codes are negated
   */
  setLatents(latents, negated = false) {
    this.#store.set({ overrides: latents, negated });
    void this.#look({ latents, negated });
  }

  /**
   * Sets latents until the preview ends. Then the previous latents come back, unless the latents were changed
   * meanwhile.
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
   * Sets latents in a way that can be undone.
   *
   * @param {Overrides} latents
   * @param {object} how
   * @param {boolean} how.negated
   * @param {boolean} [how.joins] whether it is undone together with the edit before
   * @param {string} [how.name] what people call the edit; without one it continues the edit before
   */
  edit(latents, { negated, joins = false, name }) {
    const { own, done } = this;
    const next = [...latents]; // A new array, so that this edit has its own key in the maps.
    this.#replaced.set(next, (joins && this.#replaced.get(own.latents)) || own);
    this.#editNames.set(next, name === undefined ? done : [...done, name].slice(-MOST_EDITS));
    this.#forgetBefore(next);
    this.setLatents(next, negated);
  }

  /** Forgets the edits that are too long ago: each one holds the one that it replaced. @param {Overrides} latents */
  #forgetBefore(latents) {
    /** @type {Overrides | undefined} */
    let oldest = latents;
    for (let edits = 0; edits < MOST_EDITS && oldest; edits += 1) oldest = this.#replaced.get(oldest)?.latents;
    if (oldest) this.#replaced.delete(oldest);
  }

  /** The names of the edits that led to the user's latents. */
  get done() {
    const { own } = this;
    return (isEdited(own) && this.#editNames.get(own.latents)) || [];
  }

  get canUndo() {
    return this.#replaced.has(this.own.latents);
  }

  undo() {
    const before = this.#replaced.get(this.own.latents);
    if (before) this.setLatents(before.latents, before.negated);
  }

  /**
   * The store's change that gives the latents back to the encoder. The user's edits can be brought back by undo, as
   * they were seen: latents that were the encoder's keep the values that they had for the drawing of that time.
   */
  #encoded() {
    const { own } = this;
    if (!isEdited(own)) return {};
    const encoded = this.#store.get("look")?.encoding?.mean;
    /** @type {Overrides} */
    const overrides = [];
    let later = overrides;
    for (let state = /** @type {Own | undefined} */ (own); state; state = this.#replaced.get(state.latents)) {
      const latents = state.latents.map(
        (value, index) => value ?? (isEdited(state) ? (encoded?.[index] ?? null) : null),
      );
      this.#replaced.set(later, { ...state, latents });
      this.#editNames.set(latents, this.#editNames.get(state.latents) ?? []);
      later = latents;
    }
    return { overrides, negated: false };
  }

  /** @param {Damage} damage applied to the drawing before the model sees it */
  spoil(damage) {
    this.#store.set({ damage, ...this.#encoded() });
    void this.#look({ damage, latents: [] });
  }

  /** Samples latents from the prior. */
  samplePrior() {
    const count = latentsOf(this.#store.get("info"));
    this.#draws += 1;
    this.setLatents([...normal(count, this.#store.get("seed") * 7919 + this.#draws)]);
  }

  /**
   * Samples a scene of this many objects from the prior, which can be undone.
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
    const placed = objectsIn(row, scene.latent).length;
    const name = placed < count ? `Sampled, with room for ${placed} of ${count}` : "Sampled";
    this.edit([...row], { negated: false, name });
  }

  /** @param {number} slot of the object whose latents are to be shown */
  choose(slot) {
    this.#store.set({ object: slot });
  }

  /**
   * Looks again at what a lost worker looked at: a centred picture, and the user's latents.
   *
   * @param {Float32Array} image
   * @param {Pick<LookRequest, "latents" | "negated">} own
   */
  show(image, own) {
    return this.#look({ image: image.slice(), ...own, damage: this.#store.get("damage") });
  }

  /** The latents that the user set. @returns {Own} */
  get own() {
    return { latents: this.#store.get("overrides"), negated: this.#store.get("negated") };
  }

  /** Looks at the same picture and latents again, after the weights have changed. */
  again() {
    return this.#look(this.own);
  }

  /**
   * @param {LookRequest} request
   * @returns {Promise<boolean>} whether it was shown; false if a later request overtook it
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

  /** The worker is a new one, which counts its looks from the beginning. */
  forget() {
    this.#shown = 0;
  }

  /** @param {unknown} error */
  #fail(error) {
    // A worker that is gone, or a page that is not ready, is reported elsewhere.
    if (kindOf(error) === "device" || this.#store.get("phase") !== "ready") return reportMistake(error);
    tell(this.#store, "look", error);
  }
}
