// Training runs. Each has a record, and a lock that a page holds while it has the run open: two tabs keep two runs.

import { progressOf, stepsOf } from "../progress.js";
import { titleOf } from "../store.js";
import { reportMistake } from "./notices.js";
import * as storage from "./storage.js";

/**
 * @import { Progress } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Run } from "./storage.js"
 */

/** How many runs that no page has open are kept. */
const MOST = 3;

const LOCK = "latent-lab run ";

/** @returns {Run["id"]} */
const newId = () => `${performance.timeOrigin + performance.now()} ${Math.random()}`;

/** @param {readonly Run[]} runs */
const newestFirst = (runs) => runs.toSorted((a, b) => b.at - a.at);

/**
 * Takes a run for this page. If site data is blocked there are no locks, and no other page can have the run either.
 *
 * @param {string} id
 * @returns {Promise<(() => void) | undefined>} releases the run; undefined if another page has it
 */
const hold = (id) =>
  new Promise((resolve) => {
    const resolveFree = () => resolve(() => {});
    if (!navigator.locks) return resolveFree();
    navigator.locks
      .request(LOCK + id, { ifAvailable: true }, (lock) => {
        if (lock) return /** @type {Promise<void>} */ (new Promise((release) => resolve(release)));
        resolve(undefined);
      })
      .catch(resolveFree);
  });

/** @returns {Promise<Set<string>>} the runs that pages have open; none are known if there are no locks */
async function heldRuns() {
  const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return new Set(held.map(({ name = "" }) => name.replace(LOCK, "")));
}

export class Runs {
  #store;
  /** Runs that this page has trained or opened. @type {Map<string, Run>} */
  #ofThisPage = new Map();
  /** The open run, its progress when it was opened, and its lock. @type {{ id: string, begunAt: Progress, held: ReturnType<typeof hold> }} */
  #open = { id: newId(), begunAt: { step: 0 }, held: Promise.resolve(undefined) };

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /**
   * Begins a new run for a model that was just opened; it is recorded once the model is trained.
   *
   * @param {Progress} progress
   */
  begin(progress) {
    void this.#open.held.then((release) => release?.());
    const id = newId();
    this.#open = { id, begunAt: progressOf(progress), held: hold(id) };
    this.#store.set({ kept: null });
  }

  /** The open model continues a run, and also its record unless another page has it open. @param {Run} run */
  async resume(run) {
    const release = await hold(run.id);
    const open = this.#open;
    if (release) {
      void open.held.then((release) => release?.());
      [open.id, open.held] = [run.id, Promise.resolve(release)];
    }
    this.#ofThisPage.set(open.id, { ...run, id: open.id });
  }

  /** @param {Progress} progress of the open model @returns whether it differs from that at opening */
  isTrained(progress) {
    return stepsOf(progress) !== stepsOf(this.#open.begunAt);
  }

  /** Runs of this page that are not open any more, the newest first. */
  get aside() {
    const others = [...this.#ofThisPage.values()].filter(({ id }) => id !== this.#open.id);
    return newestFirst(others).slice(0, MOST);
  }

  /** @returns {Promise<Run[]>} saved runs that no page has open, the newest first */
  async #freeRuns() {
    const [runs, taken] = [await storage.all(), await heldRuns()];
    return newestFirst(runs.filter(({ id }) => id !== this.#open.id && !taken.has(id)));
  }

  /** Runs from before this page, or from a page that is closed. */
  async earlier() {
    return (await this.#freeRuns()).slice(0, MOST);
  }

  /** @param {readonly Run[]} runs to delete */
  forget(runs) {
    return storage.remove(runs.map(({ id }) => id));
  }

  /**
   * Saves a state of the open model if it was trained since it was opened. The store's `kept` has the outcome.
   *
   * @param {Progress & { bytes: Uint8Array }} state
   */
  async keep(state) {
    if (!this.isTrained(state)) return;
    const open = this.#open;
    const isFirst = !this.#ofThisPage.has(open.id);
    const record = { bytes: state.bytes, ...progressOf(state), title: titleOf(this.#store), at: Date.now() };
    this.#ofThisPage.set(open.id, { ...record, id: open.id });
    for (const { id } of newestFirst([...this.#ofThisPage.values()]).slice(MOST + 1)) this.#ofThisPage.delete(id);
    /** @param {NonNullable<import("../types.js").Facts["kept"]>} kept */
    const setKept = (kept) => {
      if (open === this.#open) this.#store.set({ kept });
    };
    try {
      await storage.put(open.id, record);
      setKept({ at: record.at });
      if (isFirst) await this.forget((await this.#freeRuns()).slice(MOST));
    } catch (error) {
      reportMistake(error);
      setKept({ why: storage.whyNot(error) });
    }
  }
}
