// On wide and narrow screens, in light and in dark: all is there, nothing sticks out, and nobody is shut out.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/visit.js";

const SCREENS = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
};
const SCHEMES = /** @type {const} */ (["light", "dark"]);

for (const [name, viewport] of Object.entries(SCREENS)) {
  test.describe(`on a ${name} screen`, () => {
    test.use({ viewport });

    test("nothing sticks out, and every control can be reached", async ({ visit, page }) => {
      await visit.begin();
      await visit.singleSteps(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      const controls = page.locator("button:visible, select:visible, input:visible:not(.unseen), canvas:visible");
      expect(await controls.count()).toBeGreaterThan(20);
      for (const control of await controls.all()) {
        await control.scrollIntoViewIfNeeded();
        const box = await control.boundingBox();
        const name = await control.evaluate((element) => element.outerHTML.slice(0, 120));
        expect.soft(box && box.x >= 0 && box.x + box.width <= viewport.width, name).toBe(true);
      }
    });

    for (const colorScheme of SCHEMES) {
      test(`axe finds nothing serious in the ${colorScheme}`, async ({ visit, page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await visit.begin();
        const serious = async () => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
        };
        expect.soft(await serious(), "at the beginning").toEqual([]);
        await visit.latent(1).fill("2");
        await visit.singleSteps(1);
        await visit.reset.click();
        await expect(visit.news).toContainText("Started afresh");
        await visit.drop({ name: "notes.txt", bytes: new Uint8Array([1, 2, 3]) });
        await expect(visit.problem).toBeVisible();
        await visit.clear.click();
        await expect(visit.reconstruction).toHaveAccessibleName(/none/);
        expect.soft(await serious(), "with something to say").toEqual([]);
      });
    }
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
