// A page that is replaced on its server while somebody has it open: what it has not fetched by then is gone.

import { notify } from "./experiment/notices.js";

/**
 * @import { Notice } from "./types.js"
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
 * @param {() => Promise<void>} rest resolves when the page can be left
 */
export function tellOfUpdates(store, rest) {
  const ID = "updated";
  /** @type {Set<Notice>} that were looked into */
  let known = new Set();
  store.subscribe(async (changed) => {
    if (!changed.has("notices")) return;
    const problems = store.get("notices").filter(({ id, tone }) => tone === "problem" && id !== ID);
    const isNew = problems.some((problem) => !known.has(problem));
    known = new Set(problems);
    // Off the network nobody can tell.
    if (!isNew || !(await isUpdated().catch(() => false))) return;
    const text = "Latent Lab was updated meanwhile: reload to go on with the new one.";
    notify(store, {
      id: ID,
      tone: "problem",
      text,
      actions: [{ label: "Reload", run: () => void rest().then(() => location.reload()) }],
    });
  });
}
