// What those who do not see the page hear, and no more: beginnings and ends, not every step.

import { stageOf, stepOf } from "../progress.js";
import { inNats, setText } from "./dom.js";
import { lossName } from "./terms.js";

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
    const [info, stage] = [store.get("info"), stageOf(store)];
    const point = store.get("history")[stage].held_out.at(-1);
    if (!info || point?.step !== stepOf(info, stage)) return;
    due = false;
    const loss = lossName(info, stage).replace("−", "negative ");
    setText(element, `Paused at step ${point.step}. Held-out ${loss} ${inNats(point.total)} nats.`);
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
        const info = store.get("info");
        const step = info && stepOf(info, stageOf(store));
        setText(element, training ? "Training." : `Paused at step ${step}.`);
      }
      if (due && changed.has("history")) sayPause();
    },
    destroy: () => setText(element, ""),
  };
}
