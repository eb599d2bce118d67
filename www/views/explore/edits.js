// Shows what happens to a picture when its codes are moved, rotated, joined with another picture's, or negated.

import { anyOf, classOf } from "../../store.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { Cells } from "../codes/cells.js";
import { figure } from "../codes/figure.js";
import { Marks } from "../codes/marks.js";
import { EditedCodes } from "../codes/mine.js";
import { Rectangle } from "../codes/rectangle.js";
import { flip, invert, join, placed, rotate, shift, transplant } from "../codes/shapes.js";
import { OtherPicture } from "../codes/theirs.js";
import { commonest, cornersOf } from "../codes/use.js";
import { watchAll } from "../codes/watch.js";
import { h, icon, saves, setDisabled, setText } from "../dom.js";
import { Picture } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, View } from "../../types.js"
 * @import { Overrides } from "../../experiment/looking.js"
 */

/** At most this many edits are named, the last ones. */
const NAMED = 4;
const LOOK_FOR =
  "Shifts and halves survive: a code paints much the same wherever it stands. Rotated or flipped, the digit is lost: " +
  "the cells go elsewhere, but what each of them paints does not turn. Negated vectors turn values over: where ink was " +
  "there is none, and paper gets ink, as far as the decoder goes along.";
const MARK = "Drag a rectangle over their codes, or mark two of its corners: arrow keys move, Space marks.";

/** @typedef {NonNullable<EditedCodes["grid"]>} Grid */
/** @typedef {(codes: Float32Array, grid: Grid, blank: number) => number[]} Change `blank` is the code of an empty cell */

