// The latent plane: thousands of points, what is decoded of each place, and what is saved of it.

import { bars, idx, LABELS, sizeOf, table } from "../support/files.js";
import { expect, test } from "../support/visit.js";

test("thousands of digits lie on the plane, and each place is decoded", async ({ visit, page }) => {
  await visit.begin("#model=E2");
  const plane = page.getByRole("application", { name: /^Latent plane\./ });
  await plane.scrollIntoViewIfNeeded();
  await expect(plane).toHaveAccessibleName(/10,000 test digits.* Yours is at/);
  const drawn = () => plane.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const all = await drawn();
  await page.getByRole("button", { name: "0", exact: true }).click();
  await expect.poll(drawn).not.toBe(all);

  const there = page.getByRole("img", { name: /^Picture of the place/ });
  await visit.latent(1).fill("1");
  await plane.scrollIntoViewIfNeeded();
  const before = await visit.pixels(there);
  const leave = () => page.locator("#plane h2").hover();
  const own = () => page.evaluate(`latentLab.store.get("overrides").join()`);
  // Who points at a place sees what is there; who goes on finds all as it was; who clicks keeps it.
  await plane.hover({ position: { x: 60, y: 60 } });
  await visit.becomesOther(there, before);
  await leave();
  await expect.poll(() => visit.pixels(there)).toEqual(before);
  expect(await own()).toBe("1,");
  await plane.click({ position: { x: 60, y: 60 } });
  const kept = await own();
  await plane.hover({ position: { x: 200, y: 200 } });
  expect(await own()).not.toBe(kept);
  await leave();
  expect(await own()).toBe(kept);
  // A wheel scrolls the page, with Ctrl it zooms, the more the farther it is turned.
  await plane.hover({ position: { x: 200, y: 200 } });
  const [scrolled, whole] = [await page.evaluate(() => scrollY), await drawn()];
  await page.mouse.wheel(0, 50);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(scrolled + 50);
  await plane.hover({ position: { x: 200, y: 200 } });
  expect(await drawn()).toBe(whole);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -20);
  await expect.poll(drawn).not.toBe(whole);
  const near = await drawn();
  await page.mouse.wheel(0, -5);
  await page.mouse.wheel(0, 5);
  await expect.poll(drawn).toBe(near);
  // Safari tells of a trackpad's fingers by events of its own, and would zoom the page.
  const pinch = (/** @type {number[]} */ scales) =>
    plane.evaluate(
      (canvas, scales) =>
        scales.map((scale, index) => {
          const event = new Event(index === 0 ? "gesturestart" : "gesturechange", { bubbles: true, cancelable: true });
          canvas.dispatchEvent(Object.assign(event, { scale }));
          return event.defaultPrevented;
        }),
      scales,
    );
  expect(await pinch([1, 1.5, 2])).toEqual([true, true, true]);
  await expect.poll(drawn).not.toBe(near);
  await pinch([1, 0.5]);
  await expect.poll(drawn).toBe(near);
  for (let turn = 0; turn < 5; turn += 1) await page.mouse.wheel(0, 1000);
  await expect.poll(drawn).not.toBe(near);
  await page.keyboard.up("Control");
  expect(await page.evaluate(() => scrollY)).toBe(scrolled + 50);
  const pointed = await visit.pixels(there);
  await plane.focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowDown");
  await visit.becomesOther(there, pointed);

  const without = await drawn();
  await page.getByLabel("Decoded grid").selectOption("10 × 10");
  await expect.poll(drawn).not.toBe(without);

  await expect(plane).toHaveAccessibleName(/A grid of 10 by 10 decoded pictures/);
  // Who turns it off finds it again.
  await page.getByLabel("Decoded grid").selectOption("off");
  await expect.poll(drawn).toBe(without);
  await page.getByLabel("Decoded grid").selectOption("10 × 10");
  await expect.poll(drawn).not.toBe(without);

  // The table has all of it: each digit with its class, the drawing, and the numbered places.
  const view = page.locator("#plane");
  await view.getByRole("button", { name: "18 random places" }).click();
  await expect(view.getByRole("img", { name: "What is decoded at 18 random places of the plane" })).toBeVisible();
  await expect(plane).toHaveAccessibleName(/18 random places are numbered/);
  const csv = await visit.kept(view.getByRole("button", { name: "CSV" }));
  expect(csv.name).toBe("latent-plane-E2.csv");
  const [head, ...rows] = table(csv);
  expect(head).toEqual(["image", "class", "z1", "z2", "log_variance_z1", "log_variance_z2"]);
  expect(rows).toHaveLength(10_000 + 1 + 18);
  expect([...new Set(rows.map((row) => row.length))]).toEqual([6]);
  const said = /Yours is at (-?\d+\.\d), (-?\d+\.\d)/.exec((await plane.getAttribute("aria-label")) ?? "");
  const [yours] = rows.filter(([name]) => name === "yours");
  expect(yours.slice(2, 4).map((value) => Number(value).toFixed(1))).toEqual(said?.slice(1, 3));
  // The picture has the plane and the pictures of the places beside it.
  const width = await plane.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).width);
  const sheet = await visit.kept(view.getByRole("button", { name: "PNG" }));
  expect(sizeOf(sheet.bytes)[0]).toBeGreaterThan(width + 6 * 28);

  // After the normal CDF each class has a share of the square.
  await view.getByRole("checkbox", { name: /^After the normal CDF/ }).check();
  await expect(plane).toHaveAccessibleName(/a square from 0 to 1\. Shares of the square: \d \d+ %, /);
  const [, ...square] = table(await visit.kept(view.getByRole("button", { name: "CSV" })));
  const shares = new Map(square.filter(([image]) => /^\d+$/.test(image)).map((row) => [row[1], Number(row[2])]));
  expect(shares.size).toBe(10);
  expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  await view.getByRole("checkbox", { name: /^After the normal CDF/ }).uncheck();

  // Where a system has colours of its own, those that mean something stay.
  await page.emulateMedia({ forcedColors: "active" });
  const backgrounds = (/** @type {string} */ selector) =>
    page.locator(selector).evaluateAll((all) => all.map((element) => getComputedStyle(element).backgroundColor));
  expect(new Set(await backgrounds("#plane .swatch")).size).toBe(10);
  expect(new Set(await backgrounds("#latent .mean, #latent .deviation, #curves .dot, #drawing .board")).size).toBe(3);
  await page.emulateMedia({ forcedColors: "none" });

  // A point says its class to those who point at it: the first of the digits is a seven.
  await page.evaluate(() => {
    const { store, experiment } = /** @type {any} */ (window).latentLab;
    experiment.looking.setLatents([...store.get("codes").mean.subarray(0, 2)]);
  });
  await expect(view.getByText("at a point of class 7")).toBeVisible();
  await expect(plane).toHaveAccessibleName(/Decoded at .*, at a point of class 7\./);

  // Classes of any number have names, colours and points.
  const labels = Uint8Array.from({ length: 60 }, (_, index) => index % 47);
  await visit.drop(
    { name: "my-images-idx3-ubyte", bytes: bars(60) },
    { name: "my-labels-idx1-ubyte", bytes: idx(LABELS, [60], labels) },
  );
  await expect(plane).toHaveAccessibleName(/ 60 images of the data/);
  await plane.scrollIntoViewIfNeeded();
  const classes = view.getByRole("group", { name: "Classes shown" });
  await expect(classes).toContainText("47 classes: their colours are a scale");
  expect(await classes.getByRole("button").allInnerTexts()).toEqual(Array.from({ length: 47 }, (_, at) => `${at}`));
  const everyone = await drawn();
  await classes.getByRole("button", { name: "46", exact: true }).click();
  await expect.poll(drawn).not.toBe(everyone);
  await page.getByRole("button", { name: "Back to MNIST" }).click();
  await plane.scrollIntoViewIfNeeded();
  await expect(plane).toHaveAccessibleName(/10,000 test digits/);
});

