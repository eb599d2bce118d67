// `latent-lab/team`: training steps on several workers.

import { expect, test } from "../support/installed.js";

/**
 * The library and its team on a page that counts the workers.
 *
 * @param {import("../support/installed.js").Project} project
 * @param {import("@playwright/test").Page} page
 */
async function open(project, page) {
  await project.serve(page);
  await page.goto(`own/${project.page()}`);
  return page.evaluateHandle(async () => {
    const load = (/** @type {string} */ path) => import(new URL(path, document.baseURI).href);
    /** @type {typeof import("../../pkg/cpu/latent_lab.js")} */
    const { default: init, Lab, Replica } = await load("pkg/cpu/latent_lab.js");
    /** @type {typeof import("../../pkg/team/index.js")} */
    const { Team } = await load("pkg/team/index.js");
    await init();
    /** @type {Worker[]} */
    const workers = [];
    const { Worker } = window;
    window.Worker = class extends Worker {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        workers.push(this);
      }
    };
    /** @param {number} count */
    const images = (count) => Float32Array.from({ length: count * 784 }, (_, at) => ((at * 31) % 97) / 97);
    const outcome = async (/** @type {() => unknown} */ call) => {
      try {
        return { value: await call() };
      } catch (error) {
        const { kind, message } = /** @type {import("../../pkg/cpu/latent_lab.js").LabError} */ (error);
        return { kind, message };
      }
    };
    return { Lab, Replica, Team, images, outcome, workers };
  });
}

test("one seed is one run, up to the bit, by one, two and three workers and by the model alone", async ({
  project,
  page,
}) => {
  const world = await open(project, page);
  const runs = await world.evaluate(async ({ Lab, Team, images }) => {
    const found = [];
    for (const preset of ["tiny", "E2", "E8", "E14", "E17"]) {
      /** @param {number} workers 0 for the model alone */
      const run = async (workers) => {
        const lab = await Lab.create(preset, { seed: 3 });
        const team = workers > 0 ? new Team({ workers }) : undefined;
        const step = (/** @type {import("../../pkg/cpu/latent_lab.js").StepSettings} */ settings) =>
          team ? team.train_step(lab, images(70), settings) : lab.train_step(images(70), settings);
        const terms = [await step({}), await step({ learning_rate: 1e-3 }), await step({})];
        const labels = Array.from({ length: 70 }, (_, at) => at % 10);
        if (preset === "E17") terms.push(await step({ stage: "prior", labels }));
        const all = JSON.stringify([terms, [...(await lab.save())]]);
        lab.free();
        team?.close();
        return all;
      };
      const alone = await run(0);
      const same = [];
      for (const workers of [1, 2, 3]) same.push((await run(workers)) === alone);
      found.push({ preset, length: alone.length, same });
    }
    return found;
  });
  for (const { preset, length, same } of runs) {
    expect(length, preset).toBeGreaterThan(10_000);
    expect(same, preset).toEqual([true, true, true]);
  }
  await expect.poll(() => page.workers().length, "closed").toBe(0);
});

test("a worker that dies costs its part alone, and the run is the same", async ({ project, page }) => {
  test.setTimeout(90_000);
  const world = await open(project, page);
  const { expected, found, count } = await world.evaluate(async ({ Lab, Team, images, workers }) => {
    /** @param {(step: number) => void} during */
    const run = async (during) => {
      const lab = await Lab.create("tiny", { seed: 3 });
      const team = new Team({ workers: 2 });
      const terms = [];
      for (let step = 0; step < 4; step += 1) {
        const taken = team.train_step(lab, images(70));
        during(step);
        terms.push(await taken);
      }
      lab.free();
      team.close();
      return terms;
    };
    const expected = await run(() => {});
    const before = workers.length;
    const found = await run((step) => {
      const [one, other] = workers.slice(before);
      // One that fails aloud, and one that the browser ends without a word.
      if (step === 1) one.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
      if (step === 2) other.terminate();
    });
    return { expected, found, count: workers.length - before };
  });
  expect(found).toEqual(expected);
  expect(count, "two, and one in place of each that died").toBeGreaterThanOrEqual(4);
});

