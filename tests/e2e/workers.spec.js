// Training on several workers: the same run, a pen that does not wait, and a page that goes on without them.

import { ACROSS, expect, test } from "../support/visit.js";

const SHORT = "#from=fresh&batch=64";

test("one seed is one run, however many workers train", async ({ visit, page }) => {
  /** @type {Awaited<ReturnType<typeof visit.curves>>[]} */
  const runs = [];
  const workers = page.getByRole("combobox", { name: "Workers" });
  await visit.begin(`${SHORT}&workers=1&steps=8`);
  for (const count of ["1", "2"]) {
    await workers.selectOption(count);
    await visit.train.click();
    await expect(visit.steps).toHaveText("8");
    runs.push(await visit.curves());
    await expect(page).toHaveURL(new RegExp(`workers=${count}`));
    await visit.reset.click();
    await expect(visit.steps).toHaveText("0");
  }
  // By the page's own choice, which begins without any.
  await workers.selectOption("the fastest number");
  await visit.train.click();
  await expect(visit.steps).toHaveText("8");
  runs.push(await visit.curves());
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test("how many workers train is found out and said, and the pen is answered in the middle of a step", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E4&from=fresh&batch=512&workers=1");
  await visit.clear.click();
  await visit.train.click();
  await visit.reaches(1);
  // A step takes a second or more; the drawing is answered long before it ends.
  await visit.stroke(ACROSS);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  const durations = await page.evaluate(() => ({
    look: performance.getEntriesByName("lab:reconstruction").map(({ duration }) => duration),
    step: performance.getEntriesByName("lab:step").map(({ duration }) => duration),
  }));
  const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
  expect(median(durations.look)).toBeLessThan(median(durations.step) / 4);
  await expect(page.locator(".pace")).toHaveText(/^[\d.]+ steps\/s with 1, \d+ MB$/);
  await visit.stop();
});

test("a page that may start no workers of its worker trains without, and says so", async ({ visit, page }) => {
  await page.route("**/team/team.js", (route) => route.abort());
  await visit.begin(`${SHORT}&workers=2`);
  await visit.train.click();
  await visit.reaches(3);
  await expect(page.locator(".pace")).toHaveText(/^No workers to train in: /);
  await visit.stop();
});
