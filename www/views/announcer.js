// What those who do not see the page hear, and no more: beginnings and ends, not every step.

import { inNats, setText } from "./dom.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store }) {
  let wasTraining = false;
  let due = false;

  /** After a pause, once its held-out number is there. */
  function sayPause() {
    const step = store.get("info")?.step;
    const point = store.get("history").held_out.at(-1);
    if (point?.step !== step) return;
    due = false;
    setText(element, `Paused at step ${step}. Held-out negative ELBO ${inNats(point?.total ?? 0)} nats.`);
  }

  return {
    update(changed) {
      const sample = store.get("sample");
      if (changed.has("sample") && sample) {
        const what = sample.name === undefined ? "A sample" : `A sample: ${sample.name}`;
        setText(element, `${what} is the drawing.`);
      }
      const training = store.get("training");
      if (changed.has("training") && training !== wasTraining) {
        wasTraining = training;
        due = !training;
        setText(element, training ? "Training." : `Paused at step ${store.get("info")?.step}.`);
      }
      if (due && changed.has("history")) sayPause();
    },
    destroy: () => setText(element, ""),
  };
}
