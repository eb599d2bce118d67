// What a call refuses of models, options and drawings.

import { expectRefusalsOf, revoked } from "../support/refusals.js";

/** @typedef {import("../support/refusals.js").World} World */

/** @type {{ [group: string]: import("../support/flavour.js").Row<World>[] }} */
const GROUPS = {
  "names that nobody knows": [
    ["a preset", ({ Lab }) => Lab.create(/** @type {any} */ ("huge")), "unknown_name", /"huge"/, /tiny.*E2.*E4/],
    ["a variant", ({ Lab }) => Lab.create(/** @type {any} */ ("E6/huge")), "unknown_name", /"E6\/huge"/, /E6\/vae/],
    [
      "a family",
      ({ Lab }) => Lab.create(/** @type {any} */ ({ family: "gan", latent: 8 })),
      "unknown_name",
      /"gan"/,
      /known: .*vae/,
    ],
    [
      "a device",
      ({ Lab }) => Lab.create("tiny", { device: /** @type {any} */ ("tpu") }),
      "unknown_name",
      /"tpu"/,
      /auto, cpu, webgpu/,
    ],
    [
      "a setting",
      ({ lab, images }) => lab.train_step(images, /** @type {any} */ ({ learningRate: 0.1 })),
      "invalid_input",
      /learningRate/,
      /learning_rate/,
    ],
    [
      "an option",
      ({ Lab }) => Lab.create("tiny", /** @type {any} */ ({ seeds: 1 })),
      "invalid_input",
      /seeds/,
      /seed\b/,
    ],
    [
      "an option of an evaluation",
      ({ lab, images }) => lab.evaluate(images, /** @type {any} */ ({ beta: 1 })),
      "invalid_input",
      /beta/,
      /noise/,
    ],
  ],
  "options of another kind": [
    ["a seed below 0", ({ Lab }) => Lab.create("tiny", { seed: -1 }), "invalid_input", /seed is -1/, /whole number/],
    ["half a seed", ({ Lab }) => Lab.create("tiny", { seed: 0.5 }), "invalid_input", /0\.5/, /whole number/],
    [
      "a mean image that is none",
      ({ Lab }) => Lab.create("tiny", { mean_image: new Float32Array(3) }),
      "invalid_input",
      /3 numbers/,
      /784/,
    ],
    [
      "a word for a number",
      ({ lab, images }) => lab.train_step(images, /** @type {any} */ ({ learning_rate: "fast" })),
      "invalid_input",
      /learning_rate is "fast"/,
      /give a number/,
    ],
    [
      "a number in quotes",
      ({ lab }) => lab.sample(1, /** @type {any} */ ({ temperature: "1" })),
      "invalid_input",
      /temperature is "1"/,
      /give a number/,
    ],
    [
      "a number for yes or no",
      ({ lab, images }) => lab.train_step(images, /** @type {any} */ ({ read: 0 })),
      "invalid_input",
      /read is 0/,
      /true or false/,
    ],
    [
      "a number for a name",
      ({ Lab }) => Lab.create("tiny", /** @type {any} */ ({ device: 7 })),
      "invalid_input",
      /device is 7/,
      /give a string/,
    ],
    ["no object", ({ Lab }) => Lab.create("tiny", /** @type {any} */ (7)), "invalid_input", /options/, /device, seed/],
    ["notes that are no text", ({ lab }) => lab.save(/** @type {any} */ (5)), "invalid_input", /notes/, /string/],
    ["notes without end", ({ lab }) => lab.save("x".repeat(300 << 10)), "invalid_input", /307200/, /262144/],
  ],
  configurations: [
    ["none", ({ Lab }) => Lab.create(/** @type {any} */ (undefined)), "invalid_config", /tiny/],
    [
      "fewer latents than none",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latent: -1 }),
      "invalid_config",
      /latent/,
      /-1/,
      /1 to 256/,
    ],
    [
      "no latents",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latent: 0 }),
      "invalid_config",
      /latent is 0/,
      /1 to 256/,
    ],
    [
      "too many latents",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latent: 1e9 }),
      "invalid_config",
      /1000000000/,
      /1 to 256/,
    ],
    [
      "too many parameters",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [4096, 4096] }, latent: 8 }),
      "invalid_config",
      /\d{8} parameters/,
      /4000000/,
      /fewer/,
    ],
    [
      "as many weights as 32 bits count as none",
      ({ Lab }) =>
        Lab.create({
          family: "vae",
          encoder: { kind: "conv", channels: [4096] },
          latent: 256,
          image: [128, 128],
          decoder: { kind: "conv", channels: [1] },
        }),
      "invalid_config",
      /8591028776 parameters/,
      /4000000/,
    ],
    [
      "too many layers",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: Array(9).fill(8) }, latent: 8 }),
      "invalid_config",
      /9 layers/,
      /at most 8/,
    ],
    [
      "no convolution",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "conv", channels: [] }, latent: 8 }),
      "invalid_config",
      /empty/,
      /1 to 8/,
    ],
    [
      "noise below zero",
      ({ Lab }) =>
        Lab.create({
          family: "ae",
          encoder: { kind: "dense", hidden: [8] },
          latent: 2,
          corruption: { noise: -0.5 },
        }),
      "invalid_config",
      /noise is -0.5/,
      /0 to 10/,
    ],
    [
      "a corruption in a VAE",
      ({ Lab }) =>
        Lab.create({
          family: "vae",
          encoder: { kind: "dense", hidden: [8] },
          latent: 2,
          corruption: { noise: 0.5 },
        }),
      "invalid_config",
      /"ae"/,
      /leave it out/,
    ],
    [
      "images without end",
      ({ Lab }) => Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latent: 8, image: [1e6, 1e6] }),
      "invalid_config",
      /1000000/,
      /1 to 128/,
    ],
    [
      "a learning rate below 0",
      ({ Lab }) =>
        Lab.create({
          family: "vae",
          encoder: { kind: "dense", hidden: [8] },
          latent: 8,
          training: { learning_rate: -1 },
        }),
      "invalid_config",
      /learning_rate is -1/,
      /above 0/,
    ],
    [
      "a beta that is no number",
      ({ Lab }) =>
        Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latent: 8, training: { beta: NaN } }),
      "invalid_config",
      /beta/,
    ],
    [
      "a misspelt key",
      ({ Lab }) =>
        Lab.create(/** @type {any} */ ({ family: "vae", encoder: { kind: "dense", hidden: [8] }, latents: 8 })),
      "invalid_config",
      /latents/,
      /latent\b/,
    ],
  ],
  drawings: [
    [
      "of another size than said",
      ({ center_digit }) => center_digit(new Uint8Array(100), 10, 11),
      "invalid_input",
      /100/,
      /10 x 11/,
      /height \* width/,
    ],
    ["of no size", ({ center_digit }) => center_digit(new Uint8Array(0), 0, 0), "invalid_input", /0 x 0/, /1 to 2048/],
    ["larger than any", ({ center_digit }) => center_digit(new Uint8Array(0), 1e9, 1e9), "invalid_input", /2048/],
    ["of half a pixel", ({ center_digit }) => center_digit(new Uint8Array(1), 0.5, 2), "invalid_input", /0\.5/],
  ],
};

expectRefusalsOf(GROUPS);
