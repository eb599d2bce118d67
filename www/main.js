// Puts the page together.

import { Experiment } from "./experiment.js";
import { LabClient } from "./lab.js";
import { keepInAddress, Store } from "./store.js";
import * as announcer from "./views/announcer.js";
import * as chooser from "./views/chooser.js";
import * as curves from "./views/curves.js";
import * as decoder from "./views/decoder.js";
import * as device from "./views/device.js";
import * as drawing from "./views/drawing.js";
import * as drop from "./views/drop.js";
import * as encoder from "./views/encoder.js";
import * as grids from "./views/explore/grids.js";
import * as kl from "./views/explore/kl.js";
import * as mend from "./views/explore/mend.js";
import * as order from "./views/explore/order.js";
import * as plane from "./views/explore/plane.js";
import * as files from "./views/files.js";
import * as flow from "./views/flow.js";
import * as latent from "./views/latent.js";
import * as notices from "./views/notices.js";
import * as reconstruction from "./views/reconstruction.js";
import * as settings from "./views/settings.js";
import * as story from "./views/story.js";
import * as transport from "./views/transport.js";

/**
 * @import { Name, Parts, View } from "./types.js"
 */

const store = new Store(location.hash);
const lab = new LabClient();
const experiment = new Experiment(store, lab);
const begun = experiment.begin();

/** @type {[string, (element: HTMLElement, parts: Parts) => View][]} */
const places = [
  ["chooser", chooser.mount],
  ["drawing", drawing.mount],
  ["encoder", encoder.mount],
  ["latent", latent.mount],
  ["decoder", decoder.mount],
  ["reconstruction", reconstruction.mount],
  ["sentence", flow.mount],
  ["transport", transport.mount],
  ["curves", curves.mount],
  ["settings", settings.mount],
  ["files", files.mount],
  ["story", story.mount],
  ["explore", order.mount],
  ["mend", mend.mount],
  ["kl", kl.mount],
  ["grids", grids.mount],
  ["plane", plane.mount],
  ["device", device.mount],
  ["notices", notices.mount],
  ["drop", drop.mount],
  ["live", announcer.mount],
];

const views = places.map(([id, mount]) => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return mount(element, { store, lab, experiment });
});

/** @param {ReadonlySet<Name>} changed */
const update = (changed) => views.forEach((view) => view.update(changed));
update(new Set(store.names));
store.subscribe(update);

const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => store.set({ theme: dark.matches ? "dark" : "light" });
dark.addEventListener("change", followTheme);
followTheme();
keepInAddress(store);

/** For tests and for the curious: `latentLab.lab.worker.terminate()` is what a browser short of memory does. */
Object.assign(window, { latentLab: { store, lab, experiment, begun } });
