// The numbers of the README, measured in the built page: `cargo xtask bench`, or with a server of
// dist/ at hand `BASE_URL=... CHROME=... node bench/numbers.js [size] [start] [draw] [learn] [memory]
// [team] [encode] [experiments] [plane] [webgpu]`.

import { gzipSync } from "node:zlib";

import { experiments, plane } from "./experiments.js";
import { base, drawing, measures, median, quantile, row, shown, software, withPage } from "./measure.js";

/** @typedef {import("./measure.js").Hooked} Hooked */

async function size() {
  /** @type {import("@playwright/test").Request[]} */
  const finished = [];
  const before = (/** @type {import("@playwright/test").Page} */ page) => {
    page.on("requestfinished", (request) => finished.push(request));
  };
  await withPage(
    async () => {
      // Read while the page is open. What finishes from here on came after the first reconstruction and is not counted.
      const sizes = await Promise.all(finished.map(transferred));
      const sum = sizes.reduce((total, { gzip }) => total + gzip, 0);
      const wasm = sizes.find(({ path }) => /cpu\/.*\.wasm$/.test(path))?.gzip ?? NaN;
      row("CPU flavour, gzip", `${shown(wasm / 1000)} kB`, "420 kB");
      const requests = `${sizes.length} requests`;
      row("transferred before the first reconstruction, gzip", `${shown(sum / 1000)} kB, ${requests}`, "600 kB");
    },
    { before },
  );
}

/** What a finished request brought, and its bytes as a static host sends them. */
async function transferred(/** @type {import("@playwright/test").Request} */ request) {
  const response = await request.response();
  if (!response) throw new Error(`${request.url()} finished without a response`);
  return { path: new URL(request.url()).pathname, gzip: gzipSync(await response.body(), { level: 9 }).length };
}

async function start() {
  /** @type {number[]} */
  const times = [];
  for (let run = 0; run < 11; run++) {
    await withPage(async (page) => {
      const mark = "lab:first-reconstruction";
      times.push(await page.evaluate((name) => performance.getEntriesByName(name)[0].startTime, mark));
    });
  }
  const spread = `${shown(Math.min(...times), 0)} to ${shown(Math.max(...times), 0)}`;
  row("cold navigation to the first reconstruction", `${shown(median(times), 0)} ms (${spread})`, "0.8 s");
}

async function draw() {
  await withPage(async (page) => {
    await page.evaluate(() => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.begun);
    const idle = await drawing(page);
    row(
      "`lab:reconstruction`, idle, p50 / p95",
      `${shown(median(idle))} / ${shown(quantile(idle, 0.95))} ms (${idle.length} answers)`,
      "16 ms",
    );
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.waitForFunction(() => performance.getEntriesByName("lab:step").length > 5);
    await measures(page, "lab:step");
    const busy = await drawing(page);
    const steps = await measures(page, "lab:step");
    row(
      "`lab:reconstruction` while training, p50 / p95",
      `${shown(median(busy))} / ${shown(quantile(busy, 0.95))} ms (a step: ${shown(median(steps))} / ${shown(quantile(steps, 0.95))} ms)`,
      "16 ms, and 5 above idle",
    );
  });
}

/** Trains in the page up to a step; gives the seconds it took. */
async function train(/** @type {import("@playwright/test").Page} */ page, /** @type {number} */ steps) {
  const begun = Date.now();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForFunction(
    (steps) => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.store.get("info").step >= steps,
    steps,
    { timeout: 0, polling: 100 },
  );
  const seconds = (Date.now() - begun) / 1000;
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  return seconds;
}

async function learn() {
  for (const seed of [1, 2, 3, 4, 5]) {
    await withPage(
      async (page) => {
        await page.evaluate(() => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.begun);
        const seconds = await train(page, 400);
        const held = await page.evaluate(
          () => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.store.get("history").codes.held_out,
        );
        const at = (/** @type {number} */ step) =>
          held.find((/** @type {{ step: number }} */ point) => point.step === step)?.total ?? NaN;
        const milestones = [50, 100, 200, 400].map((step) => shown(at(step))).join(" / ");
        row(
          `tiny from fresh weights, seed ${seed}: held-out -ELBO at 50 / 100 / 200 / 400`,
          `${milestones}, ${shown(seconds)} s with data and evaluations`,
          "124.5 at 200, 120 at 400, 14 s",
        );
      },
      { hash: `#from=fresh&seed=${seed}` },
    );
  }
}

/**
 * Bytes on the page's JavaScript heap, after a collection: in all, and without the code that the engine compiles, which
 * grows as it finds out what is worth compiling.
 *
 * @param {import("playwright-core").CDPSession} session
 */