/** The models see square pictures, so their grids are square too. @type {readonly [name: string, change: Change][]} */
const CHANGES = [
  ["Shift left", (codes, { sides }, blank) => shift(codes, sides, [0, -1], blank)],
  ["Shift right", (codes, { sides }, blank) => shift(codes, sides, [0, 1], blank)],
  ["Shift up", (codes, { sides }, blank) => shift(codes, sides, [-1, 0], blank)],
  ["Shift down", (codes, { sides }, blank) => shift(codes, sides, [1, 0], blank)],
  ["Rotate by 90°", (codes, { sides }) => rotate(codes, sides[0])],
  ["Flip across", (codes, { sides }) => flip(codes, sides, "across")],
  ["Flip down", (codes, { sides }) => flip(codes, sides, "down")],
  ["Indices inverted", (codes, { size }) => invert(codes, size)],
];

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { exploring, looking, palette } = experiment;
  const edited = new EditedCodes(store, looking);
  const otherPicture = new OtherPicture(store, lab, () => show());
  const rectangle = new Rectangle(() => show());
  /** The user's latents before the last piece was planted. @type {Overrides} */
  let beforePlanting = [];
  /** The cells under the pointer. @type {{ own: number | null, other: number | null }} */
  const pointed = { own: null, other: null };
  const own = new Cells("Your codes: nothing yet", {
    point: (cell) => {
      pointed.own = cell;
      show();
    },
    press: (cell, isFirst) => {
      if (!isFirst) return;
      beforePlanting = looking.own.latents;
      plant(cell);
    },
    cancel: () => looking.own.latents !== beforePlanting && edited.undo(),
  });
  const other = new Cells("Their codes: nothing yet", {
    point: (cell) => {
      pointed.other = cell;
      rectangle.point(cell);
      show();
    },
    press: (cell, isFirst) => rectangle.press(cell, isFirst),
    release: (cell) => rectangle.release(cell),
    cancel: () => rectangle.clear(),
  });
  const decoded = new Picture("Decoded from your edits: nothing yet");
  const second = new Picture("Their picture: nothing yet");
  /** The rectangle over the pictures. */
  const marks = { decoded: new Marks(), second: new Marks() };
  const shown = {
    own: figure(own.canvas, "your codes", "--latent"),
    decoded: figure(decoded.canvas, "what is decoded", "--reconstruction", marks.decoded.element),
    other: figure(other.canvas, "their codes", "--latent"),
    second: figure(second.canvas, "their picture", "--drawing", marks.second.element),
  };
  /** @type {(name: string, onclick: () => void) => HTMLButtonElement} */
  const button = (name, onclick) => h("button", { type: "button", onclick }, name);
  const negation = button("Vectors negated", () => edited.negate("Vectors negated"));
  const changes = h(
    "fieldset",
    { class: "row", "aria-label": "Edit your codes" },
    ...CHANGES.map(([name, change]) => button(name, () => edit(name, change))),
    negation,
  );
  /** @type {(name: string, along: "across" | "down") => HTMLButtonElement} */
  const half = (name, along) =>
    button(name, () => edit(name, (codes, { sides }) => join(codes, otherPicture.now?.codes ?? codes, sides, along)));
  const halves = h(
    "fieldset",
    { class: "row", "aria-label": "Join halves" },
    half("Left half mine, right half theirs", "across"),
    half("Top half mine, bottom half theirs", "down"),
  );
  const undo = h("button", { type: "button", "aria-label": "Undo edit", onclick: () => edited.undo() });
  undo.append(icon("undo"), "Undo");
  const back = h("button", { type: "button", onclick: () => edited.giveBack() }, icon("back"), "Back to the encoder");
  const another = button("Another one", () => otherPicture.next());
  const words = h("p", { role: "status" });
  const summary = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Edits"), summary, keep),
    changes,
    h("div", { class: "row" }, undo, back),
    h("div", { class: "pictures with-cells" }, ...Object.values(shown).map((figure) => figure.element)),
    h("div", { class: "row" }, halves, another),
    words,
    h("p", { class: "hint" }, LOOK_FOR),
  );
  const frame = () => (edited.grid && otherPicture.now ? rectangle.frame(edited.grid.sides[1]) : null);

  /** @param {string} name @param {Change} change */
  function edit(name, change) {
    const { codes, grid } = edited;
    if (codes && grid) edited.put(change(codes, grid, blank(codes, grid)), { name });
  }

  /**
   * The commonest code in the corners, of all digits if they are encoded, otherwise of the drawing.
   *
   * @param {Float32Array} codes
   * @param {Grid} grid
   */
  const blank = (codes, { sides, size }) => commonest(cornersOf(edited.digits?.codes ?? codes, sides), size);

  /** @param {number} cell where the top left of the marked rectangle goes */
  function plant(cell) {
    const [part, from] = [frame(), otherPicture.now?.codes];
    if (part && from) edit("A piece of theirs", (codes, { sides }) => transplant(codes, from, sides, part, cell));
  }

  /** Asks for the other picture, if the view is visible. */
  function refresh() {
    if (!seen.now || !edited.grid) return;
    otherPicture.refresh();
  }

  function show() {
    const { grid, codes, colors } = edited;
    if (!grid) return;
    const { sides, cells } = grid;
    const nothing = new Float32Array(cells).fill(-1);
    const part = frame();
    const target = part && pointed.own !== null ? placed(part, pointed.own, sides) : null;
    own.show(sides, { codes: codes ?? nothing, colors, frame: target });
    marks.decoded.show(sides, { frame: target });
    marks.second.show(sides, { frame: part });
    other.show(sides, { codes: otherPicture.now?.codes ?? nothing, colors, frame: part });
    const size = sides.join(" by ");
    own.label = `Your codes: ${codes ? `${size} cells. Arrow keys move, Space puts there what is marked of theirs.` : "nothing yet"}`;
    other.label = `Their codes: ${otherPicture.now ? `${size} cells. Arrow keys move, Space marks the corners of a rectangle.` : "nothing yet"}`;
    const image = store.get("look")?.image ?? null;
    negation.setAttribute("aria-pressed", String(edited.isNegated));
    setText(shown.own.words, edited.isNegated ? "your codes, every vector negated" : "your codes");
    decoded.paint(image);
    decoded.label = `Decoded from your edits${image ? "" : ": nothing yet"}`;
    second.paint(otherPicture.now?.picture ?? null);
    const label = otherPicture.now?.label;
    const name = label === undefined ? "" : `: ${classOf(store, label)}`;
    second.label = `Their picture${otherPicture.now ? name : ": nothing yet"}`;
    setText(shown.second.words, `their picture${name}`);
    changes.disabled = keep.disabled = !codes;
    halves.disabled = !codes || !otherPicture.now;
    setDisabled(undo, !edited.canUndo, own.canvas);
    setDisabled(back, !edited.isEdited, own.canvas);
    const negated = edited.isNegated ? ", and every vector is negated" : "";
    const undone = edited.canUndo ? "; Undo brings your edit back" : "";
    const edits = edited.done;
    const names = [...(edits.length > NAMED ? ["…"] : []), ...edits.slice(-NAMED)].join(", ");
    const moved = edited.isEdited
      ? `${names && `${names}: `}${edited.editedCount} of ${cells} codes are not the encoder's${negated}`
      : `all ${cells} codes are the encoder's${undone}`;
    setText(summary, codes ? moved : `draw a digit: it has codes to edit${undone}`);
    describe(grid);
  }

  /** @param {Grid} grid */
  function describe({ sides }) {
    const part = frame();
    const place = (/** @type {number} */ cell) =>
      `row ${Math.floor(cell / sides[1]) + 1}, column ${(cell % sides[1]) + 1}`;
    const fits = part && pointed.own !== null ? placed(part, pointed.own, sides) : part;
    const size = fits && `${fits.height} × ${fits.width} of their cells`;
    const at = pointed.own !== null ? place(pointed.own) : pointed.other !== null ? place(pointed.other) : "";
    if (size && pointed.own !== null) setText(words, `${size} go to ${at} of yours.`);
    else if (size)
      setText(
        words,
        `${size} are marked${at && `, you are at ${at}`}. Press the cell of yours where their top left goes.`,
      );
    else setText(words, at ? `${MARK} You are at ${at}.` : MARK);
  }

  function savePicture() {
    const overlays = new Map([
      [shown.decoded, marks.decoded],
      [shown.second, marks.second],
    ]);
    const titled = Object.values(shown).map((figure) => {
      const { canvas, words } = figure;
      return { canvas: overlays.get(figure)?.over(canvas, own.canvas) ?? canvas, title: words.textContent ?? "" };
    });
    void offerPicture(titled, "edits", store.get("model"));
  }

  function saveNumbers() {
    const width = edited.grid?.sides[1] ?? 1;
    const sign = edited.isNegated ? -1 : 1;
    const rows = Array.from(edited.codes ?? [], (code, at) => {
      return [Math.floor(at / width) + 1, (at % width) + 1, code, sign, otherPicture.now?.codes[at] ?? ""];
    });
    offerTable(["row", "column", "code", "sign_of_vector", "their_code"], rows, "edits", store.get("model"));
  }

  const seen = new Seen(element, watchAll(exploring, palette), refresh);

  return {
    update(changed) {
      if (changed.has("theme")) for (const picture of [decoded, second]) picture.recolor();
      if (anyOf(changed, "basis", "info")) element.hidden = !edited.grid;
      if (changed.has("basis")) {
        otherPicture.clear();
        rectangle.clear();
      }
      if (anyOf(changed, "look", "overrides", "palette", "info", "basis", "theme")) show();
      if (anyOf(changed, "look", "overrides", "palette", "pictures", "info", "basis")) refresh();
    },
    destroy() {
      seen.stop();
      otherPicture.stop();
      element.replaceChildren();
    },
  };
}
