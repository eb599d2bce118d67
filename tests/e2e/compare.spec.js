// The models of an experiment side by side.

import { sizeOf, table } from "../support/files.js";
import { ACROSS, expect, test } from "../support/visit.js";

/** @param {import("@playwright/test").Page} page */
const sideBySide = (page) => page.getByRole("region", { name: "Side by side" });

/** How many digits a model says your drawing's error is above, in percent. @param {string | null} label */
const above = (label) => Number(/above (\d+) % of digits/.exec(label ?? "")?.[1] ?? NaN);

test("the same drawing goes through every size of code, and what is no digit stands out", async ({ visit, page }) => {
  await visit.begin("#model=E7");
  const compare = sideBySide(page);
  await compare.scrollIntoViewIfNeeded();
  const sizes = ["1 number", "2 numbers", "4 numbers", "8 numbers", "16 numbers", "32 numbers", "64 numbers"];
  const columns = compare.getByRole("region");
  await expect(columns).toHaveCount(7);
  for (const [index, size] of sizes.entries()) await expect(columns.nth(index)).toHaveAccessibleName(size);
  const errors = compare.getByRole("img", { name: /^Errors by/ });
  for (let index = 0; index < 7; index += 1) {
    await expect(errors.nth(index)).toHaveAccessibleName(/error 0\.\d{4}, above \d+ % of digits/);
  }
  /** @param {number} index */
  const error = async (index) => Number(/error (\d\.\d+)/.exec((await errors.nth(index).ariaSnapshot()) ?? "")?.[1]);
  expect(await error(6)).toBeLessThan((await error(0)) / 3);
  await compare.getByRole("button", { name: "A garment" }).click();
  const of64 = errors.nth(6);
  await expect.poll(async () => above(await of64.getAttribute("aria-label"))).toBeGreaterThan(95);

  // The table has each model's errors, points, random points and way.
  const [head, ...rows] = table(await visit.kept(compare.getByRole("button", { name: "CSV" })));
  const latents = Array.from({ length: 64 }, (_, index) => `z${index + 1}`);
  expect(head).toEqual(["model", "what", "number", "class", "mean_squared_error", ...latents]);
  for (const size of [1, 2, 4, 8, 16, 32, 64]) {
    const own = rows.filter(([model]) => model === (size === 8 ? "E7" : `E7/${size}`));
    const count = (/** @type {string} */ what) => own.filter((row) => row[1] === what).length;
    expect(["drawing", "picture", "random point", "on the way"].map(count)).toEqual([1, 1000, 16, 9]);
    const filled = (/** @type {string[]} */ row) => row.slice(5).filter((value) => value !== "").length;
    expect([...new Set(own.map((row) => row.length))]).toEqual([5 + 64]);
    expect([...new Set(own.map(filled))]).toEqual([size]);
  }
  const garment = rows.find(([model, what]) => model === "E7/64" && what === "drawing");
  expect(Number(garment?.[4])).toBeCloseTo(await error(6), 3);
  // The way ends at the drawing.
  const end = rows.find(([model, what, number]) => model === "E7/64" && what === "on the way" && number === "9");
  expect(end?.slice(5)).toEqual(garment?.slice(5));
  const sheet = await visit.kept(compare.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)[0]).toBeGreaterThan(7 * 224);

  // One slider goes through the sizes.
  const slider = page.getByRole("slider", { name: "Code size" });
  await expect(slider).toHaveAttribute("aria-valuetext", "8 numbers");
  await slider.press("End");
  await visit.opened("E7/64");
  await expect(slider).toHaveAttribute("aria-valuetext", "64 numbers");
});

