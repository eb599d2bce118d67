// The objects that are decoded: those that the encoder found, with the user's edits.

import { objectsOf } from "../../model.js";
import { BEYOND, numbersOf, objectsIn, SLOTS, widthOf } from "../../scene.js";

/**
 * @import { Looking, Overrides } from "../../experiment/looking.js"
 * @import { SceneObject } from "../../types.js"
 * @import { Placed } from "../../scene.js"
 * @import { Store } from "../../store.js"
 */

/** Names of edits that consist of many small ones, which are undone together. */
const MOVED = "Moved";
const CHANGED = "Changed";

/** The custom property with the colour of an object. @param {number} slot */
export const hueOf = (slot) => `--class-${slot}`;

/** The number that an object is shown with. @param {number} slot */
export const nameOf = (slot) => String(slot + 1);

export class EditedScene {
  #store;
  #looking;

  /**
   * @param {Store} store
   * @param {Looking} looking
   */
  constructor(store, looking) {
    this.#store = store;
    this.#looking = looking;
  }

  /** The open model's space of objects, its canvas and its distance; undefined for a model that finds no objects. */
  get scene() {
    const info = this.#store.get("info");
    const space = objectsOf(info);
    if (!info || !space || !("distance" in info.config)) return undefined;
    return { ...space, side: info.config.image[0], distance: info.config.distance };
  }

  /** The row of numbers that is decoded; null if nothing is decoded. */
  get row() {
    const [look, scene] = [this.#store.get("look"), this.scene];
    const row = look?.latents;
    return scene && row?.length === SLOTS * widthOf(scene.latent) ? row : null;
  }

  /** @returns {Placed[]} */
  get objects() {
    const { scene, row } = this;
    return scene && row ? objectsIn(row, scene.latent) : [];
  }

  /** The slot of the object whose latents are shown: the chosen one, or the first one if that does not exist. */
  get chosen() {
    const slots = this.objects.map(({ slot }) => slot);
    const chosen = this.#store.get("object");
    return slots.includes(chosen) ? chosen : (slots[0] ?? 0);
  }

  /** The picture of each object by itself, in the order of `objects`. */
  get parts() {
    const { objects, scene } = this;
    const { parts } = this.#store.get("look") ?? {};
    const pixels = scene ? scene.side ** 2 : 0;
    if (!parts || parts.length !== objects.length * pixels) return [];
    return objects.map((_, index) => parts.subarray(index * pixels, (index + 1) * pixels));
  }

  /** The objects that the encoder found; the index of each is its slot. @returns {readonly SceneObject[]} */
  get found() {
    return this.#store.get("look")?.found?.objects ?? [];
  }

  /** KL of each cell in nats; null if nothing was encoded. */
  get cells() {
    const { scene } = this;
    const kl = this.#store.get("look")?.found?.kl;
    return scene && kl?.length === scene.sides[0] * scene.sides[1] ? kl : null;
  }

  get isEdited() {
    return this.#store.get("overrides").some((value) => value !== null);
  }

  get canUndo() {
    return this.#looking.canUndo;
  }

  /** The names of the edits so far. */
  get done() {
    return this.#looking.done;
  }

  /** Whether another object can be added. */
  get hasRoom() {
    return this.objects.length < SLOTS;
  }

  /**
   * Replaces the numbers of one object.
   *
   * @param {number} slot
   * @param {readonly number[]} numbers
   * @param {{ name: string, joins?: boolean }} how
   */
  #put(slot, numbers, { name, joins = false }) {
    const { scene } = this;
    if (!scene) return;
    const width = widthOf(scene.latent);
    const overrides = this.#store.get("overrides");
    /** @type {Overrides} */
    const next = Array.from({ length: SLOTS * width }, (_, at) =>
      Math.floor(at / width) === slot ? numbers[at % width] : (overrides[at] ?? null),
    );
    const called = joins && this.done.at(-1) === name ? undefined : name;
    this.#looking.edit(next, { negated: false, joins, name: called });
  }

  /**
   * @param {number} slot
   * @param {readonly [row: number, column: number]} where
   * @param {boolean} joins whether it is undone together with the move before
   */
  move(slot, where, joins) {
    const [object, { scene }] = [this.objects.find((object) => object.slot === slot), this];
    if (!object || !scene) return;
    const within = (/** @type {number} */ at) => Math.min(Math.max(at, -BEYOND), scene.side + BEYOND);
    const [row, column] = where.map(within);
    this.#put(slot, numbersOf({ ...object, where: [row, column] }), { name: MOVED, joins });
  }

  /**
   * @param {number} slot
   * @param {number} index of its latent
   * @param {number} value
   */
  slide(slot, index, value) {
    const object = this.objects.find((object) => object.slot === slot);
    if (!object) return;
    const mean = object.mean.with(index, value);
    this.#put(slot, numbersOf({ ...object, mean }), { name: CHANGED, joins: this.done.at(-1) === CHANGED });
  }

  /** @param {number} slot */
  remove(slot) {
    const { scene } = this;
    if (scene) this.#put(slot, Array(widthOf(scene.latent)).fill(0), { name: "Deleted" });
  }

  /**
   * Adds an object.
   *
   * @param {Pick<Placed, "presence" | "where" | "mean">} object
   * @returns {number | null} its slot; null if there is no room
   */
  add(object) {
    const taken = this.objects.map(({ slot }) => slot);
    const slot = Array.from({ length: SLOTS }, (_, slot) => slot).find((slot) => !taken.includes(slot));
    if (slot === undefined) return null;
    this.#put(slot, numbersOf(object), { name: "Dropped" });
    return slot;
  }

  /**
   * As the encoder has them.
   *
   * @param {number} slot
   */
  giveBack(slot) {
    const { scene } = this;
    if (!scene) return;
    const width = widthOf(scene.latent);
    const overrides = this.#store.get("overrides");
    const next = overrides.map((value, at) => (Math.floor(at / width) === slot ? null : value));
    const isUnchanged = next.every((value) => value === null);
    this.#looking.edit(isUnchanged ? [] : next, { negated: false, name: "Given back" });
  }

  giveAllBack() {
    this.#looking.edit([], { negated: false });
  }

  undo() {
    this.#looking.undo();
  }

  /** Whether the user changed any number of an object. @param {number} slot */
  isOwn(slot) {
    const { scene } = this;
    if (!scene) return false;
    const width = widthOf(scene.latent);
    return this.#store.get("overrides").some((value, at) => value !== null && Math.floor(at / width) === slot);
  }
}
