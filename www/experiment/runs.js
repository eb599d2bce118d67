// The runs of training: a record for each, held by a lock as long as a page has it open, so that two tabs keep two.

import { progressOf, stepsOf } from "../progress.js";
import { titleOf } from "../store.js";
import { reportMistake } from "./notices.js";
import * as storage from "./storage.js";

/**
 * @import { Progress } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Run } from "./storage.js"
 */

/** So many that no page has open are kept. */
const MOST = 3;

const LOCK = "latent-lab run ";

/** @returns {Run["id"]} */
const newId = () => `${performance.timeOrigin + performance.now()} ${Math.random()}`;

/** @param {readonly Run[]} runs */
const newestFirst = (runs) => runs.toSorted((a, b) => b.at - a.at);

/**
 * Takes a run for this page. Where site data is blocked there are no locks, and no other page that could have it.
 *
 * @param {string} id
 * @returns {Promise<(() => void) | undefined>} lets it go; undefined where another page has it
 */
const hold = (id) =>
  new Promise((resolve) => {
    const free = () => resolve(() => {});
    if (!navigator.locks) return free();
    navigator.locks
      .request(LOCK + id, { ifAvailable: true }, (lock) => {
        if (lock) return /** @type {Promise<void>} */ (new Promise((release) => resolve(release)));
        resolve(undefined);
      })
      .catch(free);
  });

/** @returns {Promise<Set<string>>} the runs that pages have open; where there are no locks, nobody knows of any */
async function held() {
  const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return new Set(held.map(({ name = "" }) => name.replace(LOCK, "")));
}

export class Runs {
  #store;
  /** Those that this page has trained or opened. @type {Map<string, Run>} */
  #here = new Map();
  /** The open one, how far it was then, and its lock. @type {{ id: string, begunAt: Progress, held: ReturnType<typeof hold> }} */
  #open = { id: newId(), begunAt: { step: 0 }, held: Promise.resolve(undefined) };

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /**
   * Another model is open, which is a run of its own once it trains.
   *
   * @param {Progress} progress
   */
  begin(progress) {
    void this.#open.held.then((release) => release?.());
    const id = newId();
    this.#open = { id, begunAt: progressOf(progress), held: hold(id) };
    this.#store.set({ kept: null });
  }

  /** The open model is that run's, and goes on with its record unless another page does. @param {Run} run */
  async resume(run) {
    const release = await hold(run.id);
    const open = this.#open;
    if (release) {
      void open.held.then((release) => release?.());
      [open.id, open.held] = [run.id, Promise.resolve(release)];
    }
    this.#here.set(open.id, { ...run, id: open.id });
  }

  /** @param {Progress} progress of the open model @returns whether it is another than it was opened with */
  isTrained(progress) {
    return stepsOf(progress) !== stepsOf(this.#open.begunAt);
  }

  /** Those of this page that are not open any more, the newest first. */
  get aside() {
    const others = [...this.#here.values()].filter(({ id }) => id !== this.#open.id);
    return newestFirst(others).slice(0, MOST);
  }

  /** @returns {Promise<Run[]>} those that are kept and open in no page, the newest first */
  async #free() {
    const [runs, taken] = [await storage.all(), await held()];
    return newestFirst(runs.filter(({ id }) => id !== this.#open.id && !taken.has(id)));
  }

  /** What was trained before, or in a page that is closed. */
  async earlier() {
    return (await this.#free()).slice(0, MOST);
  }

  /** @param {readonly Run[]} runs are kept no longer */
  forget(runs) {
    return storage.remove(runs.map(({ id }) => id));
  }

  /**
   * Keeps a state of the open model; one that is as it was opened need not be. What becomes of it the store says.
   *
   * @param {Progress & { bytes: Uint8Array }} state
   */
  async keep(state) {
    if (!this.isTrained(state)) return;
    const open = this.#open;
    const isFirst = !this.#here.has(open.id);
    const record = { bytes: state.bytes, ...progressOf(state), title: titleOf(this.#store), at: Date.now() };
    this.#here.set(open.id, { ...record, id: open.id });
    for (const { id } of newestFirst([...this.#here.values()]).slice(MOST + 1)) this.#here.delete(id);
    /** @param {NonNullable<import("../types.js").Facts["kept"]>} kept */
    const say = (kept) => {
      if (open === this.#open) this.#store.set({ kept });
    };
    try {
      await storage.put(open.id, record);
      say({ at: record.at });
      if (isFirst) await this.forget((await this.#free()).slice(MOST));
    } catch (error) {
      reportMistake(error);
      say({ why: storage.whyNot(error) });
    }
  }
}
