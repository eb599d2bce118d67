// The focus, which is lost to nowhere where what has it is disabled, hidden or taken away. Where a view hands it on itself, it
// knows better; otherwise it goes to what is next to where it was. What is disabled while the page is not ready has it back.

/**
 * @import { Store } from "../store.js"
 */

const USABLE = "button, input, select, summary, [tabindex='0']";

/** @param {Element} element */
const canHave = (element) =>
  element.isConnected && !element.matches(":disabled") && !element.closest("[hidden], [data-off]");

/** An element with all that it is in. @param {Element | null} element */
function pathOf(element) {
  const path = [];
  for (let part = element; part && part !== document.body; part = part.parentElement) path.push(part);
  return path;
}

/**
 * The first that can be used in the smallest part of the page that is left.
 *
 * @param {readonly Element[]} path of what had it
 */
function heirOf(path) {
  for (const part of path.filter(canHave)) {
    for (const heir of [part, ...part.querySelectorAll("*")]) {
      const isOne = heir instanceof HTMLElement && heir.matches(USABLE) && heir.tabIndex >= 0;
      if (isOne && canHave(heir) && heir.checkVisibility()) return heir;
    }
  }
  return undefined;
}

export class Focus {
  #store;
  /** What lost it, with all that it was in; empty where nothing did. @type {readonly Element[]} */
  #lost = [];

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {() => void} change of the page, in which the focus is not to be lost */
  during(change) {
    const path = pathOf(document.activeElement);
    change();
    if (path.length > 0 && !canHave(path[0])) this.#lost = path;
    if (this.#lost.length === 0 || this.#store.get("phase") !== "ready") return;
    const [lost] = this.#lost;
    const isNowhere = document.activeElement === document.body || document.activeElement === lost;
    // Who looks elsewhere stays there.
    const heir = canHave(lost) && lost instanceof HTMLElement ? lost : heirOf(this.#lost);
    if (isNowhere) heir?.focus({ preventScroll: true });
    this.#lost = [];
  }
}
