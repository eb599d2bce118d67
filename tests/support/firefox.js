// `test` with a page in the Firefox that $FIREFOX names, as people have it: Playwright's own is a patched one, so
// this one is driven by puppeteer-core over WebDriver BiDi. What may not happen is the same as in fixtures.js.

import { test as base, expect } from "@playwright/test";
import puppeteer from "puppeteer-core";

/**
 * @type {import("@playwright/test").Fixtures<
 *   { firefox: import("puppeteer-core").Page },
 *   {},
 *   import("@playwright/test").PlaywrightTestOptions
 * >}
 */
const fixtures = {
  firefox: async ({ baseURL }, use) => {
    base.skip(!process.env.FIREFOX, "no Firefox: `apt-get install firefox-esr`, or name one in $FIREFOX");
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX,
      extraPrefsFirefox: { "devtools.jsonview.enabled": false },
    });
    try {
      const page = await browser.newPage();
      /** @type {string[]} */
      const problems = [];
      const { origin } = new URL(baseURL ?? "");
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (![origin, "null"].includes(url.origin)) problems.push(`request off the page's origin: ${url}`);
      });
      page.on("pageerror", (error) => problems.push(`uncaught: ${error}`));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`console: ${message.text()}`);
      });
      await use(page);
      expect(problems, "requests off the origin, uncaught errors and console errors").toEqual([]);
    } finally {
      await browser.close();
    }
  },
};

export const test = base.extend(fixtures);
export { expect };
