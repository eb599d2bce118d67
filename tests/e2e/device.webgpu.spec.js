// With a software adapter: it is not worth its while by itself, and runs where it is asked for.

import { expect, test } from "../support/visit.js";

test("by itself the page stays on the CPU, and says why", async ({ visit }) => {
  await visit.begin();
  await expect(visit.device).toContainText("CPU: the adapter is software, not a GPU");
});

test("the device changes in mid-training and back, and no step is lost", async ({ visit }) => {
  test.setTimeout(300_000);
  await visit.begin("#from=fresh&batch=16&seed=3");
  await visit.train.click();
  await visit.reaches(3);
  await visit.device.getByRole("radio", { name: "WebGPU" }).check();
  await expect(visit.device).toContainText("WebGPU: you chose it", { timeout: 120_000 });
  const there = await visit.step();
  await visit.reaches(there + 5);
  await visit.device.getByRole("radio", { name: "CPU" }).check();
  await expect(visit.device).toContainText("CPU: you chose it");
  const back = await visit.step();
  await visit.reaches(back + 2);
  const end = await visit.stop();
  const changed = await visit.curves();
  expect(changed.at(-1)?.at).toBe(end);

  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.trainTo(end);
  const straight = await visit.curves();
  // Up to rounding; a step that was lost or done twice would show in every one after it.
  for (const { at, reconstruction } of changed) {
    expect(Math.abs(reconstruction / straight[at - 1].reconstruction - 1), `step ${at}`).toBeLessThan(5e-3);
  }
  expect(changed.slice(0, 3)).toEqual(straight.slice(0, 3));
});
