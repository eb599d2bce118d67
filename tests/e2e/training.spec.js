// Training: from fresh weights until the curve falls; play, pause, step, reset; and what applies at once.

import { expect, test } from "../support/visit.js";

/** Steps of 32 images, and what -ELBO on held-out digits is below then: below 138 here, and always the mean image costs 206. */
const LONG = 150;
const BOUND = 145;

/** Short steps where it is not the number that counts. */
const SHORT = "#from=fresh&batch=16";

test("a model learns from fresh weights, and what it learns is shown", async ({ visit }) => {
  await visit.begin();
  await visit.batch.selectOption("32 images");
  // The shipped weights go on gently: at the model's own rate they lose two nats within these steps.
  await visit.singleSteps(1);
  const shipped = await visit.cost("heldOut");
  await visit.trainTo((await visit.step()) + 20);
  expect(await visit.cost("heldOut")).toBeLessThan(shipped + 0.3);
  // What is to learn something else takes the model's own.
  const rate = await visit.rate.getAttribute("aria-valuetext");
  await visit.beta.fill("2");
  await expect(visit.rate).toHaveAttribute("aria-valuetext", "0.007");
  await visit.page.getByRole("button", { name: /^KL weight.*: back to the model's own/ }).click();
  await expect(visit.rate).toHaveAttribute("aria-valuetext", rate ?? "");

  await visit.page.evaluate(() => performance.clearMeasures());
  await visit.page.getByRole("button", { name: "Watch it learn from nothing" }).click();
  await expect(visit.fresh).toBeChecked();
  await expect(visit.pause).toBeFocused();
  await expect.poll(() => visit.step()).toBeLessThan(LONG);
  const before = await visit.pixels(visit.reconstruction);
  await visit.reaches(LONG);
  await visit.stop();

  const curves = await visit.curves();
  const [first, last] = [curves[0], curves.slice(-5)];
  expect(curves.map(({ step }) => step)).toEqual(curves.map((_, index) => index + 1));
  for (const { reconstruction } of last) expect(reconstruction).toBeLessThan(0.7 * first.reconstruction);
  expect(await visit.cost("heldOut"), "held-out -ELBO").toBeLessThan(BOUND);
  expect(await visit.cost("kl"), "the latents are in use").toBeGreaterThan(1);
  expect(await visit.cost("reconstruction")).toBeCloseTo(curves[curves.length - 1].reconstruction, 0);
  await visit.becomesOther(visit.reconstruction, before);
  await expect(visit.page.getByText(/MNIST: 10,000 images, 1,000 more held out/)).toBeVisible();
  const steps = await visit.page.evaluate(() => performance.getEntriesByName("lab:step", "measure").length);
  expect(steps).toBe(await visit.step());
});

test("what is shown after a pause is of the last step", async ({ visit }) => {
  await visit.begin("#model=E5&from=fresh&batch=16");
  for (let time = 0; time < 3; time += 1) {
    const step = await visit.trainTo((await visit.step()) + 5);
    await expect.poll(() => visit.shownStep()).toBe(step);
  }
});

test("steps per second are shown while it trains", async ({ visit }) => {
  await visit.begin(SHORT);
  const speed = visit.page.getByRole("status", { name: "Steps per second" });
  await expect(speed).toHaveText("–");
  await visit.train.click();
  await expect(speed).toHaveText(/^\d+(\.\d)?$/);
  await visit.stop();
});

test("a single step is one step, and pause keeps what there is", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(2);
  const step = await visit.trainTo(6);
  await visit.singleSteps(1);
  expect(await visit.step()).toBe(step + 1);
  expect((await visit.curves()).map(({ step }) => step)).toEqual(Array.from({ length: step + 1 }, (_, at) => at + 1));
});

test("a pause while the held-out images are being measured leaves no step out", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.train.click();
  // They are measured after each fiftieth step.
  await expect.poll(() => visit.step(), { intervals: [5] }).toBeGreaterThanOrEqual(49);
  const step = await visit.stop();
  expect((await visit.curves()).map(({ step }) => step)).toEqual(Array.from({ length: step }, (_, at) => at + 1));
});

test("however play and single step meet, pause is the end", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.train.click();
  await visit.reaches(3);
  // In the same tick, as no hand could be sure to: a step that waits for a run to end, and another run.
  await visit.meddle();
  await expect(visit.pause).toBeVisible();
  const end = await visit.stop();
  await visit.singleSteps(1);
  expect(await visit.step()).toBe(end + 1);
});

test("reset begins anew, and what was trained can be brought back", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(3);
  const curves = await visit.curves();
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  expect(await visit.curves()).toEqual([]);
  await visit.page.getByRole("button", { name: "Bring back step 3" }).click();
  await expect(visit.steps).toHaveText("3");
  expect(rounded(await visit.curves())).toEqual(rounded(curves));
  // And once more: what was brought back is still what was trained.
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.page.getByRole("button", { name: "Bring back step 3" }).click();
  await expect(visit.steps).toHaveText("3");
});

