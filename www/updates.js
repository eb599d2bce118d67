// If the page is replaced on its server while somebody has it open, the files that it has not fetched yet are gone.

import { notify } from "./experiment/notices.js";

/**
 * @import { Notice } from "./types.js"
 * @import { Store } from "./store.js"
 */

/** The folder with all files of a version, as its HTML names it. @param {Document} html */
const versionOf = (html) => html.querySelector("base")?.getAttribute("href");

async function isUpdated() {
  const response = await fetch(location.href, { cache: "no-store" });
  const served = new DOMParser().parseFromString(await response.text(), "text/html");
  return response.ok && versionOf(served) !== versionOf(document);
}

/**
 * When something goes wrong, an update may be the reason; in that case a notice offers to reload.
 *
 * @param {Store} store
 * @param {() => Promise<void>} rest resolves when the page can be left
 */
export function notifyOfUpdates(store, rest) {
  const ID = "updated";
  /** @type {Set<Notice>} problems that were checked already */
  let checked = new Set();
  store.subscribe(async (changed) => {
    if (!changed.has("notices")) return;
    const problems = store.get("notices").filter(({ id, tone }) => tone === "problem" && id !== ID);
    const isNew = problems.some((problem) => !checked.has(problem));
    checked = new Set(problems);
    // Without a network this cannot be checked.
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
