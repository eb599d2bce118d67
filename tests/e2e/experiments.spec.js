// Experiments: chosen, alive at once with their own weights, and trained.

import { readdirSync } from "node:fs";
import { sizeOf, table } from "../support/files.js";
import { ACROSS, expect, test } from "../support/visit.js";

test("every model of the table has its shipped weights, and every view is there", async ({ visit }) => {
  await visit.begin();
  const models = await visit.models();
  expect(models.length).toBeGreaterThan(20);
  const files = readdirSync(new URL("../../www/weights/", import.meta.url));
  const views = await visit.views();
  for (const view of views) await expect(visit.page.locator(`#explore > #${view}`)).toHaveCount(1);
  expect(models.map((id) => `${id.replace("/", "-")}.safetensors`).filter((file) => !files.includes(file))).toEqual([]);
});

test("an experiment is chosen, looked at, trained, saved and opened", async ({ visit }) => {
  test.setTimeout(400_000);
  await visit.begin();
  /** @type {Awaited<ReturnType<typeof visit.saved>>[]} */
  const files = [];
  for (const id of await visit.experiments()) {
    await test.step(id, async () => {
      const before = await visit.pixels(visit.reconstruction);
      await visit.experiment.selectOption(id);
      await visit.opened(id);
      if (id !== "tiny") await visit.becomesOther(visit.reconstruction, before);
      await expect(visit.story).toBeVisible();
      await visit.batch.selectOption("16 images");
      const begun = await visit.step();
      const step = await visit.trainTo(begun + 20);
      const file = await visit.saved();
      expect(file.name).toContain(`step-${step}`);
      await visit.singleSteps(1);
      await visit.choose(file);
      await expect(visit.steps).toHaveText(step.toLocaleString("en"));
      await expect(visit.experiment).toHaveValue(id);
      files.push(file);
    });
  }
  // A file of another experiment opens as that, and says so.
  await visit.choose(files[1]);
  await expect(visit.experiment).toHaveValue("E1");
  await expect(visit.news).toContainText("It belongs to “A dense autoencoder”.");
});

test("of quick choices the last one counts, and a drawing stays", async ({ visit }) => {
  await visit.begin("#model=E4&from=fresh&batch=16");
  await visit.clear.click();
  await visit.stroke(ACROSS);
  await visit.train.click();
  await visit.reaches(2);
  const drawn = await visit.pixels(visit.seen);
  for (const id of ["E7", "E10", "E5", "E13", "E2", "E6"]) await visit.experiment.selectOption(id);
  await visit.opened("E6");
  await expect(visit.experiment).toHaveValue("E6");
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  expect(await visit.pixels(visit.seen)).toEqual(drawn);
  const step = await visit.step();
  await visit.singleSteps(1);
  expect(await visit.step()).toBe(step + 1);
});

