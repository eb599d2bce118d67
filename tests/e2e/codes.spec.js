// Codes: seen and painted on one's own drawing, and beside other models'.

import { listen } from "../support/answers.js";
import { sizeOf, table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

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
  const said = view.getByText(/^Code \d+ at row 2, column 2: \d.* % of all cells; stands in \d+ cells?.*; paints/);
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

  // The picture has the three grids and the whole codebook.
  const sheet = await visit.kept(view.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)).toEqual([3 * 280 + 560 + 3 * 12, 560 + 28]);

  const before = await visit.pixels(visit.reconstruction);
  const swatches = view.getByRole("toolbar").getByRole("button", { name: /^Code \d+/ });
  await expect(swatches).toHaveCount(64);
  await expect(swatches.filter({ hasText: "dead" })).toHaveCount(0);
  // Where a system has colours of its own, those of the codes stay.
  await page.emulateMedia({ forcedColors: "active" });
  const hues = view.getByRole("toolbar").locator(".hue");
  const colors = await hues.evaluateAll((all) => all.map((hue) => getComputedStyle(hue).backgroundColor));
  expect(new Set(colors).size).toBeGreaterThan(48);
  // And the brush is told from all others, those that are marked among them.
  await swatches.nth(20).click();
  const alike = () =>
    swatches.evaluateAll((all) => {
      const backgrounds = all.map((one) => getComputedStyle(one).backgroundColor);
      return backgrounds.filter((background) => background === backgrounds[20]).length;
    });
  await expect.poll(alike).toBe(1);
  await page.emulateMedia({ forcedColors: "none" });
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
  // Beside the curve of the reconstruction stands the same of held-out images.
  const heldOut = page.getByRole("status", { name: "Held-out reconstruction" });
  await expect(heldOut).toHaveText(/^\d/);
  const [{ reconstruction, commitment, perplexity }] = await visit.curves();
  expect(Math.abs(Number(await heldOut.innerText()) / reconstruction - 1)).toBeLessThan(0.15);
  expect(reconstruction).toBeGreaterThan(0);
  expect(commitment).toBeGreaterThan(0);
  expect(perplexity).toBeGreaterThan(1);
  expect(perplexity).toBeLessThan(64);
  await expect(page.getByRole("status", { name: "Perplexity" })).toHaveText(/^\d+\.\d$/);
});

