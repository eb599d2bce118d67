import { gauss, uniform } from "../../../www/bench/models.js";

// Shared by every peer page: seeded data and weights, timing loops, and the
// window.bench protocol (see README.md). An adapter supplies the framework part.
//
// adapter = {
//   framework, backend,
//   async init()                         -> extra info (versions, adapter, threads)
//   async build({model, params, batches, noise}) -> handle
//        params:  [{name, shape, data}] in TensorFlow layout (HWIO, [in,out])
//        batches: Float32Array[], each batch*784, values in [0,1]
//        noise:   null (framework RNG) or Float32Array[] (fixed, one per batch)
//   step(handle, i)                      -> loss (device scalar, not read back)
//   async read(loss)                     -> number, frees the loss
//   drop(loss)                           -> frees an unread loss
//   async reconstruct(handle, img)       -> Float32Array(784): encode, z=mu, decode, sigmoid
//   async decode(handle, z, n)           -> Float32Array(n*784)
//   dispose(handle)
// }

export const LATENT = { C: 8, D: 2 };
const SHAPES = {
  C: [
    // conv: [kh,kw,in,out]; convT: [kh,kw,out,in]; dense: [in,out]
    ["e1w", [3, 3, 1, 32]],
    ["e1b", [32]],
    ["e2w", [3, 3, 32, 64]],
    ["e2b", [64]],
    ["e3w", [2304, 16]],
    ["e3b", [16]],
    ["d1w", [8, 1568]],
    ["d1b", [1568]],
    ["d2w", [3, 3, 64, 32]],
    ["d2b", [64]],
    ["d3w", [3, 3, 32, 64]],
    ["d3b", [32]],
    ["d4w", [3, 3, 1, 32]],
    ["d4b", [1]],
  ],
  D: [
    ["e1w", [784, 256]],
    ["e1b", [256]],
    ["muw", [256, 2]],
    ["mub", [2]],
    ["lvw", [256, 2]],
    ["lvb", [2]],
    ["d1w", [2, 256]],
    ["d1b", [256]],
    ["d2w", [256, 784]],
    ["d2b", [784]],
  ],
};
export function makeParams(model, seed = 7) {
  // Glorot uniform kernels, zero biases
  return SHAPES[model].map(([name, shape], k) => {
    const n = shape.reduce((a, b) => a * b, 1);
    if (shape.length === 1) return { name, shape, data: new Float32Array(n) };
    const rf = shape.length === 4 ? shape[0] * shape[1] : 1;
    const [a, b] = shape.slice(-2),
      lim = Math.sqrt(6 / (rf * (a + b)));
    return { name, shape, data: uniform(n, seed * 1000 + k, -lim, lim) };
  });
}
export function permute(data, shape, perm) {
  // transpose a dense array
  const out = new Float32Array(data.length),
    nshape = perm.map((p) => shape[p]);
  const st = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const idx = new Array(shape.length).fill(0);
  for (let o = 0; o < out.length; o++) {
    let s = 0;
    for (let d = 0; d < perm.length; d++) s += idx[d] * st[perm[d]];
    out[o] = data[s];
    for (let d = perm.length - 1; d >= 0; d--) {
      if (++idx[d] < nshape[d]) break;
      idx[d] = 0;
    }
  }
  return { data: out, shape: nshape };
}

const now = () => performance.now();
const tick = () => new Promise((r) => setTimeout(r, 0));
const progress = (o) => console.debug("bench-progress " + JSON.stringify(o)); // survives a timeout
const msg = (e) => String(e && e.message ? e.message : e).slice(0, 400);

