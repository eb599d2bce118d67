// The last autosave outlives the page: a reload, a crash of the browser.

import { stepsOf } from "../progress.js";

/**
 * @import { Progress } from "../types.js"
 */

const DATABASE = "latent-lab";
const STORE = "autosave";
const LAST = "last";
/** The longest run of the times before, which a short one does not take the place of. */
const BEFORE = "before";

/** @typedef {Progress & { bytes: Uint8Array, at: number }} Record */

/** @returns {Promise<IDBDatabase>} */
const open = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function transact(mode, ask) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = ask(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

// Where a browser keeps nothing, as in some private windows, the page does without.

/** @param {string} key @returns {Promise<Record | undefined>} */
const get = (key) => transact("readonly", (store) => store.get(key)).catch(() => undefined);

/** @param {Record} record @param {string} key */
const put = (record, key) => transact("readwrite", (store) => store.put(record, key)).catch(() => {});

/** @type {Record | undefined} what this page kept last */
let latest;

/** @param {Record} record takes the place of the last one, which is set aside where it was of another, longer run */
export async function keep(record) {
  const goesOn = latest !== undefined && stepsOf(latest) <= stepsOf(record);
  latest = record;
  if (!goesOn) {
    const { last, before } = await recall();
    if (last && (!before || stepsOf(last) >= stepsOf(before))) await put(last, BEFORE);
  }
  await put(record, LAST);
}

export const forget = () => transact("readwrite", (store) => store.clear()).catch(() => {});

/** What was trained last, and the longest run of the times before. */
export async function recall() {
  return { last: await get(LAST), before: await get(BEFORE) };
}
