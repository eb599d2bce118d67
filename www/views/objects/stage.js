// A canvas with the decoded objects, which are dragged by a pointer or moved by keys.

import { h } from "../dom.js";
import { Hand } from "../hand.js";
import { isUndo } from "../keys.js";
import { hueOf, nameOf } from "./edited-scene.js";
import { paintFrame, paintName, paintParts, SCALE } from "./paint.js";

/**
 * @import { Placed } from "../../scene.js"
 */

/** Pixels of the scene that an arrow key moves an object by; with Shift, fewer. */
const STEP = 2;
const SMALL_STEP = 0.5;
/** A press within this distance of an object's centre takes hold of it. */
const NEAR = 12;
/** Side of the frame around the chosen object: about the size of a digit. */
const SIZE = 20;

/** @type {{ [key: string]: readonly [down: number, right: number] }} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @typedef {object} Touched
 * @property {(slot: number) => void} choose
 * @property {(slot: number, where: readonly [number, number], joins: boolean) => void} move
 * @property {() => void} cancel takes back the current move
 * @property {(slot: number) => void} remove
 * @property {() => void} undo the last edit
 */

/** @typedef {{ side: number, objects: readonly Placed[], parts: Map<number, Float32Array>, chosen: number }} Shown */

export class Stage {
  canvas = h("canvas", {
    class: "scene-canvas touched",
    role: "application",
    tabindex: 0,
    "aria-label": "Objects: nothing yet",
    "aria-describedby": "objects-keys",
  });
  #context = this.canvas.getContext("2d");
  /** @type {Shown} */
  #shown = { side: 48, objects: [], parts: new Map(), chosen: 0 };
  /** The object that a pointer holds, the offset of its centre from the pointer, and whether it was moved already. */
  #held = { slot: -1, row: 0, column: 0, moved: false };

  /** @param {Touched} touched */
  constructor({ choose, move, cancel, remove, undo }) {
    const hand = new Hand(this.canvas, {
      begin: (event) => {
        const [row, column] = this.#placeOf(event);
        const near = this.#nearest([row, column]);
        this.#held = { slot: near?.slot ?? -1, row: 0, column: 0, moved: false };
        if (!near) return;
        [this.#held.row, this.#held.column] = [near.where[0] - row, near.where[1] - column];
        choose(near.slot);
      },
      move: (event) => {
        const { slot, moved } = this.#held;
        if (slot < 0) return;
        const [row, column] = this.#placeOf(event);
        move(slot, [row + this.#held.row, column + this.#held.column], moved);
        this.#held.moved = true;
      },
      cancel: () => this.#held.moved && cancel(),
    });
    this.canvas.addEventListener("keydown", (event) => {
      const { objects, chosen } = this.#shown;
      const object = objects.find(({ slot }) => slot === chosen);
      const arrow = ARROWS[event.key];
      const numbered = objects.find(({ slot }) => nameOf(slot) === event.key);
      if (numbered) choose(numbered.slot);
      else if (arrow && object) {
        const step = event.shiftKey ? SMALL_STEP : STEP;
        move(chosen, [object.where[0] + step * arrow[0], object.where[1] + step * arrow[1]], event.repeat);
      } else if (["Delete", "Backspace"].includes(event.key) && object) {
        if (!event.repeat) remove(chosen);
      } else if (event.key === "Escape" && hand.isDown) {
        hand.lift();
        if (this.#held.moved) cancel();
      } else if (isUndo(event)) undo();
      else return;
      event.preventDefault();
      // Elsewhere on the page the same keys undo strokes of the drawing.
      event.stopPropagation();
    });
  }

  /** @param {PointerEvent} event @returns {[row: number, column: number]} */
  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { side } = this.#shown;
    return [((clientY - top) / height) * side - 0.5, ((clientX - left) / width) * side - 0.5];
  }

  /** @param {readonly [number, number]} place */
  #nearest([row, column]) {
    const far = (/** @type {Placed} */ { where }) => Math.hypot(where[0] - row, where[1] - column);
    const [first] = this.#shown.objects.toSorted((a, b) => far(a) - far(b));
    return first && far(first) <= NEAR ? first : undefined;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    const { side, objects, parts, chosen } = shown;
    const size = side * SCALE;
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    const context = this.#context;
    if (!context) return;
    context.clearRect(0, 0, size, size);
    // An object that was just added is not decoded yet.
    const decoded = objects.flatMap(({ slot }) => {
      const picture = parts.get(slot);
      return picture ? [{ slot, picture }] : [];
    });
    const pictures = decoded.map(({ picture }) => picture);
    const hues = decoded.map(({ slot }) => hueOf(slot));
    paintParts(context, pictures, hues, side);
    const style = getComputedStyle(this.canvas);
    const paper = style.getPropertyValue("--surface");
    objects.forEach(({ slot, where }) => {
      const color = style.getPropertyValue(hueOf(slot));
      if (slot === chosen) paintFrame(context, where, SIZE, { color, dashed: true });
      const corner = /** @type {const} */ ([where[0] - SIZE / 2, where[1] - SIZE / 2]);
      paintName(context, corner, nameOf(slot), { color, paper });
    });
    const places = objects.map(({ slot, where }) => `${nameOf(slot)} at ${where.map(Math.round).join(", ")}`);
    const label =
      objects.length === 0
        ? "Objects: none"
        : `Objects, by row and column: ${places.join("; ")}. Object ${nameOf(chosen)} is chosen`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }
}
