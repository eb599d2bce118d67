// Settings of a model that no weight is made for: it goes on under others as it is, in mid-training too.

import { identify } from "../identify.js";
import { isSame, NONE, structureOf } from "../structure.js";
import { notify, reportMistake, sentence } from "./notices.js";

/**
 * @import { Experiment } from "../experiment.js"
 * @import { LabClient } from "../lab.js"
 * @import { Store } from "../store.js"
 * @import { Starts } from "./starts.js"
 */

/**
 * The open model goes on under what was chosen. Where that is refused, the choices are those of before.
 *
 * @param {Store} store
 * @param {LabClient} lab
 * @param {Starts} starts
 * @param {Experiment} experiment
 */
export async function retune(store, lab, starts, { training, looking }) {
  const { config = store.get("model") } = starts;
  const [asked, before] = [structureOf(store.controls), store.get("info")];
  try {
    const info = await lab.retune(config);
    const basis = store.get("basis");
    // If another model was chosen meanwhile, that one is open.
    if (!basis || !isSame(asked, store.controls)) return;
    const { structure } = identify(store.get("presets"), info.config, [basis.model ?? store.get("model")]);
    store.set({ info: { ...info, ...training.reached }, basis: { ...basis, structure }, ...structure });
    // A sample is as large as the canvas that it was made for.
    const isResized = before?.config.image[0] !== info.config.image[0];
    if (isResized && !looking.isDrawn) await looking.nextSample();
    else await looking.again();
    await training.autosave();
  } catch (error) {
    reportMistake(error);
    store.set(structureOf(store.get("basis")?.structure ?? NONE));
    notify(store, { id: "structure", tone: "problem", text: sentence(error) });
  }
}