export function serve(adapter) {
  const cache = new Map(); // model/batch -> handle, so that repeats reuse compiled code
  const info = { framework: adapter.framework, backend: adapter.backend, protocol: 1 };

  async function session(model, batch, fixedNoise = false) {
    const key = `${model}/${batch}/${fixedNoise}`;
    if (cache.has(key)) return { h: cache.get(key), fresh: false };
    const nb = 4,
      L = LATENT[model];
    const batches = Array.from({ length: nb }, (_, k) => uniform(batch * 784, 100 + k));
    const noise = fixedNoise ? Array.from({ length: nb }, (_, k) => gauss(batch * L, 500 + k)) : null;
    const params = makeParams(model);
    const t0 = now();
    const h = await adapter.build({ model, batch, latent: L, params, batches, noise });
    h.__n = 0;
    h.__t0 = t0;
    cache.set(key, h);
    return { h, fresh: true };
  }

  async function train({ model, batch, steps = 100, readEvery = 10, budgetMs = 4000 }) {
    const { h, fresh } = await session(model, batch);
    const out = { task: "train", model, batch };
    let est = h.__est;
    if (fresh) {
      // time to first completed step: variables created -> loss value in JS
      out.firstLoss = await adapter.read(adapter.step(h, h.__n++));
      out.firstStepMs = now() - h.__t0;
      progress({ model, batch, firstStepMs: out.firstStepMs });
      let k = 0,
        t2;
      if (out.firstStepMs > 5 * budgetMs)
        est = h.__est = out.firstStepMs; // very slow: time the second step
      else {
        // warm-up: at least 1 step, up to 5, bounded; the last one sizes the timed block
        const t = now();
        do {
          t2 = now();
          await adapter.read(adapter.step(h, h.__n++));
          k++;
        } while (k < 5 && now() - t < budgetMs / 4);
        est = h.__est = now() - t2;
        progress({ model, batch, firstStepMs: out.firstStepMs, warmStepMs: est });
      }
      out.warmupSteps = k;
    }
    const block = Math.max(1, Math.min(readEvery, Math.floor(budgetMs / est) || 1));
    let done = 0,
      last = NaN;
    const t0 = now();
    while (done < steps && (done === 0 || now() - t0 < budgetMs)) {
      const n = Math.min(block, steps - done);
      for (let i = 0; i < n - 1; i++) adapter.drop(adapter.step(h, h.__n++));
      last = await adapter.read(adapter.step(h, h.__n++));
      done += n;
    }
    const ms = now() - t0;
    return {
      ...out,
      steps: done,
      readEvery: block,
      ms,
      msPerStep: ms / done,
      imagesPerSec: (done * batch * 1000) / ms,
      lastLoss: last,
    };
  }
  async function latency({ model, n = 50, warm = 5, budgetMs = 8000 }) {
    const { h } = await session(model, 32);
    const img = uniform(784, 42),
      samples = [];
    const t0 = now();
    let r = await adapter.reconstruct(h, img);
    const firstMs = now() - t0;
    for (let i = 0; i < warm; i++) r = await adapter.reconstruct(h, img);
    const tb = now();
    for (let i = 0; i < n && (i < 3 || now() - tb < budgetMs); i++) {
      img[i % 784] = (i * 0.37) % 1;
      const t = now();
      r = await adapter.reconstruct(h, img);
      samples.push(now() - t);
      if (i % 10 === 9) await tick();
    }
    return { task: "latency", model, firstMs, samples, outLen: r.length, checksum: r.reduce((a, b) => a + b, 0) };
  }
  async function decode({ model, latents = 100, n = 10, budgetMs = 4000 }) {
    const { h } = await session(model, 32);
    const z = gauss(latents * LATENT[model], 77),
      samples = [];
    let r = await adapter.decode(h, z, latents);
    r = await adapter.decode(h, z, latents);
    const tb = now();
    for (let i = 0; i < n && (i < 3 || now() - tb < budgetMs); i++) {
      const t = now();
      r = await adapter.decode(h, z, latents);
      samples.push(now() - t);
    }
    return { task: "decode", model, latents, samples, outLen: r.length, checksum: r.reduce((a, b) => a + b, 0) };
  }
  async function check({ model, batch = 8, steps = 5 }) {
    // same weights, data and noise everywhere
    const { h, fresh } = await session(model, batch, true);
    if (!fresh) throw new Error("check needs a fresh page");
    const losses = [];
    for (let i = 0; i < steps; i++) losses.push(await adapter.read(adapter.step(h, h.__n++)));
    adapter.dispose(h);
    cache.delete(`${model}/${batch}/true`);
    return { task: "check", model, batch, losses };
  }

  const tasks = { train, latency, decode, check };
  const t0 = now();
  const ready = (async () => {
    try {
      Object.assign(info, await adapter.init(), {
        initMs: now() - t0,
        crossOriginIsolated: self.crossOriginIsolated,
        hardwareConcurrency: navigator.hardwareConcurrency,
      });
    } catch (e) {
      info.error = msg(e);
    }
    return info;
  })();
  self.bench = {
    ready,
    async run(opts) {
      await ready;
      if (info.error) return { ...opts, supported: false, error: info.error };
      try {
        return { supported: true, ...(await tasks[opts.task || "train"](opts)) };
      } catch (e) {
        return { ...opts, supported: false, error: msg(e) };
      }
    },
  };
}
