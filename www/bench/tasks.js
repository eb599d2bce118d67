// The tasks of the peer benchmark, on a device and, on the CPU, with a team of workers.

import { checkpoint, gauss, MODELS, uniform } from "./models.js";

/** @typedef {typeof import("../pkg/cpu/latent_lab.js")} Flavour */
/** @typedef {import("../pkg/cpu/latent_lab.js").Lab} Lab */
/** @typedef {{ lab: Lab, batches: Float32Array[], noise: Float32Array[] | null, step: number, started: number, estimate: number }} Session */
/**
 * `model` is one of the benchmark's, with its weights; or the name of a `config`, with fresh ones.
 *
 * @typedef {{ task?: string, model: string, config?: import("../pkg/cpu/latent_lab.js").ModelConfig, batch?: number, steps?: number, readEvery?: number, budgetMs?: number, n?: number, latents?: number }} Request
 */
/** @typedef {{ supported: boolean, error?: string, [name: string]: any }} Reply */

const now = () => performance.now();
const message = (/** @type {unknown} */ error) => String(error instanceof Error ? error.message : error).slice(0, 400);

export class Bench {
  #device;
  #workers;
  /** @type {Promise<Flavour>} */
  #flavour;
  /** @type {import("../pkg/team/index.js").Team | undefined} */
  #team;
  /** @type {Map<string, Session>} */
  #sessions = new Map();

  /**
   * @param {"cpu" | "webgpu"} device
   * @param {number} workers that compute the parts of a step; 0 for none
   */
  constructor(device, workers) {
    this.#device = device;
    this.#workers = workers;
    this.#flavour = import(`../pkg/${device}/latent_lab.js`);
    this.ready = this.#start();
  }

  async #start() {
    const begun = now();
    const info = { framework: "latent-lab", backend: this.#device, workers: this.#workers, protocol: 1, version: "" };
    try {
      const { default: init, Lab } = await this.#flavour;
      await init();
      const probe = await Lab.create("E2", { device: this.#device });
      info.version = probe.info().version;
      probe.free();
      if (this.#workers > 0) {
        const { Team } = await import("../pkg/team/index.js");
        this.#team = new Team({ workers: this.#workers });
      }
      return { ...info, initMs: now() - begun };
    } catch (error) {
      return { ...info, error: message(error) };
    }
  }

  /** @param {Request} request @returns {Promise<Reply>} */
  async run(request) {
    const info = await this.ready;
    if ("error" in info) return { ...request, supported: false, error: info.error };
    try {
      return { supported: true, ...(await this.#answer(request)) };
    } catch (error) {
      return { ...request, supported: false, error: message(error) };
    }
  }

  /** @param {Request} request @returns {Promise<object>} */
  #answer(request) {
    switch (request.task ?? "train") {
      case "train":
        return this.#train(request);
      case "latency":
        return this.#latency(request);
      case "decode":
        return this.#decode(request);
      case "check":
        return this.#check(request);
      default:
        throw new Error(`there is no task ${request.task}`);
    }
  }

  /**
   * The session of a model and batch; repeats go on with it.
   *
   * @param {Request} request
   * @param {number} batch
   * @param {boolean} [fixedNoise]
   * @returns {Promise<{ session: Session, fresh: boolean }>}
   */
  async #open({ model, config }, batch, fixedNoise = false) {
    const key = `${model}/${batch}/${fixedNoise}`;
    const known = this.#sessions.get(key);
    if (known) return { session: known, fresh: false };
    const four = [0, 1, 2, 3];
    const [height, width] = config?.image ?? [28, 28];
    const batches = four.map((k) => uniform(batch * height * width, 100 + k));
    const noise = fixedNoise ? four.map((k) => gauss(batch * MODELS[model].latent, 500 + k)) : null;
    const file = config ? undefined : checkpoint(model);
    const started = now();
    const { Lab } = await this.#flavour;
    const device = this.#device;
    const lab = await (file ? Lab.open(file, { device }) : Lab.create(config ?? model, { device, seed: 1 }));
    const session = { lab, batches, noise, step: 0, started, estimate: NaN };
    this.#sessions.set(key, session);
    return { session, fresh: true };
  }

  /** One step; the loss is NaN unless it is read. */
  async #step(/** @type {Session} */ session, /** @type {boolean} */ read) {
    const k = session.step++ % 4;
    const noise = session.noise?.[k];
    const settings = { learning_rate: 1e-3, read, ...(noise && { noise }) };
    const terms = this.#team
      ? await this.#team.train_step(session.lab, session.batches[k], settings)
      : await session.lab.train_step(session.batches[k], settings);
    return terms?.total ?? NaN;
  }

  /** @param {Request} request */
  async #train(request) {
    const { model, batch = 32, steps = 100, readEvery = 10, budgetMs = 4000 } = request;
    const { session, fresh } = await this.#open(request, batch);
    /** @type {Record<string, unknown>} */
    const out = { task: "train", model, batch };
    if (fresh) {
      out.firstLoss = await this.#step(session, true);
      const firstStepMs = now() - session.started;
      out.firstStepMs = firstStepMs;
      let warmupSteps = 0;
      session.estimate = firstStepMs;
      if (firstStepMs <= 5 * budgetMs) {
        const begun = now();
        do {
          const before = now();
          await this.#step(session, true);
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
      for (let i = 1; i < count; i++) await this.#step(session, false);
      lastLoss = await this.#step(session, true);
      done += count;
    }
    const ms = now() - begun;
    const msPerStep = ms / done;
    const imagesPerSec = (1000 * batch) / msPerStep;
    return { ...out, steps: done, readEvery: block, ms, msPerStep, imagesPerSec, lastLoss };
  }

  /** @param {Request} request */
  async #latency(request) {
    const { model, n = 50, budgetMs = 8000 } = request;
    const { session } = await this.#open(request, 32);
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
  async #decode(request) {
    const { model, latents = 100, n = 10, budgetMs = 4000 } = request;
    const { session } = await this.#open(request, 32);
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

  /** @param {Request} request */
  async #check(request) {
    const { model, batch = 8, steps = 5 } = request;
    const { session, fresh } = await this.#open(request, batch, true);
    if (!fresh) throw new Error("check needs a fresh page");
    const losses = [];
    for (let i = 0; i < steps; i++) losses.push(await this.#step(session, true));
    session.lab.free();
    this.#sessions.delete(`${model}/${batch}/true`);
    return { task: "check", model, batch, losses };
  }
}

/** The length and the checksum of the pixels, which prove that they were computed. */
function proofOf(/** @type {Float32Array} */ pixels) {
  return { outLen: pixels.length, checksum: pixels.reduce((a, b) => a + b, 0) };
}
