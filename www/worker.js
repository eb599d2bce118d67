// The worker: one model, its data, and one call at a time. It is the only importer of the package.

import init, * as cpu from "./pkg/cpu/latent_lab.js";
import { kindOf, wordsOf } from "./experiment/notices.js";
import { progressOf } from "./progress.js";
import { Companions } from "./worker/companions.js";
import { Data, Pictures, SIDE } from "./worker/data.js";
import { Devices } from "./worker/device.js";
import { Model, Viewer } from "./worker/model.js";
import { BACKGROUND, CALL, Queue } from "./worker/queue.js";
import { decode, encode } from "./worker/latents.js";
import { Training } from "./worker/training.js";
import { Workers } from "./worker/workers.js";

/**
 * @import { FromWorker, Method, Methods, SampleSource, StartOptions, StepReport, ToWorker } from "./types.js"
 */

/** @typedef {{ signal: AbortSignal, report: (report: StepReport) => void }} Context */

/** Side of the largest picture that an opened model may have. */
const MOST_SIDE = 64;

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const queue = new Queue();
const model = new Model();
const viewer = new Viewer(queue, model, cpu.center_digit);
const companions = new Companions(queue, model, cpu);
/** @type {Map<SampleSource, Pictures>} */
const samples = new Map();
/** @type {Data | undefined} */
let data;
/** @type {Devices} */
let devices;
/** @type {Training} */
let training;
/** @type {Workers} */
let workers;
/** @type {WebAssembly.Memory | undefined} */
let webgpuMemory;
/** @type {WebAssembly.Memory} */
let cpuMemory;

const requireData = () => {
  if (data) return data;
  const error = new Error("There is no data to train on yet; open some.");
  throw Object.assign(error, { kind: "invalid_data" });
};

/** @param {SampleSource} from */
const pictures = (from) => (from === "data" ? undefined : samples.get(from)) ?? requireData().pictures;

/**
 * @param {FromWorker} message
 * @param {Transferable[]} [transfer]
 */
const post = (message, transfer = []) => scope.postMessage(message, transfer);

/** @param {WebAssembly.Module} module @param {string} hash */
async function importWebGpu(module, hash) {
  // Imported by URL, because only in dist/ is it sure to exist. The URL has the hash, because the flavour may be built
  // anew while a page is open.
  const url = new URL(`./pkg/webgpu/latent_lab.js?${hash}`, import.meta.url);
  /** @type {typeof cpu} */
  const webgpu = await import(url.href);
  ({ memory: webgpuMemory } = await webgpu.default({ module_or_path: module }));
  return webgpu;
}

/** @param {StartOptions} options */
async function start({ module, lock, refusal }) {
  // The lock is held as long as the worker lives, so that the page notices when it has ended.
  navigator.locks
    ?.request(lock, () => {
      post({ event: "locked" });
      return new Promise(() => {});
    })
    .catch(({ message }) => console.info(`The page is not told when the browser ends its worker: ${message}`));
  ({ memory: cpuMemory } = await init({ module_or_path: module }));
  const importTeam = async () => new (await import("./pkg/team/team.js")).Team({ workers: 1, module });
  devices = new Devices({
    queue,
    model,
    cpu,
    importWebGpu,
    importTeam,
    refusal,
    raceBatch: () => {
      const info = model.lab.info();
      const size = training.size ?? info.config.training.batch_size;
      return samples.get("first")?.batch(size, info) ?? requireData().batch(size, 0, 0, info);
    },
    onstatus: (detail) => post({ event: "device", detail }),
    ondownload: (name, loaded, total, done) => post({ event: "download", detail: { name, loaded, total, done } }),
  });
  workers = new Workers(importTeam, (detail) => post({ event: "workers", detail }));
  training = new Training(queue, model, viewer, devices, workers, requireData);
  viewer.onagain = (detail) => post({ event: "look", detail });
  return { presets: cpu.presets() };
}

/**
 * @template T
 * @param {() => T} job
 */
const call = (job) => queue.run(CALL, job);

