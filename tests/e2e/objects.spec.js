// Scenes of several digits: found, counted, taken apart and put together again.

import { bars, sizeOf, table } from "../support/files.js";
import { difference, expect, test } from "../support/visit.js";

/** @param {import("@playwright/test").Page} page */
function parts(page) {
  const view = page.locator("#objects");
  return {
    view,
    cells: view.getByRole("img", { name: /^What each/ }),
    stage: view.getByRole("application", { name: /^Objects/ }),
    alone: view.getByRole("listitem").getByRole("button"),
    middle: page.getByRole("region", { name: /^Objects: \d/ }),
    button: (/** @type {string} */ name) => view.getByRole("button", { name, exact: true }),
  };
}

/** Of each object that is decoded: its place and its numbers. @param {import("../support/visit.js").Visit} visit */
async function objects(visit) {
  const hook = await visit.hook();
  return hook.evaluate(async ({ store }) => {
    /** @type {typeof import("../../www/scene.js")} */
    const { objectsIn } = await import(new URL("scene.js", document.baseURI).href);
    const { latents, parts, found } = store.get("look") ?? {};
    const all = latents ? objectsIn(latents, 12) : [];
    const pixels = (parts?.length ?? 0) / all.length;
    return all.map(({ slot, where, mean }, index) => ({
      slot,
      where,
      mean: [...mean],
      pixels: [...(parts?.subarray(index * pixels, (index + 1) * pixels) ?? [])],
      cell: found?.objects[slot]?.cell,
    }));
  });
}

/** A one at a column, as shares of the drawing area. @param {number} x @param {number} top */
const one = (x, top) => [0, 0.1, 0.2, 0.3].map((down) => /** @type {[number, number]} */ ([x, top + down]));

