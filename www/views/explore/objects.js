// The objects of the drawing: the KL of each cell of the encoder, the cells that hold an object, and each object by itself. The
// user moves, deletes and copies objects, and drops them into another scene.

import { offerPicture, offerTable } from "../../experiment/files.js";
import { SLOTS } from "../../scene.js";
import { anyOf } from "../../store.js";
import { fits } from "../../structure.js";
import { h, icon, inNats, saves, setDisabled, setText } from "../dom.js";
import { hueOf, EditedScene, nameOf } from "../objects/edited-scene.js";
import { paintFrame, paintHeat, paintName, paintParts, SCALE } from "../objects/paint.js";
import { Stage } from "../objects/stage.js";
import { TrainButton } from "./train.js";

/**
 * @import { Basis, Parts, View } from "../../types.js"
 * @import { Placed } from "../../scene.js"
 */

/** Side of a cell in pixels of the scene. */
const CELL = 8;
/** How many of the last edits are listed by name. */
const NAMED = 3;

const HINT =
  "Press an object and drag it; arrow keys move the chosen one, its number chooses it, Delete takes it away. What you copy can be dropped into whatever you draw next.";

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const edited = new EditedScene(store, looking);
  /** The copied object with its picture. @type {{ object: Placed, picture: Float32Array, side: number } | null} */
  let copied = null;

  const heat = h("canvas", { class: "scene-canvas", role: "img", "aria-label": "What each cell says: nothing yet" });
  const stage = new Stage({
    choose: (slot) => looking.choose(slot),
    move: (slot, where, joins) => edited.move(slot, where, joins),
    cancel: () => edited.undo(),
    remove: (slot) => edited.remove(slot),
    undo: () => edited.undo(),
  });
  const caption = h("figcaption", {});
  const summary = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  const words = h("p", { class: "edited", role: "status" });
  const alone = h("ol", { class: "alone" });
  const pocket = h("canvas", { class: "scene-canvas", role: "img", "aria-label": "Copied: nothing yet" });
  const pocketed = h("figure", { class: "pocket", hidden: true }, pocket, h("figcaption", {}, "copied"));

  /** @param {string} label @param {() => void} run @param {Parameters<typeof icon>[0]} [sign] */
  const button = (label, run, sign) => h("button", { type: "button", onclick: run }, sign && icon(sign), label);
  const copy = button("Copy", copyIt);
  const drop = button("Drop it here", dropIt);
  const remove = button("Delete", () => edited.remove(edited.chosen), "clear");
  const undo = button("Undo", () => edited.undo(), "undo");
  const back = button("Back to the encoder", () => edited.giveAllBack(), "back");
  const scene = button("Another scene", () => void looking.nextSample(), "digit");
  const count = h(
    "select",
    { "aria-label": "Objects of a sample" },
    ...[1, 2, 3, 4].map((value) => h("option", { value, selected: value === 3 }, String(value))),
  );
  const train = new TrainButton(store, experiment.training);
  const sample = button("Sample from the prior", () => looking.sampleScene(Number(count.value)));

  element.append(
    h("header", {}, h("h2", {}, "Objects"), summary, keep),
    h("p", { class: "hint", id: "objects-keys" }, HINT),
    h(
      "div",
      { class: "scenes" },
      h("figure", {}, heat, caption),
      h("figure", {}, stage.canvas, h("figcaption", {}, "decoded, each object in a colour of its own")),
      h("div", { class: "beside" }, alone, pocketed),
    ),
    h("div", { class: "row" }, copy, drop, remove, undo, back, scene),
    h("div", { class: "row" }, train.element, sample, h("label", {}, "of ", count, " objects")),
    words,
  );

  function copyIt() {
    const object = edited.objects.find(({ slot }) => slot === edited.chosen);
    const [picture, side] = [object && edited.parts.get(object.slot), edited.scene?.side];
    if (!object || !picture || !side) return;
    copied = { object, picture: picture.slice(), side };
    copiedFrom = store.get("basis");
    show();
  }

  /** Weights that the copied object's latents are for. @type {Basis | null} */
  let copiedFrom = null;

  /** Whether the copied object is one of the open model: its latents say nothing to other weights. */
  function canDrop() {
    const [basis, before] = [store.get("basis"), copiedFrom];
    const isSame = copied && basis && before && basis.model === before.model && basis.start === before.start;
    return isSame && basis.seed === before.seed && fits(basis.structure, before.structure);
  }

  /** At the nearest place to its old one that is free, or else at the one that is farthest from the other objects. */
  function dropIt() {
    const { scene } = edited;
    if (!copied || !scene || !canDrop()) return;
    const { side, distance } = scene;
    const room = (/** @type {readonly number[]} */ [row, column]) =>
      Math.min(...edited.objects.map(({ where }) => Math.hypot(where[0] - row, where[1] - column)));
    const [row, column] = copied.object.where;
    const steps = [0, 1, -1, 2, -2, 3, -3, 4, -4].map((step) => CELL * step);
    const around = steps.flatMap((down) => steps.map((right) => [down, right]));
    const places = around
      .toSorted((a, b) => Math.hypot(...a) - Math.hypot(...b))
      .map(([down, right]) => [row + down, column + right])
      .filter((place) => place.every((at) => at >= CELL && at <= side - CELL));
    const isFree = (/** @type {readonly number[]} */ place) => room(place) >= distance;
    const [farthest = [row, column]] = places.toSorted((a, b) => room(b) - room(a));
    const [freeRow, freeColumn] = places.find(isFree) ?? farthest;
    const slot = edited.add({ mean: copied.object.mean, where: [freeRow, freeColumn] });
    if (slot !== null) looking.choose(slot);
  }

  /** @param {HTMLCanvasElement} canvas @param {number} side */
  function clear(canvas, side) {
    const size = side * SCALE;
    if (canvas.width !== size || canvas.height !== size) canvas.width = canvas.height = size;
    const context = canvas.getContext("2d");
    context?.clearRect(0, 0, size, size);
    return context;
  }

  function showHeat() {
    const { scene, cells, found } = edited;
    if (!scene) return;
    const context = clear(heat, scene.side);
    const input = store.get("look")?.input;
    if (!context) return;
    if (input?.length === scene.side ** 2) paintParts(context, [input], ["--drawing"], scene.side);
    const style = getComputedStyle(heat);
    if (cells) paintHeat(context, cells, scene.sides, CELL, style.getPropertyValue("--latent"));
    found.forEach(({ cell }, slot) => {
      const [row, column] = [Math.floor(cell / scene.sides[1]), cell % scene.sides[1]];
      const middle = /** @type {const} */ ([(row + 0.5) * CELL - 0.5, (column + 0.5) * CELL - 0.5]);
      const color = style.getPropertyValue(hueOf(slot));
      paintFrame(context, middle, CELL, { color });
      const colors = { color, paper: style.getPropertyValue("--surface") };
      paintName(context, [middle[0] - CELL / 2, middle[1] - CELL / 2], nameOf(slot), colors);
    });
    const most = cells ? `, up to ${inNats(Math.max(...cells))} nats` : "";
    setText(caption, `your drawing, and how much each cell says of it${most}: framed cells hold an object`);
    const kept = found.map(({ cell, kl }, slot) => `${nameOf(slot)} is cell ${cell + 1} with ${inNats(kl)} nats`);
    heat.setAttribute(
      "aria-label",
      `What each of ${scene.sides.join(" by ")} cells says: ${kept.length > 0 ? kept.join("; ") : "none holds an object"}`,
    );
  }

  function showAlone() {
    const { scene, objects, parts } = edited;
    if (!scene) return;
    while (alone.children.length > objects.length) alone.lastElementChild?.remove();
    while (alone.children.length < objects.length) {
      const canvas = h("canvas", { class: "scene-canvas", "aria-hidden": "true" });
      alone.append(h("li", {}, h("button", { type: "button" }, canvas, h("span", {}))));
    }
    objects.forEach((object, index) => {
      const { slot } = object;
      const press = alone.children[index].querySelector("button");
      const canvas = press?.querySelector("canvas");
      const [part, text] = [parts.get(slot), press?.querySelector("span")];
      if (!press || !canvas || !text) return;
      press.onclick = () => looking.choose(slot);
      press.setAttribute("aria-pressed", String(slot === edited.chosen));
      const context = clear(canvas, scene.side);
      if (context && part) paintParts(context, [part], [hueOf(slot)], scene.side);
      const encoded = edited.foundOf(object);
      const own = edited.isChanged(object) ? ", changed" : "";
      setText(text, `${nameOf(slot)}: ${encoded ? `${inNats(encoded.kl)} nats${own}` : "added by you"}`);
    });
  }

  function showPocket() {
    pocketed.hidden = !canDrop();
    if (!copied || pocketed.hidden) return;
    const context = clear(pocket, copied.side);
    if (context) paintParts(context, [copied.picture], ["--text"], copied.side);
    pocket.setAttribute("aria-label", `Copied: object ${nameOf(copied.object.slot)}`);
  }

  function show() {
    const { scene: has, objects, found } = edited;
    if (!has) return;
    const { chosen } = edited;
    const isThere = objects.length > 0;
    stage.show({ side: has.side, objects, parts: edited.parts, chosen });
    showHeat();
    showAlone();
    showPocket();
    setDisabled(copy, !isThere, stage.canvas);
    setDisabled(remove, !isThere, stage.canvas);
    setDisabled(drop, !canDrop() || !edited.hasRoom, stage.canvas);
    drop.title = edited.hasRoom ? "" : `There is room for ${SLOTS} objects`;
    setDisabled(undo, !edited.canUndo, stage.canvas);
    setDisabled(back, !edited.isEdited, stage.canvas);
    keep.disabled = !store.get("look")?.image;
    const step = store.get("look")?.step ?? 0;
    setText(summary, `${found.length} found, at most ${has.most} are kept; at step ${step.toLocaleString("en")}`);
    const { done } = edited;
    const names = [...(done.length > NAMED ? ["…"] : []), ...done.slice(-NAMED)].join(", ");
    const count = objects.length === 1 ? "1 object is" : `${objects.length} objects are`;
    setText(words, edited.isEdited ? `${names || "Changed"}: ${count} decoded.` : "");
  }

  function savePicture() {
    const titled = [
      { canvas: heat, title: "what each cell says" },
      { canvas: stage.canvas, title: "decoded" },
      ...[...alone.querySelectorAll("canvas")].map((canvas, index) => ({
        canvas,
        title: nameOf(edited.objects[index]?.slot ?? index),
      })),
    ];
    void offerPicture(titled, "objects", store.get("model"));
  }

  /** One row for each decoded object, and one for each cell. */
  function saveNumbers() {
    const { objects, cells, scene } = edited;
    if (!scene) return;
    const latents = Array.from({ length: scene.latent }, (_, index) => `z${index + 1}`);
    const columns = ["what", "number", "cell", "row", "column", "presence", "kl", "kl_times_presence", ...latents];
    const empty = latents.map(() => "");
    const middle = (/** @type {number} */ index) => (index + 0.5) * CELL - 0.5;
    const rows = [
      ...objects.map((object) => {
        const { slot, where, presence, mean } = object;
        const found = edited.foundOf(object);
        const nats = found ? [found.kl, found.kl * presence] : ["", ""];
        return ["object", nameOf(slot), found ? found.cell + 1 : "", ...where, presence, ...nats, ...mean];
      }),
      ...Array.from(cells ?? [], (nats, cell) => {
        const place = [Math.floor(cell / scene.sides[1]), cell % scene.sides[1]].map(middle);
        return ["cell", "", cell + 1, ...place, "", "", nats, ...empty];
      }),
    ];
    offerTable(columns, rows, "objects", store.get("model"));
  }

  return {
    update(changed) {
      if (anyOf(changed, "training", "phase")) train.show();
      if (anyOf(changed, "info", "basis")) element.hidden = !edited.scene;
      if (changed.has("phase")) sample.disabled = scene.disabled = store.get("phase") !== "ready";
      if (anyOf(changed, "look", "overrides", "object", "info", "theme")) show();
    },
    destroy: () => element.replaceChildren(),
  };
}
