// Drawing with a finger: the page does not scroll under it.

import { DOWN, expect, test } from "../support/visit.js";

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

/**
 * A finger goes from point to point.
 *
 * @param {import("@playwright/test").Page} page
 * @param {{ x: number, y: number }[]} points of the window
 */
async function swipe(page, points) {
  const device = await page.context().newCDPSession(page);
  /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {{ x: number, y: number }[]} touchPoints */
  const touch = (type, touchPoints) => device.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [points[0]]);
  for (const point of points) await touch("touchMove", [point]);
  await touch("touchEnd", []);
}

/**
 * Points of a picture, which is brought into the middle of the window.
 *
 * @param {import("@playwright/test").Locator} picture
 * @param {[x: number, y: number][]} shares of its width and height
 */
async function within(picture, shares) {
  await picture.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = await picture.boundingBox();
  if (!box) throw new Error("the picture is not shown");
  return shares.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
}

/**
 * Two fingers apart, until the page is larger.
 *
 * @param {import("@playwright/test").Page} page
 * @param {{ x: number, y: number }} around
 */
async function pinch(page, around) {
  const device = await page.context().newCDPSession(page);
  const scale = () => page.evaluate(() => visualViewport?.scale ?? 1);
  const before = await scale();
  await device.send("Input.synthesizePinchGesture", { ...around, scaleFactor: 2 });
  await expect.poll(scale).toBeGreaterThan(1.5 * before);
}

/**
 * A finger comes down, and then another one beside it.
 *
 * @param {import("@playwright/test").Page} page
 * @param {{ x: number, y: number }[]} points
 * @param {() => Promise<void>} between the two
 */
async function joined(page, [one, other], between) {
  const device = await page.context().newCDPSession(page);
  /** @param {"touchStart" | "touchEnd"} type @param {{ x: number, y: number }[]} touchPoints */
  const touch = (type, touchPoints) => device.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [one]);
  await between();
  await touch("touchStart", [one, other]);
  await touch("touchEnd", []);
}

test("a finger draws, and the page stays where it is", async ({ visit, page }) => {
  await visit.begin();
  await visit.clear.tap();
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  const points = await visit.positions(DOWN);
  const scrolled = () => page.evaluate(() => [scrollX, scrollY]);
  const before = await scrolled();
  await swipe(page, points);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  const rows = (await visit.pixels(visit.seen)).filter((value, at) => at % 28 === 14 && value > 128);
  expect(rows.length, "a stroke from top to bottom").toBeGreaterThan(14);
  expect(await scrolled()).toEqual(before);
});

test("two fingers zoom the page and leave no ink, and a pen draws while the palm rests", async ({ visit, page }) => {
  await visit.begin();
  await visit.latent(1).fill("2");
  const device = await page.context().newCDPSession(page);
  const [palm, pen, on] = await visit.positions([
    [0.7, 0.8],
    [0.3, 0.3],
    [0.5, 0.5],
  ]);
  const drawn = () => visit.drawing.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const before = await drawn();
  // Each event carries a time of its own, so that nothing has to wait for the clock.
  const now = Date.now() / 1000;
  /**
   * @param {"touchStart" | "touchMove" | "touchEnd"} type
   * @param {{ x: number, y: number, id: number }[]} touchPoints
   * @param {number} [later]
   */
  const touch = (type, touchPoints, later = 0) =>
    device.send("Input.dispatchTouchEvent", { type, touchPoints, timestamp: now + later });
  /** A stroke of the pen, and what the palm does in the middle of it. @param {() => Promise<unknown>} during @param {number} later */
  const write = async (during = async () => {}, later = 0) => {
    /** @param {"mousePressed" | "mouseMoved" | "mouseReleased"} type @param {{ x: number, y: number }} place */
    const send = (type, place) =>
      device.send("Input.dispatchMouseEvent", {
        type,
        ...place,
        button: "left",
        buttons: 1,
        clickCount: 1,
        pointerType: "pen",
        timestamp: now + later,
      });
    await send("mousePressed", pen);
    await during();
    await send("mouseMoved", on);
    await send("mouseReleased", on);
  };
  const [first, second, third] = [palm, pen, on].map((place, id) => ({ ...place, id }));
  const aside = { ...first, x: first.x - 60 };

  // Fingers that come together draw nothing, not for a moment: what was made of the latents is as it was.
  const own = () => page.evaluate(`latentLab.store.get("overrides")[0]`);
  await touch("touchStart", [first, second]);
  await touch("touchMove", [aside, second]);
  await touch("touchEnd", []);
  expect(await drawn()).toBe(before);
  expect(await own()).toBe(2);
  // Where another one joins the first, what that drew goes; a third draws nothing either.
  await touch("touchStart", [first]);
  await expect.poll(drawn).not.toBe(before);
  await touch("touchStart", [first, second]);
  await touch("touchStart", [first, second, third]);
  await touch("touchMove", [first, second, { ...third, x: third.x + 40 }]);
  await touch("touchEnd", []);
  expect(await drawn()).toBe(before);

  // The palm is there first and makes a blot, which goes when the pen comes; later on it leaves nothing.
  await touch("touchStart", [first]);
  await expect.poll(drawn).not.toBe(before);
  await write(() => touch("touchMove", [aside]));
  await touch("touchEnd", []);
  const both = await drawn();
  for (const [type, points] of /** @type {const} */ ([
    ["touchStart", [first]],
    ["touchMove", [aside]],
    ["touchEnd", []],
  ])) {
    await touch(type, [...points], 2);
  }
  expect(await drawn(), "between two strokes of the pen").toBe(both);
  await visit.undo.tap();
  expect(await drawn()).toBe(before);
  await expect(visit.undo).toBeDisabled();
  await write();
  expect(await drawn()).toBe(both);
  await visit.undo.tap();

  // A palm that has lifted again just before goes too; what a finger drew a while ago stays.
  await touch("touchStart", [first], 10);
  await touch("touchEnd", [], 10.1);
  expect(await drawn()).not.toBe(before);
  await write(undefined, 10.4);
  expect(await drawn()).toBe(both);
  await visit.undo.tap();
  await touch("touchStart", [first], 20);
  await touch("touchEnd", [], 20.1);
  const blot = await drawn();
  expect(blot).not.toBe(before);
  await write(undefined, 21);
  await visit.undo.tap();
  expect(await drawn()).toBe(blot);
  await pinch(page, on);
  expect(await drawn()).toBe(blot);
});

