// `latent-lab/webgpu/worker` on a software adapter: what it computes there is the flavour's affair.

import { expect, test } from "../support/installed.js";

test("a model is on WebGPU in a worker of its own", async ({ project, page }) => {
  await project.serve(page);
  await page.goto(`own/${project.page()}`);
  const info = await page.evaluate(async () => {
    /** @type {{ Lab: typeof import("../../pkg/cpu/latent_lab.js").Lab }} */
    const { Lab } = await import(new URL("pkg/worker/webgpu.js", document.baseURI).href);
    return (await Lab.create("E2")).info();
  });
  expect(info).toMatchObject({ device: "webgpu", step: 0, config: { family: "vae" } });
});