/** @type {{ [M in Method]: (args: Parameters<Methods[M]>, context: Context) => unknown }} */
const methods = {
  start: ([options]) => start(options),
  create: async ([config, options]) => {
    const info = await call(async () => {
      const flavour = await devices.flavour;
      model.replace(await flavour.Lab.create(config, options));
      return model.lab.info();
    });
    devices.reconsider();
    return info;
  },
  open: async ([checkpoint, config]) => {
    const info = await call(async () => {
      const flavour = await devices.flavour;
      const lab = await flavour.Lab.open(checkpoint, { config });
      const [height, width] = lab.info().config.image;
      if (height !== width || height < SIDE || height > MOST_SIDE) {
        lab.free();
        const message = `The model of this file sees ${height} × ${width} pixels; here a picture is a square of ${SIDE} to ${MOST_SIDE}.`;
        throw Object.assign(new Error(message), { kind: "invalid_checkpoint" });
      }
      model.replace(lab);
      return lab.info();
    });
    devices.reconsider();
    return info;
  },
  retune: async ([config]) => {
    const info = await call(async () => {
      const flavour = await devices.flavour;
      model.replace(await flavour.Lab.open(await model.lab.save(), { config }));
      return model.lab.info();
    });
    devices.reconsider();
    return info;
  },
  save: ([notes]) =>
    call(async () => {
      const bytes = await model.lab.save(notes);
      return { bytes, ...progressOf(model.lab.info()) };
    }),
  info: () => model.lab.info(),
  describe: ([config]) => cpu.describe(config),
  train_step: ([images, settings]) => call(() => model.lab.train_step(images, settings)),
  evaluate: ([images, settings]) => call(() => model.lab.evaluate(images, settings)),
  held_out: ([stage], { signal }) => training.heldOut(stage, signal),
  encode: ([images]) => call(() => model.lab.encode(images)),
  decode: ([latents]) => call(() => model.lab.decode(latents)),
  sample: ([count, settings]) => call(() => model.lab.sample(count, settings)),
  reconstruct: ([images]) => call(() => model.lab.reconstruct(images)),
  free: () => call(() => model.replace(undefined)),
  look: ([request]) => {
    void workers.makeRoom();
    return viewer.look(request);
  },
  train: ([batches, settings], { signal, report }) => training.train(batches, settings, signal, report),
  tune: ([settings]) => training.tune(settings),
  samples: ([images, labels, name]) => {
    const next = Pictures.open(cpu.Dataset, images, labels);
    samples.get(name)?.free();
    samples.set(name, next);
    return next.count;
  },
  sample_digit: ([index, from]) => pictures(from).at(index, model.lab.info()),
  data: ([files]) =>
    call(() => {
      const next = new Data(cpu.Dataset, files);
      data?.free();
      data = next;
      return data.info;
    }),
  codes: ([start, count, from, id]) =>
    queue.run(BACKGROUND, async () => {
      const lab = companions.lab(id);
      const { images, labels } = pictures(from).part(start, count, lab.info());
      return { ...(await encode(lab, images)), labels };
    }),
  digits: ([start, count, from]) => pictures(from).part(start, count, model.lab.info()).images,
  tiles: ([latents, id]) => queue.run(BACKGROUND, () => decode(companions.lab(id), latents)),
  sample_codes: ([count, settings]) => queue.run(BACKGROUND, () => model.lab.sample_codes(count, settings)),
  codebook: () => queue.run(BACKGROUND, () => model.lab.codebook()),
  open_beside: ([id, checkpoint]) => call(() => companions.open(id, checkpoint)),
  close_beside: () => call(() => companions.close()),
  rebuild: ([picture, ids]) => companions.rebuild(picture, ids),
  errors: ([count, from, id]) => companions.errors(pictures(from), count, id),
  device: ([choice]) => devices.choose(choice),
  workers: ([choice]) => workers.choose(choice),
  memory: () => ({
    cpu: cpuMemory.buffer.byteLength,
    webgpu: webgpuMemory?.buffer.byteLength ?? 0,
  }),
};

/**
 * Reports that the worker is dead: after a trap the instance cannot be used, and open calls may never be answered.
 *
 * @param {unknown} error
 */
function die(error) {
  // The cause of a "broken" error is the trap that broke the flavour.
  const trap = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { stack = "" } = trap instanceof Error ? trap : new Error();
  const onGpu = devices?.current === "webgpu" || /pkg\/webgpu\//.test(stack);
  const [words] = wordsOf(trap).split("\n"); // The other lines are a stack trace.
  post({ event: "dead", detail: { message: words, device: onGpu ? "webgpu" : "cpu" } });
}
scope.addEventListener("error", (event) => die(event.error ?? event.message));
scope.addEventListener("unhandledrejection", (event) => die(event.reason));

/**
 * The buffers of a result, which may be transferred to the page.
 *
 * @param {unknown} value
 * @returns {Transferable[]}
 */
function buffers(value) {
  /** @type {(value: unknown, depth: number) => ArrayBufferView[]} */
  const views = (value, depth) => {
    if (ArrayBuffer.isView(value)) return [value];
    if (depth === 0 || value === null || typeof value !== "object") return [];
    return Object.values(value).flatMap((entry) => views(entry, depth - 1));
  };
  const found = new Set(views(value, 2).map((view) => view.buffer));
  return [...found].filter((buffer) => buffer instanceof ArrayBuffer);
}

/** @type {Map<number, AbortController>} */
const running = new Map();

/**
 * @param {number} id
 * @param {Method} method
 * @param {unknown[]} args
 */
async function answer(id, method, args) {
  const controller = new AbortController();
  running.set(id, controller);
  /** @type {Context} */
  const context = {
    signal: controller.signal,
    report: (report) => post({ id, report }),
  };
  try {
    const run = /** @type {(args: unknown[], context: Context) => unknown} */ (methods[method]);
    const value = await run(args, context);
    post({ id, value }, buffers(value));
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "broken") return die(error);
    const { name } = error instanceof Error ? error : new Error();
    // A lost device stays lost, and so does everything on it.
    if (kind === "device" && devices?.current === "webgpu") return die(error);
    post({ id, error: { name, kind, message: wordsOf(error) } });
  } finally {
    running.delete(id);
  }
}

scope.onmessage = ({ data: message }) => {
  const request = /** @type {ToWorker} */ (message);
  if ("cancel" in request) running.get(request.cancel)?.abort();
  else void answer(request.id, request.method, request.args);
};