test("the models of an experiment are compared by a click", async ({ visit, page }) => {
  await visit.begin("#model=E13");
  await expect(page.getByText(/The encoder tells 0\.0\d\d nats/)).toBeVisible();
  const collapsed = await visit.pixels(visit.reconstruction);
  await page.getByRole("radio", { name: "error summed" }).check();
  await visit.opened("E13/mended");
  await visit.becomesOther(visit.reconstruction, collapsed);
  await expect(page).toHaveURL(/#model=E13%2Fmended$/);
  // A code has no KL and no prior.
  await page.getByRole("radio", { name: "no KL at all" }).check();
  await visit.opened("E13/ae");
  await expect(page.getByRole("heading", { name: /^KL/ })).toBeHidden();
  await expect(visit.prior).toBeHidden();
});

test("posterior collapse is told in words, and bars show what each latent tells", async ({ visit, page }) => {
  await visit.begin("#model=E13");
  const bars = page.getByRole("region", { name: "KL of each latent" });
  await bars.scrollIntoViewIfNeeded();
  await expect(bars.getByRole("status")).toContainText("Posterior collapse");
  await expect(bars).toContainText("0 of 2 in use");
  await page.getByRole("radio", { name: "error summed" }).check();
  await bars.scrollIntoViewIfNeeded();
  await expect(bars).toContainText("2 of 2 in use");
  await expect(bars.getByText("Posterior collapse")).toHaveCount(0);
  await expect(bars.getByRole("listitem")).toHaveCount(2);

  await expect(bars).toContainText("over 10,000 pictures");
  const csv = await visit.kept(bars.getByRole("button", { name: "CSV" }));
  expect(csv.name).toBe("kl-E13-mended.csv");
  const [names, ...rows] = table(csv);
  expect(names).toEqual(["latent", "kl", "variance_of_means", "active"]);
  const shown = await bars.getByRole("listitem").allInnerTexts();
  rows.forEach(([, kl], index) => expect(shown[index]).toContain(`${Number(kl).toFixed(2)} nats`));
  expect(rows.map(([latent, , , active]) => [latent, active])).toEqual([
    ["1", "1"],
    ["2", "1"],
  ]);
  const svg = new TextDecoder().decode((await visit.kept(bars.getByRole("button", { name: "SVG" }))).bytes);
  for (const [, kl] of rows) expect(svg).toContain(`>${Number(kl).toFixed(2)} nats<`);
  expect(svg).not.toContain("var(");
});

test("a noisy drawing is restored, and a slider says how noisy", async ({ visit, page }) => {
  await visit.begin("#model=E8");
  const mend = page.getByRole("region", { name: "Mended" });
  const damaged = mend.getByRole("img", { name: /as the model sees it/ });
  const error = async () => {
    const [, before, after] =
      (await mend.getByRole("status").last().innerText()).match(/([\d.]+) damaged, ([\d.]+) mended/) ?? [];
    return { before: Number(before), after: Number(after) };
  };
  await expect.poll(async () => (await error()).before).toBeGreaterThan(0.05);
  const { before, after } = await error();
  expect(after).toBeLessThan(before / 2);
  const noisy = await visit.pixels(damaged);
  const [names, ...rows] = table(await visit.kept(mend.getByRole("button", { name: "CSV" })));
  expect(names).toEqual(["row", "column", "drawing", "seen", "mended"]);
  const apart = (/** @type {number} */ column) =>
    rows.reduce((sum, row) => sum + (Number(row[column]) - Number(row[2])) ** 2, 0) / rows.length;
  expect([apart(3).toFixed(4), apart(4).toFixed(4)]).toEqual([before.toFixed(4), after.toFixed(4)]);
  const sheet = await visit.kept(mend.getByRole("button", { name: "PNG" }));
  expect(sheet.name).toBe("mended-E8.png");
  expect(sizeOf(sheet.bytes)).toEqual([3 * 224 + 2 * 12, 224 + 28]);
  await mend.getByRole("slider", { name: "Noise σ" }).fill("0.1");
  await visit.becomesOther(damaged, noisy);
  await expect.poll(async () => (await error()).before).toBeLessThan(before / 4);
});

test("what is erased of a drawing is completed", async ({ visit, page }) => {
  await visit.begin("#model=E9/16");
  const mend = page.getByRole("region", { name: "Mended" });
  const damaged = mend.getByRole("img", { name: /as the model sees it/ });
  const ink = async () => (await visit.pixels(damaged)).reduce((sum, value) => sum + value, 0);
  await mend.getByRole("button", { name: "Nothing" }).click();
  await expect
    .poll(async () => (await mend.getByRole("status").last().innerText()).includes("0.0000 damaged"))
    .toBe(true);
  const all = await ink();
  await mend.getByRole("button", { name: "Square" }).click();
  await expect.poll(ink).toBeLessThan(0.7 * all);
  await mend.getByRole("button", { name: "Nothing" }).click();
  await expect.poll(ink).toBe(all);
  const drawing = mend.getByRole("application", { name: /^Your drawing, whole/ });
  await drawing.scrollIntoViewIfNeeded();
  const box = (await drawing.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 12 });
  await page.mouse.up();
  await expect.poll(ink).toBeLessThan(0.95 * all);

  // The keys rub too, and a quick hand rubs all of its way.
  const rubbed = mend.locator(".marks .tint");
  await mend.getByRole("button", { name: "Nothing" }).click();
  await expect(rubbed).toHaveCount(0);
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2);
  await page.mouse.up();
  await expect.poll(() => rubbed.count()).toBeGreaterThan(22 * 4);
  await mend.getByRole("button", { name: "Nothing" }).click();
  await drawing.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect(rubbed).toHaveCount(13); // All within two pixels of one.
  await expect(drawing).toHaveAccessibleName(/it is at row 13, column 14$/);
  // Another code size is compared on the same damage.
  await page.getByRole("slider", { name: "Code size" }).press("End");
  await visit.opened("E9/64");
  await expect(rubbed).toHaveCount(13);
});

