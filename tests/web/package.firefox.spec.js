// The CPU flavour of the package in Firefox, without the page around it.

import { expect, test } from "../support/firefox.js";
import { homeOf } from "../support/fixtures.js";

test("the CPU flavour loads, trains and reconstructs", async ({ firefox, baseURL }) => {
  const home = await homeOf(baseURL ?? "");
  await firefox.goto(`${home}pkg/flavours.json`);
  const { before, after, reconstruction } = await firefox.evaluate(async (base) => {
    /** @type {typeof import("../../pkg/cpu/latent_lab.js")} */
    const { default: init, Dataset, Lab } = await import(`${base}pkg/cpu/latent_lab.js`);
    await init();
    const images = await fetch(`${base}data/sample-images-idx3-ubyte.gz`);
    const digits = Dataset.open(new Uint8Array(await images.arrayBuffer()));
    const lab = await Lab.create("tiny", { seed: 1 });
    const held = digits.images(0, 10);
    const before = await lab.evaluate(held);
    for (let step = 0; step < 20; step++) await lab.train_step(digits.batch(32, 1, step));
    return { before, after: await lab.evaluate(held), reconstruction: [...(await lab.reconstruct(held))] };
  }, home);
  expect(after.total).toBeLessThan(before.total);
  expect(reconstruction).toHaveLength(10 * 28 * 28);
  expect(reconstruction.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
});