test("generators are compared: random points, planes, and the way between two drawings", async ({ visit, page }) => {
  await visit.begin("#model=E6");
  const compare = sideBySide(page);
  await compare.scrollIntoViewIfNeeded();
  const [ae, vae] = [
    compare.getByRole("region", { name: "AE", exact: true }),
    compare.getByRole("region", { name: "VAE" }),
  ];
  await expect(ae).toContainText("open, at step");
  await expect(vae).toContainText("as it is shipped");
  for (const column of [ae, vae]) {
    await expect(column.getByRole("img", { name: /^Plane of .*: 1000 pictures/ })).toBeVisible();
    const points = column.getByRole("img", { name: /^Random points/ });
    const way = column.getByRole("img", { name: /^From one drawing to yours/ });
    await expect(way).toBeVisible();
    const pointsBefore = await visit.pixels(points);
    await compare.getByRole("button", { name: "Other random points" }).click();
    await visit.becomesOther(points, pointsBefore);
  }
  // A new drawing is where all ways end, in every column and each time.
  const ways = [ae, vae].map((column) => column.getByRole("img", { name: /^From one drawing to yours/ }));
  for (let time = 0; time < 3; time += 1) {
    const waysBefore = await Promise.all(ways.map((way) => visit.pixels(way)));
    await visit.another.click();
    await compare.scrollIntoViewIfNeeded();
    await visit.becomesOther(ways[0], waysBefore[0]);
    await visit.becomesOther(ways[1], waysBefore[1]);
  }
  const way = vae.getByRole("img", { name: /^From one drawing to yours/ });
  const before = await visit.pixels(way);
  await compare.getByRole("button", { name: "Walk from this drawing" }).click();
  await visit.becomesOther(way, before);
  const plane = vae.getByRole("img", { name: /^Plane of/ });
  const points = await visit.pixels(plane);
  await compare.getByRole("checkbox", { name: "Planes decoded" }).check();
  await expect(plane).toHaveAccessibleName(/a grid of 12 by 12 decoded pictures$/);
  await visit.becomesOther(plane, points);

  // The open one is in training, the other stays as it was shipped.
  const rebuilt = [ae, vae].map((column) => column.getByRole("img", { name: /^Your drawing, rebuilt/ }));
  const drawn = await visit.pixels(rebuilt[1]);
  await visit.fresh.check();
  await visit.opened("E6");
  await visit.trainTo(20);
  await compare.scrollIntoViewIfNeeded();
  await expect(ae).toContainText(/open, at step (2\d|[3-9]\d)/);
  expect(await visit.pixels(rebuilt[1])).toEqual(drawn);
  await vae.getByRole("button", { name: "VAE" }).press("Enter");
  await visit.opened("E6/vae");
  await expect(vae).toBeFocused();
  await expect(ae).toContainText("as it is shipped");
  await visit.clear.click();
  await compare.scrollIntoViewIfNeeded();
  await expect(vae.getByRole("img", { name: /^Rebuilt by VAE: nothing yet/ })).toBeVisible();
  await expect(vae.getByRole("img", { name: "The way to your drawing, by VAE: nothing drawn" })).toBeVisible();
  await visit.stroke(ACROSS);
  await compare.scrollIntoViewIfNeeded();
  await expect(vae.getByRole("img", { name: /^Your drawing, rebuilt/ })).toBeVisible();
});

test("the comparison comes back with another worker, and with another experiment", async ({ visit, page }) => {
  await visit.begin("#model=E12");
  const compare = sideBySide(page);
  await compare.scrollIntoViewIfNeeded();
  const rebuilt = compare.getByRole("img", { name: /^Your drawing, rebuilt by convolutions alone/ });
  await expect(rebuilt).toBeVisible();
  await visit.killWorker();
  await expect(visit.news).toContainText("The experiment is back");
  await compare.scrollIntoViewIfNeeded();
  await expect(rebuilt).toBeVisible();
  await visit.experiment.selectOption("E13");
  await visit.opened("E13");
  await compare.scrollIntoViewIfNeeded();
  await expect(compare.getByRole("region")).toHaveCount(3);
  await expect(compare.getByRole("img", { name: /^Your drawing, rebuilt by error summed/ })).toBeVisible();
  await visit.experiment.selectOption("E1");
  await expect(compare).toBeHidden();
});
