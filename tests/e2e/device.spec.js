// Without WebGPU: the CPU runs, and the page says why.

import { expect, test } from "../support/visit.js";

test("the page says which device runs, and why not the other", async ({ visit }) => {
  await visit.begin();
  await expect(visit.device).toContainText(/CPU: this browser (has no WebGPU|finds no WebGPU adapter)/);
  await expect(visit.device.getByRole("radio", { name: "Automatic" })).toBeChecked();
});

test("WebGPU is refused with the reason, in mid-training, and training goes on", async ({ visit }) => {
  await visit.begin("#from=fresh&batch=16");
  await visit.train.click();
  await visit.reaches(3);
  // Not check(): the refusal may have put the choice back before it looks.
  await visit.device.getByRole("radio", { name: "WebGPU" }).click();
  await expect(visit.problem).toContainText(/WebGPU cannot run: this browser/);
  await expect(visit.device.getByRole("radio", { name: "Automatic" })).toBeChecked();
  await expect(visit.device).toContainText(/CPU: this browser/);
  await expect(visit.problem, "stays when the choice before is back").toBeVisible();
  const step = await visit.step();
  await visit.reaches(step + 3);
  await visit.device.getByRole("radio", { name: "CPU" }).check();
  await expect(visit.device).toContainText("CPU: you chose it");
  const end = await visit.stop();
  expect((await visit.curves()).map(({ step }) => step)).toEqual(Array.from({ length: end }, (_, at) => at + 1));
});
