// With a software adapter: it is not worth its while by itself, and runs where it is asked for.

import { expect, test } from "../support/visit.js";

test("by itself the page stays on the CPU, and says why", async ({ visit }) => {
  await visit.begin();
  await expect(visit.device).toContainText("CPU: the adapter is software, not a GPU");
});

test("the device changes in mid-training and back, and no step is lost", async ({ visit }) => {
  test.setTimeout(300_000);
  const run = "#from=fresh&batch=16&seed=3";
  await visit.begin(run);
  await visit.trainTo(24);
  const straight = await visit.curves();

  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.singleSteps(2);
  await visit.train.click();
  await visit.device.getByRole("radio", { name: "WebGPU" }).check();
  await expect(visit.device).toContainText("WebGPU: you chose it", { timeout: 120_000 });
  const step = await visit.step();
  await visit.reaches(step + 5);
  await visit.device.getByRole("radio", { name: "CPU" }).check();
  await expect(visit.device).toContainText("CPU: you chose it");
  const back = await visit.step();
  await visit.reaches(back + 2);
  const end = await visit.stop();

  const changed = await visit.curves();
  expect(changed.at(-1)?.at).toBe(end);
  const steps = changed.map(({ at }) => at);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  // Rounding grows with the steps: a run that lost or repeated one would be nats apart.
  for (const { at, reconstruction } of changed.filter(({ at }) => at <= 24)) {
    expect(Math.abs(reconstruction / straight[at - 1].reconstruction - 1), `step ${at}`).toBeLessThan(5e-3);
  }
});
