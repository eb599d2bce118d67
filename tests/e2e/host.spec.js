// Whoever serves the page: below any path, under its strict policy, and off the network once it is loaded.

import { ACROSS, expect, test } from "../support/visit.js";

/** What the page says by itself until a script of it runs. @param {import("@playwright/test").Page} page */
const unstarted = (page) => page.getByText("Latent Lab cannot start here");

test("everything is asked for below the page's own path", async ({ visit, page, baseURL }) => {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await visit.begin("#from=fresh&batch=16");
  await visit.singleSteps(1);
  expect(asked.filter((url) => !url.startsWith(baseURL ?? "") && !url.startsWith("blob:"))).toEqual([]);
  expect(asked.length).toBeGreaterThan(10);
  await expect(unstarted(page)).toHaveCount(0);
});

test.describe("where the page cannot run, it says so in a sentence", () => {
  test.use({ allowed: /module script|CORS policy|Failed to load resource|Latent Lab needs/ });

  test("opened as a file", async ({ page }) => {
    await page.goto(new URL("../../dist/index.html", import.meta.url).href);
    await expect(unstarted(page)).toBeVisible();
  });

  test("its scripts served as something else", async ({ page }) => {
    // With reduced motion too the words stay hidden until their animation ends, which is held back here.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.addInitScript(() =>
      addEventListener("animationstart", () => document.getAnimations().forEach((animation) => animation.pause())),
    );
    await page.route("**/*.js", (route) => route.fulfill({ contentType: "text/plain", body: "" }));
    const refused = page.waitForEvent("console", (message) => /module script/.test(message.text()));
    await page.goto("");
    await refused;
    await expect(unstarted(page)).toBeHidden();
    await page.evaluate(() => document.getAnimations().forEach((animation) => animation.play()));
    await expect(unstarted(page)).toBeVisible();
  });

  /** @type {[what: string, remove: () => void][]} */
  const MISSING = [
    ["WebAssembly off", () => Reflect.deleteProperty(globalThis, "WebAssembly")],
    ["WebAssembly without SIMD", () => (WebAssembly.validate = () => false)],
    ["an old browser", () => Reflect.deleteProperty(Array.prototype, "toSorted")],
  ];
  for (const [what, remove] of MISSING) {
    test(what, async ({ visit, page }) => {
      await page.addInitScript(remove);
      const refused = page.waitForEvent("pageerror", (error) => /Latent Lab needs/.test(error.message));
      await page.goto("");
      await refused;
      await expect(unstarted(page)).toBeVisible();
      await expect(visit.problem, "nothing has begun").toHaveCount(0);
    });
  }
});

test("the policy is strict, and nothing offends against it", async ({ visit, page }) => {
  await page.addInitScript(() => {
    /** @type {string[]} */
    const offences = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      offences.push(`${violatedDirective} ${blockedURI}`);
    });
    Object.assign(window, { offences });
  });
  await visit.begin("#from=fresh&batch=16");
  const policy = (await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content")) ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  await visit.singleSteps(2);
  await visit.stroke(ACROSS);
  await visit.choose(await visit.saved());
  await expect(visit.news).toContainText("is open, at step 2");
  expect(await page.evaluate("offences")).toEqual([]);
});

test("once loaded, it works off the network", async ({ visit, page, context }) => {
  await visit.begin("#from=fresh&batch=16");
  await visit.singleSteps(1);
  await context.setOffline(true);
  const before = await visit.pixels(visit.reconstruction);
  await visit.stroke(ACROSS);
  await visit.becomesOther(visit.reconstruction, before);
  await visit.another.click();
  await visit.latent(2).fill("2");
  await visit.singleSteps(2);
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await visit.singleSteps(1);
  await context.setOffline(false);
  await expect(page).toHaveTitle(/Latent Lab/);
});

test("an experiment is a link", async ({ visit, page }) => {
  await visit.begin();
  await visit.batch.selectOption("64 images");
  await visit.seed.fill("12");
  await visit.seed.press("Enter");
  await expect(page).toHaveURL(/seed=12/);
  await expect(page).toHaveURL(/batch=64/);
  await page.goto(page.url());
  await page.reload();
  await visit.begun();
  await expect(visit.seed).toHaveValue("12");
  await expect(visit.batch).toHaveValue("64");
});
