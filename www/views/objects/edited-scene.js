// The objects that are decoded: those that the encoder found, with the user's edits.

import { objectsOf } from "../../model.js";
import { ADDED, BEYOND, lengthOfRow, numbersOf, objectsIn, SLOTS, widthOf } from "../../scene.js";

/**
 * @import { Looking } from "../../experiment/looking.js"
 * @import { SceneObject } from "../../types.js"
 * @import { Placed } from "../../scene.js"
 * @import { Store } from "../../store.js"
 */

/** The custom property with the colour of an object. @param {number} slot */
export const hueOf = (slot) => `--class-${slot}`;

/** The number that an object is shown with. @param {number} slot */
export const nameOf = (slot) => String(slot + 1);

export class EditedScene {
  #store;
  #looking;
  /** What the last edit changed: further edits of the same number are undone together with it. */
  #lastEdit = "";

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

  /** The encoder's row of numbers; null if nothing was encoded. */
  get encoded() {
    const { scene } = this;
    const mean = this.#store.get("look")?.encoding?.mean;
    return scene && mean?.length === lengthOfRow(scene.latent) ? mean : null;
  }

  /** The row of numbers to decode, with edits that are not decoded yet; null if there is nothing to decode. */
  get row() {
    const { scene, encoded, isEdited } = this;
    if (!scene || (!encoded && !isEdited)) return null;
    const overrides = this.#store.get("overrides");
    const length = lengthOfRow(scene.latent);
    return Float32Array.from({ length }, (_, at) => overrides[at] ?? encoded?.[at] ?? 0);
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

  /** The picture of each object by itself, by its slot, as it was decoded last. @returns {Map<number, Float32Array>} */
  get parts() {
    const { scene } = this;
    const { latents, parts } = this.#store.get("look") ?? {};
    if (!scene || !parts || latents?.length !== lengthOfRow(scene.latent)) return new Map();
    const decoded = objectsIn(latents, scene.latent);
    const pixels = scene.side ** 2;
    if (parts.length !== decoded.length * pixels) return new Map();
    return new Map(decoded.map(({ slot }, index) => [slot, parts.subarray(index * pixels, (index + 1) * pixels)]));
  }

  /** KL of each cell in nats; null if nothing was encoded. */
  get cells() {
    const { scene } = this;
    const kl = this.#store.get("look")?.found?.kl;
    return scene && kl?.length === scene.sides[0] * scene.sides[1] ? kl : null;
  }

  /** The objects that the encoder found; the index of each is its slot. @returns {readonly SceneObject[]} */
  get found() {
    return this.cells ? (this.#store.get("look")?.found?.objects ?? []) : [];
  }

  /**
   * What the encoder says about an object; undefined for one that the user added.
   *
   * @param {Placed} object
   */
  foundOf({ slot, presence }) {
    const found = this.found[slot];
    return found && Math.fround(found.presence) === presence ? found : undefined;
  }

  get isEdited() {
    return this.#store.get("overrides").some((value) => value !== null);
  }

  /** Whether the user changed an object, or added it. @param {Placed} object */
  isChanged(object) {
    const [found, numbers] = [this.foundOf(object), numbersOf(object)];
    return !found || numbersOf(found).some((value, at) => Math.fround(value) !== numbers[at]);
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
   * Replaces the numbers of one object. The others stay as they are seen, whatever the encoder finds from now on.
   *
   * @param {number} slot
   * @param {readonly number[]} numbers
   * @param {{ name: string, part?: string, joins?: boolean }} how `part` is what of the object is changed
   */
  #put(slot, numbers, { name, part = "", joins = false }) {
    const { scene } = this;
    if (!scene) return;
    const next = [...(this.row ?? new Float32Array(lengthOfRow(scene.latent)))];
    next.splice(slot * widthOf(scene.latent), numbers.length, ...numbers);
    const edit = `${name} ${slot} ${part}`;
    const goesOn = joins && edit === this.#lastEdit && this.done.at(-1) === name;
    this.#lastEdit = edit;
    this.#looking.edit(next, { negated: false, joins: goesOn, name: goesOn ? undefined : name });
  }

  /** @param {number} slot */
  #at(slot) {
    return this.objects.find((object) => object.slot === slot);
  }

  /**
   * @param {number} slot
   * @param {readonly [row: number, column: number]} where
   * @param {boolean} joins whether it is undone together with the move before
   */
  move(slot, where, joins) {
    const [object, { scene }] = [this.#at(slot), this];
    if (!object || !scene) return;
    const within = (/** @type {number} */ at) => Math.min(Math.max(at, -BEYOND), scene.side + BEYOND);
    const [row, column] = where.map(within);
    this.#put(slot, numbersOf({ ...object, where: [row, column] }), { name: "Moved", joins });
  }

  /**
   * @param {number} slot
   * @param {number} index of its latent
   * @param {number} value
   */
  slide(slot, index, value) {
    const object = this.#at(slot);
    if (!object) return;
    const mean = object.mean.with(index, value);
    this.#put(slot, numbersOf({ ...object, mean }), { name: "Changed", part: String(index), joins: true });
  }

  /** @param {number} slot */
  remove(slot) {
    const { scene } = this;
    if (scene && this.#at(slot)) this.#put(slot, Array(widthOf(scene.latent)).fill(0), { name: "Deleted" });
  }

  /**
   * Adds an object.
   *
   * @param {Pick<Placed, "where" | "mean">} object
   * @returns {number | null} its slot; null if there is no room
   */
  add(object) {
    const taken = this.objects.map(({ slot }) => slot);
    const slot = Array.from({ length: SLOTS }, (_, slot) => slot).find((slot) => !taken.includes(slot));
    if (slot === undefined) return null;
    this.#put(slot, numbersOf({ ...object, presence: ADDED }), { name: "Dropped" });
    return slot;
  }

  giveAllBack() {
    this.#looking.edit([], { negated: false });
  }

  undo() {
    this.#looking.undo();
  }
}
