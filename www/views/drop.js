// Files can be dropped anywhere on the page.

import { h } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  element.append(
    h("p", {}, "Drop it: IDX images to train on (raw or .gz, with labels if you like), or a saved experiment"),
  );
  const listening = new AbortController();
  const { signal } = listening;

  /** @param {DragEvent} event */
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

  /** @param {DragEvent} event */
  function over(event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    element.hidden = store.get("phase") !== "ready";
  }

  /** @param {DragEvent} event */
  function leave(event) {
    if (event.relatedTarget === null) element.hidden = true;
  }

  /** @param {DragEvent} event */
  function drop(event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    element.hidden = true;
    if (store.get("phase") === "ready") void experiment.filing.take(event.dataTransfer?.files ?? []);
  }

  addEventListener("dragover", over, { signal });
  addEventListener("dragleave", leave, { signal });
  addEventListener("drop", drop, { signal });
  return {
    update() {},
    destroy() {
      listening.abort();
      element.replaceChildren();
    },
  };
}
