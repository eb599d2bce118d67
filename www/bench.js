// Speaks protocol 1 of the peer benchmark: `window.bench` with `ready` and `run`.

import { checkpoint, gauss, MODELS, uniform } from "./bench/models.js";

const device = new URLSearchParams(location.search).get("device") === "webgpu" ? "webgpu" : "cpu";

/** @typedef {import("./pkg/cpu/latent_lab.js").Lab} Lab */
/** @typedef {{ lab: Lab, batches: Float32Array[], noise: Float32Array[] | null, step: number, started: number, estimate: number }} Session */
/** @typedef {{ task?: string, model: string, batch?: number, steps?: number, readEvery?: number, budgetMs?: number, n?: number, latents?: number }} Request */

/** @type {Promise<typeof import("./pkg/cpu/latent_lab.js")>} */
const flavour = import(`./pkg/${device}/latent_lab.js`);
/** @type {Map<string, Session>} */
const sessions = new Map();
const now = () => performance.now();
const message = (/** @type {unknown} */ error) => String(error instanceof Error ? error.message : error).slice(0, 400);

async function start() {
  const begun = now();
  const info = { framework: "latent-lab", backend: device, protocol: 1, version: "" };
  try {
    const module = await flavour;
    await module.default();
    const probe = await module.Lab.create("E2", { device });
    info.version = probe.info().version;
    probe.free();
    return { ...info, initMs: now() - begun };
  } catch (error) {
    return { ...info, error: message(error) };
  }
}

/**
 * The session of a model and batch; repeats go on with it.
 * @param {string} model @param {number} batch @param {boolean} fixedNoise
 * @returns {Promise<{ session: Session, fresh: boolean }>}
 */
async function open(model, batch, fixedNoise = false) {
  const key = `${model}/${batch}/${fixedNoise}`;
  const known = sessions.get(key);
  if (known) return { session: known, fresh: false };
  const four = [0, 1, 2, 3];
  const batches = four.map((k) => uniform(batch * 784, 100 + k));
  const noise = fixedNoise ? four.map((k) => gauss(batch * MODELS[model].latent, 500 + k)) : null;
  const file = checkpoint(model);
  const started = now();
  const lab = await (await flavour).Lab.open(file, { device });
  const session = { lab, batches, noise, step: 0, started, estimate: NaN };
  sessions.set(key, session);
  return { session, fresh: true };
}

/** One step; the loss is NaN unless it is read. */
async function step(/** @type {Session} */ session, /** @type {boolean} */ read) {
  const k = session.step++ % 4;
  const noise = session.noise?.[k];
  const terms = await session.lab.train_step(session.batches[k], {
    learning_rate: 1e-3,
    read,
    ...(noise && { noise }),
  });
  return terms?.total ?? NaN;
}

/** @param {Request} request */
async function train({ model, batch = 32, steps = 100, readEvery = 10, budgetMs = 4000 }) {
  const { session, fresh } = await open(model, batch);
  /** @type {Record<string, unknown>} */
  const out = { task: "train", model, batch };
  if (fresh) {
    out.firstLoss = await step(session, true);
    const firstStepMs = now() - session.started;
    out.firstStepMs = firstStepMs;
    let warmupSteps = 0;
    session.estimate = firstStepMs;
    if (firstStepMs <= 5 * budgetMs) {
      const begun = now();
      do {
        const before = now();
        await step(session, true);
        session.estimate = now() - before;
        warmupSteps++;
      } while (warmupSteps < 5 && now() - begun < budgetMs / 4);
    }
    out.warmupSteps = warmupSteps;
  }
  const block = Math.max(1, Math.min(readEvery, Math.floor(budgetMs / session.estimate) || 1));
  const begun = now();
  let done = 0;
  let lastLoss = NaN;
  while (done < steps && (done === 0 || now() - begun < budgetMs)) {
    const count = Math.min(block, steps - done);
    for (let i = 1; i < count; i++) await step(session, false);
    lastLoss = await step(session, true);
    done += count;
  }
  const ms = now() - begun;
  const msPerStep = ms / done;
  const imagesPerSec = (1000 * batch) / msPerStep;
  return { ...out, steps: done, readEvery: block, ms, msPerStep, imagesPerSec, lastLoss };
}

/** @param {Request} request */
async function latency({ model, n = 50, budgetMs = 8000 }) {
  const { session } = await open(model, 32);
  const image = uniform(784, 42);
  const samples = [];
  const first = now();
  let pixels = await session.lab.reconstruct(image);
  const firstMs = now() - first;
  for (let i = 0; i < 5; i++) pixels = await session.lab.reconstruct(image);
  const begun = now();
  for (let i = 0; i < n && (i < 3 || now() - begun < budgetMs); i++) {
    image[i % 784] = (i * 0.37) % 1;
    const before = now();
    pixels = await session.lab.reconstruct(image);
    samples.push(now() - before);
    if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { task: "latency", model, firstMs, samples, ...proofOf(pixels) };
}

/** @param {Request} request */
async function decode({ model, latents = 100, n = 10, budgetMs = 4000 }) {
  const { session } = await open(model, 32);
  const z = gauss(latents * MODELS[model].latent, 77);
  const samples = [];
  let pixels = await session.lab.decode(z);
  pixels = await session.lab.decode(z);
  const begun = now();
  for (let i = 0; i < n && (i < 3 || now() - begun < budgetMs); i++) {
    const before = now();
    pixels = await session.lab.decode(z);
    samples.push(now() - before);
  }
  return { task: "decode", model, latents, samples, ...proofOf(pixels) };
}

/** The length and the checksum of the pixels, which prove that they were computed. */
function proofOf(/** @type {Float32Array} */ pixels) {
  return { outLen: pixels.length, checksum: pixels.reduce((a, b) => a + b, 0) };
}

/** @param {Request} request */
async function check({ model, batch = 8, steps = 5 }) {
  const { session, fresh } = await open(model, batch, true);
  if (!fresh) throw new Error("check needs a fresh page");
  const losses = [];
  for (let i = 0; i < steps; i++) losses.push(await step(session, true));
  session.lab.free();
  sessions.delete(`${model}/${batch}/true`);
  return { task: "check", model, batch, losses };
}

/** @type {Record<string, (request: Request) => Promise<object>>} */
const tasks = { train, latency, decode, check };
const ready = start();

Object.assign(window, {
  bench: {
    ready,
    /** @param {Request} request */
    async run(request) {
      const info = await ready;
      if ("error" in info) return { ...request, supported: false, error: info.error };
      try {
        return { supported: true, ...(await tasks[request.task ?? "train"](request)) };
      } catch (error) {
        return { ...request, supported: false, error: message(error) };
      }
    },
  },
});
