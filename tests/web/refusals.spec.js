// What a call refuses: the kind is the stated one, the message says what was wrong and what is right, and nothing is changed.

import { expect, expectRefusals, test } from "../support/flavour.js";

/** @param {import("../support/flavour.js").FlavourHandle} flavour */
const world = (flavour) =>
  flavour.evaluateHandle(async (flavour) => {
    const lab = await flavour.Lab.create("tiny", { seed: 1 });
    const images = flavour.uniform(4 * 784, 7);
    const latents = flavour.gauss(4 * 8, 8);
    await lab.train_step(images);
    return { ...flavour, lab, images, latents };
  });

/** @typedef {import("../support/flavour.js").Inside<Awaited<ReturnType<typeof world>>>} World */

/** @type {{ [group: string]: import("../support/flavour.js").Row<World>[] }} */
const GROUPS = {
  "images that are none": [
    ["none", ({ lab }) => lab.train_step(new Float32Array(0)), "invalid_input", /\b0 numbers/, /\[batch, 784\]/],
    ["half of one", ({ lab }) => lab.evaluate(new Float32Array(392)), "invalid_input", /392/, /\[batch, 784\]/],
    ["one and a bit", ({ lab }) => lab.encode(new Float32Array(785)), "invalid_input", /785/, /784/],
    ["too many", ({ lab }) => lab.train_step(new Float32Array(1025 * 784)), "invalid_input", /803600/, /1024/],
    ["NaN", ({ lab, images }) => lab.train_step(images.with(5, NaN)), "invalid_input", /NaN/, /0 to 1/],
    ["infinite", ({ lab, images }) => lab.reconstruct(images.with(5, Infinity)), "invalid_input", /inf/, /0 to 1/],
    ["below 0", ({ lab, images }) => lab.encode(images.with(9, -0.25)), "invalid_input", /-0\.25/, /0 to 1/],
    ["above 1", ({ lab, images }) => lab.evaluate(images.with(9, 255)), "invalid_input", /255/, /0 to 1/],
    [
      "of another type",
      ({ lab }) => lab.train_step(/** @type {any} */ (new Uint8Array(784))),
      "invalid_input",
      /images/,
      /Float32Array/,
    ],
    ["left out", ({ lab }) => /** @type {any} */ (lab).encode(), "invalid_input", /images/, /Float32Array/],
  ],
  "what throws while it is read": [
    [
      "a buffer that was given away",
      ({ lab, images }) => {
        const given = images.slice();
        structuredClone(given.buffer, { transfer: [given.buffer] });
        return lab.encode(given);
      },
      "invalid_input",
      /given away/,
    ],
    [
      "a getter among the options",
      ({ lab, images }) =>
        lab.train_step(images, {
          /** @returns {number} */
          get beta() {
            throw new RangeError("boo");
          },
        }),
      "invalid_input",
      /options/,
    ],
    [
      "a proxy among the numbers",
      ({ lab }) =>
        lab.decode(
          new Proxy([0, 0, 0, 0, 0, 0, 0, 0], {
            get() {
              throw new RangeError("boo");
            },
          }),
        ),
      "invalid_input",
      /latents/,
    ],
  ],
  "latents that are none": [
    [
      "an autoencoder's",
      ({ lab, latents }) => lab.decode({ mean: latents }),
      "invalid_input",
      /family/,
      /log_variance/,
    ],
    [
      "a VAE's",
      async ({ Lab }) =>
        (await Lab.create("E6")).decode({ mean: new Float32Array(2), log_variance: new Float32Array(2) }),
      "invalid_input",
      /family/,
      /this model's encode/,
    ],
    ["none", ({ lab }) => lab.decode([]), "invalid_input", /\b0 numbers/, /\[batch, 8\]/],
    ["seven of eight", ({ lab }) => lab.decode(new Float32Array(7)), "invalid_input", /7 numbers/, /\[batch, 8\]/],
    ["NaN", ({ lab, latents }) => lab.decode(latents.with(3, NaN)), "invalid_input", /NaN/, /finite/],
    ["infinite", ({ lab, latents }) => lab.decode(latents.with(3, -Infinity)), "invalid_input", /inf/, /finite/],
    ["words", ({ lab }) => lab.decode(/** @type {any} */ ("one two")), "invalid_input", /latents/, /Float32Array/],
  ],
  "noise that does not fit": [
    [
      "too little",
      ({ lab, images }) => lab.train_step(images, { noise: new Float32Array(31) }),
      "invalid_input",
      /31/,
      /\[4, 8\]/,
    ],
    [
      "NaN",
      ({ lab, images, latents }) => lab.evaluate(images, { noise: latents.with(0, NaN) }),
      "invalid_input",
      /NaN/,
    ],
  ],
  "learning rates": [
    [
      "negative",
      ({ lab, images }) => lab.train_step(images, { learning_rate: -0.1 }),
      "invalid_input",
      /-0\.1/,
      /above 0/,
    ],
    ["zero", ({ lab, images }) => lab.train_step(images, { learning_rate: 0 }), "invalid_input", /\b0\b/, /above 0/],
    ["NaN", ({ lab, images }) => lab.train_step(images, { learning_rate: NaN }), "invalid_input", /NaN/, /above 0/],
    [
      "infinite",
      ({ lab, images }) => lab.train_step(images, { learning_rate: Infinity }),
      "invalid_input",
      /inf/,
      /at most 1/,
    ],
  ],
  "weights of the KL": [
    ["negative", ({ lab, images }) => lab.train_step(images, { beta: -1 }), "invalid_input", /-1/, /0 to 1000/],
    ["NaN", ({ lab, images }) => lab.train_step(images, { beta: NaN }), "invalid_input", /NaN/, /0 to 1000/],
    ["infinite", ({ lab, images }) => lab.train_step(images, { beta: Infinity }), "invalid_input", /inf/, /0 to 1000/],
  ],
  samples: [
    ["none", ({ lab }) => lab.sample(0), "invalid_input", /\b0 samples/, /1 to 60000/],
    ["fewer than none", ({ lab }) => lab.sample(-1), "invalid_input", /-1/, /whole number/],
    ["half a one", ({ lab }) => lab.sample(1.5), "invalid_input", /1\.5/, /whole number/],
    ["too many", ({ lab }) => lab.sample(1e9), "invalid_input", /1000000000/, /60000/],
    ["of no heat", ({ lab }) => lab.sample(1, { temperature: -1 }), "invalid_input", /-1/, /above 0/],
    ["of no seed", ({ lab }) => lab.sample(1, { seed: -1 }), "invalid_input", /-1/, /whole number/],
  ],
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
      /fast/,
    ],
    ["notes that are no text", ({ lab }) => lab.save(/** @type {any} */ (5)), "invalid_input", /notes/, /string/],
    ["notes without end", ({ lab }) => lab.save("x".repeat(300 << 10)), "invalid_input", /307202/, /262144/],
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

for (const [group, rows] of Object.entries(GROUPS)) {
  test(group, async ({ cpu }) => {
    const inside = await world(cpu);
    /** The same number as long as the model is the same. */
    const evaluate = () => inside.evaluate(async ({ lab, images }) => (await lab.evaluate(images)).total);
    const before = await evaluate();
    expect(before).toBeGreaterThan(0);
    await expectRefusals(inside, rows, async () => (await evaluate()) === before);
  });
}
