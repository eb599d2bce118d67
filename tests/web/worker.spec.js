// `latent-lab/worker`: the same `Lab`, with each model in a worker of its own.

import { expect, test } from "../support/installed.js";

/** @typedef {typeof import("../../pkg/cpu/latent_lab.js").Lab} Lab */

/**
 * `Lab` in workers and on the page's own thread.
 *
 * @param {import("../support/installed.js").Project} project
 * @param {import("@playwright/test").Page} page
 */
async function open(project, page) {
  await project.serve(page);
  await page.goto(`own/${project.page()}`);
  return page.evaluateHandle(async () => {
    const load = (/** @type {string} */ path) => import(new URL(path, document.baseURI).href);
    const { default: init, Lab: Here } = await load("pkg/cpu/latent_lab.js");
    const { Lab } = await load("pkg/worker/cpu.js");
    await init();
    /** What comes of a call: its kind and words where it is refused. @param {() => unknown} call */
    const outcome = async (call) => {
      try {
        return { value: await call() };
      } catch (error) {
        const { name, kind, message } = /** @type {import("../../pkg/cpu/latent_lab.js").LabError} */ (error);
        return { isError: error instanceof Error, name, kind, message };
      }
    };
    return { Lab: /** @type {Lab} */ (Lab), Here: /** @type {Lab} */ (Here), outcome };
  });
}

test("it answers as the model does, takes nothing away and leaves the page its thread", async ({ project, page }) => {
  const world = await open(project, page);
  const { there, here, ticks } = await world.evaluate(async ({ Lab, Here, outcome }) => {
    /** @param {Lab} Lab */
    const calls = async (Lab) => {
      const images = Float32Array.from({ length: 64 * 784 }, (_, at) => (at % 7) / 7);
      const noise = new Float32Array(64 * 8);
      const tiny = await Lab.create("tiny", { seed: 3 });
      const grid = await Lab.create("E17");
      const answers = [
        await tiny.train_step(images, { noise }),
        await tiny.train_step(images, { read: false }),
        await tiny.evaluate(images),
        await tiny.encode(images),
        await tiny.decode(new Float32Array(8)),
        await tiny.sample(2, { seed: 4 }),
        await tiny.reconstruct(images),
        await outcome(() => tiny.encode(images.subarray(1))),
        await outcome(() => tiny.codebook()),
        await outcome(() => Lab.create("E0")),
        await grid.train_step(images.subarray(0, 784)),
        await grid.train_step(images.subarray(0, 784), { stage: "prior", labels: [3] }),
        await grid.codebook(),
        await grid.sample_codes(2),
        tiny.info(),
        grid.info(),
      ];
      const again = await Lab.open(await tiny.save("a note"));
      answers.push(again.info(), await again.train_step(images));
      for (const lab of [tiny, grid, again]) lab.free();
      return { answers, left: [images.length, noise.length] };
    };
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1));
    const there = await calls(Lab);
    clearInterval(clock);
    return { there, here: await calls(Here), ticks };
  });
  expect(there).toEqual(here);
  expect(there.left).toEqual([64 * 784, 64 * 8]);
  // A step alone takes longer than that.
  expect(ticks).toBeGreaterThan(10);
  await expect.poll(() => page.workers().length, "free ends the worker, and so does a refusal to create").toBe(0);
});

test("what cannot be asked is refused with its kind", async ({ project, page }) => {
  const world = await open(project, page);
  const { refusals, underWay } = await world.evaluate(async ({ Lab, outcome }) => {
    const lab = await Lab.create("E2");
    const images = new Float32Array(784);
    const uncloneable = await outcome(() => lab.encode(/** @type {any} */ (() => {})));
    const underWay = [lab.train_step(images), lab.evaluate(images)];
    lab.free();
    const freed = await outcome(() => lab.evaluate(images));
    const made = await outcome(() => new /** @type {any} */ (Lab)());
    const totals = (await Promise.all(underWay)).map((terms) => terms?.total ?? 0);
    return { refusals: { uncloneable, freed, made }, underWay: totals };
  });
  const refusal = (/** @type {RegExp} */ words) => ({
    isError: true,
    name: "LabError",
    kind: "invalid_input",
    message: expect.stringMatching(words),
  });
  expect(refusals).toEqual({
    uncloneable: refusal(/^invalid_input: encode was given what cannot be sent/),
    freed: refusal(/was freed/),
    made: refusal(/Lab\.create or Lab\.open/),
  });
  expect(underWay).toEqual([expect.any(Number), expect.any(Number)]);
  expect(Math.min(...underWay)).toBeGreaterThan(0);
});

test("a model that nobody holds gives its worker back", async ({ project, page }) => {
  const world = await open(project, page);
  await world.evaluate(async ({ Lab }) => void (await Lab.create("E2")));
  expect(page.workers()).toHaveLength(1);
  const session = await page.context().newCDPSession(page);
  await expect
    .poll(async () => {
      await session.send("HeapProfiler.collectGarbage");
      return page.workers().length;
    })
    .toBe(0);
});

test.describe("a worker that fails", () => {
  test.use({ allowed: /Failed to load resource|gone for good/ });

  /** @type {[what: string, file: string, body: string | undefined, words: RegExp][]} */
  const failures = [
    ["has no script", "**/cpu-worker.js", undefined, /its script did not arrive/],
    ["has no WebAssembly", "**/*.wasm", undefined, /fetch/],
    ["stops in a call", "**/cpu-worker.js", "onmessage = () => { throw new Error('gone for good'); }", /gone for good/],
  ];

  test("its calls say so, and those after", async ({ project, page }) => {
    const world = await open(project, page);
    for (const [what, file, body, words] of failures) {
      await page.route(file, (route) =>
        body === undefined ? route.abort() : route.fulfill({ body, contentType: "text/javascript" }),
      );
      const found = await world.evaluate(({ Lab, outcome }) => outcome(() => Lab.create("E2")));
      await page.unroute(file);
      expect
        .soft(found, what)
        .toMatchObject({ name: "LabError", kind: "broken", message: expect.stringMatching(words) });
      await expect.poll(() => page.workers().length, what).toBe(0);
    }
    const [forbidden, unreadable] = await world.evaluate(async ({ Lab, outcome }) => {
      const { Worker } = self;
      const found = [];
      for (const Double of [
        function () {
          throw new DOMException("not here", "SecurityError");
        },
        class extends EventTarget {
          postMessage() {
            queueMicrotask(() => this.onmessageerror());
          }
          onmessageerror() {}
          terminate() {}
        },
      ]) {
        self.Worker = /** @type {any} */ (Double);
        found.push(await outcome(() => Lab.create("E2")));
      }
      self.Worker = Worker;
      return found;
    });
    expect.soft(forbidden).toMatchObject({ kind: "broken", message: expect.stringMatching(/not here.*worker-src/) });
    expect.soft(unreadable).toMatchObject({ kind: "broken", message: expect.stringMatching(/cannot be read/) });
  });
});
