// What the page makes of chosen structures is what the library makes of them, and what it describes is what it builds.

import { expect, test } from "../support/flavour.js";

/**
 * @typedef {import("../../pkg/cpu/latent_lab.js").ResolvedConfig} Config
 * @typedef {import("../../pkg/cpu/latent_lab.js").PresetInfo} Preset
 * @typedef {import("../../pkg/cpu/latent_lab.js").Description} Description
 * @typedef {import("../../pkg/cpu/latent_lab.js").VariantInfo} Variant
 * @typedef {{ [name: string]: number | string }} Choices
 * @typedef {object} Rules the page's own, which it does not share with the package
 * @property {Choices} NONE
 * @property {(variant: Variant, structure: Choices) => Config} configOf
 * @property {(variant: Variant, config: Config) => Choices | undefined} choicesFor
 * @property {(presets: Preset[], config: Config, likely: string[]) => { model: string | null, structure: Choices }} identify
 */

/** For every family and kind of body, and what only some of them have. @type {[model: string, choices: Choices][]} */
const CHOSEN = [
  ["E1", { layers: 2, units: 32, latent: 4 }],
  ["E1", { layers: 3, loss: "squared", sigma_x: 0.5, noise: 0.3, masks: "all" }],
  ["E1", { latent: 1, masks: "strokes" }],
  ["E2", { layers: 0, latent: 64 }],
  ["E5", { layers: 1 }],
  ["E5", { layers: 3 }],
  ["E5", { units: 64 }],
  ["E5/pca", { loss: "cross-entropy" }],
  ["E5/pca", { layers: 1, units: 16 }],
  ["tiny", { layers: 1 }],
  ["tiny", { layers: 3, units: 4, latent: 2, loss: "squared", sigma_x: 0.1 }],
  ["E3", { objects: 2, canvas: 56, presence_cost: 12.5, overlap_cost: 0, distance: 20 }],
  ["E3", { selection: "largest", latent: 6, reach: 4 }],
  ["E4", { layers: 1 }],
  ["E4", { layers: 3, units: 4 }],
  ["E9", { noise: 0.2, masks: "none", latent: 5 }],
  ["E10", { layers: 2, units: 8 }],
  ["E10", { units: 4, noise: 1 }],
  ["E12", { units: 8 }],
  ["E12/conv", { layers: 2, latent: 7 }],
  ["E13", { loss: "cross-entropy", units: 256 }],
  ["E14", { codebook_size: 32, dimension: 8 }],
  ["E14/loss", { update: "average", revival: "off" }],
  ["E14/plain", { revival: "on", layers: 1 }],
  ["E16", { codebook_size: 16, units: 8 }],
  ["E17", { codebook_size: 128, dimension: 4 }],
];

test("a structure as it is chosen is a configuration as it is built, and back", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, describe, presets }, chosen) => {
    /** @type {Rules} */
    const rules = {
      ...(await import(new URL("structure.js", document.baseURI).href)),
      ...(await import(new URL("identify.js", document.baseURI).href)),
    };
    const variants = presets().flatMap(({ variants }) => variants);
    /** @type {[model: string, choices: Choices][]} */
    const untouched = variants.map(({ id }) => [id, {}]);
    /** @type {(of: Description) => Description} */
    const described = ({ space, stages, calls, controls, views, parameters }) => {
      return { space, stages, calls, controls, views, parameters };
    };
    const all = [];
    for (const [model, choices] of [...untouched, ...chosen]) {
      const variant = variants.find(({ id }) => id === model);
      if (!variant) throw new Error(`there is no ${model}`);
      const structure = { ...rules.NONE, ...choices };
      const config = rules.configOf(variant, structure);
      const lab = await Lab.create(config);
      const info = lab.info();
      lab.free();
      all.push({
        what: `${model} ${JSON.stringify(choices)}`,
        config: [config, info.config],
        described: [describe(config), described(info)],
        layers: info.stages.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + layer.parameters, 0),
        parameters: info.parameters,
        listed: [described(variant), describe(model)],
        back: [rules.identify(presets(), info.config, [model]), { model, structure }],
      });
    }
    return all;
  }, CHOSEN);
  expect(found.length).toBeGreaterThan(CHOSEN.length + 20);
  for (const { what, config, described, layers, parameters, listed, back } of found) {
    expect.soft(config[0], what).toEqual(config[1]);
    expect.soft(described[0], what).toEqual(described[1]);
    expect.soft(layers, what).toBe(parameters);
    expect.soft(listed[0], what).toEqual(listed[1]);
    expect.soft(back[0], what).toEqual(back[1]);
  }
});

test("what a variant cannot be is no structure of it, and what its family has not is left out", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ presets }) => {
    /** @type {Rules} */
    const { NONE, choicesFor, configOf, identify } = {
      ...(await import(new URL("structure.js", document.baseURI).href)),
      ...(await import(new URL("identify.js", document.baseURI).href)),
    };
    const variants = presets().flatMap(({ variants }) => variants);
    const of = (/** @type {string} */ model) => {
      const variant = variants.find(({ id }) => id === model);
      if (!variant) throw new Error(`there is no ${model}`);
      return variant;
    };
    const [vae, tiny, dvae] = ["E2", "tiny", "E16"].map(of);
    const e2 = vae.config;
    if (!("likelihood" in e2)) throw new Error("E2 is no autoencoder");
    const rate = { ...e2, training: { ...e2.training, learning_rate: 0.5 } };
    const all = { latent: 3, loss: "squared", noise: 1, masks: "all", update: "average", revival: "on" };
    return {
      other: choicesFor(tiny, e2),
      rate: identify(presets(), rate, ["E2"]).model,
      uneven: choicesFor(vae, { ...e2, encoder: { kind: "dense", hidden: [9, 5] } }),
      masked: configOf(vae, { ...NONE, noise: 1, masks: "all", sigma_x: 5, update: "loss", codebook_size: 9 }),
      e2,
      relaxed: configOf(dvae, { ...NONE, ...all }),
      e16: dvae.config,
    };
  });
  expect(found.other).toBeUndefined();
  expect(found.rate).toBeNull();
  expect(found.uneven).toBeUndefined();
  expect(found.masked).toEqual(found.e2);
  expect(found.relaxed).toEqual(found.e16);
});
