// `test` and `expect` for every spec: nothing may leave the page's own origin, and nothing may go wrong unseen.

import { test as base, expect } from "@playwright/test";

/**
 * @typedef {object} Options
 * @property {RegExp | null} allowed what a test expects to go wrong: `test.use({ allowed: /device lost/ })`
 */

/**
 * @type {import("@playwright/test").Fixtures<
 *   Options,
 *   {},
 *   import("@playwright/test").PlaywrightTestArgs & import("@playwright/test").PlaywrightTestOptions
 * >}
 */
const fixtures = {
  allowed: [null, { option: true }],

  context: async ({ context, baseURL, allowed }, use) => {
    /** @type {string[]} */
    const problems = [];
    /** @param {string} problem */
    const report = (problem) => {
      if (!allowed?.test(problem)) problems.push(problem);
    };
    const own = [new URL(baseURL ?? "").origin, "null"]; // "null": data URLs, which ask nobody
    /** @param {string} url */
    const check = (url) => {
      if (!own.includes(new URL(url).origin)) report(`request off the page's origin: ${url}`);
    };
    context.on("request", (request) => check(request.url()));
    context.on("page", (page) => page.on("websocket", (socket) => check(socket.url())));
    context.on("weberror", (error) => report(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on("console", (message) => {
      if (message.type() === "error") report(`console: ${message.text()} (${message.location().url})`);
    });

    await use(context);
    expect(problems, "requests off the origin, uncaught errors and console errors").toEqual([]);
  },
};

export const test = base.extend(fixtures);
export { expect };

/**
 * An empty page of the served origin, to use the package without the app around it.
 *
 * @param {import("@playwright/test").Page} page
 */
export async function openBlank(page) {
  await page.route("**/blank.html", async (route) => {
    const home = await homeOf(new URL(".", route.request().url()).href);
    const body = `<!doctype html><base href="${home}" /><link rel="icon" href="data:," />`;
    await route.fulfill({ contentType: "text/html", body });
  });
  await page.goto("blank.html");
}

/**
 * Where the page's files are: its HTML names the folder of its version.
 *
 * @param {string} url of the page
 */
export async function homeOf(url) {
  const html = await (await fetch(url)).text();
  return new URL(/<base href="([^"]*)"/.exec(html)?.[1] ?? "", url).href;
}
