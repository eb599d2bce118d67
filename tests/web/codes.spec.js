// Models with codes, as a caller in a browser sees them: what goes in and out, what training tells, what is refused.

import { expect, expectRefusals, test } from "../support/flavour.js";

/** @typedef {import("../../pkg/cpu/latent_lab.js").Codes} Codes */

/** 3 x 5 cells, so that height and width are told apart. @type {import("../../pkg/cpu/latent_lab.js").GridConfig} */
const SMALL = {
  family: "vq_vae",
  encoder: { kind: "conv", channels: [4, 6] },
  image: [12, 20],
  codebook: { size: 6, dimension: 3, update: "average", revive_after: 3 },
  training: { learning_rate: 0.01 },
  prior: { channels: 6, layers: 2, classes: 4, learning_rate: 0.01 },
};
const [CELLS, SIZE] = [15, 6];

/**
 * Models at each point of the way: `lab` has codes and prior, `half` codes alone, `fresh` neither, `plain` no prior to
 * train, `tiny` no codes at all. `grid` and `vectors` are those of the first image.
 *
 * @param {import("../support/flavour.js").FlavourHandle} flavour
 */
const world = (flavour) =>
  flavour.evaluateHandle(async (flavour, config) => {
    const [lab, half, fresh, plain, tiny] = await Promise.all(
      [config, config, config, "E14", "tiny"].map((model) => flavour.Lab.create(model, { seed: 1 })),
    );
    const images = flavour.uniform(4 * 240, 7);
    const labels = [0, 1, 2, 3];
    await half.train_step(images);
    for (let step = 0; step < 25; step += 1) await lab.train_step(images);
    const first = await lab.evaluate(images, { stage: "prior", labels });
    for (let step = 0; step < 40; step += 1) await lab.train_step(images, { stage: "prior", labels });
    const { codes } = /** @type {Codes} */ (await lab.encode(images));
    const grid = [...codes.subarray(0, 15)];
    const book = await lab.codebook();
    const vectors = grid.flatMap((code) => [...book.subarray(code * 3, code * 3 + 3)]);
    /** All that is saved of each model. */
    const states = () => Promise.all([lab, half, fresh, plain, tiny].map((model) => model.save()));
    const before = await states();
    /** Settings of a prior. @param {number[]} labels */
    const by = (labels) => ({ stage: /** @type {const} */ ("prior"), labels });
    return { lab, half, fresh, plain, tiny, states, before, by, images, labels, codes, grid, vectors, first };
  }, SMALL);

/** @typedef {import("../support/flavour.js").Inside<Awaited<ReturnType<typeof world>>>} World */

/** What a step tells of the stage "codes", besides the total. */
const TERMS = {
  E14: ["reconstruction", "commitment", "perplexity"],
  "E14/loss": ["reconstruction", "codebook", "commitment", "perplexity"],
  E16: ["reconstruction", "kl", "perplexity"],
  E17: ["reconstruction", "commitment", "perplexity"],
};

