// Drawing with a finger: the page does not scroll under it.

import { DOWN, expect, test } from "../support/visit.js";

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

test("a finger draws, and the page stays where it is", async ({ visit, page }) => {
  await visit.begin();
  await visit.clear.tap();
  await expect(visit.reconstruction).toHaveAccessibleName(/none/);
  const points = await visit.positions(DOWN);
  const scrolled = () => page.evaluate(() => [scrollX, scrollY]);
  const before = await scrolled();
  const device = await page.context().newCDPSession(page);
  /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {{ x: number, y: number }[]} touchPoints */
  const touch = (type, touchPoints) => device.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [points[0]]);
  for (const point of points) await touch("touchMove", [point]);
  await touch("touchEnd", []);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  const rows = (await visit.pixels(visit.seen)).filter((value, at) => at % 28 === 14 && value > 128);
  expect(rows.length, "a stroke from top to bottom").toBeGreaterThan(14);
  expect(await scrolled()).toEqual(before);
});

test("beside the drawing a finger scrolls", async ({ visit, page }) => {
  await visit.begin();
  const device = await page.context().newCDPSession(page);
  await device.send("Input.synthesizeScrollGesture", { x: 195, y: 700, yDistance: -300 });
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
});
