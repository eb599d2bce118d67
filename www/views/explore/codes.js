// The code grid of the user's drawing, which can be explored and painted, and the codebook.

import { anyOf } from "../../store.js";
import { recentOf } from "../../experiment/exploring.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { Book, FULL, percent } from "../codes/book.js";
import { Cells } from "../codes/cells.js";
import { figure } from "../codes/figure.js";
import { Latest } from "../codes/latest.js";
import { Marks } from "../codes/marks.js";
import { EditedCodes } from "../codes/mine.js";
import { GRIDS, Patches } from "../codes/patches.js";
import { commonest, usesOf } from "../codes/use.js";
import { watchAll } from "../codes/watch.js";
import { h, icon, saves, setDisabled, setText, thousands } from "../dom.js";
import { Picture } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, View } from "../../types.js"
 * @import { Wanted } from "../codes/patches.js"
 */

/** While training, the patches of the codes are decoded again at most this often, in milliseconds. */
const EVERY = 700;

/** Up to this many cells of a code are named one by one. */
const NAMED = 8;

/** @typedef {{ cell: number } | { code: number }} Place a cell of the grid, or a code of the book */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { exploring, looking, palette } = experiment;
  const edited = new EditedCodes(store, looking);
  const clean = new Picture("Your drawing as the model sees it: nothing yet");
  const image = new Picture("Picture of these codes: nothing yet");
  const cells = new Cells("Grid of codes: nothing yet", {
    point: (cell) => point(cell === null ? null : { cell }),
    press,
    cancel: () => painted && edited.undo(),
  });
  const patches = new Patches((grids) => lab.tiles(grids));
  const pieces = new Latest(
    store,
    async (/** @type {Wanted} */ wanted) => {
      await patches.make(wanted);
      book.paint(patches);
      describe();
    },
    () => (store.get("training") ? EVERY : 0),
  );
  const book = new Book({ point: (code) => point(code === null ? null : { code }), choose });
  const marks = [new Marks(), new Marks()];
  const figures = [
    figure(clean.canvas, "what the model sees", "--drawing", marks[0].element),
    figure(cells.canvas, "its codes", "--latent"),
    figure(image.canvas, "what is decoded", "--reconstruction", marks[1].element),
  ];
  const paints = h("canvas", { class: "patch", "aria-hidden": "true", width: 1, height: 1 });
  const words = h("p", { role: "status" });
  const undo = h("button", { type: "button", "aria-label": "Undo painting", onclick: () => edited.undo() });
  undo.append(icon("undo"), "Undo");
  const back = h("button", { type: "button", onclick: () => edited.giveBack() }, icon("back"), "Back to the encoder");
  const tinted = h("input", { type: "checkbox", checked: true, onchange: () => show() });
  const tint = h("label", { class: "check" }, tinted, "Colours over the pictures");
  const summary = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Code grid"), summary, keep),
    h("div", { class: "pictures with-cells" }, ...figures.map((figure) => figure.element)),
    h("div", { class: "piece" }, paints, words),
    h("div", { class: "row" }, undo, back, tint),
    book.element,
    h(
      "p",
      { class: "hint" },
      `Each code with its colour, what is decoded around its cells in ${GRIDS} digits on average (where they have none of it, among the commonest), and a bar: its share of all cells, full at ${FULL} times an even share and broken off beyond. Choose one to paint cells with it, choose it again to put it down.`,
    ),
  );
  /** @type {number | null} the code that is painted with */
  let brush = null;
  /** @type {Place | null} */
  let pointed = null;
  /** The cell that was pressed without a brush, because a finger cannot point. @type {Place | null} */
  let pressedPlace = null;
  /** Whether the stroke under way has painted anything. */
  let painted = false;
  /** @type {ReturnType<typeof usesOf> | null} */
  let uses = null;

  /** @param {Place | null} place */
  const codeAt = (place) =>
    place === null ? null : "code" in place ? place.code : (edited.codes?.[place.cell] ?? null);
  const marked = () => codeAt(pointed) ?? brush ?? codeAt(pressedPlace);
  /** The commonest code of all digits, or of the drawing while the digits are not encoded. */
  function background() {
    if (uses) return uses.cells.indexOf(Math.max(...uses.cells));
    return edited.codes && edited.grid ? commonest(edited.codes, edited.grid.size) : 0;
  }

  /** @param {Place | null} place */
  function point(place) {
    pointed = place;
    show();
  }

  /** @param {number} code */
  function choose(code) {
    brush = code === brush ? null : code;
    pressedPlace = null;
    show();
  }

  /** @param {number} cell @param {boolean} isFirst of a stroke */
  function press(cell, isFirst) {
    if (isFirst) painted = false;
    if (brush === null) {
      pressedPlace = { cell };
      show();
    } else if (edited.codes?.[cell] !== brush) {
      edited.paint(cell, brush, background(), painted);
      painted = true;
    }
  }

  /** Asks for the codes' patches, if the view is visible and enough digits are encoded. */
  function refresh() {
    const { grid, palette: now, digits } = edited;
    const most = Math.min(GRIDS, digits?.pictures.count ?? 0);
    if (!seen.now || !grid || !now || !digits || digits.count < most) return;
    const { sides, size, image } = grid;
    const wanted = { codes: digits.codes, background: background(), size, sides, image };
    pieces.ask([now, most, store.get("theme")], wanted);
  }

  function show() {
    const { grid, codes, colors } = edited;
    if (!grid) return;
    const look = store.get("look");
    clean.paint(look?.clean ?? null);
    clean.label = `Your drawing as the model sees it${look?.clean ? "" : ": nothing yet"}`;
    image.paint(look?.image ?? null);
    image.label = `Picture of these codes${look?.image ? "" : ": nothing yet"}`;
    const same = marked();
    cells.show(grid.sides, { codes: codes ?? new Float32Array(grid.cells).fill(-1), colors, same });
    // The encoder's codes are shown over the drawing, and the decoded codes over the decoded picture.
    for (const [index, all] of [edited.encoded, codes].entries()) {
      const standing = Array.from(all ?? [], (_, cell) => cell).filter((cell) => all?.[cell] === same);
      const tints = tinted.checked ? Array.from(all ?? [], (code) => colors[code] ?? "none") : [];
      marks[index].show(grid.sides, { cells: standing, colors: tints });
    }
    const owner = edited.isEdited ? "your codes" : "its codes";
    const negated = edited.isNegated ? ", every vector negated" : "";
    setText(figures[1].words, `${owner}${negated}`);
    const hand = brush === null ? "points at them" : `paints with code ${brush}`;
    const sides = grid.sides.join(" by ");
    cells.label = codes
      ? `Grid of codes: ${sides} cells with ${new Set(codes).size} different codes${negated}. Arrow keys move, Space ${hand}.`
      : `Grid of codes: ${sides} cells, nothing yet`;
    setDisabled(undo, !edited.canUndo, cells.canvas);
    setDisabled(back, !edited.isEdited, cells.canvas);
    book.mark(brush, same);
    describe();
  }

  function describe() {
    const code = marked();
    patches.draw(code ?? Infinity, paints);
    words.setAttribute("aria-live", store.get("training") ? "off" : "polite");
    if (code === null) {
      setText(words, "Point at a cell: all cells with its code are marked, and here is what it paints.");
      return;
    }
    const use = uses ? `${percent(uses.shares[code])} of all cells` : "";
    const standing = placesOf(code);
    const named = standing.length > 0 && standing.length <= NAMED ? `, row and column ${standing.join(", ")}` : "";
    const grey =
      code in patches.greys
        ? `paints ${percent(patches.greys[code])} ink into its cell${edited.isNegated ? ", by its own vector" : ""}`
        : "";
    const hand = code === brush ? "; your brush" : "";
    const place = `stands in ${standing.length} ${standing.length === 1 ? "cell" : "cells"}${named}`;
    const columns = edited.grid?.sides[1] ?? 1;
    const at =
      pointed && "cell" in pointed ? ` at row ${rowOf(pointed.cell)}, column ${(pointed.cell % columns) + 1}` : "";
    setText(words, `Code ${code}${at}: ${[use, place, grey].filter((part) => part).join("; ")}${hand}`);
  }

  /** The row of a cell, from 1. @param {number} cell */
  const rowOf = (cell) => Math.floor(cell / (edited.grid?.sides[1] ?? 1)) + 1;

  /** The rows and columns, from 1, of the cells that have a code. @param {number} code */
  function placesOf(code) {
    const columns = edited.grid?.sides[1] ?? 1;
    const cells = Array.from(edited.codes ?? [], (_, cell) => cell).filter((cell) => edited.codes?.[cell] === code);
    return cells.map((cell) => `${rowOf(cell)}:${(cell % columns) + 1}`);
  }

  function showBook() {
    const { grid, colors } = edited;
    // Only recent encodings are counted, because old ones say nothing about the current codes.
    const { digits } = edited;
    uses = grid && digits ? usesOf(digits.codes, grid.size) : null;
    keep.disabled = !uses;
    book.show(colors, uses);
    if (!uses || !digits) {
      setText(summary, "encoding the pictures");
      return;
    }
    const { perplexity, dead } = uses;
    const idle = `${dead} dead ${dead === 1 ? "code" : "codes"}`;
    const over = `${thousands(digits.count)} ${digits.pictures.name} at step ${thousands(digits.step)}`;
    setText(summary, `perplexity ${perplexity.toFixed(1)}, ${idle}, over ${over}`);
  }

  /** Saves the pictures as they are shown, with the colours over them. */
  function savePicture() {
    const over = [marks[0], null, marks[1]];
    const titled = figures.map(({ canvas, words }, index) => {
      return { canvas: over[index]?.over(canvas, cells.canvas) ?? canvas, title: words.textContent ?? "" };
    });
    const use = { canvas: book.sheet(2 * cells.canvas.height), title: summary.textContent ?? "" };
    void offerPicture([...titled, use], "codes", store.get("model"));
  }

  /** Saves how much each code is used, and where it is in the user's grid. */
  function saveNumbers() {
    const rows =
      uses?.cells.map((count, code) => [code, uses?.shares[code] ?? 0, count, placesOf(code).join(" ")]) ?? [];
    offerTable(["code", "share", "cells", "yours"], rows, "codes", store.get("model"));
  }

  const seen = new Seen(element, watchAll(exploring, palette), refresh);

  return {
    update(changed) {
      if (changed.has("theme")) for (const picture of [clean, image]) picture.recolor();
      if (anyOf(changed, "basis", "info")) element.hidden = !edited.grid;
      if (changed.has("basis")) {
        brush = pointed = pressedPlace = null;
        patches.clear();
      }
      if (anyOf(changed, "codes", "palette", "basis", "training")) showBook();
      if (anyOf(changed, "look", "overrides", "palette", "info", "basis", "theme", "training")) show();
      if (anyOf(changed, "codes", "palette", "basis", "theme")) refresh();
    },
    destroy() {
      seen.stop();
      pieces.stop();
      element.replaceChildren();
    },
  };
}