test("looks go on in the middle of a step, and the team rests, changes its size and is closed", async ({
  project,
  page,
}) => {
  const world = await open(project, page);
  const { order, sizes, memory, closed, busy } = await world.evaluate(
    async ({ Lab, Team, images, outcome, workers }) => {
      const lab = await Lab.create("E4");
      const team = new Team({ workers: 1 });
      /** @type {string[]} */
      const order = [];
      await team.train_step(lab, images(1));
      const step = team.train_step(lab, images(128)).then(() => order.push("step"));
      await new Promise((resolve) => setTimeout(resolve, 30));
      await lab.reconstruct(images(1)).then(() => order.push("look"));
      const busy = await outcome(() => team.train_step(lab, images(1)));
      await step;
      const sizes = [workers.length];
      const { memory } = team;
      team.workers = 2;
      await team.train_step(lab, images(64));
      sizes.push(workers.length);
      team.rest();
      await team.train_step(lab, images(64));
      sizes.push(workers.length);
      team.close();
      return { order, sizes, memory, busy, closed: await outcome(() => team.train_step(lab, images(1))) };
    },
  );
  expect(order).toEqual(["look", "step"]);
  expect(sizes).toEqual([1, 2, 4]);
  expect(memory).toBeGreaterThan(1e6);
  expect(busy).toMatchObject({ kind: "invalid_input", message: /a step is under way/ });
  expect(closed).toMatchObject({ kind: "invalid_input", message: /was closed/ });
});

test("what is refused says why and changes nothing", async ({ project, page }) => {
  const world = await open(project, page);
  const refusals = await world.evaluate(async ({ Lab, Replica, Team, images, outcome }) => {
    const lab = await Lab.create("tiny");
    const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
    const work = await lab.begin_step(images(40));
    const replica = new Replica("tiny");
    const early = await outcome(() => replica.contribute(work.parts[0]));
    replica.begin(work);
    /** @type {import("../../pkg/cpu/latent_lab.js").Contribution[]} */
    const right = [];
    for (const part of work.parts) right.push(await replica.contribute(part));
    const team = new Team({ workers: 1 });
    const big = new Float32Array(2 ** 24);
    const found = [
      early,
      await outcome(() => new Team({ workers: 0 })),
      await outcome(() => new Replica("E0")),
      await outcome(() => new Replica("tiny", { stage: "prior" })),
      await outcome(() => replica.begin(any({ ...work, weights: new Float32Array(3) }))),
      await outcome(() => replica.begin(any(undefined))),
      await outcome(() => replica.contribute(any({ ...work.parts[0], arrays: [] }))),
      await outcome(() => replica.contribute(any({ ...work.parts[0], count: -1 }))),
      await outcome(() => lab.end_step(work, right.slice(1))),
      await outcome(() => lab.end_step(work, any({}))),
      await outcome(() => lab.end_step(work, any([...right.slice(1), { gradient: new Float32Array(1) }]))),
      await outcome(() => lab.end_step(any({}), right)),
      // More than a memory holds is not even copied.
      await outcome(() =>
        lab.end_step(work, Array(100).fill({ gradient: big, terms: big, averages: [], examples: big })),
      ),
      await outcome(() => team.contributions({ ...work, weights: new Float32Array(3) }, lab.info().config)),
      await outcome(() => lab.begin_step(images(40).fill(2))),
    ];
    const { step } = lab.info();
    const ended = await outcome(() => lab.end_step(work, right));
    return { found, step, ended, again: await outcome(() => lab.end_step(work, right)), last: lab.info().step };
  });
  for (const refusal of refusals.found) {
    expect(refusal.kind, refusal.message).toMatch(/^(invalid_input|unknown_name)$/);
    expect(refusal.message).toMatch(/give|take|known|begin/);
  }
  expect(refusals.step).toBe(0);
  expect(refusals.ended.value).toHaveProperty("total");
  expect(refusals.again).toMatchObject({ kind: "invalid_input", message: /no step is begun/ });
  expect(refusals.last).toBe(1);
});
