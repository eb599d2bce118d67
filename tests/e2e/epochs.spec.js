// Epochs: what a pass over the data ends with is measured, marked and told.

import { bars, table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("the end of each epoch is measured, told and marked, whatever the batch size becomes", async ({ visit, page }) => {
  await visit.begin("#from=fresh&batch=64");
  const told = page.getByRole("status", { name: "Last epoch" });
  const curves = page.locator("#curves");
  // 180 to train on: two batches of 64.
  await visit.drop({ name: "bars-idx3-ubyte", bytes: bars(200) });
  await expect(visit.news).toContainText("20 of them held out");
  await visit.singleSteps(1);
  await expect(told).toHaveText("");
  await visit.singleSteps(4);
  const { held_out } = await visit.history();
  const measured = held_out.map(({ step }) => step);
  expect(measured).toEqual(expect.arrayContaining([2, 4]));
  const total = held_out.find(({ step }) => step === 4)?.total ?? NaN;
  await expect(told).toHaveText(`epoch 2: ${total.toFixed(1)} nats held out`);
  // Beside the curve of the reconstruction stands a reconstruction, and −ELBO by itself.
  const last = held_out[held_out.length - 1];
  await expect(page.getByRole("status", { name: "Held-out reconstruction" })).toHaveText(
    last.main?.toFixed(1) ?? "there is none",
  );
  await expect(visit.costs.heldOut).toHaveText(last.total.toFixed(1));
  expect(last.main).toBeLessThan(last.total);

  // Half of a pass is done. Of eleven batches of 16, six more are the other half.
  await visit.batch.selectOption("16 images");
  await visit.singleSteps(7);
  expect((await visit.history()).epochs).toEqual([
    { from: 0, steps: 2 },
    { from: 5, steps: 11 },
  ]);
  const third = (await visit.history()).held_out.find(({ step }) => step === 11)?.total ?? NaN;
  await expect(told).toHaveText(`epoch 3: ${third.toFixed(1)} nats held out`);

  const [names, ...rows] = table(await visit.kept(curves.getByRole("button", { name: "CSV" })));
  expect(names).toEqual(["step", "reconstruction", "kl", "held_out_loss", "held_out_reconstruction", "epoch"]);
  expect(rows.map(([step]) => Number(step))).toEqual(rows.map((_, index) => index + 1));
  for (const [, , , loss, reconstruction] of rows.filter((row) => row[3])) {
    expect(Number(reconstruction)).toBeGreaterThan(0);
    expect(Number(reconstruction)).toBeLessThan(Number(loss));
  }
  expect(rows.filter((row) => row[5]).map(([step, , , , , epoch]) => [step, epoch])).toEqual([
    ["2", "1"],
    ["4", "2"],
    ["11", "3"],
  ]);
  const picture = await visit.kept(curves.getByRole("button", { name: "SVG" }));
  expect(picture.name).toBe("curves-tiny.svg");
  const svg = new TextDecoder().decode(picture.bytes);
  expect(svg).toContain(">Reconstruction, nats<");
  expect(svg.match(/>epoch 1</g), "over each of two charts").toHaveLength(2);
  expect(svg).not.toContain("var(");

  // They are in the file, too.
  const file = await visit.saved();
  await visit.reset.click();
  await expect(told).toHaveText("");
  await visit.choose(file);
  await expect(told).toHaveText(/^epoch 3: /);

  // Whatever the loss is counted in, its curve is seen: here it begins at some thousands.
  await page.evaluate(() => (location.hash = "#model=E2&loss=squared&sigma=0.1&from=fresh&batch=16"));
  await visit.opened("E2");
  await expect(visit.steps).toHaveText("0");
  await visit.trainTo(20);
  const [{ reconstruction }] = await visit.curves();
  expect(reconstruction).toBeGreaterThan(1000);
  const chart = page.getByRole("img", { name: /^Reconstruction over steps/ });
  /** Pixels of the chart in the colour of its curve, at its edges too. */
  const curve = () =>
    chart.evaluate((element) => {
      const canvas = /** @type {HTMLCanvasElement} */ (element);
      const context = canvas.getContext("2d");
      if (!context) return 0;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      context.fillStyle = getComputedStyle(canvas).getPropertyValue("--stage");
      const stage = [1, 3, 5].map((at) => parseInt(String(context.fillStyle).slice(at, at + 2), 16));
      const pixels = Array.from({ length: data.length / 4 }, (_, at) => data.subarray(4 * at, 4 * at + 4));
      const isCurve = (/** @type {Uint8ClampedArray} */ pixel) =>
        pixel[3] > 100 && stage.every((value, at) => Math.abs(value - pixel[at]) < 8);
      return pixels.filter(isCurve).length;
    });
  await expect.poll(curve).toBeGreaterThan(100);
});
