// How fast this machine is: measured at the press of a button, by nothing that is open here.

import { offerMeasuring } from "../bench/view.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { experiment }) {
  offerMeasuring(element, () => experiment.training.pause());
  return { update: () => {}, destroy: () => element.replaceChildren() };
}
