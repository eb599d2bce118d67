// The models of an experiment side by side: each as it is shipped, except the open one, which may be in training.

import { latentsOf } from "../model.js";
import { presetOf } from "../store.js";
import { Attention, wait } from "./attention.js";

/**
 * @import { LabClient } from "../lab.js"
 * @import { Compared } from "../types.js"
 * @import { Store } from "../store.js"
 * @import { Assets } from "./assets.js"
 */

/** Digits whose codes are shown, how many are encoded at once, and how many are rebuilt for their errors. */
const COUNT = 1000;
const PART = 100;
const REBUILT = 200;
/** While the open model trains, its digits are encoded again this often, in milliseconds. */
const EVERY = 1500;

export class Comparing {
  #store;
  #lab;
  #assets;
  #openPictures;
  #attention;
  /** The experiment whose models are open, and the number of the worker that has them open. */
  #open = "";
  #workerNumber = 0;

  /**
   * @param {Store} store
   * @param {LabClient} lab
   * @param {Assets} assets
   * @param {() => Promise<void>} openPictures
   */
  constructor(store, lab, assets, openPictures) {
    this.#store = store;
    this.#lab = lab;
    this.#assets = assets;
    this.#openPictures = openPictures;
    store.subscribe((changed) => {
      // A new worker has no models open, not even those that the previous worker had.
      if (changed.has("phase") && store.get("phase") === "loading") this.#workerNumber += 1;
      // The compared models belong to another experiment now, so they are dropped even if no view shows them.
      if (changed.has("model") && !this.#open.startsWith(`${presetOf(store)?.id} `)) store.set({ compared: [] });
    });
    this.#attention = new Attention(store, ["basis", "presets", "look", "info", "pictures"], () => this.#update());
  }

  /** @param {boolean} seen whether a view shows the models side by side from now on */
  watch(seen) {
    this.#attention.watch(seen);
  }

  /** Does one piece of the missing work; false if nothing is missing. */
  async #update() {
    const columns = await this.#columns();
    if (!columns) return false;
    const unopened = columns.find(({ isOpen, live }) => !isOpen && !live);
    if (unopened) {
      await this.#lab.open_beside(unopened.id, await this.#assets.weights(unopened.id));
      this.#patch(unopened.id, { isOpen: true });
      return true;
    }
    const look = this.#store.get("look");
    const drawn = look?.generation ?? 0;
    const due = columns.filter(
      (column) => column.drawn !== drawn || (column.live && column.drawnAt !== (look?.step ?? 0)),
    );
    if (due.length > 0) {
      const ids = due.map(({ id, live }) => (live ? undefined : id));
      const rebuilt = look?.input ? await this.#lab.rebuild(look.input, ids) : [];
      const clean = look?.clean;
      const drawnAt = look?.step ?? 0;
      due.forEach(({ id }, index) => {
        const beside = clean && rebuilt[index];
        this.#patch(id, { drawn, drawnAt, rebuilt: beside ? { ...beside, clean } : null });
      });
      return true;
    }
    return this.#measure(columns);
  }

  /** A column for each model; what is not known yet is left empty. @returns {Promise<readonly Compared[] | undefined>} */
  async #columns() {
    const store = this.#store;
    const [preset, basis] = [presetOf(store), store.get("basis")];
    if (!preset || !basis) return undefined;
    const key = `${preset.id} ${this.#workerNumber}`;
    if (this.#open !== key) {
      this.#open = key;
      store.set({ compared: [] });
      await this.#lab.close_beside();
    }
    const before = store.get("compared");
    const bySize = preset.variants.toSorted((a, b) => latentsOf(a) - latentsOf(b));
    const columns = bySize.map((variant) => {
      const { id, title } = variant;
      const live = basis.model === id;
      const known = before.find((column) => column.id === id && column.live === live && column.basis === basis);
      const kept = known ?? before.find((column) => column.id === id && !column.live && !live);
      return kept ? { ...kept, basis } : emptyColumn({ id, title, live, basis, description: variant });
    });
    const same = columns.every((column, index) => before[index]?.id === column.id && before[index].basis === basis);
    if (!same || before.length !== columns.length) store.set({ compared: columns });
    return store.get("compared");
  }

  /** Encodes and rebuilds many digits with one model. @param {readonly Compared[]} columns */
  async #measure(columns) {
    await this.#openPictures();
    const store = this.#store;
    const [pictures, info, now] = [store.get("pictures"), store.get("info"), performance.now()];
    if (!pictures || !info) return false;
    // Models of which nothing is known go first, because one in training is due again and again.
    const due =
      columns.find((column) => column.pictures !== pictures) ??
      columns.find((column) => column.live && column.step !== info.step);
    if (!due) return false;
    if (due.pictures === pictures && due.measuredAt + EVERY > now) {
      await wait(due.measuredAt + EVERY - now);
      return true;
    }
    const { id, live, basis } = due;
    const beside = live ? undefined : id;
    const count = Math.min(COUNT, pictures.count);
    /** @type {Compared["codes"]} */
    let codes = null;
    for (let start = 0; start < count; start += PART) {
      const size = Math.min(PART, count - start);
      const part = await this.#lab.codes(start, size, pictures.from, beside);
      const latent = part.mean.length / size;
      codes ??= { latent, count: 0, mean: new Float32Array(count * latent), labels: null };
      // The worker may have opened another model, of which the page learns later.
      if (latent !== codes.latent) return true;
      codes.mean.set(part.mean, start * latent);
      if (part.labels) (codes.labels ??= new Uint8Array(count)).set(part.labels, start);
      codes.count = start + size;
      if (!this.#attention.isHeld || store.get("basis") !== basis) return true;
    }
    // A model that mends damage is not judged by how well it copies undamaged digits.
    const copies = !due.description.views.includes("mend");
    const errors = copies ? await this.#lab.errors(Math.min(REBUILT, count), pictures.from, beside) : null;
    if (store.get("basis") !== basis) return true;
    this.#patch(id, { codes, errors, pictures, step: info.step, measuredAt: performance.now() });
    return true;
  }

  /**
   * @param {string} id
   * @param {Partial<Compared>} patch
   */
  #patch(id, patch) {
    const compared = this.#store.get("compared");
    this.#store.set({ compared: compared.map((column) => (column.id === id ? { ...column, ...patch } : column)) });
  }
}

/** @type {(known: Pick<Compared, "id" | "title" | "live" | "basis" | "description">) => Compared} */
const emptyColumn = (known) => ({
  ...known,
  isOpen: false,
  drawn: -1,
  drawnAt: -1,
  rebuilt: null,
  codes: null,
  errors: null,
  pictures: null,
  step: -1,
  measuredAt: -Infinity,
});