test("digits are rebuilt and samples drawn in grids, which sharpen while it trains", async ({ visit, page }) => {
  await visit.begin("#model=E2&from=fresh&batch=16");
  const grids = page.getByRole("region", { name: "Rebuilt and dreamt up" });
  await grids.scrollIntoViewIfNeeded();
  const [pairs, samples] = ["pictures of the data, each over the same rebuilt", "samples from the prior"].map((name) =>
    grids.getByRole("img", { name: new RegExp(`^64 pictures: ${name}, at step`) }),
  );
  for (const grid of [pairs, samples]) {
    // What arrives above may push them out of sight, and what is not seen waits.
    await expect(async () => {
      await grids.scrollIntoViewIfNeeded();
      await expect(grid).toBeVisible({ timeout: 2000 });
    }).toPass();
  }
  const before = await Promise.all([pairs, samples].map((grid) => visit.pixels(grid)));
  await visit.train.press("Enter");
  await grids.scrollIntoViewIfNeeded();
  await visit.becomesOther(pairs, before[0]);
  await visit.becomesOther(samples, before[1]);
  await visit.stop();
  // Rows of 16 digits, and under each the row of what is made of them: only that changes.
  const after = await visit.pixels(pairs);
  const row = 16 * 28 * 28;
  for (let start = 0; start < after.length; start += row) {
    const [now, then] = [after, before[0]].map((pixels) => pixels.slice(start, start + row));
    if ((start / row) % 2 === 0) expect(now).toEqual(then);
    else expect(now).not.toEqual(then);
  }
  const [names, ...rows] = table(await visit.kept(grids.getByRole("button", { name: "CSV" })));
  expect(names).toEqual(["image", "class", "mean_squared_error", "z1", "z2"]);
  expect(rows.map(([digit]) => Number(digit))).toEqual(Array.from({ length: 64 }, (_, digit) => digit));
  for (const [, label, error] of rows) {
    expect(label).toMatch(/^\d$/);
    expect(Number(error)).toBeGreaterThan(0);
  }
  const sheet = await visit.kept(grids.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)).toEqual([16 * 28 + 12 + 224, 224 + 28]);
  await visit.experiment.selectOption("E1");
  await grids.scrollIntoViewIfNeeded();
  await expect(samples).toBeHidden();
});

test("what an experiment suggests is done by its buttons", async ({ visit, page }) => {
  await visit.begin("#model=E2");
  await page.getByRole("group", { name: "Try this" }).getByRole("button", { name: "β = 2" }).click();
  await visit.opened("E2/beta2");
  await expect(visit.beta).toHaveValue("2");

  // Some press what a view has.
  await visit.experiment.selectOption("E11");
  await visit.opened("E11");
  await page.getByRole("group", { name: "Try this" }).getByRole("button", { name: "After the normal CDF" }).click();
  await expect(page.getByRole("checkbox", { name: /^After the normal CDF/ })).toBeChecked();
});

test("everything that a story presses is there", async ({ visit, page }) => {
  await visit.begin();
  await expect(page.locator("#plane header")).toBeAttached();
  const missing = await page.evaluate(async () => {
    /** @type {typeof import("../../www/stories.js")} */
    const { STORIES } = await import(new URL("stories.js", document.baseURI).href);
    const pressed = Object.values(STORIES).flatMap(({ tries }) => tries.flatMap(({ press }) => (press ? [press] : [])));
    const found = (/** @type {readonly [string, ...string[]]} */ [place, ...names]) => {
      const all = [...(document.getElementById(place)?.querySelectorAll("button, label") ?? [])];
      return names.every((name) => all.some(({ textContent }) => textContent?.trim().startsWith(name)));
    };
    return { told: Object.keys(STORIES), pressed, missing: pressed.filter((press) => !found(press)) };
  });
  expect(missing.missing).toEqual([]);
  expect(missing.pressed.length).toBeGreaterThan(3);
  expect(missing.told, "a story for each experiment").toEqual(await visit.experiments());
});

test("the data are asked for only where somebody looks at them", async ({ visit, page }) => {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const digits = (/** @type {string} */ part) => asked.filter((path) => path.includes(`${part}-images`));
  await page.setViewportSize({ width: 1280, height: 720 });
  await visit.begin();
  await expect(visit.device).toContainText("CPU: ");
  await visit.prior.click();
  await visit.clear.click();
  await visit.stroke(ACROSS);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  expect([...digits("train"), ...digits("t10k")]).toEqual([]);
  await page.getByRole("region", { name: "Latent plane" }).scrollIntoViewIfNeeded();
  await expect.poll(() => digits("t10k")).toHaveLength(1);
  expect(digits("train"), "a look at test digits is no training").toEqual([]);
});
