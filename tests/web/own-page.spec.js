// The lines that the READMEs give to people who have a page of their own run as they stand.

import { readFileSync } from "node:fs";
import { expect, openBlank, test } from "../support/fixtures.js";

/** @param {string} path from the root */
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/**
 * @param {import("@playwright/test").Page} page
 * @param {string} readme
 */
async function runs(page, readme) {
  const [, lines] = read(readme).match(/```js\n(.*?)```/s) ?? [];
  const { name, exports } = JSON.parse(read("pkg/package.json"));
  // What a bundler or an import map does.
  const served = lines.replace(`from "${name}"`, `from "${exports["."].default.replace("./", "./pkg/")}"`);
  expect(served).toContain('from "./pkg/cpu/latent_lab.js"');
  const body = `${served}\nexport { file, lab, mean, pixels };`;
  await page.route("**/own.js", (route) => route.fulfill({ contentType: "text/javascript", body }));
  await openBlank(page);

  const found = await page.evaluate(async () => {
    const { file, lab, mean, pixels } = await import(new URL("own.js", document.baseURI).href);
    const { Lab } = await import(new URL("pkg/cpu/latent_lab.js", document.baseURI).href);
    const opened = await Lab.open(file);
    return { step: lab.info().step, opened: opened.info().step, mean: mean.length, pixels: pixels.length };
  });
  expect(found).toEqual({ step: 10, opened: 10, mean: 8, pixels: 784 });
}

test("the lines of the package's README run in an empty page", ({ page }) => runs(page, "pkg/README.md"));

test("the lines of the README run in an empty page", ({ page }) => runs(page, "README.md"));
