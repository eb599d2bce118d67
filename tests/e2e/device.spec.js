// Without WebGPU: the CPU runs, and the page says why.

import { expect, test } from "../support/visit.js";
import { Devices } from "../../www/worker/device.js";
import { Model } from "../../www/worker/model.js";
import { CALL, Queue } from "../../www/worker/queue.js";

test("the page says which device runs, and why not the other", async ({ visit }) => {
  await visit.begin();
  await expect(visit.device).toContainText(/CPU: this browser (has no WebGPU|finds no WebGPU adapter)/);
  await expect(visit.device.getByRole("radio", { name: "Automatic" })).toBeChecked();
});

test("WebGPU is refused with the reason, in mid-training, and training goes on", async ({ visit }) => {
  await visit.begin("#from=fresh&batch=16");
  await visit.train.click();
  await visit.reaches(3);
  // Not check(): the refusal may have put the choice back before it looks.
  await visit.device.getByRole("radio", { name: "WebGPU" }).click();
  await expect(visit.problem).toContainText(/WebGPU cannot run: this browser/);
  await expect(visit.device.getByRole("radio", { name: "Automatic" })).toBeChecked();
  await expect(visit.device).toContainText(/CPU: this browser/);
  await expect(visit.problem, "stays when the choice before is back").toBeVisible();
  const step = await visit.step();
  await visit.reaches(step + 3);
  await visit.device.getByRole("radio", { name: "CPU" }).check();
  await expect(visit.device).toContainText("CPU: you chose it");
  const end = await visit.stop();
  expect((await visit.curves()).map(({ step }) => step)).toEqual(Array.from({ length: end }, (_, at) => at + 1));
});

test.describe("CPU, chosen while a move to WebGPU waits for its turn, is the last word", () => {
  // What a browser with a GPU has, and a server with both flavours.
  const adapter = { features: new Set(["timestamp-query"]), info: { architecture: "made-up", description: "" } };
  const engine = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const server = async (/** @type {URL} */ { pathname }) =>
    new Response(pathname.endsWith(".json") ? `{ "webgpu": {} }` : engine);
  const { fetch, navigator } = globalThis;
  const provide = (/** @type {object} */ globals) => {
    for (const [name, value] of Object.entries(globals))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  test.beforeEach(() => provide({ fetch: server, navigator: { gpu: { requestAdapter: async () => adapter } } }));
  test.afterEach(() => provide({ fetch, navigator }));

  /** A model whose steps take so long, in milliseconds. @param {number} step @returns {any} */
  const lab = (step) => ({
    save: async () => new Uint8Array(),
    train_step: () => new Promise((resolve) => setTimeout(resolve, step)),
    free: () => {},
  });
  /** @param {number} step @returns {any} */
  const flavour = (step) => ({ Lab: { open: async () => lab(step) }, self_test: async () => ({ agrees: true }) });

  /** @type {["auto" | "webgpu", number][]} where the move is the first or the second of the queue's jobs for a person */
  const BEFORE = [
    ["webgpu", 1],
    ["auto", 2],
  ];
  for (const [before, turn] of BEFORE) {
    test(`after “${before}”`, async () => {
      const [queue, model] = [new Queue(), new Model()];
      model.replace(lab(5));
      const parts = { queue, model, cpu: flavour(5), importWebGpu: async () => flavour(0) };
      const team = { workers: 1, train_step: (/** @type {any} */ lab) => lab.train_step(), close() {} };
      const devices = new Devices({
        ...parts,
        importTeam: async () => /** @type {any} */ (team),
        raceBatch: () => new Float32Array(),
        onstatus: ({ device }) => expect(device, "what is told").toBe("cpu"),
        ondownload: () => {},
      });
      const { run } = queue;
      let jobs = 0;
      /** @type {Promise<unknown[]>} */
      const chosen = new Promise((resolve) => {
        queue.run = (priority, job) => {
          const done = run.call(queue, priority, job);
          jobs += priority === CALL ? 1 : 0;
          if (priority === CALL && jobs === turn) resolve(Promise.all([devices.choose("cpu"), done]));
          return /** @type {any} */ (done);
        };
      });
      await devices.choose(before);
      const [status] = await chosen;
      expect(status).toEqual({ device: "cpu", reason: "you chose it" });
      expect(devices.current).toBe("cpu");
    });
  }
});