test("what is left in mid-training for another experiment comes back with its own settings", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.rate.focus();
  await visit.page.keyboard.press("ArrowLeft");
  const rate = await visit.rate.getAttribute("aria-valuetext");
  await visit.train.click();
  await visit.reaches(3);
  await visit.experiment.selectOption("E1");
  await visit.opened("E1");
  await expect(visit.batch).not.toHaveValue("16");
  const ways = visit.page.getByRole("button", { name: /^Bring back step/ });
  await expect(visit.news).toContainText("Started afresh with shipped weights.");
  // Who only goes on to another one leaves nothing behind; what was trained before is still there to go back to.
  await visit.experiment.selectOption("E2");
  await visit.opened("E2");
  await expect(visit.news).toContainText("What you trained before can be brought back.");
  await expect(ways).toHaveCount(1);
  await visit.experiment.selectOption("E1");
  await visit.opened("E1");
  // And once more, after some steps of that one: both are there to go back to.
  await visit.singleSteps(1);
  await visit.experiment.selectOption("tiny");
  await visit.opened("tiny");
  await expect(ways).toHaveText([/of “A dense autoencoder”$/, /^Bring back step \d+$/]);
  await ways.last().click();
  await expect(visit.news).toContainText("“Your experiment” is open");
  await expect(visit.batch).toHaveValue("16");
  await expect(visit.rate).toHaveAttribute("aria-valuetext", rate ?? "");
});

test("an address that names no model leaves the open one", async ({ visit, page }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(1);
  await page.evaluate(() => (location.hash += "&model=E99"));
  await expect(visit.news).toContainText("There is no model called “E99” here; this is “tiny”");
  await expect(visit.steps).toHaveText("1");
  await expect(page).not.toHaveURL(/E99/);
});

test("one seed is one run", async ({ visit }) => {
  await visit.begin(`${SHORT}&seed=7`);
  await visit.singleSteps(3);
  const first = await visit.curves();
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.singleSteps(3);
  expect(await visit.curves(), "after a reset").toEqual(first);
  await visit.page.reload();
  await visit.begun();
  await visit.singleSteps(3);
  expect(await visit.curves(), "after a reload").toEqual(first);

  await visit.seed.fill("8");
  await visit.seed.press("Enter");
  await visit.page.getByRole("button", { name: "Start afresh to apply" }).click();
  await expect(visit.steps).toHaveText("0");
  await visit.singleSteps(3);
  expect(await visit.curves(), "with another seed").not.toEqual(first);
});

test("learning rate and KL weight apply at once, in mid-training", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.train.click();
  await visit.reaches(5);
  await visit.beta.focus();
  await visit.page.keyboard.press("End");
  await expect(visit.beta).toHaveAttribute("aria-valuetext", "10");
  await visit.rate.focus();
  await visit.page.keyboard.press("Home");
  await expect(visit.rate).toHaveAttribute("aria-valuetext", "0.00001");
  const step = await visit.step();
  await visit.reaches(step + 5);
  await visit.stop();
  await expect(visit.page).toHaveURL(/beta=10/);
  await expect(visit.page).toHaveURL(/lr=0\.00001/);

  // The same run without them is another one.
  const changed = await visit.curves();
  await visit.page.getByRole("button", { name: "Learning rate: back to the model's own" }).click();
  await visit.page.getByRole("button", { name: /^KL weight.*: back to the model's own/ }).click();
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  const end = changed[changed.length - 1].step;
  await visit.trainTo(end);
  const own = await visit.curves();
  expect(own.slice(0, 5)).toEqual(changed.slice(0, 5));
  expect(own[end - 1]).not.toEqual(changed[end - 1]);
});

test("a run whose loss leaves the numbers stops, says so and keeps its last good state", async ({ visit }) => {
  // Without a warm-up of its learning rate.
  await visit.begin(`${SHORT}&model=E4&lr=1&beta=10`);
  await visit.train.click();
  await expect(visit.problem).toContainText(/Training stopped: .*learning rate below 1/);
  await expect(visit.train).toBeVisible();
  const step = await visit.step();
  await expect(visit.problem).toContainText(`step ${step} `);
  for (const { reconstruction, kl } of await visit.curves()) expect(Number.isFinite(reconstruction + kl)).toBe(true);
  await visit.page.getByRole("button", { name: "Learning rate: back to the model's own" }).click();
  await visit.page.getByRole("button", { name: /^KL weight.*: back to the model's own/ }).click();
  await visit.reset.click();
  await visit.singleSteps(2);
});

/** @param {{ [name: string]: number }[]} curves as exactly as files keep them */
const rounded = (curves) =>
  curves.map(({ step, reconstruction, kl }) => [step, reconstruction.toPrecision(4), kl.toPrecision(4)]);