test("two digits are two objects; one is moved, changed, copied and deleted, and the other stays", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E3");
  const { view, cells, stage, alone, middle, button } = parts(page);
  await expect(middle).toContainText("the model counts 2 ✓");
  await view.scrollIntoViewIfNeeded();
  await expect(alone).toHaveCount(2);
  await expect(cells).toHaveAccessibleName(/What each of 6 by 6 cells says: 1 is cell \d+ with [\d.]+ nats; 2 is cell/);
  const [first, second] = await objects(visit);
  expect(Math.hypot(first.where[0] - second.where[0], first.where[1] - second.where[1])).toBeGreaterThan(10);

  // A hand takes the second one, and drops it three pixels further down and five to the left.
  const box = await stage.boundingBox();
  if (!box) throw new Error("the objects are not shown");
  const at = (/** @type {number[]} */ [row, column]) =>
    /** @type {const} */ ([box.x + ((column + 0.5) / 48) * box.width, box.y + ((row + 0.5) / 48) * box.height]);
  await page.mouse.move(...at(second.where));
  await page.mouse.down();
  await page.mouse.move(...at([second.where[0] + 3, second.where[1] - 5]), { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await objects(visit))[1].where[0] - second.where[0]).toBeCloseTo(3, 0);
  const moved = await objects(visit);
  expect(moved[1].where[1] - second.where[1]).toBeCloseTo(-5, 0);
  expect(moved[1].mean).toEqual(second.mean);
  expect(moved[0]).toEqual(first);
  await expect(view.getByRole("status")).toHaveText("Moved: 2 objects are decoded.");
  await expect(visit.reconstruction).toHaveAccessibleName(/^Decoded from your objects: 48 by 48/);

  // All of a drag is undone at once.
  await button("Undo").click();
  await expect.poll(async () => (await objects(visit))[1].where).toEqual(second.where);

  // By keys, too, however fast: each press is a step of its own, a held key is one for all.
  await stage.focus();
  await page.keyboard.press("1");
  const across = async () => (await objects(visit))[0].where[1] - first.where[1];
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(across).toBeCloseTo(4, 4);
  for (let repeat = 0; repeat < 3; repeat += 1) await page.keyboard.down("ArrowLeft");
  await page.keyboard.up("ArrowLeft");
  await expect.poll(across).toBeCloseTo(-2, 4);
  // Ctrl+Z is for the objects there, not for the drawing.
  for (const far of [4, 2, 0]) {
    await page.keyboard.press("Control+z");
    await expect.poll(across).toBeCloseTo(far, 4);
  }
  expect(await objects(visit)).toEqual([first, second]);

  // A slider changes one object alone.
  const slider = middle.getByRole("slider", { name: "Latent 3", exact: true });
  await slider.fill("2.5");
  await expect.poll(async () => (await objects(visit))[0].mean[2]).toBeCloseTo(2.5, 5);
  const slid = await objects(visit);
  expect(slid[1]).toEqual(second);
  expect(difference(slid[0].pixels, first.pixels)).toBeGreaterThan(1);
  await expect(alone.nth(0)).toHaveText(/^1: [\d.]+ nats, changed$/);
  // Another latent is another edit.
  await middle.getByRole("slider", { name: "Latent 5", exact: true }).fill("-2");
  await expect.poll(async () => (await objects(visit))[0].mean[4]).toBeCloseTo(-2, 5);
  await button("Undo").click();
  await expect.poll(async () => (await objects(visit))[0].mean).toEqual(slid[0].mean);
  await button("Undo").click();
  await expect.poll(() => objects(visit)).toEqual([first, second]);

  // Copied, and dropped into the next scene.
  await button("Copy").click();
  await button("Another scene").click();
  await expect(middle).toContainText("the model counts 3 ✓");
  const before = await objects(visit);
  await button("Drop it here").click();
  await expect.poll(async () => (await objects(visit)).length).toBe(before.length + 1);
  const dropped = (await objects(visit)).find(({ slot }) => !before.some((object) => object.slot === slot));
  expect(dropped?.mean).toEqual(first.mean);
  await expect(alone.nth(dropped?.slot ?? 0)).toHaveText(/: added by you$/);
  await expect(stage).toHaveAccessibleName(new RegExp(`Object ${(dropped?.slot ?? 0) + 1} is chosen`));
  await stage.focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => objects(visit)).toEqual(before);

  // What is seen is saved.
  const picture = await visit.kept(button("PNG"));
  expect(sizeOf(picture.bytes)[0]).toBeGreaterThan(3 * 384);
  const [head, ...rows] = table(await visit.kept(button("CSV")));
  expect(head.slice(0, 5)).toEqual(["what", "number", "cell", "row", "column"]);
  expect(head.slice(5, 8)).toEqual(["presence", "kl", "kl_times_presence"]);
  expect(rows.filter(([what]) => what === "cell")).toHaveLength(36);
  expect(rows.filter(([what]) => what === "object")).toHaveLength(before.length);

  await button("Sample from the prior").click();
  await expect(alone).toHaveCount(3);
  await expect(view.getByRole("status")).toHaveText(/Sampled: 3 objects are decoded\.$/);
});

test("a drawing of two digits is looked at where it is, and counted", async ({ visit, page }) => {
  await visit.begin("#model=E3");
  const { middle } = parts(page);
  await visit.clear.click();
  await expect(page.getByText("Draw two or three digits here, apart")).toBeVisible();
  await visit.stroke(one(0.25, 0.1));
  await visit.stroke(one(0.75, 0.55));
  await expect.poll(async () => (await objects(visit)).length).toBe(2);
  // Ones of 14 pixels around rows 11.5 and 33, and columns 11.5 and 35.5: each has its ink there.
  const middles = (await objects(visit)).map(({ pixels }) => {
    const ink = pixels.reduce((sum, grey) => sum + grey, 0);
    const along = (/** @type {(at: number) => number} */ axis) =>
      pixels.reduce((sum, grey, at) => sum + grey * axis(at), 0) / ink;
    return [along((at) => Math.floor(at / 48)), along((at) => at % 48)];
  });
  const far = middles.map(([row, column], index) => Math.hypot(row - [11.5, 33][index], column - [11.5, 35.5][index]));
  for (const distance of far) expect(distance).toBeLessThan(2);
  await expect(visit.seen).toHaveAccessibleName("What the model sees: your drawing, 48 by 48 pixels");
  await expect(middle).toContainText("the model counts 2");
  await expect(middle).not.toContainText("✓");
  await middle.getByLabel("Digits that you drew").selectOption("3");
  await expect(middle).toContainText("the model counts 2 ✗");
  // Among single digits it is none.
  await visit.experiment.selectOption("E1");
  await visit.opened("E1");
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  // Whoever comes back finds another scene, and their own one step before it.
  await visit.experiment.selectOption("E3");
  await visit.opened("E3");
  await expect(middle).toContainText("✓");
  await page.locator("#drawing").getByRole("button", { name: "Undo" }).click();
  const places = async () => (await objects(visit)).map(({ where }) => where);
  await expect.poll(places).toEqual([expect.any(Array), expect.any(Array)]);
  await expect(middle).toContainText("the model counts 2");
  await expect(middle).not.toContainText("✓");
});

