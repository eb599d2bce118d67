// `latent-lab/webgpu/worker` on a software adapter.

import { expect, test } from "../support/installed.js";

test("a model trains on WebGPU in a worker of its own", async ({ project, page }) => {
  await project.serve(page);
  await page.goto(`own/${project.page()}`);
  const { device, before, after } = await page.evaluate(async () => {
    /** @type {{ Lab: typeof import("../../pkg/cpu/latent_lab.js").Lab }} */
    const { Lab } = await import(new URL("pkg/worker/webgpu.js", location.href).href);
    const lab = await Lab.create("E2");
    const images = new Float32Array(8 * 784).fill(0.5);
    const { total: before } = await lab.train_step(images);
    const { total: after } = await lab.train_step(images);
    return { device: lab.info().device, before, after };
  });
  expect(device).toBe("webgpu");
  expect(after).toBeLessThan(before);
});
