// The code grid of your own drawing, to be looked into and painted, and the codebook that its codes are of.

import { anyOf } from "../../store.js";
import { recentOf } from "../../experiment/exploring.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { Book, FULL, percent } from "../codes/book.js";
import { Cells } from "../codes/cells.js";
import { figure } from "../codes/figure.js";
import { Latest } from "../codes/latest.js";
import { Marks } from "../codes/marks.js";
import { Mine } from "../codes/mine.js";
import { GRIDS, Patches } from "../codes/patches.js";
import { commonest, usesOf } from "../codes/use.js";
import { together } from "../codes/watch.js";
import { h, icon, saves, setDisabled, setText, thousands } from "../dom.js";
import { Picture } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, View } from "../../types.js"
 * @import { Wanted } from "../codes/patches.js"
 */

/** While training, what the codes paint is decoded anew this often at most, in milliseconds. */
const EVERY = 700;

/** While training, the use of codes is counted in so many digits, those encoded last. */

/** Cells that a code stands in are named one by one, up to so many. */
const NAMED = 8;

/** @typedef {{ cell: number } | { code: number }} Place in the grid or in the book */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { exploring, looking, palette } = experiment;
  const mine = new Mine(store, looking);
  const clean = new Picture("Your drawing as the model sees it: nothing yet");
  const image = new Picture("Picture of these codes: nothing yet");
  const cells = new Cells("Grid of codes: nothing yet", {
    point: (cell) => point(cell === null ? null : { cell }),
    press,
    cancel: () => painted && mine.undo(),
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
  const undo = h("button", { type: "button", "aria-label": "Undo painting", onclick: () => mine.undo() });
  undo.append(icon("undo"), "Undo");
  const back = h("button", { type: "button", onclick: () => mine.giveBack() }, icon("back"), "Back to the encoder");
  const tinted = h("input", { type: "checkbox", checked: true, onchange: () => show() });
  const tint = h("label", { class: "check" }, tinted, "Colours over the pictures");
  const told = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Code grid"), told, keep),
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
  /** What was pressed without a brush: a finger cannot point. @type {Place | null} */
  let kept = null;
  /** Whether the stroke under way has painted anything. */
  let painted = false;
  /** @type {ReturnType<typeof usesOf> | null} */
  let uses = null;

  /** @param {Place | null} place */
  const codeAt = (place) => (place === null ? null : "code" in place ? place.code : (mine.codes?.[place.cell] ?? null));
  const marked = () => codeAt(pointed) ?? brush ?? codeAt(kept);
  /** The commonest code: of all digits where they are known. */
  function background() {
    if (uses) return uses.cells.indexOf(Math.max(...uses.cells));
    return mine.codes && mine.grid ? commonest(mine.codes, mine.grid.size) : 0;
  }

  /** @param {Place | null} place */
  function point(place) {
    pointed = place;
    show();
  }

  /** @param {number} code */
  function choose(code) {
    brush = code === brush ? null : code;
    kept = null;
    show();
  }

  /** @param {number} cell @param {boolean} isFirst of a stroke */
  function press(cell, isFirst) {
    if (isFirst) painted = false;
    if (brush === null) {
      kept = { cell };
      show();
    } else if (mine.codes?.[cell] !== brush) {
      mine.paint(cell, brush, background(), painted);
      painted = true;
    }
  }

  /** What the codes paint, where it is seen and not known yet. */
  function refresh() {
    const { grid, palette: now, digits } = mine;
    const most = Math.min(GRIDS, digits?.pictures.count ?? 0);
    if (!seen.now || !grid || !now || !digits || digits.count < most) return;
    const { sides, size, image } = grid;
    const wanted = { codes: digits.codes, background: background(), size, sides, image };
    pieces.ask([now, most, store.get("theme")], wanted);
  }

  function show() {
    const { grid, codes, colors } = mine;
    if (!grid) return;
    const look = store.get("look");
    clean.paint(look?.clean ?? null);
    clean.label = `Your drawing as the model sees it${look?.clean ? "" : ": nothing yet"}`;
    image.paint(look?.image ?? null);
    image.label = `Picture of these codes${look?.image ? "" : ": nothing yet"}`;
    const same = marked();
    cells.show(grid.sides, { codes: codes ?? new Float32Array(grid.cells).fill(-1), colors, same });
    // Over the drawing what the encoder says of it, over the picture what it is decoded from.
    for (const [index, all] of [mine.encoded, codes].entries()) {
      const standing = Array.from(all ?? [], (_, cell) => cell).filter((cell) => all?.[cell] === same);
      const tints = tinted.checked ? Array.from(all ?? [], (code) => colors[code] ?? "none") : [];
      marks[index].show(grid.sides, { cells: standing, colors: tints });
    }
    const whose = mine.isEdited ? "your codes" : "its codes";
    const negated = mine.isNegated ? ", every vector negated" : "";
    setText(figures[1].words, `${whose}${negated}`);
    const hand = brush === null ? "points at them" : `paints with code ${brush}`;
    const sides = grid.sides.join(" by ");
    cells.label = codes
      ? `Grid of codes: ${sides} cells with ${new Set(codes).size} different codes${negated}. Arrow keys move, Space ${hand}.`
      : `Grid of codes: ${sides} cells, nothing yet`;
    setDisabled(undo, !mine.canUndo, cells.canvas);
    setDisabled(back, !mine.isEdited, cells.canvas);
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
        ? `paints ${percent(patches.greys[code])} ink into its cell${mine.isNegated ? ", by its own vector" : ""}`
        : "";
    const hand = code === brush ? "; your brush" : "";
    const place = `stands in ${standing.length} ${standing.length === 1 ? "cell" : "cells"}${named}`;
    const columns = mine.grid?.sides[1] ?? 1;
    const at =
      pointed && "cell" in pointed ? ` at row ${rowOf(pointed.cell)}, column ${(pointed.cell % columns) + 1}` : "";
    setText(words, `Code ${code}${at}: ${[use, place, grey].filter((part) => part).join("; ")}${hand}`);
  }

  /** From 1. @param {number} cell */
  const rowOf = (cell) => Math.floor(cell / (mine.grid?.sides[1] ?? 1)) + 1;

  /** Where a code stands in your grid: row and column, from 1. @param {number} code */
  function placesOf(code) {
    const columns = mine.grid?.sides[1] ?? 1;
    const cells = Array.from(mine.codes ?? [], (_, cell) => cell).filter((cell) => mine.codes?.[cell] === code);
    return cells.map((cell) => `${rowOf(cell)}:${(cell % columns) + 1}`);
  }

  function showBook() {
    const { grid, colors } = mine;
    // What was encoded long ago says nothing of the codes of now.
    const { digits } = mine;
    uses = grid && digits ? usesOf(digits.codes, grid.size) : null;
    keep.disabled = !uses;
    book.show(colors, uses);
    if (!uses || !digits) {
      setText(told, "encoding the pictures");
      return;
    }
    const { perplexity, dead } = uses;
    const idle = `${dead} dead ${dead === 1 ? "code" : "codes"}`;
    const over = `${thousands(digits.count)} ${digits.pictures.name} at step ${thousands(digits.step)}`;
    setText(told, `perplexity ${perplexity.toFixed(1)}, ${idle}, over ${over}`);
  }

  /** As it is seen: the colours lie over the pictures. */
  function savePicture() {
    const over = [marks[0], null, marks[1]];
    const titled = figures.map(({ canvas, words }, index) => {
      return { canvas: over[index]?.over(canvas, cells.canvas) ?? canvas, title: words.textContent ?? "" };
    });
    const use = { canvas: book.sheet(2 * cells.canvas.height), title: told.textContent ?? "" };
    void offerPicture([...titled, use], "codes", store.get("model"));
  }

  /** Of each code how much it is used, and where it stands in your grid. */
  function saveNumbers() {
    const rows =
      uses?.cells.map((count, code) => [code, uses?.shares[code] ?? 0, count, placesOf(code).join(" ")]) ?? [];
    offerTable(["code", "share", "cells", "yours"], rows, "codes", store.get("model"));
  }

  const seen = new Seen(element, together(exploring, palette), refresh);

  return {
    update(changed) {
      if (changed.has("theme")) for (const picture of [clean, image]) picture.recolor();
      if (anyOf(changed, "basis", "info")) element.hidden = !mine.grid;
      if (changed.has("basis")) {
        brush = pointed = kept = null;
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
