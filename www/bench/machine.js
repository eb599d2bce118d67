// A minute of training and drawing, by which one machine can be compared with another.

/**
 * @import { Reply, Request } from "./tasks.js"
 * @typedef {{ device: "cpu" | "webgpu", workers: number }} Engine
 * @typedef {{ what: string, unit: string, request: Request, value: (reply: Reply) => number }} Cell
 * @typedef {Engine & { what: string, unit: string, value?: number, error?: string }} Result
 * @typedef {object} Report
 * @property {"latent-lab machine"} format
 * @property {string} version of Latent Lab
 * @property {string} date
 * @property {string} browser its own name for itself
 * @property {number} cores
 * @property {{ vendor: string, architecture: string, device: string, description: string } | null} gpu
 * @property {Result[]} results
 */

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** How long training is measured, in milliseconds, after a quarter of it to warm up. */
const BUDGET = 3000;

/** @param {string} model @param {number} batch @returns {Request} */
const training = (model, batch) => ({ task: "train", model, batch, steps: 100_000, budgetMs: BUDGET });

/** The benchmark's two models: convolutions as of E4, and dense layers as of E2. @type {Cell[]} */
const TRAINING = [
  ["Training convolutions, 32 pictures a step", training("C", 32)],
  ["Training convolutions, 128 pictures a step", training("C", 128)],
  ["Training dense layers, 128 pictures a step", training("D", 128)],
].map(([what, request]) => ({
  what: /** @type {string} */ (what),
  unit: "pictures/s",
  request: /** @type {Request} */ (request),
  value: ({ imagesPerSec }) => imagesPerSec,
}));

/** @type {Cell[]} */
const LOOKING = [
  {
    what: "One drawing, encoded and decoded",
    unit: "ms",
    request: { task: "latency", model: "C", n: 100, budgetMs: BUDGET },
    value: ({ samples }) => median(samples),
  },
  {
    what: "100 pictures decoded",
    unit: "ms",
    request: { task: "decode", model: "C", latents: 100, n: 20, budgetMs: BUDGET },
    value: ({ samples }) => median(samples),
  },
];

/** What is measured: on one core, on all of them, on a GPU. @param {number} cores @param {boolean} hasGpu */
function engines(cores, hasGpu) {
  /** @type {{ engine: Engine, cells: Cell[] }[]} */
  const all = [{ engine: { device: "cpu", workers: 0 }, cells: [...TRAINING, ...LOOKING] }];
  if (cores > 1) all.push({ engine: { device: "cpu", workers: cores }, cells: TRAINING });
  if (hasGpu) all.push({ engine: { device: "webgpu", workers: 0 }, cells: [...TRAINING, ...LOOKING] });
  return all;
}

/** @param {Engine} engine */
export const nameOf = ({ device, workers }) => {
  if (device === "webgpu") return "WebGPU";
  return workers > 0 ? `${workers} workers` : "one core";
};

/**
 * Asks a worker of its own; rejects when it fails or the signal is aborted.
 *
 * @param {Worker} worker
 * @param {Engine & { request?: Request }} question
 * @param {AbortSignal} signal
 * @returns {Promise<Reply>}
 */
function ask(worker, question, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || "the worker that measures did not start"));
    };
    worker.postMessage(question);
  });
}

/** @returns {Promise<Report["gpu"]>} */
async function gpuOf() {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return null;
  const { vendor, architecture, device, description } = adapter.info;
  return { vendor, architecture, device, description };
}

/**
 * Measures this machine, which has to have nothing else to do meanwhile.
 *
 * @param {AbortSignal} signal
 * @param {(share: number, what: string, results: readonly Result[]) => void} onprogress
 * @returns {Promise<Report>}
 */
export async function measureMachine(signal, onprogress) {
  const cores = navigator.hardwareConcurrency || 2;
  const gpu = await gpuOf();
  const all = engines(cores, gpu !== null);
  const count = all.reduce((sum, { cells }) => sum + cells.length, 0);
  /** @type {Result[]} */
  const results = [];
  let version = "";
  for (const { engine, cells } of all) {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "latent-lab measure" });
    try {
      const info = await ask(worker, engine, signal);
      version ||= info.version;
      for (const { what, unit, request, value } of cells) {
        onprogress(results.length / count, `${what}: ${nameOf(engine)}`, results);
        const reply = await ask(worker, { ...engine, request }, signal);
        const found = reply.supported ? { value: value(reply) } : { error: reply.error };
        results.push({ what, unit, ...engine, ...found });
      }
    } finally {
      worker.terminate();
    }
  }
  onprogress(1, "", results);
  const date = new Date().toISOString();
  return { format: "latent-lab machine", version, date, browser: navigator.userAgent, cores, gpu, results };
}
