// The codes of the drawing, in the middle of the pipeline: a grid in the codebook's colours.

import { gridOf } from "../model.js";
import { anyOf } from "../store.js";
import { Cells } from "./codes/cells.js";
import { EditedCodes } from "./codes/mine.js";
import { h, setDisabled, setText } from "./dom.js";
import { Seen } from "./explore/seen.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const title = element.querySelector("h2");
  const cells = new Cells("Codes: nothing yet");
  const summary = h("p", { class: "nats" });
  const edited = new EditedCodes(store, experiment.looking);
  const back = h("button", { type: "button", onclick: () => edited.giveBack() }, "Back to the encoder");
  element.append(cells.canvas, h("div", { class: "row" }, back), summary);

  function show() {
    const grid = gridOf(store.get("info"));
    element.hidden = !grid;
    if (!grid) return;
    const { sides, codes: size } = grid;
    if (title) setText(title, `Codes: ${sides.join(" × ")}`);
    const codes = store.get("look")?.latents;
    const fits = codes && codes.length === sides[0] * sides[1] ? codes : null;
    const editedCount = edited.isEdited ? edited.editedCount : 0;
    const editedWords = editedCount > 0 ? `, ${editedCount} ${editedCount === 1 ? "cell" : "cells"} yours` : "";
    const more = `${editedWords}${edited.isNegated ? ", every vector negated" : ""}`;
    cells.show(sides, {
      codes: fits ?? new Float32Array(sides[0] * sides[1]).fill(-1),
      colors: store.get("palette")?.colors ?? [],
    });
    const kinds = new Set(fits).size;
    cells.label = fits
      ? `Codes: ${sides.join(" by ")} cells, ${kinds} different codes of ${size}${more}`
      : "Codes: nothing yet";
    setText(summary, fits ? `${kinds} of ${size} codes${more}` : "");
    setDisabled(back, !edited.isEdited, undefined);
  }

  const seen = new Seen(element, experiment.palette);

  return {
    update(changed) {
      if (anyOf(changed, "look", "overrides", "palette", "info", "theme")) show();
    },
    destroy() {
      seen.stop();
      element.replaceChildren(...element.querySelectorAll("h2"));
    },
  };
}
