// How the time of a step grows with what it has to do: `cargo xtask bench scaling`, or with a server of dist/ at hand
// `BASE_URL=... CHROME=... node bench/scaling.js OUT.json`.

import { writeFileSync } from "node:fs";
import { cpus } from "node:os";

import { chromium } from "@playwright/test";

import { MODELS } from "../../www/bench/models.js";
import { base, median, quiet } from "./measure.js";

/** @typedef {{ factor: number, side: number, batch: number, workers: number }} Size */
/** @typedef {{ name: string, of: string, sizes: Size[], x: (size: Size) => number }} Axis */

const STANDARD = { factor: 1, side: 28, batch: 32, workers: 0 };
const ROUNDS = 3;
const BUDGET = 1200; // milliseconds a round

/** @type {(values: number[], size: (value: number) => Partial<Size>) => Size[]} */
const each = (values, size) => values.map((value) => ({ ...STANDARD, ...size(value) }));

/** @type {Axis[]} */
const AXES = [
  {
    name: "images of a batch",
    of: "batch",
    sizes: each([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], (batch) => ({ batch })),
    x: ({ batch }) => batch,
  },
  {
    name: "channels, in those of the standard",
    of: "width",
    sizes: each([0.5, 1, 2, 4], (factor) => ({ factor })),
    x: ({ factor }) => factor,
  },
  {
    name: "pixels of a side",
    of: "side",
    sizes: each([28, 36, 44, 52, 64], (side) => ({ side })),
    x: ({ side }) => side,
  },
  {
    name: "workers, at batch 128",
    of: "workers",
    sizes: each(
      [1, 2, 4, 8, 16].filter((count) => count <= cpus().length),
      (workers) => ({ workers, batch: 128 }),
    ),
    x: ({ workers }) => workers,
  },
];

/** Model C of the peers with other channels and another side. @param {Size} size */
function configOf({ factor, side }) {
  const wider = (/** @type {any} */ part) => ({
    ...part,
    channels: part.channels.map((/** @type {number} */ count) => count * factor),
  });
  const { encoder, decoder, ...others } = /** @type {any} */ (MODELS.C);
  return { ...others, image: [side, side], encoder: wider(encoder), decoder: wider(decoder) };
}

/** Multiplications of a step: each layer's forwards, and twice as many backwards. @param {Size} size */
function workOf({ factor, side, batch }) {
  const [a, b] = [32 * factor, 64 * factor];
  const [first, second] = [(side - 1) >> 1, (((side - 1) >> 1) - 1) >> 1];
  const encoder = first ** 2 * 9 * a + second ** 2 * 9 * a * b + second ** 2 * b * 16;
  const decoder = 8 * (side / 4) ** 2 * a + ((side / 4) ** 2 + (side / 2) ** 2) * 9 * a * b + side ** 2 * 9 * a;
  return 3 * batch * (encoder + decoder);
}

/** The slope of a line through the logarithms. @param {[x: number, y: number][]} points */
function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const [mx, my] = [0, 1].map((axis) => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length);
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: quiet });
/** Milliseconds of a step, by size. @type {Map<Size, number[]>} */
const times = new Map();

/** @param {import("@playwright/test").Page} page @param {Size} size */
async function time(page, size) {
  const request = {
    task: "train",
    model: JSON.stringify(size),
    config: configOf(size),
    batch: size.batch,
    budgetMs: BUDGET,
  };
  const { supported, error, msPerStep } = await page.evaluate((request) => {
    const { bench } = /** @type {{ bench: any } & Window} */ (/** @type {unknown} */ (window));
    return bench.run({ ...request, steps: 1000 });
  }, request);
  if (!supported) throw new Error(`${JSON.stringify(size)}: ${error}`);
  times.set(size, [...(times.get(size) ?? []), msPerStep]);
}

for (const { of, sizes } of AXES) {
  /** @type {Map<number, import("@playwright/test").Page>} */
  const pages = new Map();
  for (const { workers } of sizes) {
    if (pages.has(workers)) continue;
    const page = await browser.newPage();
    await page.goto(`${base}bench.html?workers=${workers}`);
    await page.waitForFunction(() => "bench" in window);
    pages.set(workers, page);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // Alternating: what the machine does besides falls on all sizes.
    for (const size of round % 2 ? sizes.toReversed() : sizes) {
      const page = pages.get(size.workers);
      if (page) await time(page, size);
    }
    console.error(`${of}: round ${round + 1} of ${ROUNDS}`);
  }
  for (const page of pages.values()) await page.close();
}

const axes = AXES.map(({ name, of, sizes, x }) => {
  const points = sizes.map((size) => {
    const ms = median(times.get(size) ?? []);
    const images = (1000 * size.batch) / ms;
    return { x: x(size), ms, images, gflops: (2e-6 * workOf(size)) / ms };
  });
  const grows = (/** @type {number[]} */ values) => exponent(points.map((point, at) => [point.x, values[at]]));
  const [cost, work] = [grows(points.map(({ ms }) => ms)), grows(sizes.map(workOf))];
  return { name, of, points, ...(points.length > 1 && { exponent: cost, work }) };
});
const meta = { date: new Date().toISOString(), cpu: cpus()[0].model, cores: cpus().length, browser: browser.version() };
writeFileSync(process.argv[2], JSON.stringify({ ...meta, rounds: ROUNDS, axes }, null, 1));
await browser.close();
