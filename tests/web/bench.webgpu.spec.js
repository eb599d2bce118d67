// bench.html on WebGPU. Model D, for a software adapter is slow.

import { expect, test } from "../support/fixtures.js";
import { answers, CHECKED, expectLosses, openBench } from "../support/bench.js";

test("check, model D", async ({ page }) => {
  await openBench(page, "webgpu");
  const reply = await answers(page, { task: "check", model: "D", batch: 8, steps: 5 });
  expect(reply).toMatchObject({ supported: true, task: "check", model: "D" });
  expectLosses(reply.losses, CHECKED.D, 1e-3);
});
