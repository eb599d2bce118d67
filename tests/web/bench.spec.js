// bench.html answers the peer benchmark: protocol 1, models C and D, all four tasks.

import { expect, test } from "../support/fixtures.js";
import { answers, CHECKED, expectLosses, openBench } from "../support/bench.js";

test.beforeEach(({ page }) => openBench(page, "cpu"));

test("it says what it is", async ({ page }) => {
  const info = await page.evaluate(() => /** @type {any} */ (window).bench.ready);
  expect(info).toMatchObject({ framework: "latent-lab", backend: "cpu", protocol: 1 });
  expect(info.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(info.initMs).toBeGreaterThan(0);
  expect(info).not.toHaveProperty("error");
});

for (const model of /** @type {const} */ (["C", "D"])) {
  test(`check, model ${model}`, async ({ page }) => {
    const reply = await answers(page, { task: "check", model, batch: 8, steps: 5 });
    expect(reply).toMatchObject({ supported: true, task: "check", model });
    expectLosses(reply.losses, CHECKED[model], 1e-4);
  });

  test(`train, latency and decode, model ${model}`, async ({ page }) => {
    const request = { task: "train", model, batch: 32, steps: 4, readEvery: 2, budgetMs: 60_000 };
    const first = await answers(page, request);
    expect(first).toMatchObject({ supported: true, task: "train", model, steps: 4, readEvery: 2 });
    for (const key of ["ms", "msPerStep", "imagesPerSec", "lastLoss", "firstLoss", "firstStepMs"]) {
      expect(first[key], key).toBeGreaterThan(0);
    }
    expect(first.warmupSteps).toBeGreaterThanOrEqual(1);
    const second = await answers(page, request);
    expect(second, "a later call goes on").not.toHaveProperty("firstLoss");
    expect(second.lastLoss).toBeLessThan(first.firstLoss);

    const latency = await answers(page, { task: "latency", model, n: 5, budgetMs: 60_000 });
    expect(latency).toMatchObject({ supported: true, task: "latency", model });
    expect(latency.firstMs).toBeGreaterThan(0);
    const decode = await answers(page, { task: "decode", model, latents: 10, n: 4, budgetMs: 60_000 });
    expect(decode).toMatchObject({ supported: true, task: "decode", model });
    expect([latency.samples.length, decode.samples.length]).toEqual([5, 4]);
    expect([...latency.samples, ...decode.samples].every((ms) => ms >= 0)).toBe(true);
  });
}

test("what it does not know it says, and goes on", async ({ page }) => {
  const unknown = { task: "dance", model: "C" };
  expect(await answers(page, unknown)).toMatchObject({
    ...unknown,
    supported: false,
    error: expect.stringMatching(/./),
  });
  expect(await answers(page, { task: "check", model: "Z" })).toMatchObject({ supported: false });
  expect(await answers(page, { task: "decode", model: "D", latents: 2, n: 1 })).toMatchObject({ supported: true });
});

test("with workers it trains alike", async ({ page }) => {
  await page.goto("bench.html?workers=2");
  await page.waitForFunction(() => "bench" in window);
  expect(await page.evaluate(() => /** @type {any} */ (window).bench.ready)).toMatchObject({ workers: 2 });
  const reply = await answers(page, { task: "check", model: "D", batch: 128, steps: 3 });
  await openBench(page, "cpu");
  const alone = await answers(page, { task: "check", model: "D", batch: 128, steps: 3 });
  expect(reply.losses).toHaveLength(3);
  expect(reply.losses).toEqual(alone.losses);
});