for (const [model, names] of Object.entries(TERMS)) {
  test(`images are codes, codes are images, and a step tells its terms: ${model}`, async ({ cpu }) => {
    const found = await cpu.evaluate(async ({ Lab, uniform }, model) => {
      const lab = await Lab.create(model, { seed: 1 });
      const images = uniform(3 * 784, 1);
      const step = await lab.train_step(images);
      const said = /** @type {Codes} */ (await lab.encode(images));
      const { codes } = said;
      const book = await lab.codebook();
      const vectors = [...codes].flatMap((code) => [...book.subarray(code * 16, code * 16 + 16)]);
      const image = await lab.reconstruct(images);
      const forms = [said, { codes: [...codes] }, { codes: Uint8Array.from(codes) }];
      const painted = await lab.decode({ vectors });
      return {
        form: [Object.keys(said), codes instanceof Uint32Array, codes.length, book.length, image.length],
        codes: [...codes],
        image,
        decoded: await Promise.all(forms.map((form) => lab.decode(form))),
        apart: Math.max(...painted.map((value, at) => Math.abs(value - image[at]))),
        other: await lab.decode({ codes: codes.map((code) => (code + 1) % 64) }),
        info: lab.info(),
        step,
        evaluation: await lab.evaluate(images, { stage: "codes" }),
      };
    }, model);
    expect(found.form).toEqual([["codes"], true, 3 * 49, 64 * 16, 3 * 784]);
    expect(found.codes.every((code) => code < 64)).toBe(true);
    expect(new Set(found.codes).size, "different codes").toBeGreaterThan(1);
    for (const image of found.decoded) expect(image).toEqual(found.image);
    expect(found.apart, "the vectors of the codes are decoded to the same").toBeLessThan(1e-6);
    expect(found.other).not.toEqual(found.image);
    expect(found.info).toMatchObject({ grid: [7, 7], step: 1 });
    expect(found.info.prior_step).toBe(model === "E17" ? 0 : undefined);
    const { step, evaluation } = found;
    expect(Object.keys(step)).toEqual(["total", ...names]);
    expect(Object.keys(evaluation)).toEqual(["total", ...names, "shares", "dead"]);
    for (const { total, reconstruction, kl = 0, codebook = 0, commitment = 0 } of [step, evaluation]) {
      expect(reconstruction + kl + codebook + commitment, "perplexity is no loss").toBeCloseTo(total, 2);
    }
    const shares = Array.from({ length: 64 }, (_, code) => found.codes.filter((one) => one === code).length / (3 * 49));
    const used = shares.filter((share) => share > 0);
    expect([...(evaluation.shares ?? [])]).toEqual(shares.map((share) => expect.closeTo(share, 6)));
    expect(evaluation.dead).toBe(64 - used.length);
    expect(evaluation.dead).toBeGreaterThan(0);
    expect(evaluation.perplexity).toBeCloseTo(
      Math.exp(-used.reduce((sum, share) => sum + share * Math.log(share), 0)),
      3,
    );
  });
}

test("a prior learns, counts its own steps and leaves the codes alone", async ({ cpu }) => {
  const inside = await world(cpu);
  const look = () => inside.evaluate(async ({ lab, images }) => [await lab.evaluate(images), await lab.encode(images)]);
  const before = await look();
  const { terms, unread, info, first, last } = await inside.evaluate(async ({ lab, images, labels, first }) => ({
    terms: await lab.train_step(images, { stage: "prior", labels: Uint8Array.from(labels) }),
    unread: await lab.train_step(images, { stage: "prior", read: false }),
    info: lab.info(),
    first,
    last: await lab.evaluate(images, { stage: "prior", labels }),
  }));
  expect(Object.keys(terms)).toEqual(["total", "prior"]);
  expect(terms.prior).toBe(terms.total);
  expect(unread).toBeUndefined();
  expect(info).toMatchObject({ step: 25, prior_step: 42, grid: [3, 5] });
  expect(last.total).toBeLessThan(0.8 * first.total);
  expect(await look()).toEqual(before);
});

test("a prior charges for codes by what it would draw them from, of a class and of any", async ({ cpu }) => {
  const inside = await world(cpu);
  const totals = [];
  for (const by of [true, false]) {
    const { terms, nats } = await inside.evaluate(async ({ lab, images, labels, codes }, by) => {
      let nats = 0;
      for (const label of labels) {
        const known = [...codes.subarray(label * 15, label * 15 + 15)];
        const { probabilities } = await lab.sample_codes(1, by ? { known, label } : { known });
        known.forEach((code, cell) => (nats -= Math.log(probabilities[cell * 6 + code]) / labels.length));
      }
      return { terms: await lab.evaluate(images, by ? { stage: "prior", labels } : { stage: "prior" }), nats };
    }, by);
    expect(Object.keys(terms)).toEqual(["total", "prior"]);
    expect(terms.prior, by ? "of a class" : "of any").toBeCloseTo(nats, 3);
    totals.push(terms.total);
  }
  expect(totals[0], "a class says something").not.toBeCloseTo(totals[1], 1);
});