async function heap(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  /** @type {string[]} */
  const chunks = [];
  /** @param {{ chunk: string }} event */
  const take = ({ chunk }) => void chunks.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", take);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { snapshot, nodes } = JSON.parse(chunks.join(""));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  let objects = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (!["code", "native"].includes(types[type][nodes[at + type]])) objects += nodes[at + size];
  }
  return { objects: objects / 1e6, used: usedSize / 1e6 };
}

async function memory() {
  await withPage(
    async (page) => {
      const session = await page.context().newCDPSession(page);
      const used = async () => {
        const wasm = await page.evaluate(() =>
          /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.lab.memory(),
        );
        return { ...(await heap(session)), wasm: wasm.cpu / 1e6 };
      };
      /** @type {Awaited<ReturnType<typeof used>>[]} */
      const found = [];
      for (const steps of [200, 800, 1400, 2000]) {
        await train(page, steps);
        found.push(await used());
      }
      /** @param {"objects" | "used" | "wasm"} name */
      const list = (name) => found.map((one) => shown(one[name], 2)).join(" / ");
      row(
        "memory at 200 / 800 / 1,400 / 2,000 steps: objects on the JS heap; with compiled code; WebAssembly",
        `${list("objects")}; ${list("used")}; ${list("wasm")} MB`,
        "5 % after 200",
      );
    },
    { hash: "#from=fresh" },
  );
}

/** What the worker and its team hold while they train the tutorial's VAE. */
async function team() {
  await withPage(
    async (page) => {
      await page.evaluate(() => /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab.begun);
      await train(page, 30);
      const [workers, own, others] = await page.evaluate(async () => {
        const { lab, store } = /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab;
        const { workers, memory } = store.get("workers_status");
        return [workers, (await lab.memory()).cpu, memory];
      });
      const sum = `${shown((own + others) / 1e6)} MB with ${workers} workers`;
      row("WebAssembly memory of all workers while E4 trains at batch 128", sum, "256 MB");
    },
    { hash: "#model=E4&from=fresh&batch=128" },
  );
}

/** All test digits encoded as the latent plane asks for them. */
async function encode() {
  for (const [model, bar] of [
    ["E2", "60 ms"],
    ["tiny", "700 ms"],
  ]) {
    await withPage(
      async (page) => {
        const times = await page.evaluate(async () => {
          const { lab, experiment, begun } = /** @type {Hooked} */ (/** @type {unknown} */ (window)).latentLab;
          await begun;
          await experiment.datasets.openPictures();
          const times = [];
          for (let round = 0; round < 5; round += 1) {
            const start = performance.now();
            for (let at = 0; at < 10_000; at += 100) await lab.codes(at, 100, "test");
            times.push(performance.now() - start);
          }
          return times;
        });
        row(`10,000 test digits encoded for the plane, ${model}`, `${shown(median(times), 0)} ms`, bar);
      },
      { hash: `#model=${model}` },
    );
  }
}

async function webgpu() {
  await withPage(
    async (page) => {
      const flavours = await page.evaluate(async () => (await fetch("pkg/flavours.json")).json());
      await page.goto(`${base}bench.html?device=webgpu`);
      const result = await page.evaluate(async () => {
        const { bench } = /** @type {{ bench: any } & Window} */ (/** @type {unknown} */ (window));
        const info = await bench.ready;
        const check = await bench.run({ task: "check", model: "C" });
        const train = await bench.run({ task: "train", model: "C", batch: 32, steps: 4, budgetMs: 60000 });
        return { info, check, train };
      });
      row("WebGPU flavour, gzip", `${shown(flavours.webgpu.gzip / 1e6, 2)} MB`, "stated");
      row(
        "WebGPU flavour on a software adapter, model C, batch 32",
        `first step ${shown(result.train.firstStepMs / 1000)} s, then ${shown(result.train.imagesPerSec)} images/s`,
        "stated",
      );
      row(
        "model C on it, five losses",
        result.check.losses.map((/** @type {number} */ x) => x.toFixed(4)).join(" "),
        "1e-3",
      );
    },
    { args: software },
  );
}

const asked = process.argv.slice(2);
/** What is no chore is an experiment that is measured alone: `cargo xtask bench experiments E3`. */
const alone = () => experiments(asked.filter((name) => !(name in chores)));
const chores = { size, start, draw, learn, memory, team, encode, experiments: alone, plane, webgpu };
console.log("| what | found | bar |\n|---|---|---|");
for (const [name, chore] of Object.entries(chores)) {
  if (asked.length === 0 || asked.includes(name)) await chore();
}
