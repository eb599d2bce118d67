// How calls behave: what they are given stays as it was, they are answered in order, and what only looks repeats exactly.

/** @typedef {import("../../pkg/cpu/latent_lab.js").Lab} Model */

import { expect, refusalOf, test } from "../support/flavour.js";

test("arguments are neither detached nor changed", async ({ cpu }) => {
  const changed = await cpu.evaluate(async ({ Lab, Dataset, center_digit, uniform, gauss }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const images = uniform(4 * 784, 1);
    const noise = gauss(4 * 8, 2);
    const latents = gauss(4 * 8, 3);
    const ink = new Uint8Array(100).fill(200, 30, 60);
    const file = await lab.save();
    const idx = new Uint8Array([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8]);
    const mean_image = uniform(784, 4);
    /** @type {{ [name: string]: Float32Array | Uint8Array }} */
    const given = { images, noise, latents, ink, file, idx, mean_image };
    const copies = Object.entries(given).map(([name, array]) => /** @type {const} */ ([name, array.slice()]));

    await lab.train_step(images, { noise });
    await lab.evaluate(images, { noise });
    await lab.encode(images);
    await lab.reconstruct(images);
    await lab.decode(latents);
    await lab.decode({ mean: latents, log_variance: noise });
    await Lab.open(file);
    await Lab.create("tiny", { mean_image });
    Dataset.open(idx).free();
    center_digit(ink, 10, 10);
    /** @param {readonly [string, Float32Array | Uint8Array]} copy */
    const isOther = ([name, copy]) => !copy.every((value, at) => value === given[name][at]);
    return copies.filter(isOther).map(([name]) => name);
  });
  expect(changed).toEqual([]);
});

test("what is given counts as it is when the call is made", async ({ cpu }) => {
  const [late, early] = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("E2", { seed: 1 });
    const images = uniform(784, 1);
    const early = await lab.evaluate(images);
    const call = lab.evaluate(images);
    images.fill(0);
    return [await call, early];
  });
  expect(late).toEqual(early);
});

test("calls that overlap are answered one after the other", async ({ cpu }) => {
  const { order, overlapping, apart } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const images = [1, 2, 3].map((seed) => uniform(4 * 784, seed));
    /** @type {((lab: Model) => Promise<unknown>)[]} */
    const calls = [
      (lab) => lab.train_step(images[0]),
      (lab) => lab.evaluate(images[0]),
      (lab) => lab.train_step(images[1]),
      (lab) => lab.encode(images[2]),
      (lab) => lab.train_step(images[2], { learning_rate: -1 }).catch(({ kind }) => kind),
      (lab) => lab.sample(1),
      (lab) => lab.train_step(images[2]),
    ];
    const one = await Lab.create("tiny", { seed: 1 });
    const apart = [];
    for (const call of calls) apart.push(await call(one));
    const other = await Lab.create("tiny", { seed: 1 });
    /** @type {number[]} */
    const order = [];
    const overlapping = await Promise.all(
      calls.map((call, at) =>
        call(other).then((answer) => {
          order.push(at);
          return answer;
        }),
      ),
    );
    return { order, overlapping, apart };
  });
  // A refusal need not wait for its turn.
  expect(order.filter((at) => at !== 4)).toEqual([0, 1, 2, 3, 5, 6]);
  expect(overlapping).toEqual(apart);
});

test("a model may be freed while it is being called", async ({ cpu }) => {
  const { terms, other } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const images = uniform(4 * 784, 1);
    const lab = await Lab.create("tiny", { seed: 1 });
    const calls = [lab.train_step(images), lab.evaluate(images)];
    lab.free();
    const [terms] = await Promise.all(calls);
    const next = await Lab.create("tiny", { seed: 1 });
    return { terms, other: await next.train_step(images) };
  });
  expect(terms?.total).toBeGreaterThan(0);
  expect(other, "the next model is none the worse for it").toEqual(terms);
});

test("a model that was freed says so", async ({ cpu }) => {
  for (const call of [
    /** @type {(lab: import("../support/flavour.js").Flavour["Lab"]["prototype"]) => unknown} */
    (lab) => lab.sample(1),
    (/** @type {any} */ lab) => lab.info(),
    (/** @type {any} */ lab) => lab.free(),
  ]) {
    const refusal = await cpu.evaluate(async ({ Lab }, call) => {
      const lab = await Lab.create("E2");
      lab.free();
      try {
        await new Function(`return ${call}`)()(lab);
      } catch (error) {
        const { kind, message } = /** @type {{ kind: string, message: string }} */ (error);
        return { kind, message };
      }
    }, String(call));
    expect(refusal, String(call)).toEqual({ kind: "invalid_input", message: expect.stringContaining("was freed") });
  }
});

