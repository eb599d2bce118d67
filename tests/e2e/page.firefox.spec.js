// The page in Firefox: there is a digit and its reconstruction, and it trains.

import { expect, test } from "../support/firefox.js";

test("the page is alive, and trains", async ({ firefox, baseURL }) => {
  await firefox.goto(`${baseURL}#from=fresh&batch=16`);
  await firefox.waitForFunction(() => performance.getEntriesByName("lab:first-reconstruction").length > 0);
  const darkest = await firefox.evaluate(() =>
    [...document.querySelectorAll("canvas[role='img'][aria-label*='28 by 28']")].map((canvas) => {
      const context = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : null;
      return Math.max(...(context?.getImageData(0, 0, 28, 28).data.filter((_, at) => at % 4 === 3) ?? []));
    }),
  );
  expect(darkest).toHaveLength(2);
  for (const value of darkest) expect(value).toBeGreaterThan(100);

  await firefox.locator("button[aria-label='Train']").click();
  await firefox.waitForFunction(() => Number(document.querySelector("output[aria-label='Step']")?.textContent) >= 20);
  await firefox.locator("button[aria-label='Pause']").click();
  await firefox.waitForSelector("button[aria-label='Train']");
});
