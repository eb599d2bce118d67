// With a GPU, for which a software adapter is made to pass: it has to earn its place, and may lose it.

import { expect, test } from "../support/visit.js";
import { inFlavour, inWorker, noTimestamps, realAdapter, skipsShaders } from "../support/stubs.js";

/** A dense model, for a software adapter compiles its few kernels in a moment. */
const SHORT = "#model=E2&from=fresh&batch=16";
/** The CPU, made slower than the slowest adapter, with and without workers. */
const SLOW_CPU = `for (const name of ["train_step", "begin_step"]) {
  const step = Lab.prototype[name];
  Lab.prototype[name] = async function (...args) {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return step.apply(this, args);
  };
}`;
/** One core alone is made so slow. */
const SLOW_CORE = SLOW_CPU.replace(', "begin_step"', "");

test("the faster device wins the race, and the page says by how much", async ({ visit, page }) => {
  test.setTimeout(300_000);
  await inWorker(page, realAdapter);
  await inFlavour(page, "cpu", SLOW_CPU);
  await visit.begin(SHORT);
  await expect(visit.device).toContainText(/WebGPU: [\d.]+ steps\/s against 0\.[67] on the CPU/, { timeout: 180_000 });
  await visit.train.click();
  await visit.reaches(4);
  await expect.poll(async () => (await visit.curves()).length).toBeGreaterThan(0);
});

test("where one core is slower than the adapter, all cores may still win", async ({ visit, page }) => {
  test.setTimeout(300_000);
  await inWorker(page, realAdapter);
  await inFlavour(page, "cpu", SLOW_CORE);
  await visit.begin(SHORT);
  await expect(visit.device).toContainText(/CPU: [\d.]+ steps\/s against [\d.]+ on WebGPU/, { timeout: 180_000 });
});

test("an adapter without timestamp-query is no help, and is refused where it is asked for", async ({ visit, page }) => {
  await inWorker(page, realAdapter, noTimestamps);
  await visit.begin();
  await expect(visit.device).toContainText("CPU: the adapter lacks timestamp-query");
  await visit.device.getByRole("radio", { name: "WebGPU" }).click();
  await expect(visit.problem).toContainText("WebGPU cannot run: the adapter lacks timestamp-query.");
  await expect(visit.device.getByRole("radio", { name: "Automatic" })).toBeChecked();
});

test("a GPU that computes wrong numbers is found out", async ({ visit, page }) => {
  test.setTimeout(300_000);
  await inWorker(page, realAdapter, skipsShaders);
  await visit.begin(SHORT);
  await expect(visit.device).toContainText("CPU: it computes wrong numbers here (the self-test fails)", {
    timeout: 180_000,
  });
});

test("where the CPU is faster it stays, and where a chosen device is lost in mid-training it goes on", async ({
  visit,
  page,
}) => {
  test.setTimeout(300_000);
  await inWorker(page, realAdapter);
  await visit.begin(SHORT);
  await expect(visit.device).toContainText(/CPU: [\d.]+ steps\/s against [\d.]+ on WebGPU/, { timeout: 180_000 });
  await visit.device.getByRole("radio", { name: "WebGPU" }).check();
  await expect(visit.device).toContainText("WebGPU: you chose it", { timeout: 180_000 });
  const kept = await visit.trainTo(5);
  await visit.train.click();
  await visit.reaches(kept + 2);
  const [worker] = page.workers();
  await worker.evaluate("gpuDevices.forEach((device) => device.destroy())");
  await expect(visit.news).toContainText(/The worker stopped .*Training goes on from step \d+/);
  await expect(visit.device).toContainText(/CPU: it failed here/);
  const from = Number((await visit.news.innerText()).match(/from step (\d+)/)?.[1]);
  expect(from).toBeGreaterThanOrEqual(kept);
  await visit.reaches(from + 3);
  await visit.stop();
  // On WebGPU not every loss is read; from there on every one is.
  const after = (await visit.curves()).map(({ step }) => step).filter((at) => at > from);
  expect(after).toEqual(after.map((_, index) => from + 1 + index));
});
