// The worker's promise client, which the page is built on: `lab.js` has the methods of `Lab`, and `train`.

import { expect, test } from "../support/visit.js";

/** @typedef {import("../../pkg/cpu/latent_lab.js").Lab} Lab */
/** @typedef {{ signal?: AbortSignal, onstep?: (report: { step: number }) => void }} TrainOptions */
/**
 * @typedef {Pick<Lab, "evaluate" | "encode" | "decode" | "sample" | "sample_codes" | "reconstruct" | "train_step" | "save"> & {
 *   info(): Promise<import("../../pkg/cpu/latent_lab.js").Info>,
 *   look(request: null): Promise<unknown>,
 *   train(batches: Float32Array[], settings?: object, options?: TrainOptions): Promise<void>,
 * }} Client
 */

test.beforeEach(({ visit }) => visit.begin("#from=fresh"));

/** @param {import("@playwright/test").Page} page @returns {Promise<import("@playwright/test").JSHandle<Client>>} */
const client = (page) => page.evaluateHandle("latentLab.lab");

test("its methods are those of the package, and take nothing away", async ({ page }) => {
  const lab = await client(page);
  const { lengths, kept, repeats } = await lab.evaluate(async (lab) => {
    const images = new Float32Array(4 * 784).map((_, at) => (at % 7) / 7);
    const latents = new Float32Array(16);
    const noise = new Float32Array(32);
    const terms = await lab.train_step(images, { noise });
    const { mean } = /** @type {import("../../pkg/cpu/latent_lab.js").Encoding} */ (await lab.encode(images));
    const lengths = {
      mean: mean.length,
      decoded: (await lab.decode(latents)).length,
      sampled: (await lab.sample(2)).length,
      reconstructed: (await lab.reconstruct(images)).length,
      saved: (await lab.save()).length > 200_000,
      terms: Object.keys(terms ?? {}).sort(),
    };
    const repeats = (await lab.evaluate(images)).total === (await lab.evaluate(images)).total;
    return { lengths, kept: [images.length, latents.length, noise.length], repeats };
  });
  expect(lengths).toEqual({
    mean: 32,
    decoded: 2 * 784,
    sampled: 2 * 784,
    reconstructed: 4 * 784,
    saved: true,
    terms: ["kl", "reconstruction", "total"],
  });
  expect(kept).toEqual([4 * 784, 16, 32]);
  expect(repeats).toBe(true);
});

test("codes, vectors and what draws them go through it as they are, and other families' latents are refused", async ({
  visit,
  page,
}) => {
  await visit.experiment.selectOption("E17");
  await visit.opened("E17");
  const found = await (
    await client(page)
  ).evaluate(async (lab) => {
    const images = new Float32Array(2 * 784).map((_, at) => (at % 784 < 400 ? 0.5 : 0));
    const said = await lab.encode(images);
    if (!("codes" in said)) throw new Error("E17 has codes");
    const { codes } = said;
    const labels = Uint8Array.of(3, 7);
    const known = Int32Array.from(codes.subarray(0, 49), (code, cell) => (cell < 21 ? code : -1));
    const drawn = await lab.sample_codes(2, { seed: 4, known, label: 3 });
    const nats = await lab.evaluate(images, { stage: "prior", labels });
    const refused = (/** @type {any} */ latents) =>
      lab.decode(latents).then(
        () => "taken",
        ({ kind }) => kind,
      );
    return {
      same: String(await lab.decode({ codes })) === String(await lab.reconstruct(images)),
      decoded: (await lab.decode(drawn)).length,
      kept: [...drawn.codes.subarray(0, 21)].every((code, cell) => code === codes[cell]),
      vectors: (await lab.decode({ vectors: new Float32Array(49 * 16) })).length,
      prior: "prior" in nats,
      left: [images.length, codes.length, labels.length, known.length, drawn.codes.length],
      refused: await Promise.all(
        [null, 7, {}, { mean: new Float32Array(8), log_variance: new Float32Array(8) }].map(refused),
      ),
    };
  });
  expect(found).toEqual({
    same: true,
    decoded: 2 * 784,
    kept: true,
    vectors: 784,
    prior: true,
    left: [2 * 784, 2 * 49, 2, 49, 2 * 49],
    refused: ["invalid_input", "invalid_input", "invalid_input", "invalid_input"],
  });
});

test("a signal stops training between two steps, and the weights are kept", async ({ page }) => {
  const lab = await client(page);
  const { reason, steps, step, answered } = await lab.evaluate(async (lab) => {
    const batches = Array.from({ length: 200 }, () => new Float32Array(4 * 784).fill(0.5));
    const controller = new AbortController();
    /** @type {number[]} */
    const steps = [];
    /** @type {boolean | undefined} */
    let answered;
    /** @param {{ step: number }} report */
    const onstep = ({ step }) => {
      steps.push(step);
      // A call that comes in the meantime is answered before the training ends.
      if (step === 1) void lab.sample(1).then(() => (answered ??= true));
      if (answered && steps.length >= 5) controller.abort(new Error("enough"));
    };
    const reason = await lab.train(batches, {}, { signal: controller.signal, onstep }).then(
      () => "trained to the end",
      (error) => String(error.message),
    );
    return { reason, steps, step: (await lab.info()).step, answered };
  });
  expect(reason).toBe("enough");
  expect(answered).toBe(true);
  expect(step).toBeLessThan(200);
  expect(step).toBeGreaterThanOrEqual(steps.length);
});

test("a refusal has its kind and its words on this side too", async ({ page }) => {
  const lab = await client(page);
  const refusal = await lab.evaluate((lab) =>
    lab.train_step(new Float32Array(3)).then(
      () => null,
      (error) => ({ isError: error instanceof Error, kind: error.kind, message: error.message }),
    ),
  );
  expect(refusal).toEqual({ isError: true, kind: "invalid_input", message: expect.stringMatching(/3 numbers.*784/) });
  // What the worker did not foresee is no refusal, and keeps its name.
  const mistake = await lab.evaluate((lab) => lab.look(null).catch(({ name, kind }) => [name, kind === undefined]));
  expect(mistake).toEqual(["TypeError", true]);
});
