// What the other specs of this project rest on: a browser without WebGPU, as most machines without a GPU have.

import { adapterInWorker } from "../support/adapter.js";
import { expect, openBlank, test } from "../support/fixtures.js";

test("there is no WebGPU adapter", async ({ page }) => {
  await openBlank(page);
  expect(await page.evaluate(adapterInWorker)).toBeNull();
});
