// The multi-entity VAE, as a caller in a browser sees it: what goes in and out, and what is refused.

import { readFile } from "node:fs/promises";

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