test("grids are drawn by seed, temperature and class", async ({ cpu }) => {
  const inside = await world(cpu);
  const { warm, again, other, any, hot, cold } = await inside.evaluate(async ({ lab }) => ({
    warm: await lab.sample_codes(200, { seed: 3, temperature: 1, label: 2 }),
    again: await lab.sample_codes(200, { seed: 3, label: 2 }),
    other: await lab.sample_codes(200, { seed: 4, label: 2 }),
    any: await lab.sample_codes(200, { seed: 3 }),
    hot: await lab.sample_codes(1, { temperature: 2, label: 2 }),
    cold: await lab.sample_codes(4, { temperature: 0.001 }),
  }));
  /** What each cell was drawn from. @param {{ probabilities: Float32Array }} sampled */
  const rows = ({ probabilities: all }) =>
    Array.from({ length: all.length / SIZE }, (_, at) => [...all.subarray(at * SIZE, (at + 1) * SIZE)]);
  expect(warm.codes).toBeInstanceOf(Uint32Array);
  expect([warm.codes.length, rows(warm).length]).toEqual([200 * CELLS, 200 * CELLS]);
  expect(warm.codes.every((code) => code < SIZE)).toBe(true);
  const sums = rows(warm).map((row) => row.reduce((sum, share) => sum + share));
  expect(sums.filter((sum) => Math.abs(sum - 1) > 1e-5)).toEqual([]);
  expect(again).toEqual(warm);
  expect(other.codes).not.toEqual(warm.codes);
  expect(any.probabilities).not.toEqual(warm.probabilities);
  // Nothing comes before the first cell: all grids draw it from the same.
  const [first] = rows(warm);
  const roots = first.map(Math.sqrt);
  const all = roots.reduce((sum, root) => sum + root);
  first.forEach((share, code) => {
    const drawn = warm.codes.filter((one, at) => at % CELLS === 0 && one === code).length / 200;
    expect(Math.abs(drawn - share), `code ${code}: ${drawn} for ${share}`).toBeLessThan(0.1);
    expect(rows(hot)[0][code], "at twice the temperature").toBeCloseTo(roots[code] / all, 4);
  });
  rows(cold).forEach((row, at) => expect(row[cold.codes[at]]).toBe(Math.max(...row)));
});

test("known codes stay, and those that are -1 are drawn", async ({ cpu }) => {
  const inside = await world(cpu);
  const { known, free } = await inside.evaluate(async ({ lab, grid }) => ({
    known: await lab.sample_codes(40, { seed: 2, known: grid.map((_, cell) => ({ 4: 5, 9: 3 })[cell] ?? -1) }),
    free: await lab.sample_codes(40, { seed: 2 }),
  }));
  /** Of a cell in all grids. @param {Codes} sampled @param {number} cell */
  const column = ({ codes }, cell) => [...codes.filter((_, at) => at % CELLS === cell)];
  expect([column(known, 4), column(known, 9)]).toEqual([Array(40).fill(5), Array(40).fill(3)]);
  for (const cell of [0, 14]) expect(new Set(column(known, cell)).size, `cell ${cell}`).toBeGreaterThan(1);
  // What comes before is drawn as it would be; what comes after has seen them.
  for (const cell of [0, 1, 2, 3]) expect(column(known, cell)).toEqual(column(free, cell));
  expect(known.probabilities).not.toEqual(free.probabilities);
});

test("known codes may be an Int32Array", async ({ cpu }) => {
  const inside = await world(cpu);
  const drawn = inside.evaluate(({ lab, grid }) => lab.sample_codes(1, { known: Int32Array.from(grid) }));
  expect([...(await drawn).codes]).toEqual(await inside.evaluate(({ grid }) => grid));
});

