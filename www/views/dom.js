// Helpers that make and change elements.

/** @typedef {string | Node | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ [name: string]: string | number | boolean | undefined | ((event: any) => void) }} [attributes] functions become event listeners
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter(isShown));
  return element;
}

/** @param {Child} child @returns {child is string | Node} */
const isShown = (child) => child !== null && child !== undefined && child !== false;

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {{ [name: string]: string | number }} [attributes]
 * @param {...(string | Node)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Paths on a field of 24 by 24. */
const ICONS = {
  play: "M8 5.5v13l10.5-6.5Z",
  pause: "M8 5.5v13M16 5.5v13",
  step: "M7 5.5v13l8-6.5ZM18 5.5v13",
  reset: "M5 12a7 7 0 1 0 2.2-5.1M5 4.5V9h4.5",
  undo: "M8 8h7a4.5 4.5 0 0 1 0 9H9M8 8l3.5-3.5M8 8l3.5 3.5",
  clear: "M6 6l12 12M18 6 6 18",
  digit: "M5 5h14v14H5ZM9.5 9h5l-3 6.5",
  back: "M10 7 5 12l5 5M5 12h9a5 5 0 0 1 5 5",
  save: "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14",
  open: "M12 15V4M7.5 8.5 12 4l4.5 4.5M5 19.5h14",
};

/** @param {keyof typeof ICONS} name */
export const icon = (name) =>
  s("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, s("path", { d: ICONS[name] }));

/**
 * Small buttons that save what a view shows as files.
 *
 * @param {{ [kind: string]: () => void }} kinds from the label of each button to what it does
 */
export const saves = (kinds) =>
  h(
    "fieldset",
    { class: "saves", "aria-label": "Save what is shown" },
    ...Object.entries(kinds).map(([kind, run]) =>
      h("button", { type: "button", title: `Save as ${kind}`, onclick: () => run() }, icon("save"), kind),
    ),
  );

/**
 * Sets a text only if it is new, because text that is written again is announced again.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  const only = node.firstChild;
  // An existing text node is changed in place, because a new one would be laid out from scratch.
  if (only instanceof Text && only.nextSibling === null) {
    if (only.data !== text) only.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/**
 * Enables or disables a control. If it has the focus and is disabled, the focus first passes to the heir, or it would
 * be lost.
 *
 * @param {HTMLButtonElement} control
 * @param {boolean} disabled
 * @param {HTMLElement | undefined} heir
 */
export function setDisabled(control, disabled, heir) {
  if (disabled && control === document.activeElement) heir?.focus();
  control.disabled = disabled;
}

const grouped = new Intl.NumberFormat("en");
/** @param {number} value */
export const thousands = (value) => grouped.format(value);

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
/** @param {number} nats which are astronomical if training went wrong */
export function inNats(nats) {
  const size = Math.abs(nats);
  if (size < 1e5) return nats.toFixed(size < 0.95 ? 3 : 1);
  return size < 1e15 ? compact.format(nats) : nats.toExponential(1).replace("+", "");
}
