// The page's state. A row of CONTROLS gives a choice its default, its range, its parser and its key in the URL.

import { noCurves } from "./experiment/history.js";

/**
 * @import { Controls, Facts, Name, State } from "./types.js"
 */

/**
 * @template T
 * @typedef {object} Control
 * @property {string} key in the URL's hash
 * @property {T} initial never written to the URL
 * @property {(text: string) => T | undefined} parse undefined for what is no value
 * @property {readonly T[]} [choices]
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [step]
 */

/**
 * @template {string} T
 * @param {string} key
 * @param {readonly [T, ...T[]]} choices the first is the default
 * @returns {Control<T>}
 */
const oneOf = (key, choices) => ({
  key,
  choices,
  initial: choices[0],
  parse: (text) => choices.find((choice) => choice === text),
});

/**
 * @param {string} text
 * @param {number} min
 * @param {number} max
 */
const numberWithin = (text, min, max) => {
  const value = Number(text);
  return text.trim() !== "" && value >= min && value <= max ? value : undefined;
};

/**
 * A number that the model's configuration gives unless the user does.
 *
 * @param {string} key
 * @param {number} min
 * @param {number} max
 * @param {number} [step]
 * @returns {Control<number | null>}
 */
const override = (key, min, max, step) => ({
  key,
  initial: null,
  min,
  max,
  step,
  parse: (text) => numberWithin(text, min, max),
});

/** @type {Control<number | null>} */
const batchSize = {
  key: "batch",
  initial: null,
  choices: [16, 32, 64, 128, 256, 512],
  parse: (text) => batchSize.choices?.find((choice) => choice === Number(text)),
};

/**
 * A whole number that is given unless it is left open.
 *
 * @param {string} key
 * @param {number} min
 * @param {number} max
 * @returns {Control<number | null>}
 */
const whole = (key, min, max) => ({
  ...override(key, min, max, 1),
  parse: (text) => {
    const value = numberWithin(text, min, max);
    return Number.isInteger(value) ? value : undefined;
  },
});

/**
 * @template {string} T
 * @param {string} key
 * @param {readonly T[]} choices
 * @returns {Control<T | null>} which the model's configuration makes unless the user does
 */
const choice = (key, choices) => ({
  key,
  choices,
  initial: null,
  parse: (text) => choices.find((choice) => choice === text),
});

/** @type {Control<string>} */
const model = {
  key: "model",
  initial: "tiny",
  // Which names there are the table of presets says, once the engine is there.
  parse: (text) => (/^[\w/-]{1,40}$/.test(text) ? text : undefined),
};

/** @type {Control<number>} */
const seed = {
  key: "seed",
  initial: 1,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  step: 1,
  parse: (text) => {
    const value = numberWithin(text, 0, Number.MAX_SAFE_INTEGER);
    return Number.isSafeInteger(value) ? value : undefined;
  },
};

/** @type {{ [K in keyof Controls]: Control<Controls[K]> }} */
export const CONTROLS = {
  model,
  start: oneOf("from", ["shipped", "fresh"]),
  stage: oneOf("stage", ["codes", "prior"]),
  layers: whole("layers", 0, 3),
  units: whole("units", 1, 1024),
  latent: whole("latent", 1, 64),
  loss: choice("loss", ["cross-entropy", "squared"]),
  sigma_x: override("sigma", 0.01, 100),
  noise: override("noise", 0, 1, 0.05),
  masks: choice("mask", ["none", "half", "square", "strokes", "all"]),
  codebook_size: whole("codes", 2, 512),
  dimension: whole("dim", 1, 64),
  update: choice("update", ["loss", "average"]),
  revival: choice("revival", ["on", "off"]),
  learning_rate: override("lr", 1e-5, 1),
  beta: override("beta", 0, 10, 0.1),
  batch_size: batchSize,
  steps: whole("steps", 1, 1_000_000),
  seed,
  device: oneOf("device", ["auto", "cpu", "webgpu"]),
};

const NAMES = /** @type {(keyof Controls)[]} */ (Object.keys(CONTROLS));

/**
 * The experiment that a model belongs to.
 *
 * @param {Store} store
 */
export function presetOf(store) {
  const model = store.get("model");
  return store.get("presets").find(({ variants }) => variants.some(({ id }) => id === model));
}

/**
 * That model of it, as the table of presets has it.
 *
 * @param {Store} store
 */
export const variantOf = (store) => presetOf(store)?.variants.find(({ id }) => id === store.get("model"));

/** What our data sets are called. */
export const DATA_NAMES = { mnist: "MNIST", fashion: "Fashion-MNIST" };

/** Their classes, as their labels count them. */
export const CLASSES = {
  mnist: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  fashion: ["T-shirt", "Trousers", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
};

/**
 * Which of our data sets the open experiment is about.
 *
 * @param {Store} store
 */
export const dataOf = (store) => presetOf(store)?.data ?? "mnist";

/** Images of Fashion-MNIST's own files: their labels can be told from others by nothing else. */
const PUBLISHED = [60_000, 10_000];

/**
 * The names of the classes of the open data, as far as they are known.
 *
 * @param {Store} store
 */
export function classesOf(store) {
  const data = store.get("data");
  const isOurs = data?.set !== "own" || PUBLISHED.includes(data.count);
  return isOurs ? CLASSES[dataOf(store)] : CLASSES.mnist;
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
  damage: { noise: 0, mask: null },
  sample: null,
  training: false,
  speed: null,
  history: noCurves(),
  device_status: null,
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

/**
 * What a hash says; the defaults where it says nothing, or nothing that a control can be.
 *
 * @param {string} hash
 * @returns {Controls}
 */
export function readHash(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const values = NAMES.map((name) => {
    const { key, initial, parse } = CONTROLS[name];
    return [name, parse(said.get(key) ?? "") ?? initial];
  });
  return Object.fromEntries(values);
}

/**
 * The hash of choices, without those that are the default.
 *
 * @param {Readonly<Controls>} controls
 */
export function writeHash(controls) {
  const said = new URLSearchParams();
  for (const name of NAMES) {
    const { key, initial } = CONTROLS[name];
    if (controls[name] !== initial) said.set(key, String(controls[name]));
  }
  return said.size ? `#${said}` : "";
}

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
   * Tells the subscribers at once, and once, whatever is new.
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
