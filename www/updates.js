// A page that is replaced on its server while somebody has it open: what it has not fetched by then is gone.

import { notify } from "./experiment/notices.js";

/**
 * @import { Store } from "./store.js"
 */

/** The folder that all files of a version are in, as its HTML names it. @param {Document} html */
const versionOf = (html) => html.querySelector("base")?.getAttribute("href");

async function isUpdated() {
  const response = await fetch(location.href, { cache: "no-store" });
  const served = new DOMParser().parseFromString(await response.text(), "text/html");
  return response.ok && versionOf(served) !== versionOf(document);
}

/**
 * When something goes wrong the reason may be that: then a reload is offered.
 *
 * @param {Store} store
 */
export function tellOfUpdates(store) {
  const stop = store.subscribe(async (changed) => {
    if (!changed.has("notices") || !store.get("notices").some(({ tone }) => tone === "problem")) return;
    // Off the network nobody can tell.
    if (!(await isUpdated().catch(() => false))) return;
    stop();
    const text = "Latent Lab was updated meanwhile: reload to go on with the new one.";
    notify(store, {
      id: "updated",
      tone: "problem",
      text,
      actions: [{ label: "Reload", run: () => location.reload() }],
    });
  });
}
