// The page's state: the user's choices and the experiment's facts, and what follows from both.

import { readHash } from "./controls.js";
import { noCurves } from "./experiment/history.js";
import { isOwn, NONE } from "./structure.js";

/**
 * @import { Controls, Facts, Name, State } from "./types.js"
 */

/**
 * The experiment that a model belongs to.
 *
 * @param {Store} store
 * @param {string | null | undefined} [model] the chosen one unless given
 */
export function presetOf(store, model = store.get("model")) {
  return store.get("presets").find(({ variants }) => variants.some(({ id }) => id === model));
}

/**
 * The title of the open model, which may not be the chosen one any more.
 *
 * @param {Store} store
 */
export function titleOf(store) {
  const { model = null, structure = NONE } = store.get("basis") ?? {};
  const preset = presetOf(store, model);
  if (!preset) return "Your file";
  const variant = preset.variants.find(({ id }) => id === model);
  const title = preset.variants.length > 1 ? `${preset.title}: ${variant?.title}` : preset.title;
  return isOwn(structure) ? `${title}, with your structure` : title;
}

/**
 * The chosen model, as the table of presets has it.
 *
 * @param {Store} store
 */
export const variantOf = (store) => presetOf(store)?.variants.find(({ id }) => id === store.get("model"));

/** The names of the page's data sets. */
export const DATA_NAMES = { mnist: "MNIST", fashion: "Fashion-MNIST" };

/** The classes of Fashion-MNIST, as its labels count them. */
const GARMENTS = [
  "T-shirt",
  "Trousers",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/**
 * The data set of the open experiment.
 *
 * @param {Store} store
 */
export const dataOf = (store) => presetOf(store)?.data ?? "mnist";

/** Image counts of Fashion-MNIST's published files: nothing else tells that their labels are classes of garments. */
const PUBLISHED = [60_000, 10_000];

/** The name of a class of garments. @param {number} label */
export const garmentOf = (label) => GARMENTS[label] ?? String(label);

/**
 * The name of a class of the open data: its label, unless it is known to be a class of garments.
 *
 * @param {Store} store
 * @param {number} label
 */
export function classOf(store, label) {
  const data = store.get("data");
  const isOurs = data?.set !== "own" || PUBLISHED.includes(data.count);
  return isOurs && dataOf(store) === "fashion" ? garmentOf(label) : String(label);
}

/**
 * Whether any of these changed.
 *
 * @param {ReadonlySet<Name>} changed
 * @param {...Name} names
 */
export const anyOf = (changed, ...names) => names.some((name) => changed.has(name));

/** @returns {Facts} */
const noFacts = () => ({
  phase: "loading",
  presets: [],
  info: null,
  basis: null,
  look: null,
  overrides: [],
  negated: false,
  object: 0,
  damage: { noise: 0, mask: null },
  sample: null,
  training: false,
  speed: null,
  history: noCurves(),
  kept: null,
  device_status: null,
  workers_status: null,
  data: null,
  pictures: null,
  codes: null,
  palette: null,
  compared: [],
  downloads: new Map(),
  notices: [],
  cursor: null,
  theme: "light",
});

export class Store {
  /** @type {State} */
  #state;
  /** @type {Set<(changed: ReadonlySet<Name>) => void>} */
  #subscribers = new Set();

  /** @param {string} [hash] */
  constructor(hash = "") {
    this.#state = { ...readHash(hash), ...noFacts() };
  }

  /**
   * @template {Name} K
   * @param {K} name
   * @returns {State[K]}
   */
  get(name) {
    return this.#state[name];
  }

  get names() {
    return /** @type {Name[]} */ (Object.keys(this.#state));
  }

  /** @returns {Readonly<Controls>} */
  get controls() {
    return this.#state;
  }

  /**
   * Notifies the subscribers at once, in a single call each, of everything that has changed.
   *
   * @param {Partial<State>} patch
   */
  set(patch) {
    const names = /** @type {Name[]} */ (Object.keys(patch));
    const changed = new Set(names.filter((name) => patch[name] !== this.#state[name]));
    if (changed.size === 0) return;
    Object.assign(this.#state, patch);
    for (const subscriber of this.#subscribers) subscriber(changed);
  }

  /**
   * @param {(changed: ReadonlySet<Name>) => void} subscriber
   * @returns {() => void} ends the subscription
   */
  subscribe(subscriber) {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}
