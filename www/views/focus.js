// Keeps the focus from being lost when its element is disabled, hidden or removed. If a view passes the focus on
// itself, that stays; otherwise the focus goes to an element near the old one. An element that is disabled only while
// the page is not ready gets the focus back.

/**
 * @import { Store } from "../store.js"
 */

const USABLE = "button, input, select, summary, [tabindex='0']";

/** @param {Element} element */
const canHave = (element) =>
  element.isConnected && !element.matches(":disabled") && !element.closest("[hidden], [data-off]");

/** An element with all its ancestors below the body. @param {Element | null} element */
function pathOf(element) {
  const path = [];
  for (let part = element; part && part !== document.body; part = part.parentElement) path.push(part);
  return path;
}

/**
 * The first usable element in the smallest part of the page that is still there.
 *
 * @param {readonly Element[]} path of the element that had the focus
 */
function heirOf(path) {
  for (const part of path.filter(canHave)) {
    for (const heir of [part, ...part.querySelectorAll("*")]) {
      const isUsable = heir instanceof HTMLElement && heir.matches(USABLE) && heir.tabIndex >= 0;
      if (isUsable && canHave(heir) && heir.checkVisibility()) return heir;
    }
  }
  return undefined;
}

export class Focus {
  #store;
  /** The element that lost the focus, with its ancestors; empty if none did. @type {readonly Element[]} */
  #lost = [];

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {() => void} change of the page during which the focus must not be lost */
  during(change) {
    const path = pathOf(document.activeElement);
    change();
    if (path.length > 0 && !canHave(path[0])) this.#lost = path;
    if (this.#lost.length === 0 || this.#store.get("phase") !== "ready") return;
    const [lost] = this.#lost;
    const isFocusLost = document.activeElement === document.body || document.activeElement === lost;
    // If the focus is elsewhere by now, it stays there.
    const heir = canHave(lost) && lost instanceof HTMLElement ? lost : heirOf(this.#lost);
    if (isFocusLost) heir?.focus({ preventScroll: true });
    this.#lost = [];
  }
}
