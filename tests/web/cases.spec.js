// The CPU flavour computes what the crate computes natively.

import { cases, expectCase } from "../support/cases.js";
import { test } from "../support/flavour.js";

for (const one of cases) {
  test(one.name, async ({ cpu }) => expectCase(cpu, "cpu", one));
}