test("what is decoded of places is of the drawing's other latents, and follows them", async ({ visit, page }) => {
  await visit.begin();
  const view = page.locator("#plane");
  await view.scrollIntoViewIfNeeded();
  await view.getByRole("button", { name: "18 random places" }).click();
  const places = view.getByRole("img", { name: "What is decoded at 18 random places of the plane" });
  await expect(places).toBeVisible();
  const before = await visit.pixels(places);
  await visit.latent(5).fill("4");
  await view.scrollIntoViewIfNeeded();
  await visit.becomesOther(places, before);
  const moved = await visit.pixels(places);
  await visit.another.click();
  await view.scrollIntoViewIfNeeded();
  await visit.becomesOther(places, moved);
});

test("the plane moves while the model trains", async ({ visit, page }) => {
  await visit.begin("#model=E2&from=fresh&batch=16");
  const plane = page.getByRole("application", { name: /^Latent plane\./ });
  await plane.scrollIntoViewIfNeeded();
  await expect(plane).toHaveAccessibleName(/10,000 test digits/);
  const before = await visit.codes();
  expect(before).toHaveLength(10);
  await page.getByRole("button", { name: "Train and watch" }).click();
  await expect.poll(() => visit.codes()).not.toEqual(before);
  // All of them stay, and a grid over them becomes whole meanwhile.
  /** The share of the lowest row of pictures that has ink. */
  const lowest = () =>
    plane.evaluate((element) => {
      const canvas = /** @type {HTMLCanvasElement} */ (element);
      const { width } = canvas;
      const row = canvas.getContext("2d")?.getImageData(0, Math.round(width * 0.97), width, 1).data ?? [];
      return row.filter((value, at) => at % 4 === 3 && value > 0).length / width;
    });
  expect(await lowest()).toBeLessThan(0.3);
  await page.getByLabel("Decoded grid").selectOption("20 × 20");
  await expect.poll(lowest).toBeGreaterThan(0.5);
  await expect(plane).toHaveAccessibleName(/10,000 test digits/);
  await page.getByRole("button", { name: "Pause training" }).click();
  await expect(visit.train).toBeVisible();
});
