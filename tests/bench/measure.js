// A page to measure in, what is measured, and how it is told.

import { chromium } from "@playwright/test";

export const base = process.env.BASE_URL ?? "http://127.0.0.1:8123/";
export const quiet = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
export const software = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** @typedef {{ latentLab: { lab: any, store: any, experiment: any, begun: Promise<void> } } & Window} Hooked */

/** @param {number[]} values @param {number} share */
export const quantile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
/** @param {number[]} values */
export const median = (values) => quantile(values, 0.5);
/** @param {number} value @param {number} [digits] */
export const shown = (value, digits = 1) => value.toFixed(digits);

/** @param {string} what @param {string} found @param {string} bar */
export const row = (what, found, bar) => console.log(`| ${what} | ${found} | ${bar} |`);

/**
 * A fresh browser with an empty cache, on the page once its first reconstruction is painted.
 *
 * @param {(page: import("@playwright/test").Page) => Promise<void>} use
 * @param {{ hash?: string, args?: string[], before?: (page: import("@playwright/test").Page) => void }} [options]
 */
export async function withPage(use, { hash = "", args = [], before } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROME,
    args: [...quiet, ...args],
    ignoreDefaultArgs: args.length > 0 ? ["--disable-gpu"] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    before?.(page);
    await page.goto(base + hash);
    await page.waitForFunction(() => performance.getEntriesByName("lab:first-reconstruction").length);
    await use(page);
  } finally {
    await browser.close();
  }
}

/** Durations of a measure since the last call, in milliseconds. */
export async function measures(/** @type {import("@playwright/test").Page} */ page, /** @type {string} */ name) {
  return page.evaluate((name) => {
    const found = performance.getEntriesByName(name).map((entry) => entry.duration);
    performance.clearMeasures(name);
    return found;
  }, name);
}

/** Draws a few loops with the mouse, a move a frame, and gives the latency of each answer. */
export async function drawing(/** @type {import("@playwright/test").Page} */ page) {
  const area = page.getByLabel("Drawing area");
  await area.scrollIntoViewIfNeeded();
  const box = await area.boundingBox();
  if (!box) throw new Error("there is nothing to draw on");
  await measures(page, "lab:reconstruction");
  for (let stroke = 0; stroke < 3; stroke++) {
    for (let i = 0; i <= 60; i++) {
      const angle = (i / 60) * 2 * Math.PI;
      const x = box.x + box.width * (0.5 + 0.25 * Math.sin(angle) + 0.02 * stroke);
      const y = box.y + box.height * (0.5 - 0.35 * Math.cos(angle));
      await page.mouse.move(x, y);
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
  // While a step takes longer than all strokes, the last move alone is answered, and only after it.
  await page.waitForFunction(() => performance.getEntriesByName("lab:reconstruction").length > 0);
  return measures(page, "lab:reconstruction");
}
