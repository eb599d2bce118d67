// What a call refuses of its numbers.

import { expectRefusalsOf, revoked } from "../support/refusals.js";

/** @typedef {import("../support/refusals.js").World} World */

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
    [
      "above 1",
      ({ lab, images }) => lab.evaluate(images.with(9, 255)),
      "invalid_input",
      /number 9 .*255/,
      /divided by 255/,
    ],
    [
      "of another type",
      ({ lab }) => lab.train_step(/** @type {any} */ (new Uint8Array(784))),
      "invalid_input",
      /images/,
      /Float32Array/,
    ],
    [
      "bytes",
      ({ lab }) => lab.encode(/** @type {any} */ (new ImageData(28, 28))),
      "invalid_input",
      /ImageData/,
      /divided by 255/,
    ],
    ["beyond all memory", ({ lab }) => lab.encode(new Float32Array(2 ** 28)), "invalid_input", /268435456/, /60000/],
    [
      "a sparse array beyond all memory",
      ({ lab }) => lab.encode(new Array(2 ** 32 - 1)),
      "invalid_input",
      /4294967295/,
      /60000/,
    ],
    ["an array with holes", ({ lab }) => lab.encode(new Array(784)), "invalid_input", /more in it than numbers/],
    [
      "numbers that are texts",
      ({ lab }) => lab.encode(/** @type {any} */ (Array(784).fill("0.5"))),
      "invalid_input",
      /more in it than numbers/,
    ],
    [
      "more than fit a step",
      async ({ Lab }) => {
        const wide = await Lab.create({
          family: "vae",
          encoder: { kind: "conv", channels: [64, 64] },
          latent: 4,
          image: [128, 128],
          head: "pooled",
        });
        return wide.train_step(new Float32Array(512 * 128 * 128));
      },
      "invalid_input",
      /512 images/,
      /GB/,
      /a batch of 1 to \d+$/,
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
    ["a proxy that was revoked", ({ lab }) => lab.encode(revoked()), "invalid_input", /cannot be read/],
    ["a proxy that was revoked, as latents", ({ lab }) => lab.decode(revoked()), "invalid_input", /cannot be read/],
    ["a proxy that was revoked, as options", ({ Lab }) => Lab.create("tiny", revoked()), "invalid_input", /options/],
    ["a proxy that was revoked, as a model", ({ Lab }) => Lab.create(revoked()), "invalid_config", /tiny/],
    ["a proxy that was revoked, as a file", ({ Lab }) => Lab.open(revoked()), "invalid_input", /checkpoint/],
    ["a proxy that was revoked, as a count", ({ lab }) => lab.sample(revoked()), "invalid_input", /count/],
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
  "objects, parts and numbers that throw while they are read": [
    ...["revoked()", "throwing()", "[throwing()]", "new Array(2 ** 32 - 1)"].map((objects) => {
      const call = `async ({ Lab }) => {
        const finder = await Lab.create("E3");
        try {
          return await finder.decode({ objects: ${objects} });
        } finally {
          finder.free();
        }
      }`;
      /** @type {import("../support/flavour.js").Row<World>} */
      const row = [`objects: ${objects}`, /** @type {any} */ (call), "invalid_input", /object/];
      return row;
    }),
    ...["revoked()", "throwing()", "[throwing()]"].flatMap((array) => {
      const end = `async ({ lab, images }) => lab.end_step(await lab.begin_step(images), ${array})`;
      const contribute = `async ({ Lab, Replica, images }) => {
        const [lab, replica] = [await Lab.create("tiny"), new Replica("tiny")];
        const work = await lab.begin_step(images);
        replica.begin(work);
        return replica.contribute({ ...work.parts[0], arrays: ${array} });
      }`;
      /** @type {import("../support/flavour.js").Row<World>[]} */
      const rows = [
        [`contributions: ${array}`, /** @type {any} */ (end), "invalid_input", /contribution/],
        [`arrays of a part: ${array}`, /** @type {any} */ (contribute), "invalid_input", /part/],
      ];
      return rows;
    }),
    ...["{ valueOf() { throw new RangeError('boo'); } }", "8n", "Symbol()", "'8'", "true", "null"].flatMap((number) => {
      /** @type {(call: string) => import("../support/flavour.js").Row<World>} */
      const row = (call) => [call, /** @type {any} */ (`({ digits }) => digits.${call}`), "invalid_input", /number/];
      return [
        `images(${number}, 1)`,
        `batch(1, ${number}, 0)`,
        `batch_labels(${number}, 1, 0)`,
        `hold_out(${number})`,
      ].map(row);
    }),
    [
      "a size of a drawing",
      ({ center_digit }) => center_digit(new Uint8Array(4), /** @type {any} */ ("2"), 2),
      "invalid_input",
      /height/,
    ],
  ],
  "what is too long to be told of": [
    ["a preset's name", ({ Lab }) => Lab.create("x".repeat(2 ** 28)), "unknown_name", /^.{0,600}$/s],
    [
      "a device",
      ({ Lab }) => Lab.create("tiny", { device: /** @type {any} */ ("x".repeat(2 ** 28)) }),
      "invalid_input",
      /^.{0,400}$/s,
    ],
    ["an option's name", ({ Lab }) => Lab.create("tiny", { ["x".repeat(2 ** 28)]: 1 }), "invalid_input", /^.{0,400}$/s],
    [
      "pixels as a model",
      ({ Lab }) => Lab.create(/** @type {any} */ (new Float32Array(2 ** 22))),
      "invalid_config",
      /Float32Array/,
    ],
    [
      "pixels in a model",
      ({ Lab }) => Lab.create(/** @type {any} */ ({ family: "vae", encoder: new Float32Array(2 ** 22) })),
      "invalid_config",
      /configuration/,
    ],
    [
      "more noise than belongs to the images",
      ({ lab, images }) => lab.train_step(images, { noise: new Float32Array(47_040_000) }),
      "invalid_input",
      /47040000/,
      /at most 3136/,
    ],
  ],
  "latents that are none": [
    [
      "codes as encode has them, by themselves",
      async ({ Lab, images }) => {
        const lab = await Lab.create("E14");
        const { codes } = await lab.encode(images.subarray(0, 784));
        return lab.decode(/** @type {any} */ (codes));
      },
      "invalid_input",
      /\{ codes \}/,
    ],
    [
      "codes in bytes",
      async ({ Lab }) => (await Lab.create("E14")).decode(/** @type {any} */ (new Uint8Array(49))),
      "invalid_input",
      /\{ codes \}/,
    ],
    [
      "another model's",
      ({ lab }) => lab.decode({ mean: new Float32Array(2), log_variance: new Float32Array(2) }),
      "invalid_input",
      /2 numbers/,
      /\[batch, 8\]/,
    ],
    [
      "bare codes",
      async ({ Lab }) => (await Lab.create("E14")).decode(/** @type {any} */ (Array(49).fill(3))),
      "invalid_input",
      /^invalid_input: give codes as \{ codes \}/,
    ],
    [
      "more than an answer has room for",
      async ({ Lab }) =>
        (
          await Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [2] }, latent: 1, image: [128, 128] })
        ).decode(new Float32Array(60000)),
      "invalid_input",
      /60000 numbers/,
      /1 to 2871/,
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
};

expectRefusalsOf(GROUPS);
