// The last autosave outlives the page: a reload, a crash of the browser.

const DATABASE = "latent-lab";
const STORE = "autosave";
const KEY = "last";

/** @typedef {{ bytes: Uint8Array, step: number, at: number }} Record */

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

/** @param {Record} record */
export const keep = (record) => transact("readwrite", (store) => store.put(record, KEY)).catch(() => {});

export const forget = () => transact("readwrite", (store) => store.delete(KEY)).catch(() => {});

/** @returns {Promise<Record | undefined>} */
export const recall = () => transact("readonly", (store) => store.get(KEY)).catch(() => undefined);
