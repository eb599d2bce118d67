// The page that answers the peer benchmark.

import { expect } from "./fixtures.js";

/** What five steps of seeded weights, batches and noise cost, as the benchmark's peers agree. */
export const CHECKED = {
  C: [543.4076, 543.5957, 543.5531, 543.497, 543.0173],
  D: [546.2166, 547.0678, 544.461, 544.8525, 543.635],
};

/**
 * @param {import("@playwright/test").Page} page
 * @param {"cpu" | "webgpu"} device
 */
export async function openBench(page, device) {
  await page.goto(`bench.html${device === "webgpu" ? "?device=webgpu" : ""}`);
  await page.waitForFunction(() => "bench" in window);
}

/**
 * @param {import("@playwright/test").Page} page
 * @param {object} request
 * @returns {Promise<{ [key: string]: any }>}
 */
export const answers = (page, request) =>
  page.evaluate((request) => /** @type {any} */ (window).bench.run(request), request);

/**
 * @param {number[]} losses
 * @param {number[]} expected
 * @param {number} tolerance relative
 */
export function expectLosses(losses, expected, tolerance) {
  expect(losses).toHaveLength(expected.length);
  losses.forEach((loss, step) =>
    expect(Math.abs(loss / expected[step] - 1), `step ${step + 1}: ${loss}`).toBeLessThan(tolerance),
  );
}
