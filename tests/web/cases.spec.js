// The CPU flavour computes what the crate computes natively, by either of its binaries.

import { cases, expectCase } from "../support/cases.js";
import { openBlank } from "../support/fixtures.js";
import { expect, test } from "../support/flavour.js";

/** @param {import("../support/flavour.js").FlavourHandle} flavour */
async function expectCases(flavour) {
  for (const one of cases) await test.step(one.name, () => expectCase(flavour, "cpu", one));
}

test("every case", ({ cpu }) => expectCases(cpu));
test("every case, where there is no relaxed SIMD", ({ plain }) => expectCases(plain));

test("one binary is fetched, of which the engine knows each instruction", async ({ page }) => {
  const fetched = async (/** @type {boolean} */ hasRelaxed) => {
    /** @type {string[]} */
    const names = [];
    await page.unrouteAll();
    await page.route("**/*.wasm", (route) => {
      names.push(new URL(route.request().url()).pathname.split("/").at(-1) ?? "");
      return route.continue();
    });
    await openBlank(page);
    const isReady = await page.evaluate(async (hasRelaxed) => {
      if (!hasRelaxed) WebAssembly.validate = () => false;
      const { default: init, Lab } = await import(new URL("pkg/cpu/latent_lab.js", document.baseURI).href);
      await init();
      return (await Lab.create("tiny", { seed: 1 })).info().step === 0;
    }, hasRelaxed);
    expect(isReady).toBe(true);
    return names;
  };
  expect(await fetched(true)).toEqual(["latent_lab_relaxed_bg.wasm"]);
  expect(await fetched(false)).toEqual(["latent_lab_bg.wasm"]);
});
