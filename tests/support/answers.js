// What the page asks of its worker, for tests that wait until nothing is asked any more.

import { expect } from "@playwright/test";

/**
 * Counts questions from now on. Who goes on asking has a question open at all times.
 *
 * @param {import("@playwright/test").Page} page
 * @returns {Promise<() => Promise<void>>} waits until all are answered, and nothing more is asked because of that
 */
export async function listen(page) {
  const open = await page.evaluateHandle(() => {
    const { lab } = /** @type {any} */ (window).latentLab;
    const open = new Set();
    const { call } = lab;
    lab.call = (/** @type {unknown[]} */ ...question) => {
      const answer = call.apply(lab, question);
      open.add(answer);
      const settled = () => open.delete(answer);
      answer.then(settled, settled);
      return answer;
    };
    return open;
  });
  return () => expect.poll(() => open.evaluate(({ size }) => size)).toBe(0);
}