test("beside the drawing a finger scrolls", async ({ visit, page }) => {
  await visit.begin();
  const device = await page.context().newCDPSession(page);
  await device.send("Input.synthesizeScrollGesture", { x: 195, y: 700, yDistance: -300 });
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
});

test("a finger points at the plane, and rubs out what is to be mended", async ({ visit, page }) => {
  await visit.begin("#model=E2");
  const plane = page.getByRole("application", { name: /^Latent plane\./ });
  await plane.scrollIntoViewIfNeeded();
  await expect(plane).toHaveAccessibleName(/10,000 test digits/);
  const there = page.getByRole("img", { name: /^Picture of the place/ });
  const before = await visit.pixels(there);
  const own = () => page.evaluate(`latentLab.store.get("overrides").join()`);
  const [place, on] = await within(plane, [
    [0.3, 0.4],
    [0.5, 0.6],
  ]);
  await swipe(page, [place]);
  await visit.becomesOther(there, before);
  // A tap chooses, and a finger that goes on only looks around.
  const chosen = await own();
  expect(chosen).not.toBe(",");
  await swipe(page, [place, on]);
  await expect.poll(own).toBe(chosen);

  // On the small one two fingers zoom the page, and leave the latents as they were.
  const kept = await own();
  const small = page.getByRole("application", { name: /^Latent plane: arrow keys/ });
  const apart = await within(small, [
    [0.2, 0.2],
    [0.8, 0.8],
  ]);
  await joined(page, apart, () => expect.poll(own).not.toBe(kept));
  await expect.poll(own).toBe(kept);

  await visit.experiment.selectOption("E9");
  await visit.opened("E9");
  const view = page.getByRole("region", { name: "Mended" });
  await view.getByRole("button", { name: "Nothing", exact: true }).tap();
  const drawing = view.getByRole("application", { name: /^Your drawing, whole/ });
  const rubbed = drawing.locator("..").locator(".marks .tint");
  await expect(rubbed).toHaveCount(0);
  const top = async () => Math.round((await drawing.boundingBox())?.y ?? NaN);
  const points = await within(drawing, [
    [0.3, 0.5],
    [0.5, 0.5],
    [0.7, 0.5],
  ]);
  const at = await top();
  await swipe(page, points);
  await expect.poll(() => rubbed.count()).toBeGreaterThan(40);
  expect(await top(), "the page stays under the finger").toBe(at);
  const count = await rubbed.count();
  const fingers = await within(drawing, [
    [0.5, 0.2],
    [0.5, 0.8],
  ]);
  await joined(page, fingers, () => expect.poll(() => rubbed.count()).toBeGreaterThan(count));
  await expect(rubbed).toHaveCount(count);
});

test("a finger paints cells, and marks a rectangle of theirs", async ({ visit, page }) => {
  await visit.begin("#model=E16");
  const codes = page.getByRole("region", { name: "Code grid" });
  const grid = codes.getByRole("application", { name: /^Grid of codes/ });
  await grid.scrollIntoViewIfNeeded();
  await codes
    .getByRole("toolbar")
    .getByRole("button", { name: /^Code 20/ })
    .tap();
  await swipe(
    page,
    await within(grid, [
      [0.07, 0.5],
      [0.5, 0.5],
      [0.93, 0.5],
    ]),
  );
  const kinds = () => page.evaluate(`[...new Set(latentLab.store.get("look").latents.slice(21, 28))].join()`);
  await expect.poll(kinds).toBe("20");

  const edits = page.getByRole("region", { name: "Edits" });
  const theirs = edits.getByRole("application", { name: /^Their codes: 7 by 7 cells/ });
  await edits.scrollIntoViewIfNeeded();
  await expect(theirs).toBeVisible();
  await swipe(
    page,
    await within(theirs, [
      [0.2, 0.2],
      [0.5, 0.5],
      [0.8, 0.8],
    ]),
  );
  await expect(edits.getByText("5 × 5 of their cells are marked.")).toBeVisible();

  // Two fingers paint nothing.
  const own = () => page.evaluate(`latentLab.store.get("overrides").join()`);
  const painted = await own();
  const fingers = await within(grid, [
    [0.5, 0.2],
    [0.5, 0.8],
  ]);
  await joined(page, fingers, () => expect.poll(own).not.toBe(painted));
  await expect.poll(own).toBe(painted);
});
