// The WebGPU flavour computes what the crate computes natively, on either of its devices.

import { cases, expectCase } from "../support/cases.js";
import { test } from "../support/flavour.js";

// In one page: a software adapter takes seconds to compile a kernel, and the cases have most of them in common.
for (const device of /** @type {const} */ (["webgpu", "cpu"])) {
  test(`its ${device} device, every case`, async ({ webgpu }) => {
    test.setTimeout(300_000);
    for (const one of cases) await test.step(one.name, () => expectCase(webgpu, device, one));
  });
}
