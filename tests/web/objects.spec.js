// The multi-entity VAE, as a caller in a browser sees it: what goes in and out, and what is refused.

import { readFile } from "node:fs/promises";

import { bars } from "../support/files.js";
import { expect, expectRefusals, test } from "../support/flavour.js";

/** @typedef {import("../../pkg/cpu/latent_lab.js").Objects} Objects */

/** @type {{ model: import("../../pkg/cpu/latent_lab.js").ObjectsConfig, losses: number[] }} */
const KNOWN = JSON.parse(await readFile(new URL("../objects.json", import.meta.url), "utf8"));

test("one seed is one run, natively and here", async ({ cpu }) => {
  const losses = await cpu.evaluate(async ({ Lab, uniform }, { model, losses }) => {
    const lab = await Lab.create(model, { seed: 1 });
    const found = [];
    for (let step = 0; step < losses.length; step += 1) {
      found.push((await lab.train_step(uniform(4 * 1600, 100 + step))).total);
    }
    return found;
  }, KNOWN);
  // A loss is a sum of numbers of one sign.
  for (const [step, expected] of KNOWN.losses.entries()) {
    expect(Math.abs(losses[step] / expected - 1), `step ${step}: ${losses[step]}`).toBeLessThan(1e-4);
  }
});

test("objects are what encode gives and decode takes, all or some, here or elsewhere", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, uniform }, { model }) => {
    const lab = await Lab.create(model, { seed: 1 });
    const { space, calls } = lab.info();
    // No cell of a fresh model holds an object for certain, so these are made up.
    const one = { cell: 3, where: [20, 20], mean: [1, 0, 0, 0, 0, 0], presence: 1 };
    const elsewhere = { ...one, where: [20, 24] };
    const { objects, kl } = /** @type {Objects} */ (await lab.encode(uniform(2 * 1600, 3)));
    const decode = (/** @type {import("../../pkg/cpu/latent_lab.js").GivenObject[]} */ objects) =>
      /** @type {import("../../pkg/cpu/latent_lab.js").Lab<Objects>} */ (lab).decode({ objects });
    const [here, there, both, none, two] = [
      await decode([one]),
      await decode([elsewhere]),
      await decode([one, elsewhere]),
      await decode([]),
      await decode([one, { ...elsewhere, image: 1 }]),
    ];
    const sampled = await lab.sample(2, { objects: 2, seed: 3 });
    const worst = Math.max(...both.map((ink, at) => Math.abs(ink - (1 - (1 - here[at]) * (1 - there[at])))));
    return {
      space,
      samples: calls.includes("sample"),
      cells: kl.length,
      objects: Array.isArray(objects),
      sizes: [here, none, two, sampled].map(({ length }) => length),
      ink: Math.max(...none),
      moved: here[20 * 40 + 16] - there[20 * 40 + 20],
      worst,
      second: two[1600 + 20 * 40 + 20] - there[20 * 40 + 20],
    };
  }, KNOWN);
  expect(found).toMatchObject({
    space: { kind: "objects", sides: [5, 5], most: 4, latent: 6 },
    samples: true,
    cells: 50,
    objects: true,
    sizes: [1600, 1600, 3200, 3200],
    ink: 0,
  });
  for (const difference of [found.moved, found.worst, found.second]) {
    expect(Math.abs(difference)).toBeLessThan(1e-5);
  }
});

