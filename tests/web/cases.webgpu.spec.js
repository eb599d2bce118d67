// The WebGPU flavour computes what the crate computes natively, on either of its devices.

import { cases, expectCase } from "../support/cases.js";
import { test } from "../support/flavour.js";

for (const one of cases) {
  test(`WebGPU, ${one.name}`, async ({ webgpu }) => expectCase(webgpu, "webgpu", one));
}

test("its CPU device, every case", async ({ webgpu }) => {
  for (const one of cases) await test.step(one.name, () => expectCase(webgpu, "cpu", one));
});
