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
  expect(names).toEqual(["step", "reconstruction", "kl", "held_out_loss", "epoch"]);
  expect(rows.map(([step]) => Number(step))).toEqual(rows.map((_, index) => index + 1));
  expect(rows.filter((row) => row[4]).map(([step, , , , epoch]) => [step, epoch])).toEqual([
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
});
