// With the keyboard alone.

import { expect, test } from "../support/visit.js";

test("the tab key comes to everything that can be used", async ({ visit, page }) => {
  await visit.begin();
  await visit.latent(1).fill("2");
  const missed = await page.evaluateHandle(() => {
    const usable = "button:enabled, input:enabled, select:enabled, summary, [tabindex='0']";
    const all = [...document.querySelectorAll(usable)].filter((element) => {
      if (!(element instanceof HTMLElement) || !element.checkVisibility() || element.tabIndex < 0) return false;
      // Of a group of radio buttons the tab key comes to the chosen one.
      return !(element instanceof HTMLInputElement && element.type === "radio" && !element.checked);
    });
    return new Set(all);
  });
  const count = await missed.evaluate((missed) => missed.size);
  expect(count).toBeGreaterThan(20);
  await page.evaluate(() => document.body.focus());
  // What is scrolled to on the way comes alive, and brings buttons that were not counted.
  for (let press = 0; press < 2 * count; press += 1) {
    await page.keyboard.press("Tab");
    await missed.evaluate((missed) => document.activeElement && missed.delete(document.activeElement));
  }
  expect(await missed.evaluate((missed) => [...missed].map((element) => element.outerHTML))).toEqual([]);
});

test("training plays, pauses, steps and resets by keys", async ({ visit, page }) => {
  await visit.begin("#from=fresh&batch=16");
  await visit.train.focus();
  await page.keyboard.press("Space");
  await visit.reaches(2);
  await expect(visit.pause).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(visit.train).toBeFocused();
  const step = await visit.step();
  await page.keyboard.press("Tab");
  await expect(visit.single).toBeFocused();
  await page.keyboard.press("Enter");
  await expect.poll(() => visit.step()).toBeGreaterThan(step);
  await visit.reset.focus();
  await page.keyboard.press("Enter");
  await expect(visit.steps).toHaveText("0");
});

test("a button that has nothing left to do hands the focus on", async ({ visit, page }) => {
  await visit.begin();
  await visit.latent(1).fill("2");
  for (const [button, heir] of [
    [visit.backToEncoder, visit.latent(1)],
    [visit.clear, visit.drawing],
  ]) {
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(button).toBeDisabled();
    await expect(heir).toBeFocused();
  }
  // Nor does another model take it away: of eight latents two stay, and views only move around it.
  const plane = page.getByRole("application", { name: /^Latent plane\./ });
  for (const [control, model] of /** @type {const} */ ([
    [visit.latent(1), "E2"],
    [plane, "tiny"],
    [plane, "E10"],
  ])) {
    await control.focus();
    await page.evaluate((model) => /** @type {any} */ (window).latentLab.experiment.choose(model), model);
    await visit.opened(model);
    await expect(control).toBeFocused();
  }
});

test("what goes, or stops for a moment, hands the focus on to what is next, or has it back", async ({
  visit,
  page,
}) => {
  await visit.begin("#model=E13");
  const small = page.getByRole("application", { name: /^Latent plane: arrow keys/ });
  for (const [control, model, heir] of /** @type {const} */ ([
    [small, "tiny", visit.latent(1)],
    [visit.latent(8), "E2", visit.latent(1)],
    [visit.latent(1), "E14", visit.drawing],
    [page.locator("#codes").getByRole("checkbox"), "E13", page.locator("#explore :focus")],
  ])) {
    await control.focus();
    await page.evaluate((model) => /** @type {any} */ (window).latentLab.experiment.choose(model), model);
    await visit.opened(model);
    await expect(heir).toBeFocused();
  }
  // The worker ends, and nothing can be used until another one is there.
  for (const control of [visit.batch, visit.experiment, page.getByRole("radio", { name: "error summed" })]) {
    await control.focus();
    const restored = page.evaluate(() => {
      const { store } = /** @type {any} */ (window).latentLab;
      return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
        store.subscribe((/** @type {Set<string>} */ changed) => {
          if (changed.has("phase") && store.get("phase") === "ready") resolve();
        });
      });
    });
    await visit.killWorker();
    await restored;
    await expect(control).toBeFocused();
  }
});

test("what has the focus is seen to have it", async ({ visit, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await visit.begin();
  await expect(visit.device).toContainText("CPU: ");
  for (const control of [
    visit.train,
    visit.clear,
    visit.latent(1),
    visit.drawing,
    visit.rate,
    visit.batch,
    visit.seed,
  ]) {
    await control.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await control.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const clip = { x: x - 6, y: y - 6, width: width + 12, height: height + 12 };
    const without = await page.screenshot({ clip });
    await control.focus();
    // As a focus that came by the keyboard.
    await page.keyboard.press("Shift");
    expect((await page.screenshot({ clip })).equals(without), `${control}`).toBe(false);
    await control.blur();
  }
});
