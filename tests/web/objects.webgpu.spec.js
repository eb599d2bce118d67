// The multi-entity VAE on WebGPU: which cells hold an object is chosen there by comparison, and read once.

import { readFile } from "node:fs/promises";

import { expect, test } from "../support/flavour.js";

/** @type {{ model: import("../../pkg/cpu/latent_lab.js").ObjectsConfig, losses: number[] }} */
const KNOWN = JSON.parse(await readFile(new URL("../objects.json", import.meta.url), "utf8"));

test("a run, and what the shipped model finds in two digits", async ({ webgpu }) => {
  test.setTimeout(300_000);
  const found = await webgpu.evaluate(async ({ Lab, Dataset, uniform }, { model, losses }) => {
    const fetched = async (/** @type {string} */ path) =>
      new Uint8Array(await (await fetch(new URL(path, document.baseURI))).arrayBuffer());
    const lab = await Lab.create(model, { seed: 1, device: "webgpu" });
    const run = [];
    for (let step = 0; step < losses.length; step += 1) {
      run.push((await lab.train_step(uniform(4 * 1600, 100 + step))).total);
    }
    const [weights, digits] = [
      await fetched("weights/E3.safetensors"),
      await fetched("data/sample-images-idx3-ubyte.gz"),
    ];
    const { images: scene } = Dataset.open(digits).scenes(1, { fewest: 2, most: 2, seed: 3, step: 3 });
    const both = [];
    for (const device of /** @type {const} */ (["cpu", "webgpu"])) {
      const shipped = await Lab.open(weights, { device });
      const latents = /** @type {import("../../pkg/cpu/latent_lab.js").Objects} */ (await shipped.encode(scene));
      both.push({ latents, image: await shipped.decode(latents) });
    }
    const [cpu, gpu] = both;
    const apart = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) =>
      Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at])));
    return {
      device: lab.info().device,
      run,
      cells: both.map(({ latents }) => latents.objects.map(({ cell }) => cell)),
      kl: apart(cpu.latents.kl, gpu.latents.kl) / Math.max(...cpu.latents.kl),
      image: apart(cpu.image, gpu.image),
    };
  }, KNOWN);
  expect(found.device).toBe("webgpu");
  // A loss is a sum of numbers of one sign.
  for (const [step, expected] of KNOWN.losses.entries()) {
    expect(Math.abs(found.run[step] / expected - 1), `step ${step}: ${found.run[step]}`).toBeLessThan(1e-3);
  }
  expect(found.cells[0]).toHaveLength(2);
  expect(found.cells[1]).toEqual(found.cells[0]);
  expect(found.kl).toBeLessThan(1e-3);
  expect(found.image).toBeLessThan(1e-3);
});
