// Codes: seen, painted, edited, dreamt up and completed, on one's own drawing.

import { table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("edits of a grid move its codes and nothing else", async ({ visit, page }) => {
  await visit.begin();
  const found = await page.evaluate(async () => {
    /** @type {typeof import("../../www/views/codes/shapes.js")} */
    const { flip, invert, join, rotate, shift, transplant } = await import(
      new URL("views/codes/shapes.js", location.href).href
    );
    const [sides, grid] = [
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ];
    const theirs = grid.map((code) => code + 10);
    return {
      right: shift(grid, sides, [0, 1], 9),
      up: shift(grid, sides, [-1, 0], 9),
      rotated: rotate([0, 1, 2, 3], 2),
      across: flip(grid, sides, "across"),
      down: flip(grid, sides, "down"),
      inverted: invert(grid, 8),
      joined: join(grid, theirs, sides, "across"),
      dropped: transplant(grid, theirs, sides, { top: 0, left: 1, height: 2, width: 2 }, 5),
    };
  });
  expect(found).toEqual({
    right: [9, 0, 1, 9, 3, 4],
    up: [3, 4, 5, 9, 9, 9],
    rotated: [2, 0, 3, 1],
    across: [2, 1, 0, 5, 4, 3],
    down: [3, 4, 5, 0, 1, 2],
    inverted: [7, 6, 5, 4, 3, 2],
    joined: [0, 1, 12, 3, 4, 15],
    dropped: [0, 1, 2, 3, 4, 11],
  });
});

test("the codes of a drawing are seen, and painted by hand", async ({ visit, page }) => {
  await visit.begin("#model=E14");
  const sentence = page.getByRole("region", { name: /^Codes: 7 × 7/ });
  await expect(sentence.getByRole("img")).toHaveAccessibleName(/7 by 7 cells, \d+ different codes of 64$/);
  await expect(visit.latent(1)).toHaveCount(0);
  const view = page.getByRole("region", { name: "Code grid" });
  const grid = view.getByRole("application", { name: /^Grid of codes/ });
  await grid.scrollIntoViewIfNeeded();
  await expect(view.getByText(/^perplexity \d+\.\d, .*dead codes?, over 10,000 test digits at step/)).toBeVisible();
  await grid.hover({ position: { x: 60, y: 60 } });
  const said = view.getByText(/^Code \d+: \d.* % of all cells; stands in \d+ cells?; paints/);
  await expect(said).toBeVisible();
  // Where it stands is framed over the picture and over what is decoded of it.
  const cells = Number(/stands in (\d+)/.exec(await said.innerText())?.[1]);
  await expect(view.locator(".marks .frame")).toHaveCount(2 * cells);
  // The colours of the grid lie over both, as long as they are wanted.
  await expect(view.locator(".marks .tint")).toHaveCount(2 * 49);
  await view.getByLabel("Colours over the pictures").uncheck();
  await expect(view.locator(".marks .tint")).toHaveCount(0);
  await view.getByLabel("Colours over the pictures").check();

  // The table has both: how often all digits have a code, and where it stands in this grid.
  const [head, ...rows] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
  expect(head).toEqual(["code", "share", "cells", "yours"]);
  expect(rows).toHaveLength(64);
  expect(rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBeCloseTo(1, 6);
  expect(rows.flatMap((row) => row[3].split(" ").filter(Boolean))).toHaveLength(49);
  expect(rows.some((row) => row[3].split(" ").length === cells && row[3] !== "")).toBe(true);

  const before = await visit.pixels(visit.reconstruction);
  const swatches = view.getByRole("toolbar").getByRole("button", { name: /^Code \d+/ });
  await expect(swatches).toHaveCount(64);
  await expect(swatches.filter({ hasText: "dead" })).toHaveCount(0);
  await swatches.nth(20).click();
  await grid.click({ position: { x: 20, y: 20 } });
  await visit.becomesOther(visit.reconstruction, before);
  await expect(sentence.getByText(/1 cell yours/)).toBeVisible();
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(sentence.getByText(/2 cells yours/)).toBeVisible();
  await view.getByRole("button", { name: "Undo painting" }).click();
  await expect(sentence.getByText(/1 cell yours/)).toBeVisible();
  // A quick stroke skips no cell, and going back to the encoder can be undone, wherever that is asked for.
  const box = await grid.boundingBox();
  if (!box) throw new Error("the grid is not shown");
  const row = (/** @type {number} */ share) =>
    /** @type {const} */ ([box.x + share * box.width, box.y + 0.5 * box.height]);
  await page.mouse.move(...row(0.05));
  await page.mouse.down();
  await page.mouse.move(...row(0.95));
  await page.mouse.up();
  const kinds = () => page.evaluate(`new Set(latentLab.store.get("look").latents.slice(21, 28)).size`);
  await expect.poll(kinds).toBe(1);
  const back = sentence.getByRole("button", { name: "Back to the encoder" });
  await back.click();
  await expect.poll(() => visit.pixels(visit.reconstruction)).toEqual(before);
  await view.getByRole("button", { name: "Undo painting" }).click();
  await expect.poll(kinds).toBe(1);
  await back.click();
  await expect.poll(() => visit.pixels(visit.reconstruction)).toEqual(before);

  await visit.singleSteps(2);
  const [{ reconstruction, commitment, perplexity }] = await visit.curves();
  expect(reconstruction).toBeGreaterThan(0);
  expect(commitment).toBeGreaterThan(0);
  expect(perplexity).toBeGreaterThan(1);
  expect(perplexity).toBeLessThan(64);
  await expect(page.getByRole("status", { name: "Perplexity" })).toHaveText(/^\d+\.\d$/);
});

test("codes that no cell takes are dead, and the bars say so in words", async ({ visit, page }) => {
  await visit.begin("#model=E14/plain&from=fresh");
  const view = page.getByRole("region", { name: "Code grid" });
  await view.scrollIntoViewIfNeeded();
  await expect(view.getByText(/, [1-9]\d* dead codes?, over 10,000 test digits/)).toBeVisible();
  expect(await view.getByRole("toolbar").getByText("dead").count()).toBeGreaterThan(0);
});

test("a grid is shifted, turned over, joined with another and undone", async ({ visit, page }) => {
  await visit.begin("#model=E15");
  const view = page.getByRole("region", { name: "Edits" });
  await view.scrollIntoViewIfNeeded();
  const decoded = view.getByRole("img", { name: /^Decoded from your edits$/ });
  await expect(decoded).toBeVisible();
  const own = await visit.pixels(decoded);
  const undo = view.getByRole("button", { name: "Undo edit" });
  for (const edit of [
    "Shift left",
    "Rotate by 90°",
    "Flip across",
    "Indices inverted",
    "Vectors negated",
    "Left half mine",
  ]) {
    await view.getByRole("button", { name: edit }).click();
    await visit.becomesOther(decoded, own);
    await undo.click();
    await expect.poll(() => visit.pixels(decoded)).toEqual(own);
  }
  // Opposite vectors are opposite values: what was paper has ink. Edits come on top of that, and are undone one by one.
  const ink = (/** @type {ArrayLike<number>} */ pixels) => Array.from(pixels).reduce((sum, pixel) => sum + pixel, 0);
  const negation = view.getByRole("button", { name: "Vectors negated" });
  await negation.click();
  await visit.becomesOther(decoded, own);
  const negated = await visit.pixels(decoded);
  expect(ink(negated)).toBeGreaterThan(2 * ink(own));
  await expect(negation).toHaveAttribute("aria-pressed", "true");
  await view.getByRole("button", { name: "Shift left" }).click();
  await visit.becomesOther(decoded, negated);
  expect(ink(await visit.pixels(decoded))).toBeGreaterThan(2 * ink(own));
  await undo.click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(negated);
  await negation.click();
  await expect.poll(() => visit.pixels(decoded)).toEqual(own);
  await expect(negation).toHaveAttribute("aria-pressed", "false");
  // A shift of the codes by a cell is one of the picture by four pixels.
  await view.getByRole("button", { name: "Shift right" }).click();
  await visit.becomesOther(decoded, own);
  const moved = await visit.pixels(decoded);
  let apart = 0;
  for (let at = 0; at < 784; at += 1) {
    if (at % 28 >= 8 && at % 28 < 24) apart += Math.abs(moved[at] - own[at - 4]) / (784 * 255);
  }
  expect(apart).toBeLessThan(0.02);
});

test("a rectangle of another digit's codes is dropped into one's own", async ({ visit, page }) => {
  await visit.begin("#model=E16");
  const view = page.getByRole("region", { name: "Edits" });
  await view.scrollIntoViewIfNeeded();
  const decoded = view.getByRole("img", { name: /^Decoded from your edits$/ });
  const theirs = view.getByRole("application", { name: /^Their codes: 7 by 7 cells/ });
  await theirs.scrollIntoViewIfNeeded();
  const own = await visit.pixels(decoded);
  const box = await theirs.boundingBox();
  if (!box) throw new Error("their codes are not shown");
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    /** @type {const} */ ([box.x + ((column + 0.5) / 7) * box.width, box.y + ((row + 0.5) / 7) * box.height]);
  await page.mouse.move(...at(1, 1));
  await page.mouse.down();
  await page.mouse.move(...at(4, 5), { steps: 5 });
  await page.mouse.up();
  await view.getByRole("application", { name: /^Your codes/ }).click({ position: { x: 30, y: 30 } });
  await visit.becomesOther(decoded, own);
});

test("the prior dreams up a digit cell by cell, and completes half of one's own", async ({ visit, page }) => {
  await visit.begin("#model=E17");
  const view = page.getByRole("region", { name: "Prior", exact: true });
  await view.scrollIntoViewIfNeeded();
  await view.getByLabel("Class").selectOption("7");
  await view.getByRole("radio", { name: "slowly" }).check();
  const dream = view.getByRole("application", { name: /^A dream of the prior/ });
  await view.getByRole("button", { name: "Dream one" }).click();
  await expect(dream).toHaveAccessibleName(/class 7, .*49/);
  await expect(view.getByRole("img", { name: /^The dream, decoded: class 7/ })).toBeVisible();
  await dream.focus();
  await page.keyboard.press("ArrowRight");
  await expect(view.getByRole("img", { name: /The likeliest: code \d+, \d+ %/ })).toBeVisible();

  await expect(view.getByRole("img", { name: /^8 pictures drawn each by itself/ })).toBeVisible();
  await view.getByRole("button", { name: "Erase the lower half" }).click();
  await expect(view.getByRole("img", { name: /^6 pictures completed by the prior/ })).toBeVisible();
  const [csv] = await Promise.all([page.waitForEvent("download"), view.getByRole("button", { name: "CSV" }).click()]);
  expect(csv.suggestedFilename()).toBe("prior-E17.csv");

  // What comes when the drawing is another one is not shown.
  await view.evaluate((element) => {
    const press = (/** @type {string} */ name) =>
      [...document.querySelectorAll("button")].find((button) => button.textContent === name)?.click();
    press("Erase the upper half");
    press("Clear");
    return element;
  });
  await expect(view.getByText("Draw a digit, and half of its codes can be erased.")).toBeVisible();
  await page.waitForTimeout(1000);
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

test("experiments that are left quickly leave no complaint behind", async ({ visit, page }) => {
  await visit.begin("#model=E17");
  await page.getByRole("region", { name: "Prior", exact: true }).scrollIntoViewIfNeeded();
  for (const id of ["E8", "E17", "E8", "E17", "E6"]) {
    await visit.experiment.selectOption(id);
    await page.waitForTimeout(400);
  }
  await visit.opened("E6");
  await page.waitForTimeout(1500);
  await expect(visit.problem).toHaveCount(0);
});

test("models with codes stand side by side: their use, codes drawn each by itself, a drawing that becomes another", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E16");
  const view = page.getByRole("region", { name: "Side by side" });
  await view.scrollIntoViewIfNeeded();
  for (const title of ["dVAE", "VQ-VAE of the same size"]) {
    const column = view.getByRole("region", { name: title, exact: true });
    await expect(column.getByRole("img", { name: /^Your drawing, rebuilt by/ })).toBeVisible();
    const use = column.getByRole("img", { name: /^Use of the codes of .*, 1,000 pictures$/ });
    await expect(use).toHaveAccessibleName(/: perplexity [1-9]\d\.\d, \d+ dead codes?, 1,000 pictures$/);
    expect((await visit.pixels(use)).some((alpha) => alpha > 0)).toBe(true);
    await expect(column.getByRole("img", { name: /^Random points of/ })).toBeVisible();
    await expect(column.getByRole("img", { name: /^From one drawing to yours/ })).toBeVisible();
    await expect(column.getByText("codes drawn each by itself, decoded")).toBeVisible();
    const captions = await column
      .locator("figure")
      .filter({ has: page.getByRole("img", { name: /^Use of the codes/ }) })
      .locator("figcaption")
      .allInnerTexts();
    expect(captions).toEqual([expect.stringMatching(/^perplexity .*, 1,000 pictures$/)]);
  }
  const [head, ...rows] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
  expect(head).toEqual(["model", "image", "mean_squared_error", "code", "share"]);
  expect(rows).toHaveLength(2 * (1 + 200 + 64));
  const shares = rows.filter(([model, , , code]) => model === "E16/vq" && code !== "").map((row) => Number(row[4]));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
});

test("forty-nine cells are drawn and decoded within a tenth of a second", async ({ visit }) => {
  await visit.begin("#model=E17");
  const times = await visit.dreams(9);
  const median = times.toSorted((a, b) => a - b)[4];
  expect(median, `${times.map(Math.round)} ms`).toBeLessThan(100);
});
