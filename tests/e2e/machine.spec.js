// How fast this machine is: measured at the press of a button, shown, and saved.

import { expect, test } from "../support/visit.js";

test("a machine is measured, which can be stopped, shown as a table, and saved", async ({ visit, page }) => {
  // A tenth of the minute is enough to see that it works.
  await page.route("**/bench/machine.js", async (route) => {
    const response = await route.fetch();
    const code = await response.text();
    const short = code.replace(/BUDGET ?= ?(3000|3e3)\b/, "BUDGET = 300");
    expect(short).not.toBe(code);
    await route.fulfill({ response, body: short });
  });
  await visit.begin("#model=E1&from=fresh");
  const machine = page.getByRole("region", { name: "This machine" });
  const button = (/** @type {string} */ name) => machine.getByRole("button", { name });
  await button("Measure this machine").scrollIntoViewIfNeeded();
  await visit.train.press("Enter");
  await visit.reaches(3);
  await button("Measure this machine").click();
  await expect(machine.getByRole("status")).toContainText("% measured. Training convolutions, 32 pictures a step");
  // Training would take the machine from what is measured.
  await expect(visit.train).toBeVisible();
  await button("Stop").click();
  await expect(machine.getByRole("status")).toContainText("How fast is it?");
  await expect(button("Save as JSON")).toBeHidden();

  await button("Measure this machine").click();
  await expect(button("Save as JSON")).toBeVisible({ timeout: 60_000 });
  const rows = machine.getByRole("row");
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect(rows.first()).toHaveText(cores > 1 ? `one core${cores} workers` : "one core");
  await expect(rows.nth(1)).toHaveText(/^Training convolutions, 32 pictures a step[\d,.]+ pictures\/s/);
  const { name, bytes } = await visit.kept(button("Save as JSON"));
  expect(name).toBe("latent-lab-machine.json");
  const report = JSON.parse(new TextDecoder().decode(bytes));
  expect(report).toMatchObject({ format: "latent-lab machine", cores, gpu: null });
  expect(report.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(report.results).toHaveLength(cores > 1 ? 8 : 5);
  for (const { what, value } of report.results) expect(value, what).toBeGreaterThan(0);
});
