// What screen readers announce: the beginnings and ends of training, and new samples, but not every step.

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
  let isPauseDue = false;

  /** Announces a pause, once its held-out loss is measured. */
  function announcePause() {
    const [info, stage] = [store.get("info"), stageOf(store)];
    const point = store.get("history")[stage].held_out.at(-1);
    if (!info || point?.step !== stepOf(info, stage)) return;
    isPauseDue = false;
    const loss = lossName(info, stage).replace("−", "negative ");
    setText(element, `Paused at step ${point.step}. Held-out ${loss} ${inNats(point.total)} nats.`);
  }

  return {
    update(changed) {
      const sample = store.get("sample");
      if (changed.has("sample") && sample) {
        const subject = sample.name === undefined ? "A sample" : `A sample: ${sample.name}`;
        setText(element, `${subject} is the drawing.`);
      }
      const training = store.get("training");
      if (changed.has("training") && training !== wasTraining) {
        wasTraining = training;
        isPauseDue = !training;
        const info = store.get("info");
        const step = info && stepOf(info, stageOf(store));
        setText(element, training ? "Training." : `Paused at step ${step}.`);
      }
      if (isPauseDue && changed.has("history")) announcePause();
    },
    destroy: () => setText(element, ""),
  };
}
