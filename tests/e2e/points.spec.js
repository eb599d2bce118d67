// What an experiment is there to show, done as a person would. Those that have a file of their own are not among them.

import { table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

/** @param {import("@playwright/test").Page} page @param {string} name of a suggestion */
const suggestion = (page, name) => page.getByRole("group", { name: "Try this" }).getByRole("button", { name });

test("E1: one number of a code is slid, and the picture is another one", async ({ visit, page }) => {
  await visit.begin("#model=E1");
  const before = await visit.pixels(visit.reconstruction);
  const latent = visit.latent(1);
  const encoded = await latent.inputValue();
  expect(await latent.getAttribute("min"), "its numbers are never negative").toBe("0");
  await suggestion(page, "Slide a single number").click();
  await expect(latent).not.toHaveValue(encoded);
  await visit.becomesOther(visit.reconstruction, before);
});

test("twenty latents have twenty bars, and all of them are in use", async ({ visit, page }) => {
  await visit.begin("#model=wide");
  const view = page.locator("#kl");
  await view.scrollIntoViewIfNeeded();
  await expect(view.getByRole("button", { name: "CSV" })).toBeEnabled();
  const [, ...rows] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
  expect(rows).toHaveLength(20);
  for (const [latent, kl, variance] of rows) {
    expect(Number(kl), latent).toBeGreaterThan(0.1);
    expect(Number(variance), latent).toBeGreaterThan(0.01);
  }
});

test("E4: trained from nothing at the press of a button, its pictures sharpen", async ({ visit, page }) => {
  await visit.begin("#model=E4&batch=16");
  const view = page.getByRole("region", { name: "Rebuilt and dreamt up" });
  await view.scrollIntoViewIfNeeded();
  const dreams = view.getByRole("img", { name: /^64 pictures: samples from the prior/ });
  await expect(dreams).toBeVisible();
  const shipped = await visit.pixels(dreams);
  await suggestion(page, "Train from nothing").click();
  await expect(visit.fresh).toBeChecked();
  await visit.reaches(3);
  await view.scrollIntoViewIfNeeded();
  await visit.becomesOther(dreams, shipped);
  await visit.stop();
  const [first, ...later] = await visit.curves();
  expect(first.step).toBe(1);
  expect(later.length).toBeGreaterThan(1);
  // Pressed again, it begins again.
  await suggestion(page, "Train from nothing").click();
  await expect.poll(async () => (await visit.history()).step[0] === 1 && (await visit.step()) < 30).toBe(true);
  await visit.reaches(2);
  await visit.stop();
});

test("E5: of every size the autoencoder's error is below PCA's, whose weights nobody trained", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E5");
  const compare = page.getByRole("region", { name: "Side by side" });
  await compare.scrollIntoViewIfNeeded();
  await expect(compare.getByRole("region")).toHaveCount(6);
  await expect(compare.getByRole("img", { name: /^Plane of PCA, 2 numbers: 1000 pictures/ })).toBeVisible();
  await expect(compare.getByRole("img", { name: /^Errors by PCA, 32 numbers/ })).toHaveAccessibleName(/error 0\.\d{4}/);
  const [head, ...rows] = table(await visit.kept(compare.getByRole("button", { name: "CSV" })));
  const latents = Array.from({ length: 32 }, (_, index) => `z${index + 1}`);
  expect(head).toEqual(["model", "what", "number", "class", "mean_squared_error", ...latents]);
  const error = (/** @type {string} */ id) => {
    const own = rows.flatMap(([model, what, , , error]) =>
      model === id && what === "picture" && error !== "" ? [Number(error)] : [],
    );
    expect(own, id).toHaveLength(200);
    return own.reduce((sum, one) => sum + one, 0) / own.length;
  };
  for (const [ae, pca] of [
    ["E5", "E5/pca"],
    ["E5/8", "E5/pca-8"],
    ["E5/32", "E5/pca-32"],
  ])
    expect(error(ae), ae).toBeLessThan(0.8 * error(pca));
  await expect(visit.story.getByText("PCA is computed, not trained.")).toHaveCount(0);
  await suggestion(page, "PCA, 8 numbers").click();
  await visit.opened("E5/pca-8");
  await expect(visit.story.getByText("PCA is computed, not trained.")).toBeVisible();
});

test("E10: eighteen random places of the box are numbered and decoded, and a grid lies over the plane", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E10");
  const view = page.getByRole("region", { name: "Latent plane" });
  // Pressed before the points are there, it is done when they are.
  await suggestion(page, "18 random places").click();
  const plane = page.getByRole("application", { name: /^Latent plane\. 500 images/ });
  await expect(plane).toBeVisible();
  // A code has no prior that a CDF would be of.
  await expect(view.getByRole("checkbox", { name: /normal CDF/ })).toBeHidden();
  const pictures = view.getByRole("img", { name: "What is decoded at 18 random places of the plane" });
  // What arrives above may push the plane out of sight, and what is not seen waits.
  await expect(async () => {
    await view.scrollIntoViewIfNeeded();
    await expect(pictures).toBeVisible({ timeout: 2000 });
  }).toPass();
  const [head, ...rows] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
  expect(head).toEqual(["image", "class", "z1", "z2"]);
  const numbers = (/** @type {RegExp} */ name) => rows.filter(([image]) => name.test(image)).map((row) => row.slice(2));
  const [digits, places] = [numbers(/^\d+$/), numbers(/^place \d+$/)];
  expect([digits.length, places.length]).toEqual([500, 18]);
  for (const axis of [0, 1]) {
    const all = digits.map((row) => Number(row[axis]));
    for (const place of places.map((row) => Number(row[axis]))) {
      expect(place).toBeGreaterThanOrEqual(Math.min(...all));
      expect(place).toBeLessThanOrEqual(Math.max(...all));
    }
  }
  const drawn = () => plane.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const without = await drawn();
  await view.getByLabel("Decoded grid").selectOption("10 × 10");
  await expect.poll(drawn).not.toBe(without);
});

test("E12: both heads have their planes and what is decoded over them", async ({ visit, page }) => {
  await visit.begin("#model=E12");
  const compare = page.getByRole("region", { name: "Side by side" });
  await compare.scrollIntoViewIfNeeded();
  const planes = compare.getByRole("img", { name: /^Plane of .*: 1000 pictures, each a point$/ });
  await expect(planes).toHaveCount(2);
  const points = await Promise.all([0, 1].map((index) => visit.pixels(planes.nth(index))));
  expect(points[0]).not.toEqual(points[1]);
  await compare.getByRole("checkbox", { name: "Planes decoded" }).check();
  const grids = compare.getByRole("img", { name: /^Plane of .*: a grid of 12 by 12 decoded pictures$/ });
  for (const index of [0, 1]) await visit.becomesOther(grids.nth(index), points[index]);
});