test("what is no object is refused and says what one is", async ({ cpu }) => {
  const world = await cpu.evaluateHandle(async ({ Lab }, { model }) => {
    const lab = await Lab.create(model, { seed: 1 });
    const tiny = await Lab.create("tiny");
    const good = { cell: 3, where: [20, 20], mean: new Float32Array(6), presence: 1 };
    return { lab, tiny, Lab, good, before: await lab.save() };
  }, KNOWN);
  const isSame = () =>
    world.evaluate(async ({ lab, before }) => {
      const now = await lab.save();
      return now.length === before.length && now.every((byte, at) => byte === before[at]);
    });
  /** @type {import("../support/flavour.js").Row<any>[]} */
  const rows = [
    ["none", ({ lab }) => lab.decode({ objects: 3 }), "invalid_input", /no array/],
    [
      "one without presence",
      ({ lab, good }) => lab.decode({ objects: [{ ...good, presence: undefined }] }),
      "invalid_input",
      /no presence/,
    ],
    [
      "one beyond the grid",
      ({ lab, good }) => lab.decode({ objects: [{ ...good, cell: 25 }] }),
      "invalid_input",
      /0 to 24/,
    ],
    [
      "one beyond the canvas",
      ({ lab, good }) => lab.decode({ objects: [{ ...good, where: [0, 60] }] }),
      "invalid_input",
      /-14 to 54/,
    ],
    [
      "one of other latents",
      ({ lab, good }) => lab.decode({ objects: [{ ...good, mean: [1, 2] }] }),
      "invalid_input",
      /give 6/,
    ],
    ["numbers", ({ lab }) => lab.decode(new Float32Array(6)), "invalid_input", /\{ objects \}/],
    [
      "objects for another model",
      ({ tiny, good }) => tiny.decode({ objects: [good] }),
      "invalid_input",
      /decodes no objects/,
    ],
    ["too many in a scene", ({ lab }) => lab.sample(1, { objects: 5 }), "invalid_input", /1 to 4/],
    [
      "a model that keeps none",
      ({ Lab }) => Lab.create({ family: "objects", objects: 0 }),
      "invalid_config",
      /objects is 0/,
    ],
    [
      "a canvas that is no square",
      ({ Lab }) => Lab.create({ family: "objects", image: [48, 56] }),
      "invalid_config",
      /square/,
    ],
  ];
  await expectRefusals(world, rows, isSame);
});

test("a data set makes scenes of its images, the same ones of a seed and a step", async ({ cpu }) => {
  // The last five are darker.
  const file = bars(20).map((byte, at) => (at >= 16 + 15 * 784 && byte === 255 ? 102 : byte));
  const found = await cpu.evaluate(({ Dataset }, file) => {
    const data = Dataset.open(file);
    data.hold_out(5);
    const { images: one, counts } = data.scenes(3, { seed: 2, step: 4 });
    const again = data.scenes(3, { seed: 2, step: 4 }).images;
    const other = data.scenes(3).images;
    const held_out = data.scenes(3, { seed: 2, step: 4, held_out: true }).images;
    const ink = (/** @type {Float32Array} */ pixels) => pixels.reduce((sum, grey) => sum + grey, 0);
    const isSame = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
      a.every((grey, at) => grey === b[at]);
    // Far from each other no two bars lie over one another: ink is counted in bars.
    const apart = { fewest: 2, most: 2, distance: 32, side: 64 };
    const bar = ink(data.images(0, 1));
    return {
      sizes: [one.length, counts.length, data.scenes(2, { side: 40 }).images.length],
      same: [isSame(one, again), isSame(one, other)],
      brightest: [Math.min(...[one, other].map((pixels) => Math.max(...pixels))), Math.max(...held_out) < 0.9],
      bars: [data.scenes(1, { fewest: 1, most: 1 }), data.scenes(1, apart)].map(({ images, counts }) => [
        ink(images) / bar,
        counts[0],
      ]),
      // A canvas of 40 has no room for four that are 32 pixels from each other.
      isCrowded: data.scenes(1, { fewest: 4, most: 4, distance: 32, side: 40 }).counts[0] < 4,
    };
  }, file);
  expect(found).toEqual({
    sizes: [3 * 48 * 48, 3, 2 * 40 * 40],
    same: [true, false],
    brightest: [1, true],
    bars: [
      [1, 1],
      [2, 2],
    ],
    isCrowded: true,
  });
});