test("what only looks changes nothing and repeats exactly", async ({ cpu }) => {
  const [first, second] = await cpu.evaluate(async ({ Lab, uniform, gauss }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const images = uniform(4 * 784, 1);
    for (let step = 0; step < 3; step += 1) await lab.train_step(images);
    const look = async () => ({
      info: lab.info(),
      evaluate: await lab.evaluate(images),
      encode: await lab.encode(images),
      decode: await lab.decode(gauss(16, 2)),
      reconstruct: await lab.reconstruct(images),
      sample: await lab.sample(2, { seed: 9, temperature: 0.5 }),
    });
    return [await look(), await look()];
  });
  expect(second).toEqual(first);
  expect(first.reconstruct).toHaveLength(4 * 784);
  expect(first.reconstruct.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
  expect(first.info).toMatchObject({ device: "cpu", step: 3, seed: 1, config: { image: [28, 28], latent: 8 } });
});

test("a reconstruction is the decoded mean, in whatever form that is given", async ({ cpu }) => {
  const [reconstructed, ...decoded] = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("tiny", { seed: 1 });
    const image = uniform(784, 1);
    const encoding = /** @type {import("../../pkg/cpu/latent_lab.js").Encoding} */ (await lab.encode(image));
    return [
      await lab.reconstruct(image),
      await lab.decode(encoding),
      await lab.decode(encoding.mean),
      await lab.decode([...encoding.mean]),
    ];
  });
  for (const image of decoded) expect(image).toEqual(reconstructed);
});

test("an unread step gives nothing and trains all the same", async ({ cpu }) => {
  const { answers, read, unread } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const images = uniform(4 * 784, 1);
    const [one, other] = await Promise.all([Lab.create("tiny", { seed: 1 }), Lab.create("tiny", { seed: 1 })]);
    const answers = [];
    for (let step = 0; step < 3; step += 1) {
      answers.push(typeof (await one.train_step(images)), typeof (await other.train_step(images, { read: false })));
    }
    return { answers, read: await one.evaluate(images), unread: await other.evaluate(images) };
  });
  expect(answers).toEqual(["object", "undefined", "object", "undefined", "object", "undefined"]);
  expect(unread).toEqual(read);
});

test("noise that is given takes the place of the drawn one", async ({ cpu }) => {
  const { drawn, given, again, evaluated, other } = await cpu.evaluate(async ({ Lab, uniform, gauss }) => {
    const images = uniform(4 * 784, 1);
    const noise = gauss(4 * 8, 5);
    const labs = await Promise.all([1, 2, 3].map(() => Lab.create("tiny", { seed: 1 })));
    return {
      drawn: await labs[0].train_step(images),
      given: await labs[1].train_step(images, { noise }),
      again: await labs[2].train_step(images, { noise }),
      evaluated: await labs[1].evaluate(images, { noise }),
      other: await labs[1].evaluate(images),
    };
  });
  expect(again).toEqual(given);
  expect(given?.kl, "the KL needs no noise").toBe(drawn?.kl);
  expect(given?.reconstruction).not.toBe(drawn?.reconstruction);
  expect(evaluated.reconstruction).not.toBe(other.reconstruction);
});

test("one seed is one run, and another seed another", async ({ cpu }) => {
  const [one, same, other] = await cpu.evaluate(async ({ Lab, uniform }) => {
    /** @param {number} seed */
    const run = async (seed) => {
      const lab = await Lab.create("tiny", { seed });
      const losses = [];
      for (let step = 0; step < 3; step += 1) losses.push(await lab.train_step(uniform(4 * 784, step)));
      return losses;
    };
    return [await run(4), await run(4), await run(5)];
  });
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test("a run that diverges is stopped at a state that is good", async ({ cpu }) => {
  const { refusal, terms, step, next } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const images = uniform(4 * 784, 1);
    const lab = await Lab.create("E4", { seed: 1 });
    /** @type {{ kind: string, message: string } | undefined} */
    let refusal;
    for (let step = 0; step < 300 && !refusal; step += 1) {
      await lab.train_step(images, { learning_rate: 1, beta: 1000 }).catch(({ kind, message }) => {
        refusal = { kind, message };
      });
    }
    const terms = await lab.evaluate(images);
    const { step } = lab.info();
    await lab.train_step(images, { learning_rate: 1e-6, beta: 0 });
    return { refusal, terms, step, next: lab.info().step };
  });
  expect(refusal).toEqual({ kind: "diverged", message: expect.stringMatching(/learning rate below 1/) });
  expect(refusal?.message).toContain(`step ${step}`);
  expect(Number.isFinite(terms.total), JSON.stringify(terms)).toBe(true);
  expect(next).toBe(step + 1);
});

