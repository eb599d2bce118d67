// The list of cases that natively, in the CPU flavour and in the WebGPU flavour must give the same numbers.

import { readFileSync } from "node:fs";
import { expect } from "./flavour.js";

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {import("../../pkg/cpu/latent_lab.js").ModelConfig | import("../../pkg/cpu/latent_lab.js").Preset} model
 * @property {number} seed
 * @property {number} batch
 * @property {number} [beta]
 * @property {number} [learning_rate]
 * @property {number} [kl_scale]
 * @property {{ losses: number[], evaluate: number[], mean: number[], decoded: number[], sampled: number[], prior?: number[] }} expected
 */

/** @type {{ tolerance: { cpu: number, webgpu: number }, cases: Case[] }} */
export const { tolerance, cases } = JSON.parse(readFileSync(new URL("../cases.json", import.meta.url), "utf8"));

/**
 * Compares numbers in units of what each was summed of (`about` in cases.json).
 *
 * @param {string} what
 * @param {number[]} found
 * @param {number[]} expected
 * @param {number} tolerance
 * @param {(expected: number) => number} scale
 */
function expectClose(what, found, expected, tolerance, scale) {
  const deviations = found.map((value, at) => Math.abs(value - expected[at]) / Math.abs(scale(expected[at])));
  const far = deviations.filter((deviation) => !(deviation <= tolerance));
  expect(found, what).toHaveLength(expected.length);
  expect(far, `${what}: ${found} for ${expected}`).toEqual([]);
}

/**
 * As `tests/cases.rs` does it natively.
 *
 * @param {import("./flavour.js").FlavourHandle} flavour
 * @param {"cpu" | "webgpu"} device
 * @param {Case} one
 */
export async function expectCase(flavour, device, one) {
  const found = await flavour.evaluate(
    async ({ Lab, uniform }, { device, one }) => {
      const { model, seed, batch, beta, learning_rate, expected } = one;
      const lab = await Lab.create(model, { seed, device });
      const [height, width] = lab.info().config.image;
      const pixels = height * width;
      /** @param {number} step */
      const images = (step) => uniform(batch * pixels, 100 + step);
      const losses = [];
      for (let step = 0; step < expected.losses.length; step += 1) {
        losses.push((await lab.train_step(images(step), { beta, learning_rate }))?.total);
      }
      const { reconstruction, kl } = await lab.evaluate(images(0));
      const said = await lab.encode(images(0).subarray(0, pixels));
      const decoded = await lab.decode(said);
      const prior = [];
      for (let step = 0; step < (expected.prior?.length ?? 0); step += 1) {
        prior.push((await lab.train_step(images(step), { stage: "prior" })).total);
      }
      /** @param {Float32Array} image */
      const middle = (image) => [...image.subarray(pixels / 2, pixels / 2 + 4)];
      return {
        device: lab.info().device,
        losses,
        evaluate: kl === undefined ? [reconstruction] : [reconstruction, kl],
        codes: "codes" in said ? [...said.codes] : undefined,
        mean: "mean" in said ? [...said.mean] : [],
        decoded: middle(decoded),
        prior,
        // A code has no prior to sample from.
        sampled: expected.sampled.length === 0 ? [] : middle(await lab.sample(1, { seed: 5 })),
      };
    },
    { device, one },
  );
  expect(found.device).toBe(device);
  const { expected, kl_scale = 0 } = one;
  /** @type {(what: string, found: number[], expected: number[], scale: (expected: number) => number) => void} */
  const close = (what, found, expected, scale) => expectClose(what, found, expected, tolerance[device], scale);
  const itself = (/** @type {number} */ nats) => nats;
  close("losses", found.losses, expected.losses, itself);
  close("reconstruction", found.evaluate.slice(0, 1), expected.evaluate.slice(0, 1), itself);
  close("kl", found.evaluate.slice(1), expected.evaluate.slice(1), () => kl_scale);
  close("prior", found.prior, expected.prior ?? [], itself);
  if (found.codes) expect(found.codes, "codes").toEqual(expected.mean);
  else close("mean", found.mean, expected.mean, () => Math.max(...expected.mean.map(Math.abs)));
  close("decoded", found.decoded, expected.decoded, () => 1);
  close("sampled", found.sampled, expected.sampled, () => 1);
}
