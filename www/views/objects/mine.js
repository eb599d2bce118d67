// The objects that are decoded: those that the encoder found, and what a person made of them.

import { objectsOf } from "../../model.js";
import { BEYOND, numbersOf, objectsIn, SLOTS, widthOf } from "../../scene.js";

/**
 * @import { Looking, Overrides } from "../../experiment/looking.js"
 * @import { SceneObject } from "../../types.js"
 * @import { Placed } from "../../scene.js"
 * @import { Store } from "../../store.js"
 */

/** What an edit is called that goes on as long as the hand does. */
const MOVED = "Moved";
const CHANGED = "Changed";

/** The colour of an object, by its place among them. @param {number} slot */
export const hueOf = (slot) => `--class-${slot}`;

/** What people call it. @param {number} slot */
export const nameOf = (slot) => String(slot + 1);

export class Mine {
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

  /** How the open model says objects, and on which canvas; nothing of a model that finds none. */
  get scene() {
    const info = this.#store.get("info");
    const space = objectsOf(info);
    if (!info || !space || !("distance" in info.config)) return undefined;
    return { ...space, side: info.config.image[0], distance: info.config.distance };
  }

  /** The row of numbers that is decoded; null where there is none. */
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

  /** The slot of the object whose numbers are seen: the first one where nobody chose one that is there. */
  get chosen() {
    const slots = this.objects.map(({ slot }) => slot);
    const chosen = this.#store.get("object");
    return slots.includes(chosen) ? chosen : (slots[0] ?? 0);
  }

  /** The pictures of these, each alone, in their order. */
  get parts() {
    const { objects, scene } = this;
    const { parts } = this.#store.get("look") ?? {};
    const pixels = scene ? scene.side ** 2 : 0;
    if (!parts || parts.length !== objects.length * pixels) return [];
    return objects.map((_, index) => parts.subarray(index * pixels, (index + 1) * pixels));
  }

  /** What the encoder found; an object's place in this list is its slot. @returns {readonly SceneObject[]} */
  get found() {
    return this.#store.get("look")?.found?.objects ?? [];
  }

  /** Nats of each cell; null where nothing was encoded. */
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

  /** The names of what was done. */
  get done() {
    return this.#looking.done;
  }

  /** Whether there is room for one more. */
  get hasRoom() {
    return this.objects.length < SLOTS;
  }

  /**
   * Other numbers for one object.
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
   * @param {boolean} joins whether it goes on with the move before
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
   * One more.
   *
   * @param {Pick<Placed, "presence" | "where" | "mean">} object
   * @returns {number | null} its slot, where there was room
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
    const isNobodys = next.every((value) => value === null);
    this.#looking.edit(isNobodys ? [] : next, { negated: false, name: "Given back" });
  }

  giveAllBack() {
    this.#looking.edit([], { negated: false });
  }

  undo() {
    this.#looking.undo();
  }

  /** Whether any of an object's numbers is a person's. @param {number} slot */
  isOwn(slot) {
    const { scene } = this;
    if (!scene) return false;
    const width = widthOf(scene.latent);
    return this.#store.get("overrides").some((value, at) => value !== null && Math.floor(at / width) === slot);
  }
}
