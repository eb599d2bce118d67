// On wide and narrow screens, in light and in dark: all is there, nothing sticks out, and nobody is shut out.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/visit.js";

const SCREENS = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
};
const SCHEMES = /** @type {const} */ (["light", "dark"]);

/** Whose views are all that there are, together. */
const EXPERIMENTS = ["E6", "E13", "E9", "E16", "E17"];

for (const [name, viewport] of Object.entries(SCREENS)) {
  test(`on a ${name} screen nothing sticks out, every control can be reached, and axe finds nothing serious`, async ({
    visit,
    page,
  }) => {
    test.setTimeout(240_000);
    await page.setViewportSize(viewport);
    const check = async (/** @type {string} */ when) => {
      const wide = await page.evaluate((width) => {
        if (document.documentElement.scrollWidth <= width) return [];
        const all = [...document.querySelectorAll("body *")].filter((element) => !element.closest(".columns, math"));
        const out = all.filter((element) => element.getBoundingClientRect().right > width + 1);
        return [`${document.documentElement.scrollWidth} px`, ...out.map(({ outerHTML }) => outerHTML.slice(0, 120))];
      }, viewport.width);
      expect.soft(wide, when).toEqual([]);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        // Without `legacy` each call opens a page of its own, for the sake of frames of other origins.
        const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
        const { violations } = await axe.analyze();
        const serious = violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
        expect.soft(serious, `${when}, ${colorScheme}`).toEqual([]);
      }
    };
    await visit.begin();
    await visit.singleSteps(1);
    const controls = page.locator("button:visible, select:visible, input:visible:not(.unseen), canvas:visible");
    expect(await controls.count()).toBeGreaterThan(20);
    for (const control of await controls.all()) {
      await control.scrollIntoViewIfNeeded();
      const box = await control.boundingBox();
      const name = await control.evaluate((element) => element.outerHTML.slice(0, 120));
      expect.soft(box && box.x >= 0 && box.x + box.width <= viewport.width, name).toBe(true);
    }
    await check("at the beginning");
    for (const experiment of EXPERIMENTS) {
      await visit.experiment.selectOption(experiment);
      await visit.opened(experiment);
      for (const card of await page.locator("#explore > section:visible").all()) await card.scrollIntoViewIfNeeded();
      await check(experiment);
    }
    await visit.experiment.selectOption("tiny");
    await visit.opened("tiny");
    await visit.latent(1).fill("2");
    await visit.drop({ name: "notes.txt", bytes: new Uint8Array([1, 2, 3]) });
    await expect(visit.problem).toBeVisible();
    await visit.clear.click();
    await expect(visit.reconstruction).toHaveAccessibleName(/none/);
    await check("with something to say");
  });
}

test("the whole sentence and the play button are seen without scrolling", async ({ visit, page }) => {
  await page.setViewportSize(SCREENS.wide);
  await visit.begin();
  for (const part of [visit.drawing, visit.seen, visit.latent(8), visit.reconstruction, visit.train]) {
    await expect(part).toBeInViewport({ ratio: 1 });
  }
});

test("the page follows the colours of the system, pictures included", async ({ visit, page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await visit.begin();
  const look = () =>
    page.evaluate(() => {
      const context = document.createElement("canvas").getContext("2d");
      /** @param {string} color */
      const light = (color) => {
        if (!context) return NaN;
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
        return (red + green + blue) / 765;
      };
      const { backgroundColor, color } = getComputedStyle(document.body);
      return { paper: light(backgroundColor), ink: light(color) };
    });
  const ink = () =>
    visit.reconstruction.evaluate((canvas) =>
      canvas instanceof HTMLCanvasElement
        ? [...(canvas.getContext("2d")?.getImageData(14, 14, 1, 1).data.subarray(0, 3) ?? [])]
        : [],
    );
  const bright = await look();
  expect(bright.paper).toBeGreaterThan(0.8);
  expect(bright.ink).toBeLessThan(0.3);
  const before = await ink();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(async () => (await look()).paper).toBeLessThan(0.2);
  expect((await look()).ink).toBeGreaterThan(0.7);
  await expect.poll(ink).not.toEqual(before);
});
