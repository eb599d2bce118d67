// What becomes of a picture when its codes are moved, turned, joined with another's, or negated.

import { anyOf, classOf } from "../../store.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { Cells } from "../codes/cells.js";
import { figure } from "../codes/figure.js";
import { Marks } from "../codes/marks.js";
import { Mine } from "../codes/mine.js";
import { Rectangle } from "../codes/rectangle.js";
import { flip, invert, join, placed, rotate, shift, transplant } from "../codes/shapes.js";
import { Theirs } from "../codes/theirs.js";
import { commonest, cornersOf } from "../codes/use.js";
import { together } from "../codes/watch.js";
import { h, icon, saves, setDisabled, setText } from "../dom.js";
import { Picture } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, View } from "../../types.js"
 * @import { Overrides } from "../../experiment/looking.js"
 */

/** So many edits are named, the last ones. */
const NAMED = 4;
const LOOK_FOR =
  "Shifts and halves survive: a code paints much the same wherever it stands. Rotated or flipped, the digit is lost: " +
  "the cells go elsewhere, but what each of them paints does not turn. Negated vectors turn values over: where ink was " +
  "there is none, and paper gets ink, as far as the decoder goes along.";
const MARK = "Drag a rectangle over their codes, or mark two of its corners: arrow keys move, Space marks.";

/** @typedef {NonNullable<Mine["grid"]>} Grid */
/** @typedef {(codes: Float32Array, grid: Grid, blank: number) => number[]} Change where blank is what nothing looks like */

