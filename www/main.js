// Mounts the views and starts the experiment.

import "./able.js";
import { keepInAddress } from "./address.js";
import { Experiment } from "./experiment.js";
import { dismiss, notify, wordsOf } from "./experiment/notices.js";
import { LabClient } from "./lab.js";
import { Store } from "./store.js";
import { notifyOfUpdates } from "./updates.js";
import * as announcer from "./views/announcer.js";
import * as chooser from "./views/chooser.js";
import * as curves from "./views/curves.js";
import * as decoder from "./views/decoder.js";
import * as device from "./views/device.js";
import * as drawing from "./views/drawing.js";
import * as drop from "./views/drop.js";
import * as encoder from "./views/encoder.js";
import { Focus } from "./views/focus.js";
import * as flow from "./views/flow.js";
import * as latent from "./views/latent.js";
import * as notices from "./views/notices.js";
import * as reconstruction from "./views/reconstruction.js";
import * as settings from "./views/settings.js";
import * as transport from "./views/transport.js";

/**
 * @import { Place, View } from "./types.js"
 */

const store = new Store(location.hash);
const lab = new LabClient();
const experiment = new Experiment(store, lab);
const begun = experiment.begin();

/** @type {Place[]} */
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
  ["device", device.mount],
  ["notices", notices.mount],
  ["drop", drop.mount],
  ["live", announcer.mount],
];

/** @type {View[]} */
const views = [];

/** @param {Place[]} places */
function mountAll(places) {
  const mounted = places.map(([id, mount]) => {
    const element = document.getElementById(id);
    if (!element) throw new Error(`the page has no #${id}`);
    return mount(element, { store, lab, experiment });
  });
  mounted.forEach((view) => view.update(new Set(store.names)));
  views.push(...mounted);
}
mountAll(places);
document.getElementById("unstarted")?.remove();
const focus = new Focus(store);
store.subscribe((changed) => focus.during(() => views.forEach((view) => view.update(changed))));

// All other views are loaded after the first reconstruction, or when there will be none.
const stop = store.subscribe(() => {
  if (!store.get("look")?.image && store.get("phase") !== "failed") return;
  stop();
  void mountOthers();
});

async function mountOthers() {
  dismiss(store, "views");
  const others = await fetchOthers().catch((error) => {
    const text = `The latent plane and its neighbours did not arrive (${wordsOf(error)}).`;
    const actions = [{ label: "Try again", run: () => void mountOthers() }];
    notify(store, { id: "views", tone: "problem", text, actions });
  });
  if (others) mountAll(others);
}

async function fetchOthers() {
  const { places, styles } = await import("./views/later.js");
  await Promise.all(styles.map(addStyle));
  return places;
}

/** Adds a style sheet, unless it is there already. @param {string} name */
function addStyle(name) {
  const href = new URL(`./styles/${name}.css`, import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error(`${name}.css is missing`));
    };
    document.head.append(link);
  });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => store.set({ theme: dark.matches ? "dark" : "light" });
dark.addEventListener("change", followTheme);
followTheme();
keepInAddress(store);
notifyOfUpdates(store, () => experiment.rest());

/** For tests, and for the curious: `latentLab.lab.worker.terminate()` does what a browser short of memory does. */
Object.assign(window, { latentLab: { store, lab, experiment, begun } });
