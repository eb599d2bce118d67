// What a pixel costs: any pixel of one's own drawing, by cross-entropy and by squared error.

import { table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

/** @param {number} x @param {number} p */
const crossEntropy = (x, p) => -x * Math.log(p) - (1 - x) * Math.log(1 - p);
/** @param {number} x @param {number} p @param {number} sigma */
const squaredError = (x, p, sigma) => (x - p) ** 2 / (2 * sigma ** 2);

test("a pixel is chosen, and both costs of it are told, marked and saved", async ({ visit, page }) => {
  await visit.begin("#model=E13/mended");
  const price = page.getByRole("region", { name: "What a pixel costs" });
  const pixels = price.getByRole("application", { name: /^Pixels of the reconstruction/ });
  const plot = price.getByRole("img", { name: /^Cost in nats/ });
  await pixels.scrollIntoViewIfNeeded();
  const { clean, image, sigma } = await visit.looked();
  expect(sigma).toBe(1);
  const side = Math.sqrt(image.length);
  const marks = () => plot.locator("circle").evaluateAll((all) => all.map((one) => one.outerHTML));

  /** @param {number} at the pixel that should be told of @param {number} sigma */
  async function tells(at, sigma) {
    const where = `row ${Math.floor(at / side) + 1}, column ${(at % side) + 1}`;
    await expect(pixels).toHaveAccessibleName(new RegExp(`${where}\\.`));
    const words = await price.getByRole("status").innerText();
    const found = /^True ([\d.]+), predicted ([\d.]+): ([\d.]+) nats by cross-entropy, ([\d.]+) by squared/.exec(words);
    const [x, p] = [clean[at], (await visit.looked()).image[at]];
    const expected = [x, p, crossEntropy(x, p), squaredError(x, p, sigma)];
    expected.forEach((value, index) =>
      expect(Math.abs(Number(found?.[index + 1]) - value), words).toBeLessThan(0.0051),
    );
    return words;
  }

  const costs = image.map((p, at) => crossEntropy(clean[at], p));
  const first = costs.indexOf(Math.max(...costs));
  await tells(first, 1);
  const [markedFirst, shownFirst] = [await marks(), await price.getByRole("status").innerText()];

  await pixels.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowUp");
  const other = first - 1 - 5 * side;
  expect(await tells(other, 1)).not.toBe(shownFirst);
  expect(await marks()).not.toEqual(markedFirst);

  // The same pixel through another model: what squared error asks is divided by its variance.
  await page.getByRole("radio", { name: "error averaged over the pixels" }).check();
  await visit.opened("E13");
  const averaged = (await visit.looked()).sigma;
  expect(averaged).toBeCloseTo(19.8, 1);
  await expect(price.getByText(/2σ² = 784,.*at most 0\.0013\b/)).toBeVisible();
  await tells(other, averaged);

  await pixels.click({ position: { x: 3, y: 3 } });
  await expect(pixels).toHaveAccessibleName(/row 1, column 1\./);
  await price.getByRole("button", { name: "The costliest pixel" }).click();
  await expect(pixels).not.toHaveAccessibleName(/row 1, column 1\./);

  const now = await visit.looked();
  const csv = await visit.kept(price.getByRole("button", { name: "CSV" }));
  expect(csv.name).toBe("pixel-cost-E13.csv");
  const [names, ...rows] = table(csv);
  expect(names).toEqual(["row", "column", "true", "predicted", "cross_entropy", "squared_error"]);
  expect(rows).toHaveLength(image.length);
  const [, , x, p, entropy, square] = rows[other].map(Number);
  expect([x, p]).toEqual([now.clean[other], now.image[other]]);
  expect(entropy).toBeCloseTo(crossEntropy(x, p), 6);
  expect(square).toBeCloseTo(squaredError(x, p, averaged), 6);

  const svg = new TextDecoder().decode((await visit.kept(price.getByRole("button", { name: "SVG" }))).bytes);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg, "a file knows no custom properties").not.toContain("var(");
  expect(svg).toMatch(/stroke="#[\da-f]{6}"/);
});

test("the price follows the drawing, and an empty one has none", async ({ visit, page }) => {
  await visit.begin("#model=E13/mended");
  const price = page.getByRole("region", { name: "What a pixel costs" });
  await price.scrollIntoViewIfNeeded();
  await expect(price.getByRole("status")).toContainText("by cross-entropy");
  const before = await price.getByText(/^all 784 pixels/).innerText();
  await visit.another.click();
  await expect(price.getByText(/^all 784 pixels/)).not.toHaveText(before);
  const { clean, image } = await visit.looked();
  const sum = image.reduce((sum, p, at) => sum + crossEntropy(clean[at], p), 0);
  await expect(price.getByText(/^all 784 pixels/)).toContainText(`${sum.toFixed(1)} nats by cross-entropy`);
  await visit.clear.click();
  await expect(price.getByRole("status")).toContainText("Draw a digit");
  await expect(price.getByRole("button", { name: "CSV" })).toBeDisabled();
});
