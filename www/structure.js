// What can be chosen about a model's structure, and the configuration that such choices make of a variant's own.

/**
 * @import { Description, ModelConfig, ResolvedAutoencoder, ResolvedConfig, ResolvedGrid, ResolvedObjects, Structure } from "./types.js"
 */

/** @typedef {Pick<Description, "space" | "controls"> & { config: ResolvedConfig }} Model a variant, or what is open */

/** Nothing chosen: all is as the variant has it. @type {Readonly<Structure>} */
export const NONE = {
  layers: null,
  units: null,
  latent: null,
  loss: null,
  sigma_x: null,
  noise: null,
  masks: null,
  codebook_size: null,
  dimension: null,
  update: null,
  revival: null,
  objects: null,
  selection: null,
  canvas: null,
  presence_cost: null,
  overlap_cost: null,
  reach: null,
  distance: null,
};

export const NAMES = /** @type {(keyof Structure)[]} */ (Object.keys(NONE));

/** The parts of a configuration that they are about. @type {{ [name in keyof Structure]: string }} */
const CONTROLS = {
  layers: "encoder",
  units: "encoder",
  latent: "latent",
  loss: "likelihood",
  sigma_x: "sigma_x",
  noise: "corruption.noise",
  masks: "corruption.masks",
  codebook_size: "codebook.size",
  dimension: "codebook.dimension",
  update: "codebook.update",
  revival: "codebook.revive_after",
  objects: "objects",
  selection: "selection",
  canvas: "image",
  presence_cost: "presence_cost",
  overlap_cost: "overlap_cost",
  reach: "reach",
  distance: "distance",
};

/** What no weight is made for: a model goes on as it is when it changes. @type {readonly (keyof Structure)[]} */
const WEIGHTLESS = ["objects", "canvas", "presence_cost", "overlap_cost", "distance"];

/** Whether a model has what can be chosen. @param {Pick<Description, "controls">} model @param {keyof Structure} name */
export const has = ({ controls }, name) => controls.includes(CONTROLS[name]);

/**
 * Choices without those that a model does not have.
 *
 * @param {Pick<Description, "controls">} model
 * @param {Readonly<Structure>} structure
 * @returns {Structure}
 */
const within = (model, structure) => {
  const absent = NAMES.filter((name) => !has(model, name));
  return { ...structure, ...Object.fromEntries(absent.map((name) => [name, null])) };
};

/** The losses by the names of their likelihoods. */
const LIKELIHOODS = /** @type {const} */ ({ "cross-entropy": "bernoulli", squared: "gaussian" });

/** Which cells hold objects, by the names of the selections. */
const SELECTIONS = /** @type {const} */ ({ presence: "presence", largest: "largest_kl" });

/** How a codebook follows the encoder, by the names of its updates. */
const UPDATES = /** @type {const} */ ({ loss: "gradient", average: "average" });

/** Steps after which an idle code is revived, unless the variant has a number of its own. */
const REVIVAL = 20;

/** @type {{ [choice in NonNullable<Structure["masks"]>]: ResolvedAutoencoder["corruption"]["masks"] }} */
const MASKS = {
  none: [],
  half: ["half"],
  square: ["square"],
  strokes: ["strokes"],
  all: ["half", "square", "strokes"],
};

/** Whether a model finds objects, of which each costs something. @param {ResolvedConfig} config @returns {config is ResolvedObjects} */
export const isOfObjects = (config) => "presence_cost" in config;

/** Where a variant has no hidden layer to go by. */
const UNITS = 128;

/**
 * The choices among all controls.
 *
 * @param {Readonly<Structure>} controls
 */
export const structureOf = (controls) =>
  /** @type {Structure} */ (/** @type {unknown} */ (Object.fromEntries(NAMES.map((name) => [name, controls[name]]))));

/**
 * Whether anything was chosen.
 *
 * @param {Readonly<Structure>} structure
 */
