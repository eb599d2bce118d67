// The user's choices. A row of CONTROLS gives each its default, its range, its parser and its key in the URL.

/**
 * @import { Controls, TermInfo } from "./types.js"
 */

/**
 * @template T
 * @typedef {object} Control
 * @property {string} key in the URL's hash
 * @property {T} initial never written to the URL
 * @property {(text: string) => T | undefined} parse undefined if the text is not a value
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
 * A number that comes from the model's configuration unless the user sets it.
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

/** Sides that a canvas of scenes may have. @type {Control<number | null>} */
const canvas = {
  key: "canvas",
  initial: null,
  choices: [40, 48, 56, 64],
  parse: (text) => canvas.choices?.find((choice) => choice === Number(text)),
};

/**
 * A whole number, or null if it is not set.
 *
 * @param {string} key
 * @param {number} min
 * @param {number} max
 * @returns {Control<number | null>}
 */
const wholeNumber = (key, min, max) => ({
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
 * @returns {Control<T | null>} which comes from the model's configuration unless the user sets it
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
  // Whether a model of that name exists is known only once the engine is loaded.
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

const WEIGHT = { min: 0, max: 10, step: 0.1 };
/** The range for the weight of a squared distance; values outside of it show nothing. */
const WEIGHT_OF_DISTANCE = { min: 0.1, max: 2, step: 0.05 };

/** The range of β. @param {TermInfo} term that β weighs */
export const weightRange = ({ unit }) => (unit === "squared_distance" ? WEIGHT_OF_DISTANCE : WEIGHT);

/** @type {{ [K in keyof Controls]: Control<Controls[K]> }} */
export const CONTROLS = {
  model,
  start: oneOf("from", ["shipped", "fresh"]),
  stage: oneOf("stage", ["codes", "prior"]),
  layers: wholeNumber("layers", 0, 3),
  units: wholeNumber("units", 1, 1024),
  latent: wholeNumber("latent", 1, 64),
  loss: choice("loss", ["cross-entropy", "squared"]),
  sigma_x: override("sigma", 0.01, 100),
  noise: override("noise", 0, 1, 0.05),
  masks: choice("mask", ["none", "half", "square", "strokes", "all"]),
  codebook_size: wholeNumber("codes", 2, 512),
  dimension: wholeNumber("dim", 1, 64),
  update: choice("update", ["loss", "average"]),
  revival: choice("revival", ["on", "off"]),
  objects: wholeNumber("objects", 1, 4),
  selection: choice("selection", ["presence", "largest"]),
  canvas,
  presence_cost: override("presence", 0, 200),
  overlap_cost: override("overlap", 0, 100),
  reach: override("reach", 0, 16),
  distance: override("distance", 0, 32),
  learning_rate: override("lr", 1e-5, 1),
  beta: override("beta", WEIGHT.min, WEIGHT.max, WEIGHT.step),
  batch_size: batchSize,
  steps: wholeNumber("steps", 1, 1_000_000),
  seed,
  device: oneOf("device", ["auto", "cpu", "webgpu"]),
  workers: wholeNumber("workers", 1, 64),
};

const NAMES = /** @type {(keyof Controls)[]} */ (Object.keys(CONTROLS));

/**
 * The choices in a hash, with the default for each one that is missing or invalid.
 *
 * @param {string} hash
 * @returns {Controls}
 */
export function readHash(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const values = NAMES.map((name) => {
    const { key, initial, parse } = CONTROLS[name];
    return [name, parse(parameters.get(key) ?? "") ?? initial];
  });
  return Object.fromEntries(values);
}

/**
 * The invalid choices in a hash.
 *
 * @param {string} hash
 * @returns {string[]}
 */
export function refusedIn(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  return NAMES.flatMap((name) => {
    const { key, parse } = CONTROLS[name];
    const text = parameters.get(key);
    return text === null || parse(text) !== undefined ? [] : [`${key}=${text}`];
  });
}

/**
 * The hash for the choices; defaults are left out.
 *
 * @param {Readonly<Controls>} controls
 */
export function writeHash(controls) {
  const parameters = new URLSearchParams();
  for (const name of NAMES) {
    const { key, initial } = CONTROLS[name];
    if (controls[name] !== initial) parameters.set(key, String(controls[name]));
  }
  return parameters.size ? `#${parameters}` : "";
}
