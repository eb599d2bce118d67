// The data that is trained on, and experiments as files.

import { h, icon, setText, thousands } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 */

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
  const back = h("button", { type: "button", hidden: true, onclick: () => void filing.backToMnist() }, "Back to MNIST");
  const save = h("button", { type: "button", onclick: () => void filing.save() }, icon("save"), "Save to file");
  const open = h("button", { type: "button", onclick: () => chooser.click() }, icon("open"), "Open file");
  element.append(
    h("p", { class: "data" }, h("span", { class: "label" }, "Data"), name, back),
    h("p", { class: "hint" }, "Drop your own IDX images, or a saved experiment, anywhere."),
    h("div", { class: "row" }, save, open, chooser),
  );

  return {
    update(changed) {
      if (changed.has("data")) {
        const data = store.get("data");
        const held =
          data && data.held_out > 0 ? `, ${thousands(data.held_out)} ${data.own ? "of them " : "more "}held out` : "";
        setText(
          name,
          data
            ? `${data.name}: ${thousands(data.count)} ${data.count === 1 ? "image" : "images"}${held}`
            : "MNIST, loaded when training starts",
        );
        back.hidden = !data?.own;
      }
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const button of [save, open, back]) button.disabled = !ready;
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
