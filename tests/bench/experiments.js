// The experiments in the page: how long each takes to be there, to answer and to train.

import { readFileSync, writeFileSync } from "node:fs";

import { drawing, measures, median, quantile, row, shown, withPage } from "./measure.js";

/** @typedef {import("./measure.js").Hooked} Hooked */

/** Steps that a run of an experiment is timed over, at most so many milliseconds; what came before is warming up. */
const TIMED = 100;
const LONGEST = 25_000;
const WARM = 3;

/** @param {import("@playwright/test").Page} page @param {() => Promise<void>} act @param {string} id */
async function untilRebuilt(page, act, id) {
  const begun = await page.evaluate((id) => {
    const { store } = /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab;
    const done = new Promise((resolve) => {
      const stop = store.subscribe((/** @type {Set<string>} */ changed) => {
        if (!changed.has("look") || store.get("basis")?.model !== id || !store.get("look")?.image) return;
        stop();
        requestAnimationFrame(() => resolve(performance.now()));
      });
    });
    Object.assign(window, { rebuilt: done, asked: 0 });
    addEventListener("change", () => Object.assign(window, { asked: performance.now() }), {
      once: true,
      capture: true,
    });
    return true;
  }, id);
  if (!begun) return NaN;
  await act();
  return page.evaluate(async () => {
    const { rebuilt } = /** @type {any} */ (window);
    return (await rebuilt) - /** @type {any} */ (window).asked;
  });
}

const PAGE = new URL("../../docs/results/page.json", import.meta.url);

/**
 * Each experiment in the page: how long it takes to be there, and to train. Kept for the report.
 *
 * @param {readonly string[]} only these, unless none is named; the others keep what was found before
 */
export async function experiments(only) {
  /** @type {{ [id: string]: { seconds: number, choosing: number, idle: number, drawing: number, step: number } }} */
  const found = only.length > 0 ? JSON.parse(readFileSync(PAGE, "utf8")) : {};
  /** @type {string[]} */
  let ids = [];
  await withPage(async (page) => {
    ids = await page.evaluate(() =>
      /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.store
        .get("presets")
        .map((/** @type {{ id: string }} */ preset) => preset.id),
    );
  });
  for (const id of ids.filter((id) => only.length === 0 || only.includes(id))) {
    await withPage(
      async (page) => {
        const choice = page.getByRole("combobox", { name: "Experiment" });
        await page.evaluate(() => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.begun);
        // Once there and back, so that weights and data are in the cache.
        const other = id === "E1" ? "tiny" : "E1";
        const go = async (/** @type {string} */ to) =>
          untilRebuilt(page, async () => void (await choice.selectOption(to)), to);
        /** @type {number[]} */
        const times = [];
        for (let turn = 0; turn < 5; turn += 1) {
          await go(other);
          times.push(await go(id));
        }
        const idle = quantile(await drawing(page), 0.95);
        await page.getByRole("radio", { name: "Fresh weights" }).check();
        await page.getByRole("button", { name: "Train", exact: true }).click();
        const count = () => page.evaluate(() => performance.getEntriesByName("lab:step").length);
        while ((await count()) < WARM) await page.waitForTimeout(50);
        await measures(page, "lab:step");
        const begun = Date.now();
        while ((await count()) < TIMED && Date.now() - begun < LONGEST) await page.waitForTimeout(20);
        const done = await count();
        const seconds = (((Date.now() - begun) / 1000) * TIMED) / done;
        await measures(page, "lab:step");
        const answers = await drawing(page);
        const steps = await measures(page, "lab:step");
        await page.getByRole("button", { name: "Pause", exact: true }).click();
        const [choosing, answer, step] = [median(times), quantile(answers, 0.95), quantile(steps, 0.95)];
        found[id] = { seconds, choosing, idle, drawing: answer, step };
        const told = `${shown(seconds)} s (${done} timed); there in ${shown(choosing, 0)} ms; drawing p95 ${shown(idle)} ms, ${shown(answer)} ms while it trains, a step p95 ${shown(step)} ms`;
        row(`${id}: 100 steps from fresh weights at its own batch`, told, "300 ms to be there, a step for a drawing");
      },
      { hash: `#model=${id}` },
    );
  }
  writeFileSync(PAGE, `${JSON.stringify(found, undefined, 2)}\n`);
}

/** The plane with all its points and the largest grid, moved about while the model trains. */
export async function plane() {
  await withPage(
    async (page) => {
      await page.evaluate(() => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.begun);
      const canvas = page.getByRole("application", { name: /^Latent plane\./ });
      const count = () =>
        page.evaluate(() => {
          const { store } = /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab;
          return store.get("codes")?.count ?? 0;
        });
      while ((await count()) < 10_000) {
        await canvas.scrollIntoViewIfNeeded(); // What is above it grows as it comes.
        await page.waitForTimeout(100);
      }
      await page.getByLabel("Decoded grid").selectOption("30 × 30");
      await page.waitForTimeout(2000);
      await page.getByRole("button", { name: "Train and watch" }).click();
      await page.waitForFunction(() => performance.getEntriesByName("lab:step").length > 3);
      const frames = await page.evaluate(async () => {
        const canvas = document.querySelector("#plane canvas.scatter");
        const box = canvas?.getBoundingClientRect();
        if (!canvas || !box) return [];
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        /** @type {number[]} */
        const times = [];
        /** @type {(type: string, x: number, y: number) => void} */
        const send = (type, x, y) =>
          void canvas.dispatchEvent(
            new PointerEvent(type, {
              clientX: x,
              clientY: y,
              pointerId: 1,
              buttons: 1,
              bubbles: true,
              isPrimary: true,
            }),
          );
        canvas.setPointerCapture = () => {}; // A pointer of the script's own cannot be captured.
        send("pointerdown", x, y);
        for (let frame = 0; frame < 240; frame += 1) {
          const angle = frame / 20;
          send("pointermove", x + 60 * Math.cos(angle), y + 60 * Math.sin(angle));
          times.push(await new Promise(requestAnimationFrame));
        }
        send("pointerup", x, y);
        return times.slice(1).map((time, index) => time - times[index]);
      });
      const steps = await measures(page, "lab:step");
      row(
        "the plane of E2 with 10,000 points and 30 x 30 pictures, moved while it trains: a frame, p50 / p95",
        `${shown(median(frames))} / ${shown(quantile(frames, 0.95))} ms (${frames.length} frames, ${steps.length} steps)`,
        "16.7 ms",
      );
    },
    { hash: "#model=E2" },
  );
}
