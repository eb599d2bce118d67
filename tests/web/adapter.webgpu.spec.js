// What the other specs of this project rest on: a software adapter, in a worker too.

import { adapterInWorker } from "../support/adapter.js";
import { expect, openBlank, test } from "../support/fixtures.js";

test("a dedicated worker gets the software adapter", async ({ page }) => {
  await openBlank(page);
  const adapter = await page.evaluate(adapterInWorker);
  expect(adapter).toEqual({ vendor: "google", architecture: "swiftshader", timestamps: true });
});