test("who looks away while digits are encoded finds the rest done later", async ({ visit, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await visit.begin("#model=E17");
  const view = page.getByRole("region", { name: "Code grid" });
  const count = () => page.evaluate(`latentLab.store.get("codes")?.count ?? 0`);
  const answered = await listen(page);
  await view.scrollIntoViewIfNeeded();
  await expect.poll(count, { intervals: [20] }).toBeGreaterThan(0);
  await page.evaluate(() => scrollTo(0, 0));
  await answered();
  expect(await count(), "what nobody sees is not encoded").toBeLessThan(10_000);
  await view.scrollIntoViewIfNeeded();
  await expect.poll(count).toBe(10_000);
  await expect(view.getByText(/over 10,000 test digits/)).toBeVisible();
});

test("codes that no cell takes are dead, and the bars say so in words", async ({ visit, page }) => {
  await visit.begin("#model=E14/plain&from=fresh");
  const view = page.getByRole("region", { name: "Code grid" });
  await view.scrollIntoViewIfNeeded();
  await expect(view.getByText(/, [1-9]\d* dead codes?, over 10,000 test digits/)).toBeVisible();
  expect(await view.getByRole("toolbar").getByText("dead").count()).toBeGreaterThan(0);
});

test("experiments that are left quickly leave no complaint behind", async ({ visit, page }) => {
  await visit.begin("#model=E17");
  await page.getByRole("region", { name: "Prior", exact: true }).scrollIntoViewIfNeeded();
  const answered = await listen(page);
  for (const id of ["E8", "E17", "E8", "E17", "E6"]) {
    await visit.experiment.selectOption(id);
    await visit.opened(id);
  }
  await answered();
  // Before it complains the page waits whether another model is open: who waits later waits longer.
  await page.evaluate(async () => {
    /** @type {typeof import("../../www/experiment/attention.js")} */
    const { isOfOpenModel } = await import(new URL("experiment/attention.js", document.baseURI).href);
    const { store } = /** @type {any} */ (window).latentLab;
    await isOfOpenModel(store, store.get("basis"));
  });
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
  const codes = Array.from({ length: 49 }, (_, cell) => `code${cell + 1}`);
  expect(head).toEqual(["model", "what", "number", "class", "mean_squared_error", "share", ...codes]);
  expect(rows).toHaveLength(2 * (1 + 1000 + 16 + 9 + 64));
  const uses = rows.filter(([model, what]) => model === "E16/vq" && what === "use of a code");
  const shares = uses.map((row) => Number(row[5]));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
});

test("codes are drawn as often as they were counted, and their use is told", async ({ visit, page }) => {
  await visit.begin();
  const { shares, again, use } = await page.evaluate(async () => {
    /** @type {typeof import("../../www/views/codes/use.js")} */
    const { drawIndependently, usesOf } = await import(new URL("views/codes/use.js", document.baseURI).href);
    const drawn = drawIndependently([3, 0, 1], 4000, 7);
    return {
      shares: usesOf(drawn, 3).shares,
      again: String(drawn) === String(drawIndependently([3, 0, 1], 4000, 7)),
      use: usesOf([0, 0, 2, 2, 3, 3, 3, 3], 5),
    };
  });
  for (const [code, share] of [0.75, 0, 0.25].entries()) expect(Math.abs(shares[code] - share)).toBeLessThan(0.03);
  expect(shares[1]).toBe(0);
  expect(again).toBe(true);
  // Python: exp of the entropy of (1/4, 1/4, 1/2) is 2 sqrt 2.
  expect(use).toEqual({
    cells: [2, 0, 2, 4, 0],
    shares: [0.25, 0, 0.25, 0.5, 0],
    perplexity: expect.closeTo(2.828427, 5),
    dead: 2,
  });
});

test("codes that are counted are of one time", async ({ visit, page }) => {
  await visit.begin();
  const found = await page.evaluate(async () => {
    /** @type {typeof import("../../www/experiment/exploring.js")} */
    const { recentOf } = await import(new URL("experiment/exploring.js", document.baseURI).href);
    // Six digits, of which the second pass has come to the second: the last two are of long ago.
    const all = {
      .../** @type {any} */ ({ latent: 1, count: 6, newest: 2, log_variance: null, labels: null }),
      mean: Float32Array.of(10, 11, 2, 3, 4, 5),
      steps: Uint32Array.of(9, 9, 0, 0, 8, 8),
      times: Float64Array.of(60_000, 60_001, 100, 101, 50_000, 50_001),
    };
    const values = (/** @type {boolean} */ isTraining, /** @type {number} */ most) => {
      const { count, mean, step } = recentOf(all, isTraining, most);
      return { step, mean: [...mean.subarray(0, count)] };
    };
    return { training: values(true, 10), few: values(true, 3), still: values(false, 10) };
  });
  expect(found).toEqual({
    training: { step: 9, mean: [11, 10, 5, 4] },
    few: { step: 9, mean: [11, 10, 5] },
    still: { step: 9, mean: [11, 10] },
  });
});

test("near vectors have near colours", async ({ visit, page }) => {
  await visit.begin("#model=E14");
  await expect.poll(() => page.evaluate(`latentLab.store.get("palette")?.colors.length`)).toBe(64);
  const palette =
    await page.evaluate(`(({ vectors, colors, dimension }) => ({ vectors: [...vectors], colors, dimension }))(
    latentLab.store.get("palette"))`);
  const { vectors, colors, dimension } = /** @type {{ vectors: number[], colors: string[], dimension: number }} */ (
    palette
  );
  const points = colors.map((_, code) => vectors.slice(code * dimension, (code + 1) * dimension));
  const shades = colors.map((color) => (color.match(/-?\d\.\d+/g) ?? []).map(Number));
  const far = (/** @type {number[]} */ a, /** @type {number[]} */ b) => Math.hypot(...a.map((x, at) => x - b[at]));
  const pairs = points.flatMap((point, a) =>
    points.slice(a + 1).map((other, index) => ({
      apart: far(point, other),
      colors: far(shades[a], shades[a + 1 + index]),
    })),
  );
  pairs.sort((a, b) => a.apart - b.apart);
  const mean = (/** @type {typeof pairs} */ some) => some.reduce((sum, { colors }) => sum + colors, 0) / some.length;
  const tenth = Math.round(pairs.length / 10);
  expect(mean(pairs.slice(0, tenth))).toBeLessThan(0.5 * mean(pairs.slice(-tenth)));
});

test("a codebook of one's own is built, and its commitment weighed within its bounds", async ({ visit, page }) => {
  await visit.begin("#model=E14&batch=16");
  const structure = page.getByRole("region", { name: "Structure of the model" });
  await structure.getByText("Structure", { exact: true }).click();
  const fill = async (/** @type {string} */ name, /** @type {string} */ value) => {
    await structure.getByLabel(name).fill(value);
    await structure.getByLabel(name).blur();
  };
  await fill("Codes K", "16");
  await fill("Numbers of each, D", "4");
  await structure.getByLabel("Codebook follows").selectOption("loss");
  await structure.getByLabel("Dead codes").selectOption("off");
  await structure.getByRole("button", { name: "Build it" }).click();
  await expect(visit.steps).toHaveText("0");
  const codebook = async () => {
    const { config } = await visit.info();
    return "codebook" in config ? config.codebook : undefined;
  };
  await expect.poll(codebook).toMatchObject({ size: 16, dimension: 4, update: "gradient", revive_after: 0 });
  await visit.singleSteps(2);
  const sentence = page.getByRole("region", { name: /^Codes: 7 × 7/ });
  await expect(sentence.getByRole("img")).toHaveAccessibleName(/different codes? of 16$/);

  const weight = page.getByRole("slider", { name: "Commitment β" });
  expect([await weight.getAttribute("min"), await weight.getAttribute("max")]).toEqual(["0.1", "2"]);
  await weight.press("End");
  await expect(page).toHaveURL(/beta=2/);
  await visit.singleSteps(1);
  const [first, , last] = await visit.curves();
  expect(last.step).toBe(3);
  expect(first.commitment).toBeGreaterThan(0);
  // An address may ask for what is no weight of a commitment.
  await page.evaluate(() => (location.hash = "#model=E14&beta=5"));
  await expect(visit.news.filter({ hasText: "β = 5 is no weight of a commitment" })).toHaveCount(1);
  await expect(weight).toHaveValue("0.25");
});
