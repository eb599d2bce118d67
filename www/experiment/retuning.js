// Settings of a model that no weight is made for: it goes on under others as it is, in mid-training too.

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
  const structure = structureOf(store.controls);
  try {
    const info = await lab.retune(config);
    const basis = store.get("basis");
    // Somebody who chose another model meanwhile has that one.
    if (!basis || !isSame(structure, store.controls)) return;
    store.set({ info: { ...info, ...training.reached }, basis: { ...basis, structure } });
    await looking.again();
    await training.autosave();
  } catch (error) {
    reportMistake(error);
    store.set(structureOf(store.get("basis")?.structure ?? NONE));
    notify(store, { id: "structure", tone: "problem", text: sentence(error) });
  }
}