test("scenes that cannot be made are refused", async ({ cpu }) => {
  const world = await cpu.evaluateHandle(({ Dataset }, file) => ({ data: Dataset.open(file) }), bars(4));
  /** @type {import("../support/flavour.js").Row<any>[]} */
  const rows = [
    ["none", ({ data }) => data.scenes(0), "invalid_input", /0 scenes/],
    ["more than fit an answer", ({ data }) => data.scenes(1e6), "invalid_input", /at most|1 to 20416/],
    ["half a scene", ({ data }) => data.scenes(0.5), "invalid_input", /whole number/],
    ["a small canvas", ({ data }) => data.scenes(1, { side: 39 }), "invalid_input", /40 to 64/],
    ["a side of nothing", ({ data }) => data.scenes(1, { side: 0 }), "invalid_input", /40 to 64/],
    ["five of a scene", ({ data }) => data.scenes(1, { most: 5 }), "invalid_input", /1 to 4/],
    [
      "more at least than at most",
      ({ data }) => data.scenes(1, { fewest: 3, most: 2 }),
      "invalid_input",
      /smaller one first/,
    ],
    ["too far from each other", ({ data }) => data.scenes(1, { distance: 33 }), "invalid_input", /0 to 32/],
    [
      "no distance",
      ({ data }) => data.scenes(1, { distance: "far" }),
      "invalid_input",
      /distance is "far"; give a number/,
    ],
    ["of what nobody held out", ({ data }) => data.scenes(1, { held_out: true }), "invalid_input", /hold_out first/],
    [
      "an option that is none",
      ({ data }) => data.scenes(1, { size: 48 }),
      "invalid_input",
      /no option is called "size"/,
    ],
  ];
  const scenes = () => world.evaluate(({ data }) => [...data.scenes(2).images]);
  const before = await scenes();
  const isSame = async () => String(await scenes()) === String(before);
  await expectRefusals(world, rows, isSame);
});

/** The shipped model, and a scene of two digits. Runs in the page. */
const SHIPPED = async () => {
  const fetched = async (/** @type {string} */ path) =>
    new Uint8Array(await (await fetch(new URL(path, document.baseURI))).arrayBuffer());
  return [await fetched("weights/E3.safetensors"), await fetched("data/sample-images-idx3-ubyte.gz")];
};

test("what encode gives is decoded, and drawn where it says", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, Dataset }, shipped) => {
    const [weights, digits] = await new Function(`return ${shipped}`)()();
    const lab = /** @type {import("../../pkg/cpu/latent_lab.js").Lab<Objects>} */ (await Lab.open(weights));
    const { images } = Dataset.open(digits).scenes(2, { fewest: 2, most: 2, seed: 3, step: 3 });
    const latents = await lab.encode(images);
    const [decoded, rebuilt] = [await lab.decode(latents), await lab.reconstruct(images)];
    const error = (/** @type {Float32Array} */ made) =>
      made.reduce((sum, grey, at) => sum + (grey - images[at]) ** 2, 0) / made.length;
    return {
      images: latents.objects.map(({ image }) => image),
      fields: latents.objects.every(
        ({ cell, where, mean, log_variance, kl, presence }) =>
          cell < 36 &&
          where.length === 2 &&
          mean.length === 12 &&
          log_variance.length === 12 &&
          kl > 5 &&
          presence > 0.5,
      ),
      kl: latents.kl.length,
      same: decoded.every((grey, at) => grey === rebuilt[at]),
      errors: [error(decoded), error(new Float32Array(images.length))],
    };
  }, String(SHIPPED));
  expect(found).toMatchObject({ images: [0, 0, 1, 1], fields: true, kl: 72, same: true });
  expect(found.errors[0]).toBeLessThan(0.4 * found.errors[1]);
});

test("a run goes on under another configuration of its weights, and under none that has others", async ({ cpu }) => {
  const found = await cpu.evaluate(
    async ({ Lab, Dataset, uniform }, { model, shipped }) => {
      const lab = await Lab.create(model, { seed: 1 });
      await lab.train_step(uniform(2 * 1600, 3));
      const file = await lab.save();
      const larger = await Lab.open(file, { config: { ...model, image: [48, 48] } });
      const refusal = await Lab.open(file, { config: { ...model, latent: 7 } }).catch((error) => error);
      const { step, space, config } = larger.info();
      const [weights, digits] = await new Function(`return ${shipped}`)()();
      const { images } = Dataset.open(digits).scenes(1, { fewest: 2, most: 2, seed: 3, step: 3 });
      const kept = [];
      for (const objects of [4, 1]) {
        const limited = await Lab.open(weights, { config: { family: "objects", objects } });
        kept.push(/** @type {Objects} */ (await limited.encode(images)).objects.length);
      }
      return { step, space, image: config.image, kept, kind: refusal.kind, message: refusal.message };
    },
    { model: KNOWN.model, shipped: String(SHIPPED) },
  );
  expect(found).toMatchObject({
    step: 1,
    space: { sides: [6, 6] },
    image: [48, 48],
    kept: [2, 1],
    kind: "invalid_checkpoint",
  });
  expect(found.message).toMatch(/leave it out/);
});