test("samples of a model with a prior are images of the codes that it draws", async ({ cpu }) => {
  const inside = await world(cpu);
  const [sampled, decoded] = await inside.evaluate(async ({ lab }) => {
    const settings = { seed: 5, temperature: 0.8, label: 1 };
    return [await lab.sample(3, settings), await lab.decode(await lab.sample_codes(3, settings))];
  });
  expect(sampled).toHaveLength(3 * 240);
  expect(sampled.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
  expect(sampled).toEqual(decoded);
});

test("codes and prior that are saved and opened go on as if they never stopped", async ({ cpu }) => {
  const [straight, resumed] = await cpu.evaluate(async ({ Lab, uniform }, config) => {
    /** @param {boolean} reopened */
    const run = async (reopened) => {
      let lab = await Lab.create(config, { seed: 3 });
      /** @param {"codes" | "prior"} stage */
      const train = async (stage, losses = [0]) => {
        for (let step = 0; step < 4; step += 1) {
          const settings = stage === "prior" ? { stage, labels: [0, 1, 2, 3] } : {};
          losses.push((await lab.train_step(uniform(4 * 240, step), settings)).total);
        }
        return losses;
      };
      const before = [await train("codes"), await train("prior")];
      if (reopened) lab = await Lab.open(await lab.save());
      const look = [await lab.encode(uniform(240, 9)), await lab.codebook(), await lab.sample_codes(2)];
      const info = lab.info();
      return { before, info, look, after: [await train("prior"), await train("codes"), await train("prior")] };
    };
    return [await run(false), await run(true)];
  }, SMALL);
  expect(resumed).toEqual(straight);
  expect(resumed.info).toMatchObject({ step: 4, prior_step: 4, seed: 3, grid: [3, 5] });
});

/** @typedef {[what: string, call: (world: World) => unknown, ...says: RegExp[]]} Row */

/** @type {{ [group: string]: Row[] }} */
const INVALID_INPUT = {
  "codes that are none": [
    ["none", ({ lab }) => lab.decode({ codes: [] }), /\b0 codes/, /\[batch, 15\]/],
    ["a cell less", ({ lab, grid }) => lab.decode({ codes: grid.slice(1) }), /14 codes/, /\[batch, 15\]/],
    ["outside", ({ lab, grid }) => lab.decode({ codes: grid.with(3, 6) }), /code is 6/, /0 to 5/],
    ["negative", ({ lab, grid }) => lab.decode({ codes: grid.with(3, -1) }), /-1/, /whole numbers from 0/],
    ["half a code", ({ lab, grid }) => lab.decode({ codes: grid.with(3, 1.5) }), /1\.5/, /whole numbers from 0/],
    ["negative, typed", ({ lab, grid }) => lab.decode({ codes: Int32Array.from(grid).fill(-7, 2) }), /-7/, /from 0/],
    ["words", ({ lab }) => lab.decode(/** @type {any} */ ({ codes: "one" })), /latents\.codes/, /typed array/],
    ["vectors a number short", ({ lab, vectors }) => lab.decode({ vectors: vectors.slice(1) }), /44/, /\[batch, 45\]/],
    ["NaN in a vector", ({ lab, vectors }) => lab.decode({ vectors: vectors.with(3, NaN) }), /NaN/, /finite/],
    ["codes by themselves", ({ lab, codes }) => lab.decode(/** @type {any} */ (codes)), /\{ codes \}/, /\{ vectors \}/],
    ["codes as numbers", ({ lab, grid }) => lab.decode(grid), /15 numbers/, /\{ codes \}, \[batch, 15\]/],
    ["both", ({ lab, grid, vectors }) => lab.decode(/** @type {any} */ ({ codes: grid, vectors })), /one of them/],
    ["nothing", ({ lab }) => lab.decode(/** @type {any} */ ({})), /\{ codes \}/, /\{ vectors \}/],
    ["latents", ({ lab }) => lab.decode(new Float32Array(8)), /8 numbers/, /\[batch, 45\]/],
    ["means", ({ lab }) => lab.decode({ mean: new Float32Array(8) }), /8 numbers/, /\[batch, 45\]/],
  ],
  "what grids are drawn by": [
    ["none", ({ lab }) => lab.sample_codes(0), /\b0 samples/, /1 to 60000/],
    ["no heat", ({ lab }) => lab.sample_codes(1, { temperature: 0 }), /temperature is 0/, /above 0/],
    ["less than none", ({ lab }) => lab.sample_codes(1, { temperature: -0.5 }), /-0\.5/, /above 0/],
    ["NaN", ({ lab }) => lab.sample_codes(1, { temperature: NaN }), /NaN/, /above 0/],
    ["a label outside", ({ lab }) => lab.sample_codes(1, { label: 4 }), /label is 4/, /0 to 3/],
    ["half a label", ({ lab }) => lab.sample(1, { label: 0.5 }), /label is 0\.5/, /whole number/],
    ["outside", ({ lab, grid }) => lab.sample_codes(1, { known: grid.with(3, 6) }), /code is 6/, /0 to 5/],
    ["below -1", ({ lab, grid }) => lab.sample_codes(1, { known: grid.with(3, -2) }), /-2/, /-1 where/],
    ["half a code", ({ lab, grid }) => lab.sample(1, { known: grid.with(3, 0.5) }), /0\.5/, /-1 where/],
    ["a cell less", ({ lab, grid }) => lab.sample_codes(1, { known: grid.slice(1) }), /known has 14/, /one grid of 15/],
    ["two grids", ({ lab, grid }) => lab.sample_codes(1, { known: [...grid, ...grid] }), /30/, /one grid of 15/],
  ],
  "labels that do not fit": [
    ["too few", ({ lab, images, by }) => lab.train_step(images, by([0, 1, 2])), /3 labels for 4/, /one for each/],
    ["too many", ({ lab, images, by }) => lab.evaluate(images, by([0, 1, 2, 3, 0])), /5 labels for 4/, /one for each/],
    ["outside", ({ lab, images, by }) => lab.train_step(images, by([0, 1, 2, 4])), /label is 4/, /0 to 3/],
    ["far outside", ({ lab, images, by }) => lab.evaluate(images, by([0, 1, 2, 300])), /label is 300/, /0 to 99/],
    ["negative", ({ lab, images, by }) => lab.evaluate(images, by([0, 1, 2, -1])), /-1/, /whole numbers/],
  ],
  "what is for the other stage": [
    ["labels", ({ lab, images }) => lab.train_step(images, { labels: [0, 1, 2, 3] }), /"codes"/, /"prior"/],
    ["their labels", ({ lab, images }) => lab.evaluate(images, { labels: [0, 1, 2, 3] }), /"codes"/, /"prior"/],
    [
      "noise",
      ({ lab, images, by }) => lab.train_step(images, { ...by([0, 1, 2, 3]), noise: images }),
      /noise/,
      /"codes"/,
    ],
    ["a beta", ({ lab, images }) => lab.train_step(images, { stage: "prior", beta: 1 }), /beta/, /"codes"/],
    ["a mask", ({ lab, images, by }) => lab.evaluate(images, { ...by([0, 1, 2, 3]), mask: images }), /mask/, /"codes"/],
  ],
  "a prior that is not there": [
    ["trained", ({ plain }) => plain.train_step(new Float32Array(784), { stage: "prior" }), /no prior/, /"E17"/],
    ["looked at", ({ plain }) => plain.evaluate(new Float32Array(784), { stage: "prior" }), /no prior/, /"E17"/],
    ["drawn from", ({ plain }) => plain.sample_codes(1), /no prior/, /"E17"/],
  ],
  "a prior before its time": [
    ["trained", ({ fresh, images }) => fresh.train_step(images, { stage: "prior" }), /not trained/, /"codes" first/],
    ["looked at", ({ fresh, images }) => fresh.evaluate(images, { stage: "prior" }), /not trained/, /"codes" first/],
    ["drawn from, without codes", ({ fresh }) => fresh.sample_codes(1), /not trained/, /"codes" first/],
    ["drawn from", ({ half }) => half.sample_codes(1), /prior is not trained/, /"prior" first/],
    ["sampled", ({ half }) => half.sample(1), /prior is not trained/, /"prior" first/],
  ],
  "a model without codes": [
    ["codes", ({ tiny, grid }) => tiny.decode({ codes: grid }), /no codes/, /"vq_vae"/, /"E14"/],
    ["vectors", ({ tiny }) => tiny.decode({ vectors: new Float32Array(8) }), /no codes/, /"E14"/],
    ["its codebook", ({ tiny }) => tiny.codebook(), /no codes/, /"E14"/],
    ["grids", ({ tiny }) => tiny.sample_codes(1), /no codes/, /"E14"/],
    ["a prior", ({ tiny }) => tiny.train_step(new Float32Array(784), { stage: "prior" }), /no codes/, /"E14"/],
    ["a class", ({ tiny }) => tiny.sample(1, { label: 1 }), /label/, /"E17"/],
  ],
};

/** @type {{ [group: string]: Row[] }} */
const UNKNOWN_NAME = {
  "stages that do not exist": [
    [
      "trained",
      ({ lab, images }) => lab.train_step(images, /** @type {any} */ ({ stage: "x" })),
      /"x"/,
      /codes, prior/,
    ],
    ["looked at", ({ lab, images }) => lab.evaluate(images, /** @type {any} */ ({ stage: "" })), /""/, /codes, prior/],
  ],
};

for (const [kind, groups] of Object.entries({ invalid_input: INVALID_INPUT, unknown_name: UNKNOWN_NAME })) {
  for (const [group, rows] of Object.entries(groups)) {
    test(group, async ({ cpu }) => {
      const inside = await world(cpu);
      const same = () => inside.evaluate(async ({ states, before }) => `${await states()}` === `${before}`);
      await expectRefusals(
        inside,
        rows.map(([what, call, ...says]) => [what, call, kind, ...says]),
        same,
      );
      await inside.evaluate(({ half }) => half.train_step(new Float32Array(240), { learning_rate: 1e-6 }));
      expect(await same(), "a step is seen").toBe(false);
    });
  }
}
