// With a software adapter: it is not worth its while by itself, and runs where it is asked for.

import { bars } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("by itself the page stays on the CPU, and says why", async ({ visit }) => {
  await visit.begin();
  await expect(visit.device).toContainText("CPU: the adapter is software, not a GPU");
});

test("the device changes in mid-training and back, and no step is lost", async ({ visit }) => {
  test.setTimeout(300_000);
  /** @param {"CPU" | "WebGPU"} name */
  const choose = async (name) => {
    await visit.device.getByRole("radio", { name, exact: true }).check();
    await expect(visit.device).toContainText(`${name}: you chose it`, { timeout: 180_000 });
    return visit.step();
  };
  await visit.begin("#from=fresh&batch=16&seed=3");
  // Few images to be held out: they are measured on the slow device too.
  await visit.drop({ name: "bars-idx3-ubyte", bytes: bars(200) });
  await expect(visit.news).toContainText("20 of them held out");
  // The first time it is fetched and tested, which takes as long as hundreds of steps.
  await choose("WebGPU");
  await choose("CPU");

  await visit.train.click();
  await visit.reaches(3);
  await visit.reaches((await choose("WebGPU")) + 5);
  await visit.reaches((await choose("CPU")) + 2);
  const end = await visit.stop();
  const changed = await visit.curves();
  expect(changed.at(-1)?.step).toBe(end);

  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.trainTo(end);
  const straight = await visit.curves();
  expect(changed.slice(0, 3)).toEqual(straight.slice(0, 3));
  for (const { step, reconstruction } of changed.slice(3, 13)) {
    expect(Math.abs(reconstruction / straight[step - 1].reconstruction - 1), `step ${step}`).toBeLessThan(5e-3);
  }
  // Rounding grows from step to step, but the runs keep time: against its neighbours a step is 20 to 50 % off.
  const later = changed.slice(3, -1);
  /** @param {number} shift */
  const apart = (shift) => {
    const costs = later.map(
      ({ step, reconstruction }) => reconstruction / straight[step - 1 + shift].reconstruction - 1,
    );
    return costs.reduce((sum, cost) => sum + Math.abs(cost), 0) / costs.length;
  };
  expect(apart(0)).toBeLessThan(apart(-1) / 5);
  expect(apart(0)).toBeLessThan(apart(1) / 5);
});
