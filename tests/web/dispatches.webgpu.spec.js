// What a training step asks of a GPU, on which a small model's step takes as long as it has dispatches.

import { expect, test } from "../support/flavour.js";

/** The most that a step may have: what there is, and a tenth. */
const MOST = [
  { model: "E4", dispatches: 58, submits: 2 },
  { model: "E2", dispatches: 40, submits: 2 },
];

test("a step has few dispatches and two submits", async ({ webgpu }) => {
  test.setTimeout(300_000);
  for (const { model, dispatches, submits } of MOST) {
    const found = await webgpu.evaluate(async ({ Lab, uniform }, model) => {
      const counted = { dispatches: 0, submits: 0 };
      const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
      const { submit } = GPUQueue.prototype;
      GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...sizes) {
        counted.dispatches += 1;
        return dispatchWorkgroups.apply(this, sizes);
      };
      GPUQueue.prototype.submit = function (buffers) {
        counted.submits += 1;
        return submit.call(this, buffers);
      };
      const lab = await Lab.create(model, { seed: 1, device: "webgpu" });
      const images = uniform(2 * 784, 1);
      // The first step compiles and fills what later ones find.
      await lab.train_step(images);
      Object.assign(counted, { dispatches: 0, submits: 0 });
      const { total } = await lab.train_step(images);
      GPUComputePassEncoder.prototype.dispatchWorkgroups = dispatchWorkgroups;
      GPUQueue.prototype.submit = submit;
      lab.free();
      return { ...counted, total };
    }, model);
    expect(found.total).toBeGreaterThan(0);
    expect(found.dispatches, model).toBeGreaterThan(0);
    expect(found.dispatches, model).toBeLessThanOrEqual(dispatches);
    expect(found.submits, model).toBeLessThanOrEqual(submits);
  }
});
