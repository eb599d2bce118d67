// The training data, and experiments as files.

import { agoOf } from "../progress.js";
import { anyOf, DATA_NAMES, dataOf } from "../store.js";
import { h, icon, setText, thousands } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 */

const ANY = "Drop your own IDX images, or a saved experiment, anywhere.";
const FEW = "These few came with the page. Drop Fashion-MNIST’s own files, images and labels, to train on all of it.";

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { filing } = experiment;
  const name = h("span", { class: "data-name" });
  const chooser = h("input", {
    type: "file",
    class: "unseen",
    tabindex: -1,
    multiple: true,
    "aria-label": "File to open",
    onchange: () => {
      const files = [...(chooser.files ?? [])];
      chooser.value = ""; // The same file may be chosen again.
      void filing.take(files);
    },
  });
  const back = h("button", { type: "button", hidden: true, onclick: () => void experiment.datasets.backToShipped() });
  const save = h("button", { type: "button", onclick: () => void filing.save() }, icon("save"), "Save to file");
  const open = h("button", { type: "button", onclick: () => chooser.click() }, icon("open"), "Open file");
  const hint = h("p", { class: "hint" });
  const kept = h("p", { class: "hint" });
  element.append(
    h("p", { class: "data" }, h("span", { class: "label" }, "Data"), name, back),
    hint,
    h("div", { class: "row" }, save, open, chooser),
    kept,
  );

  /** Shows whether the trained model is saved in the browser. */
  function showKept() {
    const state = store.get("kept");
    kept.hidden = !state;
    if (state) setText(kept, "why" in state ? `Not kept: ${state.why}` : `Kept ${agoOf(state.at)}`);
  }
  const clock = setInterval(showKept, 1000);

  return {
    update(changed) {
      if (anyOf(changed, "data", "presets", "model")) {
        const data = store.get("data");
        const heldOut =
          data && data.held_out > 0
            ? `, ${thousands(data.held_out)} ${data.has_held_out_file ? "more " : "of them "}held out`
            : "";
        setText(
          name,
          data
            ? `${data.name}: ${thousands(data.count)} ${data.count === 1 ? "image" : "images"}${heldOut}`
            : `${DATA_NAMES[dataOf(store)]}, loaded when training starts`,
        );
        setText(back, `Back to ${DATA_NAMES[dataOf(store)]}`);
        setText(hint, data?.set === "fashion" ? FEW : ANY);
        back.hidden = data?.set !== "own";
      }
      if (changed.has("kept")) showKept();
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const button of [save, open, back]) button.disabled = !ready;
      }
    },
    destroy() {
      clearInterval(clock);
      element.replaceChildren();
    },
  };
}
