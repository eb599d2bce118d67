// Drawing: the reconstruction follows the pen, whatever the pen is.

import { ACROSS, difference, DOWN, expect, test } from "../support/visit.js";

test("the page is alive before anything is clicked", async ({ visit }) => {
  await visit.begin();
  await expect(visit.seen).toHaveAccessibleName(/your drawing, centred/);
  for (const picture of [visit.seen, visit.reconstruction]) {
    expect(Math.max(...(await visit.pixels(picture)))).toBeGreaterThan(128);
  }
  const marks = await visit.page.evaluate(
    () => performance.getEntriesByName("lab:first-reconstruction", "mark").length,
  );
  expect(marks).toBe(1);
});

test("the shipped weights reconstruct a sample digit", async ({ visit }) => {
  await visit.begin();
  const [seen, made] = [await visit.pixels(visit.seen), await visit.pixels(visit.reconstruction)];
  const ink = seen.reduce((sum, value) => sum + value);
  expect(difference(seen, made) / ink, "share of the ink that is elsewhere").toBeLessThan(0.6);
});

test("the reconstruction follows the pen", async ({ visit }) => {
  await visit.begin();
  await visit.clear.click();
  let before = await visit.pixels(visit.reconstruction);
  const now = () => visit.page.evaluate(() => performance.now());
  const seen = [await now()];
  await visit.stroke(DOWN, async () => {
    await visit.becomesOther(visit.reconstruction, before);
    before = await visit.pixels(visit.reconstruction);
    seen.push(await now());
  });
  // What was measured of a point begins with the pen and ends with the picture: between two pictures that were seen.
  const measures = await visit.page.evaluate(() =>
    performance.getEntriesByName("lab:reconstruction", "measure").map(({ startTime, duration }) => ({
      start: startTime,
      end: startTime + duration,
    })),
  );
  for (const [point, until] of seen.slice(1).entries()) {
    const within = measures.filter(({ start, end }) => start > seen[point] && end > start && end < until);
    expect(within.length, `point ${point + 1}`).toBeGreaterThan(0);
  }
});

test("the last stroke is never dropped, however fast it comes", async ({ visit }) => {
  await visit.begin();
  await visit.clear.click();
  await visit.stroke(DOWN);
  const before = await visit.pixels(visit.reconstruction);
  // Point by point, each answered before the next.
  let last = before;
  await visit.stroke(ACROSS, async () => {
    await visit.becomesOther(visit.reconstruction, last);
    last = await visit.pixels(visit.reconstruction);
  });
  const slowly = await visit.pixels(visit.reconstruction);

  await visit.clear.click();
  await visit.stroke(DOWN);
  await visit.stroke(ACROSS);
  await expect.poll(async () => difference(await visit.pixels(visit.reconstruction), slowly)).toBe(0);
});

test("undo takes back, clear leaves nothing, and nothing is claimed of an empty drawing", async ({ visit }) => {
  await visit.begin();
  const sample = await visit.pixels(visit.reconstruction);
  const drawn = await visit.pixels(visit.drawing);
  await visit.stroke(ACROSS);
  await visit.becomesOther(visit.reconstruction, sample);
  await visit.undo.click();
  expect(difference(await visit.pixels(visit.drawing), drawn)).toBe(0);

  await visit.clear.click();
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  await expect(visit.seen).toHaveAccessibleName(/empty/);
  expect(Math.max(...(await visit.pixels(visit.reconstruction)))).toBe(0);
  await expect(visit.page.getByText("Draw a digit here")).toBeVisible();
  await expect(visit.page.getByText(/Draw a stroke/)).toBeVisible();
  await expect(visit.clear).toBeDisabled();
  await expect(visit.page.getByText(/nats from your drawing/)).toBeHidden();

  await visit.undo.click();
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  await visit.page.keyboard.press("Control+z");
  await expect(visit.undo).toBeDisabled();
});

test("another sample digit is another picture, and undo holds numbers, not canvases", async ({ visit, page }) => {
  await visit.begin();
  const device = await page.context().newCDPSession(page);
  /** How many samples are held as large as they are shown. */
  const enlarged = async () => {
    const { result } = await device.send("Runtime.evaluate", { expression: "OffscreenCanvas.prototype" });
    const { objects } = await device.send("Runtime.queryObjects", { prototypeObjectId: result.objectId ?? "" });
    const functionDeclaration = "function () { return this.filter(({ width }) => width === 560).length; }";
    const objectId = objects.objectId ?? "";
    const { result: count } = await device.send("Runtime.callFunctionOn", { objectId, functionDeclaration });
    await device.send("Runtime.releaseObject", { objectId });
    return count.value;
  };
  const first = await visit.pixels(visit.drawing);
  expect(await enlarged()).toBe(1);
  for (let digit = 0; digit < 3; digit += 1) {
    const before = await visit.pixels(visit.seen);
    await visit.another.click();
    await visit.becomesOther(visit.seen, before);
  }
  expect(await enlarged()).toBe(1);
  for (let digit = 0; digit < 3; digit += 1) await visit.undo.click();
  expect(await visit.pixels(visit.drawing)).toEqual(first);
  await expect(visit.undo).toBeDisabled();

  const undone = await page.evaluate(async () => {
    /** @type {typeof import("../../www/views/ink.js")} */
    const { Ink } = await import(new URL("views/ink.js", document.baseURI).href);
    const ink = new Ink(document.createElement("canvas"));
    for (let sample = 0; sample < 300; sample += 1) ink.put({ pixels: new Float32Array(784).fill(1), isInk: true });
    let undone = 0;
    for (; ink.canUndo; undone += 1) ink.undo();
    return undone;
  });
  expect(undone).toBe(100);
});

test("keys draw as well", async ({ visit }) => {
  await visit.begin();
  await visit.drawing.focus();
  await visit.page.keyboard.press("Delete");
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  await visit.page.keyboard.press("Space");
  for (let step = 0; step < 9; step += 1) await visit.page.keyboard.press("ArrowDown");
  await visit.page.keyboard.press("Space");
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  expect(Math.max(...(await visit.pixels(visit.seen)))).toBeGreaterThan(128);
  await visit.page.keyboard.press("Backspace");
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
});

test("drawing goes on while the model trains", async ({ visit }) => {
  await visit.begin("#batch=16");
  await visit.train.click();
  await visit.reaches(5);
  await visit.clear.click();
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  await visit.stroke(DOWN);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  const [before, step] = [await visit.pixels(visit.reconstruction), await visit.step()];
  await visit.reaches(step + 10);
  await visit.becomesOther(visit.reconstruction, before);
  await visit.stop();
});

test("what is taken back in mid-stroke is gone, and the stroke with it", async ({ visit, page }) => {
  await visit.begin();
  await visit.clear.click();
  await visit.stroke(DOWN);
  const one = await visit.pixels(visit.drawing);
  const box = (await visit.drawing.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
  await at(0.2, 0.2);
  await page.mouse.down();
  await at(0.3, 0.3);
  await page.keyboard.press("Control+z");
  await at(0.8, 0.8);
  await page.mouse.up();
  expect(await visit.pixels(visit.drawing)).toEqual(one);
  // By keys: the pen is lifted too.
  await visit.drawing.focus();
  for (const key of ["Space", "ArrowDown", "Backspace", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  expect(await visit.pixels(visit.drawing)).toEqual(one);
});