test("what no weight is made for changes at once, also in mid-training; the rest needs a fresh model", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E3&from=fresh&batch=16");
  const structure = page.getByRole("region", { name: "Structure of the model" });
  await structure.getByText("Structure", { exact: true }).click();
  await visit.train.click();
  await visit.reaches(2);
  // An object that is dragged to the edge of this canvas is beyond the next one's, and stays on it.
  await page.evaluate(() => {
    const { experiment, store } = /** @type {any} */ (window).latentLab;
    const row = new Array(8 * 15).fill(0);
    row.splice(0, 3, 0.999, 47, 47);
    experiment.looking.setLatents(row);
    store.set({ canvas: 40 });
  });
  await expect.poll(async () => (await visit.info()).space).toMatchObject({ sides: [5, 5] });
  await expect(visit.reconstruction).toHaveAccessibleName(/40 by 40 pixels/);
  await expect(visit.problem).toHaveCount(0);
  await structure.getByLabel("Objects at most, K").fill("1");
  await structure.getByLabel("Canvas").selectOption("56");
  await structure.getByLabel("An object costs, nats").fill("20");
  await structure.getByLabel("An object costs, nats").blur();
  await expect(structure.getByText(/no weight has to be another/)).toBeVisible();
  await structure.getByRole("button", { name: "Go on so" }).click();
  await expect.poll(async () => (await visit.info()).space).toMatchObject({ kind: "objects", most: 1, sides: [7, 7] });
  expect(new URL(page.url()).hash).toContain("objects=1&canvas=56&presence=20");
  const reached = await visit.step();
  await visit.reaches(reached + 1);
  const step = await visit.stop();
  expect(step).toBeGreaterThan(2);
  const [first] = (await visit.curves()).slice(-1);
  expect(Object.keys(first)).toEqual(expect.arrayContaining(["reconstruction", "kl", "where", "presence", "overlap"]));
  await expect(visit.seen).toHaveAccessibleName(/56 by 56 pixels/);

  // Scenes are made of what is dropped, too.
  await visit.drop({ name: "bars.idx", bytes: bars(30) });
  await expect(visit.news).toContainText("bars.idx: 30 images");
  await visit.another.click();
  await expect(visit.seen).toHaveAccessibleName(/56 by 56 pixels/);
  await visit.singleSteps(1);

  // It is saved so, and opened so.
  const file = await visit.saved();
  await visit.experiment.selectOption("E1");
  await visit.opened("E1");
  await visit.choose(file);
  await expect(visit.steps).toHaveText(String(step + 1));
  expect((await visit.info()).config).toMatchObject({
    family: "objects",
    objects: 1,
    image: [56, 56],
    presence_cost: 20,
  });

  // Shipped weights do for it, too; but not for cells that are chosen otherwise.
  await visit.reset.click();
  await expect.poll(() => visit.step()).toBeGreaterThan(1000);
  expect((await visit.info()).space).toMatchObject({ most: 1, sides: [7, 7] });
  await visit.story.getByRole("button", { name: "Train with the 4 strongest cells alone" }).click();
  await expect.poll(async () => (await visit.info()).config).toMatchObject({ selection: "largest_kl", objects: 4 });
  await visit.reaches(1);
  await visit.pause.click();
  await expect
    .poll(async () => Object.keys((await visit.curves())[0]))
    .toEqual(["step", "reconstruction", "kl", "where"]);
});