export const isOwn = (structure) => NAMES.some((name) => structure[name] !== null);

/**
 * Whether weights that were trained for a structure do for another.
 *
 * @param {Readonly<Structure>} a
 * @param {Readonly<Structure>} b
 */
export const fits = (a, b) => NAMES.every((name) => WEIGHTLESS.includes(name) || a[name] === b[name]);

/** Whether there are shipped weights to start from. @param {Readonly<Structure>} structure */
export const hasShipped = (structure) => fits(NONE, structure);

/** @param {Readonly<Structure>} a @param {Readonly<Structure>} b */
export const isSame = (a, b) => NAMES.every((name) => a[name] === b[name]);

/** @param {string} _ @param {unknown} value whose keys are put in order */
const inOrder = (_, value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** @param {unknown} a @param {unknown} b configurations, whatever the order of their keys */
export const isEqual = (a, b) => JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);

/**
 * A name for what is open, for files too: no two structures of one variant share it.
 *
 * @param {{ model: string | null, structure: Readonly<Structure> } | null | undefined} basis
 */
export function nameOf(basis) {
  const { model, structure } = basis ?? { model: null, structure: NONE };
  const chosen = NAMES.filter((name) => structure[name] !== null).map((name) => `${name}-${structure[name]}`);
  return [model ?? "model", ...chosen].join("-");
}

/**
 * How often the side of an image can be halved without a rest.
 *
 * @param {readonly number[]} image
 */
const halvings = (image) => Math.min(...image.map((side) => Math.log2(side & -side)));

/**
 * Dense layers of the same number of units, or those of the variant; the decoder mirrors them.
 *
 * @param {readonly number[]} own
 * @param {Readonly<Structure>} structure
 */
function dense(own, { layers, units }) {
  const sizes = Array.from({ length: layers ?? own.length }, (_, at) => units ?? own[at] ?? own.at(-1) ?? UNITS);
  return /** @type {const} */ ({
    encoder: { kind: "dense", hidden: sizes },
    decoder: { kind: "dense", hidden: sizes.toReversed() },
  });
}

/**
 * Convolutions whose channels double each time. The decoder goes back as often as the side can be doubled to the image's.
 *
 * @param {ResolvedAutoencoder["encoder"] & { kind: "conv" }} encoder
 * @param {ResolvedAutoencoder["decoder"] & { kind: "conv" }} decoder
 * @param {readonly number[]} image
 * @param {Readonly<Structure>} structure
 */
function conv(encoder, decoder, image, { layers, units }) {
  const first = units ?? encoder.channels[0];
  const channels = Array.from({ length: Math.max(layers ?? encoder.channels.length, 1) }, (_, at) => first * 2 ** at);
  const back = channels.slice(0, halvings(image)).reverse();
  // Transposed convolutions begin at a feature map of its own width.
  const map = Math.max(Math.round((decoder.channels[0] * first) / encoder.channels[0]), 1);
  return {
    encoder: { ...encoder, channels },
    decoder: { ...decoder, channels: decoder.upsample === "transposed" ? [map, ...back] : back },
  };
}

/** @param {ResolvedGrid["codebook"]} own @param {Readonly<Structure>} structure */
function codebookOf(own, { codebook_size, dimension, update, revival }) {
  const revive = { on: own.revive_after || REVIVAL, off: 0 };
  return {
    size: codebook_size ?? own.size,
    dimension: dimension ?? own.dimension,
    update: update ? UPDATES[update] : own.update,
    revive_after: revival ? revive[revival] : own.revive_after,
  };
}