/** The page's models see squares, and so are their grids. @type {readonly [name: string, change: Change][]} */
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
  const mine = new Mine(store, looking);
  const theirs = new Theirs(store, lab, () => show());
  const rectangle = new Rectangle(() => show());
  /** What a piece was planted into. @type {Overrides} */
  let planted = [];
  /** The cells that are pointed at. @type {{ own: number | null, other: number | null }} */
  const pointed = { own: null, other: null };
  const own = new Cells("Your codes: nothing yet", {
    point: (cell) => {
      pointed.own = cell;
      show();
    },
    press: (cell, isFirst) => {
      if (!isFirst) return;
      planted = looking.own.latents;
      plant(cell);
    },
    cancel: () => looking.own.latents !== planted && mine.undo(),
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
  /** The rectangle, on the pictures. */
  const marks = { decoded: new Marks(), second: new Marks() };
  const shown = {
    own: figure(own.canvas, "your codes", "--latent"),
    decoded: figure(decoded.canvas, "what is decoded", "--reconstruction", marks.decoded.element),
    other: figure(other.canvas, "their codes", "--latent"),
    second: figure(second.canvas, "their picture", "--drawing", marks.second.element),
  };
  /** @type {(name: string, onclick: () => void) => HTMLButtonElement} */
  const button = (name, onclick) => h("button", { type: "button", onclick }, name);
  const negation = button("Vectors negated", () => mine.negate("Vectors negated"));
  const changes = h(
    "fieldset",
    { class: "row", "aria-label": "Edit your codes" },
    ...CHANGES.map(([name, change]) => button(name, () => edit(name, change))),
    negation,
  );
  /** @type {(name: string, along: "across" | "down") => HTMLButtonElement} */
  const half = (name, along) =>
    button(name, () => edit(name, (codes, { sides }) => join(codes, theirs.now?.codes ?? codes, sides, along)));
  const halves = h(
    "fieldset",
    { class: "row", "aria-label": "Join halves" },
    half("Left half mine, right half theirs", "across"),
    half("Top half mine, bottom half theirs", "down"),
  );
  const undo = h("button", { type: "button", "aria-label": "Undo edit", onclick: () => mine.undo() });
  undo.append(icon("undo"), "Undo");
  const back = h("button", { type: "button", onclick: () => mine.giveBack() }, icon("back"), "Back to the encoder");
  const another = button("Another one", () => theirs.next());
  const words = h("p", { role: "status" });
  const told = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Edits"), told, keep),
    changes,
    h("div", { class: "row" }, undo, back),
    h("div", { class: "pictures with-cells" }, ...Object.values(shown).map((figure) => figure.element)),
    h("div", { class: "row" }, halves, another),
    words,
    h("p", { class: "hint" }, LOOK_FOR),
  );
  const frame = () => (mine.grid && theirs.now ? rectangle.frame(mine.grid.sides[1]) : null);

  /** @param {string} name @param {Change} of */
  function edit(name, of) {
    const { codes, grid } = mine;
    if (codes && grid) mine.put(of(codes, grid, blank(codes, grid)), { name });
  }

  /** The code of an empty corner: of all digits where they are known. @param {Float32Array} codes @param {Grid} grid */
  const blank = (codes, { sides, size }) => commonest(cornersOf(mine.digits?.codes ?? codes, sides), size);

  /** @param {number} cell where the top left of what is marked goes */
  function plant(cell) {
    const [part, from] = [frame(), theirs.now?.codes];
    if (part && from) edit("A piece of theirs", (codes, { sides }) => transplant(codes, from, sides, part, cell));
  }

  /** What is asked of the worker, where it is seen and not known yet. */
  function refresh() {
    if (!seen.now || !mine.grid) return;
    theirs.refresh();
  }

  function show() {
    const { grid, codes, colors } = mine;
    if (!grid) return;
    const { sides, cells } = grid;
    const nothing = new Float32Array(cells).fill(-1);
    const part = frame();
    const there = part && pointed.own !== null ? placed(part, pointed.own, sides) : null;
    own.show(sides, { codes: codes ?? nothing, colors, frame: there });
    marks.decoded.show(sides, { frame: there });
    marks.second.show(sides, { frame: part });
    other.show(sides, { codes: theirs.now?.codes ?? nothing, colors, frame: part });
    const size = sides.join(" by ");
    own.label = `Your codes: ${codes ? `${size} cells. Arrow keys move, Space puts there what is marked of theirs.` : "nothing yet"}`;
    other.label = `Their codes: ${theirs.now ? `${size} cells. Arrow keys move, Space marks the corners of a rectangle.` : "nothing yet"}`;
    const image = store.get("look")?.image ?? null;
    negation.setAttribute("aria-pressed", String(mine.isNegated));
    setText(shown.own.words, mine.isNegated ? "your codes, every vector negated" : "your codes");
    decoded.paint(image);
    decoded.label = `Decoded from your edits${image ? "" : ": nothing yet"}`;
    second.paint(theirs.now?.picture ?? null);
    const label = theirs.now?.label;
    const name = label === undefined ? "" : `: ${classOf(store, label)}`;
    second.label = `Their picture${theirs.now ? name : ": nothing yet"}`;
    setText(shown.second.words, `their picture${name}`);
    changes.disabled = keep.disabled = !codes;
    halves.disabled = !codes || !theirs.now;
    setDisabled(undo, !mine.canUndo, own.canvas);
    setDisabled(back, !mine.isEdited, own.canvas);
    const negated = mine.isNegated ? ", and every vector is negated" : "";
    const undone = mine.canUndo ? "; Undo brings your edit back" : "";
    const edits = mine.done;
    const names = [...(edits.length > NAMED ? ["…"] : []), ...edits.slice(-NAMED)].join(", ");
    const moved = mine.isEdited
      ? `${names && `${names}: `}${mine.moved} of ${cells} codes are not the encoder's${negated}`
      : `all ${cells} codes are the encoder's${undone}`;
    setText(told, codes ? moved : `draw a digit: it has codes to edit${undone}`);
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
    const over = new Map([
      [shown.decoded, marks.decoded],
      [shown.second, marks.second],
    ]);
    const titled = Object.values(shown).map((figure) => {
      const { canvas, words } = figure;
      return { canvas: over.get(figure)?.over(canvas, own.canvas) ?? canvas, title: words.textContent ?? "" };
    });
    void offerPicture(titled, "edits", store.get("model"));
  }

  function saveNumbers() {
    const width = mine.grid?.sides[1] ?? 1;
    const sign = mine.isNegated ? -1 : 1;
    const rows = Array.from(mine.codes ?? [], (code, at) => {
      return [Math.floor(at / width) + 1, (at % width) + 1, code, sign, theirs.now?.codes[at] ?? ""];
    });
    offerTable(["row", "column", "code", "sign_of_vector", "their_code"], rows, "edits", store.get("model"));
  }

  const seen = new Seen(element, together(exploring, palette), refresh);

  return {
    update(changed) {
      if (changed.has("theme")) for (const picture of [decoded, second]) picture.recolor();
      if (anyOf(changed, "basis", "info")) element.hidden = !mine.grid;
      if (changed.has("basis")) {
        theirs.clear();
        rectangle.clear();
      }
      if (anyOf(changed, "look", "overrides", "palette", "info", "basis", "theme")) show();
      if (anyOf(changed, "look", "overrides", "palette", "pictures", "info", "basis")) refresh();
    },
    destroy() {
      seen.stop();
      theirs.stop();
      element.replaceChildren();
    },
  };
}
