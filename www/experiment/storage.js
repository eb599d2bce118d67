// Stores a record for each run, so that runs survive a reload and a crash of the browser.

/**
 * @import { Progress } from "../types.js"
 */

/** @typedef {Progress & { bytes: Uint8Array, title?: string, at: number }} Record its progress, its model's title, and when it was saved */
/** @typedef {Record & { id: string }} Run */

const DATABASE = "latent-lab";
const STORE = "autosave";
/** A request that has not answered after this, in milliseconds, never will; a slow disk takes a second or two. */
const PATIENCE = 8000;

/** @type {{ [name: string]: string }} */
const WORDS = {
  AbortError: "the browser broke off",
  BlockedError: "an older version of this page holds the storage in another tab",
  NotSupportedError: "this browser has no storage for it",
  QuotaExceededError: "storage is full",
  SecurityError: "site data is blocked",
  TimeoutError: "the storage of this browser does not answer",
  VersionError: "another tab has a newer version of this page",
};

/** Why something is not saved, in words that end a sentence. @param {unknown} error */
export function whyNot(error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return WORDS[name] ?? message;
}

const timeout = () => new DOMException("nothing was answered", "TimeoutError");

/** @returns {Promise<IDBDatabase>} */
const open = () =>
  new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) throw new DOMException("there is no indexedDB", "NotSupportedError");
    const request = indexedDB.open(DATABASE, 1);
    let isLate = false;
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => (isLate ? request.result.close() : resolve(request.result));
    request.onerror = () => reject(request.error);
    const giveUp = (/** @type {DOMException} */ error) => {
      isLate = true;
      reject(error);
    };
    request.onblocked = () => giveUp(new DOMException("another tab holds the database", "BlockedError"));
    setTimeout(giveUp, PATIENCE, timeout());
  });

/**
 * Runs one transaction. Its requests are done when the transaction has ended, and not before.
 *
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => () => T} ask makes the requests; returns a function that reads the results
 * @returns {Promise<T>}
 */
async function transact(mode, ask) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const read = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(read());
      setTimeout(reject, PATIENCE, timeout());
      transaction.onabort = () => reject(transaction.error ?? new DOMException("it was aborted", "AbortError"));
    });
  } finally {
    database.close();
  }
}

/** @param {string} id @param {Record} record replaces the run's previous one */
export const put = (id, record) =>
  transact("readwrite", (store) => {
    store.put(record, id);
    return () => {};
  });

/** @param {readonly string[]} ids */
export const remove = (ids) =>
  transact("readwrite", (store) => {
    for (const id of ids) store.delete(id);
    return () => {};
  });

/** @returns {Promise<Run[]>} */
export const all = () =>
  transact("readonly", (store) => {
    const [ids, records] = [store.getAllKeys(), store.getAll()];
    return () => records.result.map((record, at) => ({ ...record, id: String(ids.result[at]) }));
  });
