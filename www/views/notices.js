// The notices of the page with their actions, and the progress of downloads.

import { dismiss } from "../experiment/notices.js";
import { h, icon } from "./dom.js";

/**
 * @import { Notice, Parts, View } from "../types.js"
 */

/** A download that is over sooner than this, in milliseconds, is not shown. */
const PATIENCE = 1000;

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  const downloads = h("div", { class: "downloads" });
  const list = h("div", { class: "list" });
  element.tabIndex = -1; // It takes the focus of a notice that is removed.
  element.append(downloads, list);
  /** @type {Map<string, { notice: Notice, card: HTMLElement }>} */
  const shown = new Map();
  /** @type {Map<string, { begun: number, card: HTMLElement, bar: HTMLProgressElement, text: HTMLElement }>} */
  const running = new Map();

  /** @param {Notice} notice */
  function card(notice) {
    const close = h(
      "button",
      { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => dismiss(store, notice.id) },
      icon("clear"),
    );
    close.hidden = notice.lasting ?? false;
    const buttons = notice.actions.map(({ label, run }) => h("button", { type: "button", onclick: run }, label));
    const role = notice.tone === "problem" ? "alert" : "status";
    return h("div", { class: `notice ${notice.tone}`, role }, h("p", {}, notice.text), ...buttons, close);
  }

  function showNotices() {
    const notices = store.get("notices");
    for (const [id, { notice, card }] of shown) {
      if (notices.includes(notice)) continue;
      if (card.contains(document.activeElement)) element.focus();
      card.remove();
      shown.delete(id);
    }
    for (const notice of notices) {
      if (shown.has(notice.id)) continue;
      const added = card(notice);
      list.append(added);
      shown.set(notice.id, { notice, card: added });
    }
  }

  function showDownloads() {
    const now = store.get("downloads");
    for (const [name, { card }] of running) {
      if (now.has(name)) continue;
      card.remove();
      running.delete(name);
    }
    for (const [name, { loaded, total }] of now) {
      let entry = running.get(name);
      if (!entry) {
        const bar = h("progress", { "aria-label": `Loading the ${name}` });
        const text = h("span", { class: "number" });
        const card = h("div", { class: "download", hidden: true }, `Loading the ${name}`, bar, text);
        entry = { begun: performance.now(), card, bar, text };
        running.set(name, entry);
        downloads.append(card);
        setTimeout(() => (card.hidden = false), PATIENCE);
      }
      if (total) [entry.bar.max, entry.bar.value] = [total, loaded];
      entry.text.textContent = total ? `${megabytes(loaded)} of ${megabytes(total)}` : megabytes(loaded);
    }
  }

  return {
    update(changed) {
      if (changed.has("notices")) showNotices();
      if (changed.has("downloads")) showDownloads();
    },
    destroy: () => element.replaceChildren(),
  };
}