test("WebGPU is refused by the flavour that has none, with the way to it", async ({ cpu }) => {
  const refusal = await refusalOf(cpu, ({ Lab }) => Lab.create("tiny", { device: "webgpu" }));
  expect(refusal).toEqual({ kind: "device", message: expect.stringMatching(/webgpu flavour/) });
});

test("the presets are those that can be created", async ({ cpu }) => {
  const rows = await cpu.evaluate(async ({ Lab, presets }) => {
    const made = [];
    for (const { id, title, data, views, variants } of presets()) {
      if (!title || !["mnist", "fashion"].includes(data) || views.length === 0) throw new Error(`${id} is not whole`);
      for (const variant of variants) {
        const lab = await Lab.create(variant.id);
        if (JSON.stringify(lab.info().config) !== JSON.stringify(variant.config)) throw new Error(variant.id);
        made.push(variant.id);
        lab.free();
      }
    }
    return made;
  });
  expect(rows.slice(0, 4)).toEqual(["tiny", "E1", "E2", "E2/beta2"]);
  expect(new Set(rows).size).toBe(rows.length);
});

test("an autoencoder gives codes, has no KL and no prior", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("E1", { seed: 1 });
    const images = uniform(2 * 784, 1);
    const terms = await lab.train_step(images);
    const encoding = /** @type {import("../../pkg/cpu/latent_lab.js").Encoding} */ (await lab.encode(images));
    const kind = await lab.sample(1).catch((/** @type {any} */ error) => error.kind);
    const same = String(await lab.decode(encoding)) === String(await lab.reconstruct(images));
    return { terms: Object.keys(terms), encoding: Object.keys(encoding), codes: encoding.mean.length, kind, same };
  });
  expect(found).toEqual({
    terms: ["total", "reconstruction"],
    encoding: ["mean"],
    codes: 64,
    kind: "invalid_input",
    same: true,
  });
});

test("the evaluation of a VAE says how it uses its latents", async ({ cpu }) => {
  const { kl, by_dimension, active_units } = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("E2", { seed: 1 });
    const { kl, kl_by_dimension, active_units } = await lab.evaluate(uniform(20 * 784, 1));
    return { kl: kl ?? NaN, by_dimension: [...(kl_by_dimension ?? [])], active_units };
  });
  expect(by_dimension).toHaveLength(2);
  expect(by_dimension[0] + by_dimension[1]).toBeCloseTo(kl, 4);
  expect([0, 1, 2]).toContain(active_units);
});

test("a mask is taken by who fills masks", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, uniform }) => {
    const lab = await Lab.create("E9", { seed: 1 });
    const images = uniform(784, 1);
    /** @param {number} share */
    const mask = (share) => Float32Array.from(images, (_, index) => Number(index < share * 784));
    const refused = async (/** @type {Float32Array} */ mask) =>
      lab.evaluate(images, { mask }).then(
        () => "taken",
        (/** @type {any} */ error) => error.message,
      );
    const half = await lab.evaluate(images, { mask: mask(0.5) });
    const again = await lab.evaluate(images, { mask: mask(0.5) });
    const none = await lab.evaluate(images, { mask: mask(0) });
    await lab.train_step(images, { mask: mask(0.5) });
    return {
      same: half.total === again.total,
      other: half.total !== none.total,
      full: await refused(mask(1)),
      short: await refused(mask(1).subarray(1)),
      grey: await refused(mask(0).fill(0.5)),
    };
  });
  expect(found).toEqual({
    same: true,
    other: true,
    full: expect.stringMatching(/the mask erases all of image 0/),
    short: expect.stringMatching(/the mask has 783 numbers/),
    grey: expect.stringMatching(/the mask has 0.5/),
  });
});