/** @param {ResolvedObjects} own @param {Readonly<Structure>} structure @returns {ResolvedObjects} */
function objectsOf(own, structure) {
  const { canvas, selection } = structure;
  return {
    ...own,
    latent: structure.latent ?? own.latent,
    objects: structure.objects ?? own.objects,
    selection: selection ? SELECTIONS[selection] : own.selection,
    image: canvas ? [canvas, canvas] : own.image,
    presence_cost: structure.presence_cost ?? own.presence_cost,
    overlap_cost: structure.overlap_cost ?? own.overlap_cost,
    reach: structure.reach ?? own.reach,
    distance: structure.distance ?? own.distance,
  };
}

/**
 * The configuration of a variant with what was chosen in place of its own. What it does not have is left out.
 *
 * @param {Model} variant
 * @param {Readonly<Structure>} chosen
 * @returns {ResolvedConfig & ModelConfig}
 */
export function configOf(variant, chosen) {
  const own = variant.config;
  const structure = within(variant, chosen);
  if (isOfObjects(own)) return objectsOf(own, structure);
  const { encoder, decoder, image } = own;
  const asItIs = structure.layers === null && structure.units === null;
  const body = asItIs
    ? { encoder, decoder }
    : encoder.kind === "conv" && decoder.kind === "conv"
      ? conv(encoder, decoder, image, structure)
      : dense("hidden" in encoder ? encoder.hidden : [], structure);
  if ("codebook" in own) return { ...own, ...body, codebook: codebookOf(own.codebook, structure) };
  const likelihood = structure.loss ? LIKELIHOODS[structure.loss] : own.likelihood;
  const squared = likelihood === "gaussian";
  return {
    ...own,
    ...body,
    latent: structure.latent ?? own.latent,
    // Cross-entropy is about probabilities.
    output: squared ? own.output : "sigmoid",
    likelihood,
    sigma_x: (squared ? structure.sigma_x : null) ?? own.sigma_x,
    corruption: {
      noise: structure.noise ?? own.corruption.noise,
      masks: structure.masks ? MASKS[structure.masks] : own.corruption.masks,
    },
  };
}

/**
 * A model's configuration as the controls show it; null where they cannot.
 *
 * @param {Model} model
 * @returns {Structure}
 */
export const valuesOf = (model) => within(model, readOff(model.config));

/** @param {ResolvedConfig} config @returns {Structure} */
function readOff(config) {
  if (isOfObjects(config)) {
    const { latent, objects, selection, image, presence_cost, overlap_cost, reach, distance } = config;
    const selections = /** @type {(keyof typeof SELECTIONS)[]} */ (Object.keys(SELECTIONS));
    return {
      ...NONE,
      latent,
      objects,
      selection: selections.find((name) => SELECTIONS[name] === selection) ?? null,
      canvas: image[0],
      presence_cost,
      overlap_cost,
      reach,
      distance,
    };
  }
  const { encoder } = config;
  const sizes = encoder.kind === "dense" ? encoder.hidden : encoder.channels;
  const even = encoder.kind === "conv" || sizes.every((size) => size === sizes[0]);
  const body = { ...NONE, layers: sizes.length, units: even ? (sizes[0] ?? UNITS) : null };
  if ("codebook" in config) {
    const { size, dimension, update, revive_after } = config.codebook;
    const updates = /** @type {(keyof typeof UPDATES)[]} */ (Object.keys(UPDATES));
    return {
      ...body,
      codebook_size: size,
      dimension,
      update: updates.find((name) => UPDATES[name] === update) ?? null,
      revival: revive_after > 0 ? "on" : "off",
    };
  }
  const { latent, likelihood, sigma_x, corruption } = config;
  const losses = /** @type {(keyof typeof LIKELIHOODS)[]} */ (Object.keys(LIKELIHOODS));
  const choices = /** @type {(keyof typeof MASKS)[]} */ (Object.keys(MASKS));
  return {
    ...body,
    latent,
    loss: losses.find((loss) => LIKELIHOODS[loss] === likelihood) ?? null,
    sigma_x,
    noise: corruption.noise,
    masks: choices.find((choice) => isEqual(MASKS[choice], corruption.masks)) ?? null,
  };
}
