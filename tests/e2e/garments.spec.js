// Garments in place of digits: larger pictures, another data set, and the plane after the normal CDF.

import { bars, idx, LABELS } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("garments are seen, trained on and left again", async ({ visit, page }) => {
  await visit.begin("#model=E11");
  await expect(visit.reconstruction).toHaveAccessibleName(/32 by 32 pixels/);
  await expect(page.getByText(/Fashion-MNIST: 500 images, 50 of them held out/)).toBeVisible();
  const garment = await visit.pixels(visit.seen);
  await visit.another.click();
  await visit.becomesOther(visit.seen, garment);
  await expect(page.locator("#live")).toContainText(/A sample: [A-Z]\w+/);

  const plane = page.getByRole("region", { name: "Latent plane" });
  const canvas = page.getByRole("application", { name: /^Latent plane\. 500 images/ });
  await plane.scrollIntoViewIfNeeded();
  await expect(canvas).toBeVisible();
  await expect(plane.getByRole("button", { name: "Trousers", exact: true })).toBeVisible();
  const drawn = () => canvas.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const flat = await drawn();
  await plane.getByRole("checkbox", { name: /normal CDF/ }).check();
  await expect.poll(drawn).not.toBe(flat);
  const shares = async () => {
    const texts = await plane.getByRole("group", { name: "Classes shown" }).getByRole("button").allInnerTexts();
    return texts.map((text) => Number(/(\d+) %/.exec(text)?.[1]));
  };
  const sum = async () => (await shares()).reduce((total, share) => total + share, 0);
  await expect.poll(sum).toBeGreaterThan(94);
  expect(await sum()).toBeLessThan(106);
  expect(Math.max(...(await shares()))).toBeLessThan(40);

  await plane.getByRole("button", { name: "18 random places" }).click();
  const places = plane.getByRole("img", { name: "What is decoded at 18 random places of the plane" });
  await expect(places).toBeVisible();
  const first = await visit.pixels(places);
  await plane.getByRole("button", { name: "18 random places" }).click();
  await visit.becomesOther(places, first);

  // Own garments, and back.
  const file = { name: "mine-idx3-ubyte", bytes: bars(40) };
  await visit.drop(file, { name: "mine-idx1-ubyte", bytes: idx(LABELS, [40], new Uint8Array(40).fill(2)) });
  await expect(visit.news).toContainText("mine-idx3-ubyte: 40 images with labels");
  await visit.singleSteps(1);
  await page.getByRole("button", { name: "Back to Fashion-MNIST" }).click();
  await expect(page.getByText(/Fashion-MNIST: 500 images/)).toBeVisible();

  // Digits again, for an experiment that is about them.
  await visit.experiment.selectOption("E2");
  await visit.opened("E2");
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  await expect(page.getByText("MNIST, loaded when")).toBeVisible();
  await visit.singleSteps(1);
  await expect(page.getByText(/MNIST: 10,000 images/)).toBeVisible();
});
