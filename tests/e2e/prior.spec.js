// A prior over codes: trained, asked to dream, and to complete half of one's own drawing.

import { listen } from "../support/answers.js";
import { sizeOf, table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("the prior dreams up a digit cell by cell, and completes half of one's own", async ({ visit, page }) => {
  await visit.begin("#model=E17");
  const view = page.getByRole("region", { name: "Prior", exact: true });
  await view.scrollIntoViewIfNeeded();
  await view.getByLabel("Class").selectOption("7");
  await view.getByRole("radio", { name: "slowly" }).check();
  const dream = view.getByRole("application", { name: /^A dream of the prior/ });
  await view.getByRole("button", { name: "Dream one" }).click();
  // Slowly: cell after cell, and its picture with it.
  const drawn = async () =>
    Number(/(\d+) of 49 cells are drawn/.exec((await dream.getAttribute("aria-label")) ?? "")?.[1]);
  await expect(dream).toHaveAccessibleName(/class 7, .*, \d+ of 49 cells are drawn/);
  const early = await drawn();
  expect(early).toBeLessThan(30);
  const decoded = view.getByRole("img", { name: /^The dream, decoded/ });
  const begun = await visit.pixels(decoded);
  await expect.poll(drawn).toBeGreaterThan(early + 5);
  await visit.becomesOther(decoded, begun);
  await expect(dream).toHaveAccessibleName(/class 7, .*, 49 cells\./);
  // At once: nothing in between.
  await view.getByRole("radio", { name: "at once" }).check();
  const before = await visit.pixels(decoded);
  await view.getByRole("button", { name: "Dream one" }).click();
  await expect(dream).toHaveAccessibleName(/class 7, .*, 49 cells\./);
  await visit.becomesOther(decoded, before);
  await expect(view.getByRole("img", { name: /^The dream, decoded: class 7/ })).toBeVisible();
  await dream.focus();
  await page.keyboard.press("ArrowRight");
  await expect(view.getByRole("img", { name: /The likeliest: code \d+, \d+ %/ })).toBeVisible();

  await expect(view.getByRole("img", { name: /^8 pictures drawn each by itself/ })).toBeVisible();
  await view.getByRole("button", { name: "Erase the lower half" }).click();
  const completed = view.getByRole("img", { name: /^6 pictures completed by the prior/ });
  await expect(completed).toBeVisible();
  // Three rows are left, and what they paint stays, away from what is drawn below.
  await expect(view.getByRole("img", { name: "Your grid without its lower half: 21 codes are left" })).toBeVisible();
  const [own, six] = [await visit.pixels(visit.reconstruction), await visit.pixels(completed)];
  const apart = { above: 0, below: 0 };
  for (let at = 0; at < 784 * 6; at += 1) {
    const [row, column] = [Math.floor(at / (28 * 6)), at % 28];
    const far = Math.abs(six[at] - own[28 * row + column]) / 255;
    if (row < 8) apart.above += far / (6 * 8 * 28);
    if (row >= 16) apart.below += far / (6 * 12 * 28);
  }
  expect(apart.above).toBeLessThan(0.005);
  expect(apart.below).toBeGreaterThan(5 * apart.above);
  await view.getByRole("button", { name: "Erase the left half" }).click();
  await expect(view.getByRole("img", { name: "Your grid without its left half: 21 codes are left" })).toBeVisible();

  const csv = await visit.kept(view.getByRole("button", { name: "CSV" }));
  expect(csv.name).toBe("prior-E17.csv");
  const [head, ...rows] = table(csv);
  const shares = Array.from({ length: 64 }, (_, code) => `probability_of_${code}`);
  expect(head).toEqual(["cell", "row", "column", "code", "probability", "entropy_bits", ...shares]);
  expect(rows).toHaveLength(49);
  for (const [, , , code, probability, bits, ...all] of rows.map((row) => row.map(Number))) {
    expect(probability).toBe(all[code]);
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    const entropy = all.reduce((sum, share) => sum - (share > 0 ? share * Math.log2(share) : 0), 0);
    expect(bits).toBeCloseTo(entropy, 3);
  }
  const sheet = await visit.kept(view.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)[0]).toBeGreaterThan(2 * 224);

  // What comes when the drawing is another one is not shown.
  const answered = await listen(page);
  await view.evaluate((element) => {
    const press = (/** @type {string} */ name) =>
      [...document.querySelectorAll("button")].find((button) => button.textContent === name)?.click();
    press("Erase the upper half");
    press("Clear");
    return element;
  });
  await expect(view.getByText("Draw a digit, and half of its codes can be erased.")).toBeVisible();
  await answered();
  await expect(view.getByRole("img", { name: /completed by the prior/ })).toBeHidden();
});

test("the codes are trained and then their prior, each with steps and curves of its own", async ({ visit, page }) => {
  await visit.begin("#model=E17&from=fresh&batch=16");
  const codes = page.getByRole("radio", { name: "Codes" });
  const prior = page.getByRole("radio", { name: "Prior" });
  await prior.check();
  await visit.train.click();
  await expect(visit.problem).toContainText("The codes are not trained yet");
  await codes.check();
  await visit.singleSteps(3);
  const own = await visit.rate.getAttribute("aria-valuetext");
  await prior.check();
  await expect(visit.steps).toHaveText("0");
  await expect(visit.rate).not.toHaveAttribute("aria-valuetext", own ?? "");
  await expect(visit.beta).toBeHidden();
  await visit.singleSteps(3);
  await expect.poll(async () => (await visit.history("prior")).held_out.at(-1)?.step).toBe(3);
  const learned = await visit.curves("prior");
  expect(learned.map(({ step }) => step)).toEqual([1, 2, 3]);
  // Fresh, it gives each of 64 codes about the same share, in 49 cells.
  expect(Math.abs(learned[0].prior - 49 * Math.log(64))).toBeLessThan(20);
  expect(learned[2].prior).toBeLessThan(learned[0].prior);
  await expect(page.getByRole("img", { name: /^Codes under the prior over steps: from \d/ })).toBeVisible();
  expect((await visit.curves("codes")).length).toBe(3);

  const { name, bytes } = await visit.saved();
  expect(name).toBe("latent-lab-E17-step-3-prior-3.safetensors");
  await visit.reset.click();
  await expect(visit.news).toContainText("Bring back step 3, its prior at 3");
  await visit.drop({ name, bytes });
  await expect(visit.news).toContainText("is open, at step 3, its prior at 3");
  await expect(prior).toBeChecked();
  expect(await visit.curves("prior")).toHaveLength(3);
  await visit.singleSteps(1);
  await expect(visit.steps).toHaveText("4");

  // What is chosen while training goes on is trained from there on.
  await visit.train.click();
  await visit.reaches(6);
  await codes.check();
  await visit.reaches(5);
  await visit.pause.click();
  await expect(visit.train).toBeVisible();
  const { step, prior_step } = (await visit.info()) ?? {};
  expect(step).toBe(await visit.step());
  expect(prior_step).toBeGreaterThanOrEqual(6);
});

test("forty-nine cells are drawn and decoded within a tenth of a second", async ({ visit }) => {
  await visit.begin("#model=E17");
  const times = await visit.dreams(9);
  const median = times.toSorted((a, b) => a - b)[4];
  expect(median, `${times.map(Math.round)} ms`).toBeLessThan(100);
});
