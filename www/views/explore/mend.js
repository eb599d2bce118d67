// What a model was trained to mend: noise on the user's drawing, or erased parts of it.

import { corruptionOf } from "../../model.js";
import { anyOf, presetOf } from "../../store.js";
import { nameOf } from "../../structure.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { figure } from "../codes/figure.js";
import { Marks } from "../codes/marks.js";
import { h, saves, setText } from "../dom.js";
import { Hand } from "../hand.js";
import { meanSquaredError, Picture, sideOf } from "../pixels.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

const SIDE = 28;
/** Side of the saved drawing with its erased parts, in pixels. */
const SAVED = 8 * SIDE;
/** Radius of the eraser, in pixels of the model's picture. */
const ERASER = 2;

/** @type {{ [key: string]: readonly [across: number, down: number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {(x: number, y: number) => boolean} Shape whether a pixel is erased */

/** The distance of a pixel's centre from a line segment. @type {(x: number, y: number, ax: number, ay: number, bx: number, by: number) => number} */
function distance(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1);
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** @type {readonly [name: string, shape: Shape][]} */
const SHAPES = [
  ["Upper half", (_, y) => y < SIDE / 2],
  ["Lower half", (_, y) => y >= SIDE / 2],
  ["Left half", (x) => x < SIDE / 2],
  ["Square", (x, y) => Math.abs(x - 13.5) < 7 && Math.abs(y - 13.5) < 7],
  [
    "Strokes",
    (x, y) =>
      distance(x, y, 2, 8, 26, 12) < 1.7 || distance(x, y, 8, 2, 12, 26) < 1.7 || distance(x, y, 3, 24, 25, 16) < 1.7,
  ],
];

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const pictures = [
    { picture: new Picture("Your drawing: nothing yet"), name: "your drawing", ink: "--drawing" },
    { picture: new Picture("What the model sees: nothing yet"), name: "what the model sees", ink: "--encoder" },
    { picture: new Picture("Mended: nothing yet"), name: "mended", ink: "--reconstruction" },
  ];
  const [drawing, damaged, mended] = pictures.map(({ picture }) => picture);
  /** The erased pixels, and the place of the keyboard's eraser. */
  const erased = new Marks();
  const row = h(
    "div",
    { class: "pictures" },
    ...pictures.map(({ picture, name, ink }) => {
      const overlay = picture === drawing ? erased.element : undefined;
      return figure(picture.canvas, name, ink, overlay).element;
    }),
  );
  const sigma = h("input", {
    type: "range",
    id: "noise",
    min: 0,
    max: 1,
    step: 0.05,
    value: 0.5,
    oninput: () => looking.spoil({ noise: sigma.valueAsNumber, mask: null }),
  });
  const value = h("output", { class: "number", for: sigma.id });
  const noise = h("p", { class: "setting noise" }, h("label", { for: sigma.id }, "Noise σ"), sigma, value);
  const erase = h(
    "div",
    { class: "row", role: "group", "aria-label": "Erase" },
    h("span", { class: "label", "aria-hidden": "true" }, "Erase"),
    ...SHAPES.map(([name, shape]) => h("button", { type: "button", onclick: () => eraseShape(shape) }, name)),
    h("button", { type: "button", onclick: () => looking.spoil({ noise: 0, mask: null }) }, "Nothing"),
  );
  const hint = h(
    "p",
    { class: "hint" },
    "Or rub parts of your drawing out, in the first picture: by hand, or with arrow keys and Space.",
  );
  const summary = h("p", { class: "nats", role: "status" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(h("header", {}, h("h2", {}, "Mended"), keep), row, noise, erase, hint, summary);

  /** @param {Shape} shape */
  function eraseShape(shape) {
    const mask = Float32Array.from({ length: SIDE * SIDE }, (_, at) => Number(shape(at % SIDE, Math.floor(at / SIDE))));
    looking.spoil({ noise: 0, mask });
  }

  /**
   * Erases everything near the line from one pixel to another.
   *
   * @param {readonly [across: number, down: number]} from
   * @param {readonly [across: number, down: number]} to
   */
  function eraseAlong(from, to) {
    const before = store.get("damage").mask;
    const isPoint = from[0] === to[0] && from[1] === to[1];
    const distanceFrom = (/** @type {number} */ x, /** @type {number} */ y) =>
      isPoint ? Math.hypot(x - to[0], y - to[1]) : distance(x, y, ...from, ...to);
    const mask = Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
      distanceFrom(at % SIDE, Math.floor(at / SIDE)) <= ERASER ? 1 : (before?.[at] ?? 0),
    );
    looking.spoil({ noise: 0, mask });
  }

  const { canvas } = drawing;
  /** The last place of the pointer. @type {readonly [number, number]} */
  let last = [0, 0];
  /** The place of the keyboard's eraser. @type {readonly [number, number]} */
  let at = [13, 13];
  let isKeyed = false;
  /** @param {PointerEvent} event */
  const pixel = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    const scale = SIDE / canvas.clientWidth;
    const [across, down] = [clientX - left - canvas.clientLeft, clientY - top - canvas.clientTop];
    return /** @type {const} */ ([across * scale - 0.5, down * scale - 0.5]);
  };
  let before = store.get("damage");
  new Hand(canvas, {
    begin(event) {
      if (erase.hidden) return;
      isKeyed = false;
      before = store.get("damage");
      last = pixel(event);
      eraseAlong(last, last);
    },
    move(event) {
      if (erase.hidden) return;
      const now = pixel(event);
      eraseAlong(last, now);
      last = now;
    },
    cancel() {
      if (!erase.hidden) looking.spoil(before);
    },
  });
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (erase.hidden || (!arrow && event.key !== " ")) return;
    event.preventDefault();
    isKeyed = true;
    const clip = (/** @type {number} */ value) => Math.min(Math.max(value, 0), SIDE - 1);
    if (arrow) at = [clip(at[0] + arrow[0]), clip(at[1] + arrow[1])];
    else eraseAlong(at, at);
    show();
  });
  canvas.addEventListener("blur", () => {
    isKeyed = false;
    show();
  });

  function savePicture() {
    const size = { width: SAVED, height: SAVED };
    const titled = pictures.map(({ picture, name }) => {
      return { canvas: picture === drawing ? erased.over(picture.canvas, size) : picture.canvas, title: name };
    });
    void offerPicture(titled, "mended", store.get("model"));
  }

  function saveNumbers() {
    const { clean, input, image } = store.get("look") ?? {};
    if (!clean || !input || !image) return;
    const side = sideOf(clean);
    const mask = erase.hidden ? null : store.get("damage").mask;
    const rows = Array.from(clean, (value, at) => {
      const row = [Math.floor(at / side) + 1, (at % side) + 1, value, input[at], image[at]];
      return mask ? [...row, mask[at]] : row;
    });
    const columns = ["row", "column", "drawing", "seen", "mended", ...(mask ? ["erased"] : [])];
    offerTable(columns, rows, "mended", store.get("model"));
  }

  function show() {
    const { clean = null, input = null, image = null } = store.get("look") ?? {};
    drawing.paint(clean);
    const mask = erase.hidden ? null : store.get("damage").mask;
    const [across, down] = at;
    erased.show([SIDE, SIDE], {
      colors: Array.from(mask ?? [], (isErased) => (isErased ? "var(--encoder)" : "none")),
      frame: isKeyed
        ? { top: down - ERASER, left: across - ERASER, height: 2 * ERASER + 1, width: 2 * ERASER + 1 }
        : null,
    });
    sigma.value = String(store.get("damage").noise);
    damaged.paint(input);
    mended.paint(image);
    keep.disabled = !clean || !input || !image;
    const keys = erase.hidden
      ? ""
      : `. Arrow keys move the eraser, Space rubs out: it is at row ${at[1] + 1}, column ${at[0] + 1}`;
    drawing.label = `${clean ? "Your drawing, whole" : "Your drawing: nothing yet"}${keys}`;
    damaged.label = input ? "Your drawing as the model sees it, damaged" : "What the model sees: nothing yet";
    mended.label = image ? "Mended by the model" : "Mended: nothing yet";
    setText(value, store.get("damage").noise.toFixed(2));
    const error = (/** @type {Float32Array} */ picture) => (clean ? meanSquaredError(picture, clean).toFixed(4) : "");
    const nothing = mask?.every((isErased) => isErased === 1)
      ? ". All of it is erased: what is mended is a guess at any digit"
      : "";
    const errors =
      clean && input && image
        ? `Mean squared error of a pixel: ${error(input)} damaged, ${error(image)} mended${nothing}`
        : "";
    setText(summary, errors);
  }

  /** Starts another kind of model with the damage that it was trained on. */
  function begin() {
    const corruption = corruptionOf(store.get("info")?.config);
    const [noisy, masked] = [(corruption?.noise ?? 0) > 0, (corruption?.masks.length ?? 0) > 0];
    element.hidden = !noisy && !masked;
    noise.hidden = !noisy;
    erase.hidden = hint.hidden = !masked;
    canvas.classList.toggle("rubbed", masked);
    canvas.setAttribute("role", masked ? "application" : "img");
    if (masked) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    if (element.hidden || store.get("phase") !== "ready") return;
    // The models of an experiment are compared on the same damage.
    const { noise: added, mask } = store.get("damage");
    const preset = presetOf(store)?.id;
    const isKept = preset === damagedPreset && (masked ? mask !== null : added > 0);
    damagedPreset = preset;
    if (isKept) return show();
    if (noisy) looking.spoil({ noise: corruption?.noise ?? 0, mask: null });
    else eraseShape(SHAPES[1][1]);
  }

  let kind = "";
  /** The experiment for which the damage was started. @type {string | undefined} */
  let damagedPreset;
  return {
    update(changed) {
      if (changed.has("theme")) for (const { picture } of pictures) picture.recolor();
      if (changed.has("basis") || changed.has("phase")) {
        const now = `${nameOf(store.get("basis"))} ${store.get("phase")}`;
        if (now !== kind) begin();
        kind = now;
      }
      if (anyOf(changed, "look", "damage", "theme")) show();
    },
    destroy: () => element.replaceChildren(),
  };
}
