// Samples of a prior over codes: a grid fills cell by cell, and each cell shows the distribution that its code was
// drawn from.

import { recentOf } from "../../experiment/exploring.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { classesOf, gridOf } from "../../model.js";
import { stepsOf } from "../../progress.js";
import { anyOf, classOf } from "../../store.js";
import { Cells } from "../codes/cells.js";
import { Dream } from "../codes/dream.js";
import { entropy, Odds, percent } from "../codes/odds.js";
import { Asking } from "../codes/prior-asking.js";
import { Completion } from "../codes/prior-completion.js";
import { Controls } from "../codes/prior-controls.js";
import { Rows } from "../codes/prior-rows.js";
import { sheetOf } from "../codes/prior-strip.js";
import { usesOf } from "../codes/use.js";
import { h, saves, setText, thousands } from "../dom.js";
import { Picture } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

const NOTHING = "A dream of the prior: nothing yet";
/** While training, the rows are drawn again this often, in milliseconds. */
const FOLLOW_EVERY = 2000;
const HINT = "point at a cell, or use the arrow keys";

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const asking = new Asking(store, lab);
  /** The cell that the user chose, and below it the one under the pointer. @type {number | null} */
  let chosen = null;
  /** @type {number | null} */
  let hovered = null;
  const cells = new Cells(NOTHING, {
    point: (cell) => {
      hovered = cell;
      show();
    },
    press: (cell) => {
      chosen = cell;
      show();
    },
  });
  const picture = new Picture("The dream, decoded: nothing yet");
  const odds = new Odds();
  const dream = new Dream(asking, { fill: () => show(), picture: (pixels) => picture.paint(pixels) });
  const rows = new Rows(asking, counted);
  const completion = new Completion(asking, () => {
    const [{ sides }, look] = [grid(), store.get("look")];
    const codes = look?.latents?.length === sides[0] * sides[1] ? look.latents : null;
    return { codes, negated: store.get("negated"), drawing: look?.generation, sides, colors: colors() };
  });
  const controls = new Controls(asking, {
    dream: () => void dreamOne(),
    change: () => {
      showStatus();
      if (!rows.isEmpty) rows.begin();
    },
  });
  const summary = h("p", { class: "fine" });
  const untrained = h("p", { class: "alarm", role: "status" });
  const caption = h("figcaption", {});
  const cellStatus = h("p", { class: "nats", role: "status" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Prior"), summary, keep),
    untrained,
    controls.element,
    h(
      "div",
      { class: "prior-dream" },
      h("figure", {}, cells.canvas, caption),
      h("figure", { class: "there" }, picture.canvas, h("figcaption", {}, "decoded")),
      h(
        "figure",
        { class: "prior-odds" },
        cellStatus,
        odds.canvas,
        h("figcaption", {}, "what its code was drawn from"),
      ),
    ),
    rows.element,
    completion.element,
  );
  let draws = 0;
  /** Whether this model's first dream has begun. */
  let isBegun = false;
  /** The generation of the drawing that may be completed. @type {number | undefined} */
  let looked;
  /** When the rows were drawn last, and at how many steps. */
  let followed = { at: 0, steps: 0 };

  /** The grid of the open model. */
  function grid() {
    const { sides, codes: size } = gridOf(store.get("info")) ?? { sides: [7, 7], codes: 0 };
    return { sides, size };
  }

  function colors() {
    const palette = store.get("palette");
    return palette?.basis === store.get("basis") ? palette.colors : [];
  }

  /** How often each code occurs in the pictures of the data that are encoded. */
  function counted() {
    const all = store.get("codes");
    const isUsable = gridOf(store.get("info")) && all && all.basis === store.get("basis") && all.count > 0;
    if (!isUsable) return null;
    const codes = recentOf(all, store.get("training"));
    return { codes, counts: usesOf(codes.mean.subarray(0, codes.count * codes.latent), grid().size).cells };
  }

  const dreamOne = asking.latest(async (isStill) => {
    draws += 1;
    const { step, words } = asking;
    const { codes, probabilities } = await asking.sample(1, draws);
    if (!isStill()) return;
    const counts = counted()?.counts;
    // Most cells show empty paper, and so does the first cell, which is at the edge.
    const background = counts ? counts.indexOf(Math.max(...counts)) : codes[0];
    chosen = hovered = null;
    dream.start({ codes, probabilities, background, step, words }, controls.isSlow && seen.now);
  });

  /** @param {number} cell */
  const placeOf = (cell) => {
    const columns = grid().sides[1];
    return { row: Math.floor(cell / columns), column: cell % columns };
  };

  /** @param {number} cell of the dream */
  function cellOf(cell) {
    const { codes, probabilities } = dream.dreamt ?? { codes: [], probabilities: new Float32Array() };
    const size = probabilities.length / codes.length;
    return { shares: probabilities.subarray(cell * size, (cell + 1) * size), drawn: codes[cell] };
  }

  function show() {
    const { dreamt, shown, isFilling } = dream;
    const { sides } = grid();
    const count = sides[0] * sides[1];
    keep.disabled = !dreamt;
    cellStatus.setAttribute("aria-live", isFilling ? "off" : "polite");
    if (!dreamt) {
      picture.paint(null);
      picture.label = "The dream, decoded: nothing yet";
      cells.show(sides, { codes: new Int32Array(count).fill(-1), colors: [] });
      cells.label = NOTHING;
      setText(caption, `its codes: ${HINT}`);
      setText(cellStatus, "Dream one, and each of its cells shows what its code was drawn from.");
      odds.show("What a cell was drawn from: nothing yet", null);
      return;
    }
    const at = hovered ?? chosen ?? shown - 1;
    const { row, column } = placeOf(at);
    cells.show(sides, {
      codes: dream.codes,
      colors: colors(),
      frame: { top: row, left: column, height: 1, width: 1 },
    });
    const asked = `${dreamt.words}, at step ${thousands(dreamt.step)}`;
    const progress = isFilling ? `${shown} of ${count} cells are drawn` : `${count} cells`;
    cells.label = `A dream of the prior: ${asked}, ${progress}. Arrow keys point at a cell.`;
    picture.label = `The dream, decoded: ${asked}`;
    setText(caption, `its codes, ${asked}: ${HINT}`);
    const place = `Row ${row + 1}, column ${column + 1}`;
    if (at >= shown) {
      setText(cellStatus, `${place}: not drawn yet`);
      odds.show(`${place}: not drawn yet`, null);
      return;
    }
    const { shares, drawn } = cellOf(at);
    const words = `${place}: code ${drawn} drawn, at ${percent(shares[drawn])}; entropy ${entropy(shares).toFixed(2)} bits`;
    setText(cellStatus, words);
    odds.show(words, { shares, drawn, colors: colors() });
  }

  /** Shows whether there is a prior, what it is asked for, and whether it can be asked. */
  function showStatus() {
    const info = store.get("info");
    element.hidden = !info?.calls.includes("sample_codes");
    controls.name(Array.from({ length: classesOf(info?.config) }, (_, label) => classOf(store, label)));
    setText(untrained, asking.step === 0 ? "The prior is not trained yet. Train the codes, then the prior." : "");
    setText(summary, `prior at step ${thousands(asking.step)}, asked for ${asking.words}`);
    for (const part of [controls, rows, completion]) part.enable();
    begin();
  }

  /** Begins the first dream and the rows, which follow the training with the same random numbers each time. */
  function begin() {
    const info = store.get("info");
    if (!info || !seen.now || !asking.isPossible) return;
    const now = performance.now();
    const isDue = !store.get("training") || now - followed.at > FOLLOW_EVERY;
    if (!isBegun) void dreamOne();
    isBegun = true;
    if (!rows.isEmpty && (stepsOf(info) === followed.steps || !isDue)) return;
    followed = { at: now, steps: stepsOf(info) };
    rows.begin();
  }

  function clear() {
    chosen = hovered = null;
    isBegun = false;
    dream.stop();
    rows.clear();
    completion.clear();
  }

  function savePicture() {
    const below = [...rows.rows, ...completion.rows];
    const { words = "", step = 0 } = dream.dreamt ?? {};
    const titled = [
      { canvas: cells.canvas, title: "codes" },
      { canvas: picture.canvas, title: `${words}, at step ${thousands(step)}` },
      { canvas: odds.canvas, title: cellStatus.textContent ?? "" },
    ];
    const sheet = below.length > 0 ? [{ canvas: sheetOf(below, element), title: "" }] : [];
    void offerPicture([...titled, ...sheet], "prior", store.get("model"));
  }

  /** Saves each cell of the dream, with the distribution that its code was drawn from. */
  function saveNumbers() {
    const table = Array.from(dream.dreamt?.codes ?? [], (code, cell) => {
      const { row, column } = placeOf(cell);
      const { shares } = cellOf(cell);
      return [cell + 1, row + 1, column + 1, code, shares[code], entropy(shares), ...shares];
    });
    const each = Array.from({ length: grid().size }, (_, code) => `probability_of_${code}`);
    const columns = ["cell", "row", "column", "code", "probability", "entropy_bits", ...each];
    offerTable(columns, table, "prior", store.get("model"));
  }

  const seen = new Seen(element, experiment.exploring, () => {
    // A dream that is out of sight is finished at once.
    if (seen.now) begin();
    else dream.finish();
  });
  const colored = new Seen(element, experiment.palette);

  return {
    update(changed) {
      if (changed.has("basis")) clear();
      const generation = store.get("look")?.generation;
      if (generation !== looked && !completion.isEmpty) completion.clear();
      looked = generation;
      if (changed.has("phase") && !asking.isPossible && dream.isFilling) dream.stop();
      if (anyOf(changed, "info", "basis", "phase", "training", "data", "look", "presets", "model")) showStatus();
      if (changed.has("codes")) rows.follow();
      if (changed.has("theme")) {
        picture.recolor();
        for (const part of [rows, completion]) part.recolor();
      }
      if (anyOf(changed, "theme", "palette")) {
        completion.draw();
        show();
      }
    },
    destroy() {
      clear();
      seen.stop();
      colored.stop();
      odds.stop();
      controls.stop();
      element.replaceChildren();
    },
  };
}
