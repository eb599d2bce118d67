import { init, defaultDevice, numpy as np, nn, lax, random, jit, valueAndGrad } from "@jax-js/jax";
import { serve, permute } from "./common.js";

const backend = new URLSearchParams(location.search).get("backend") || "webgpu";

// jax-js is NCHW/OIHW and consumes its arguments: use .ref for each use but the last.
const conv = (x, w, b, s, pad, opt) => lax.convGeneralDilated(x, w, [s, s], pad, opt).add(b);
const up = (x, w, b) =>
  conv(
    x,
    w,
    b,
    1,
    [
      [2, 1],
      [2, 1],
    ],
    { lhsDilation: [2, 2] },
  ); // convT 3x3 s2 same

function encode(P, x, m, B) {
  // consumes x and the encoder's parameters
  if (m === "D") {
    const h = nn.relu(np.matmul(x, P.e1w).add(P.e1b));
    return [np.matmul(h.ref, P.muw).add(P.mub), np.matmul(h, P.lvw).add(P.lvb)];
  }
  let h = x.reshape([B, 1, 28, 28]);
  h = nn.relu(conv(h, P.e1w, P.e1b, 2, "VALID"));
  h = nn.relu(conv(h, P.e2w, P.e2b, 2, "VALID"));
  h = np.matmul(h.reshape([B, 2304]), P.e3w).add(P.e3b);
  const [mu, lv] = np.split(h, 2, 1);
  return [mu, lv];
}
function decodeLogits(P, z, m, B) {
  if (m === "D") return np.matmul(nn.relu(np.matmul(z, P.d1w).add(P.d1b)), P.d2w).add(P.d2b);
  let h = nn.relu(np.matmul(z, P.d1w).add(P.d1b)).reshape([B, 32, 7, 7]);
  h = nn.relu(up(h, P.d2w, P.d2b));
  h = nn.relu(up(h, P.d3w, P.d3b));
  return conv(h, P.d4w, P.d4b, 1, [
    [1, 1],
    [1, 1],
  ]).reshape([B, 784]);
}
function elbo(P, x, eps, m, B) {
  const [mu, lv] = encode(P, x.ref, m, B);
  const z = mu.ref.add(np.exp(lv.ref.mul(0.5)).mul(eps));
  const l = decodeLogits(P, z, m, B);
  const bce = nn
    .relu(l.ref)
    .sub(l.ref.mul(x))
    .add(np.log1p(np.exp(np.abs(l).neg())))
    .sum();
  const kl = lv.ref.add(1).sub(np.square(mu)).sub(np.exp(lv)).sum().mul(-0.5);
  return bce.add(kl).div(B);
}
// Adam (1e-3, .9, .999, 1e-7) over the parameter list; step count t arrives as an array.
function trainStep(names, m, B, L, fixed) {
  return (ps, ms, vs, t, x, e) => {
    const P = Object.fromEntries(names.map((n, i) => [n, ps[i].ref]));
    const eps = fixed ? e : random.normal(e, [B, L]);
    const [loss, G] = valueAndGrad((q) => elbo(q, x, eps, m, B))(P);
    const c1 = np.subtract(1, np.power(0.9, t.ref)),
      c2 = np.subtract(1, np.power(0.999, t));
    const np_ = [],
      nm = [],
      nv = [];
    names.forEach((n, i) => {
      const g = G[n];
      const m1 = ms[i].mul(0.9).add(g.ref.mul(0.1));
      const v1 = vs[i].mul(0.999).add(np.square(g).mul(0.001));
      np_.push(
        ps[i].sub(
          m1.ref
            .div(c1.ref)
            .mul(1e-3)
            .div(np.sqrt(v1.ref.div(c2.ref)).add(1e-7)),
        ),
      );
      nm.push(m1);
      nv.push(v1);
    });
    c1.dispose();
    c2.dispose();
    return [np_, nm, nv, loss];
  };
}
const arr = (d, shape) => np.array(d).reshape(shape);

function layout(p, model) {
  // TensorFlow layout -> NCHW layout
  let { name: n, shape: s, data: d } = p;
  if (model === "D") return { data: d, shape: s };
  if (n === "e1w" || n === "e2w") return permute(d, s, [3, 2, 0, 1]); // HWIO -> OIHW
  if (n === "d2w" || n === "d3w" || n === "d4w") {
    // [h,w,out,in] -> [out,in,h,w], taps reversed
    const r = permute(d, s, [2, 3, 0, 1]);
    for (let k = 0; k < r.data.length; k += 9) r.data.subarray(k, k + 9).reverse();
    return r;
  }
  if (n === "e3w") {
    const r = permute(d, [6, 6, 64, 16], [2, 0, 1, 3]);
    return { data: r.data, shape: s };
  }
  if (n === "d1w") {
    const r = permute(d, [8, 7, 7, 32], [0, 3, 1, 2]);
    return { data: r.data, shape: s };
  }
  if (n === "d1b") return { data: permute(d, [7, 7, 32], [2, 0, 1]).data, shape: s };
  if (s.length === 1 && /^(e[12]|d[234])b$/.test(n)) return { data: d, shape: [s[0], 1, 1] };
  return { data: d, shape: s };
}

const ENC = { C: ["e1w", "e1b", "e2w", "e2b", "e3w", "e3b"], D: ["e1w", "e1b", "muw", "mub", "lvw", "lvb"] };
serve({
  framework: "jax-js",
  backend,
  async init() {
    const got = await init(backend);
    if (!got.includes(backend)) throw new Error(`device ${backend} not available (init returned: ${got.join(", ")})`);
    defaultDevice(backend);
    return { version: __JAXJS_VERSION__ };
  },
  async build({ model, batch, latent, params, batches, noise }) {
    const names = params.map((p) => p.name);
    const ps = params.map((p) => {
      const q = layout(p, model);
      return arr(q.data, q.shape);
    });
    const zeros = () => params.map((p) => np.zeros(layout(p, model).shape));
    const dec = names.filter((n) => !ENC[model].includes(n));
    const pick = (list, sub) => Object.fromEntries(sub.map((n, i) => [n, list[i]]));
    const use = ENC[model].concat(dec);
    return {
      model,
      batch,
      latent,
      names,
      ps,
      ms: zeros(),
      vs: zeros(),
      t: 0,
      xs: batches.map((b) => arr(b, [batch, 784])),
      eps: noise && noise.map((e) => arr(e, [batch, latent])),
      key: noise ? null : random.key(0),
      f: jit(trainStep(names, model, batch, latent, !!noise)),
      rec: jit((list, x) => {
        const P = pick(list, use),
          [mu, lv] = encode(P, x, model, 1);
        lv.dispose();
        return nn.sigmoid(decodeLogits(P, mu, model, 1));
      }),
      use,
      dec,
      decs: new Map(), // n -> jitted decoder
      pick,
    };
  },
  step(h, i) {
    let e;
    if (h.eps) e = h.eps[i % h.eps.length].ref;
    else {
      const ks = random.split(h.key, 2);
      h.key = ks.ref.slice(0);
      e = ks.slice(1);
    }
    h.t++;
    const [ps, ms, vs, loss] = h.f(
      h.ps,
      h.ms,
      h.vs,
      np.array(h.t, { dtype: np.float32 }),
      h.xs[i % h.xs.length].ref,
      e,
    );
    h.ps = ps;
    h.ms = ms;
    h.vs = vs;
    return loss;
  },
  async read(t) {
    return (await t.data())[0];
  },
  drop(t) {
    t.dispose();
  },
  async reconstruct(h, img) {
    const list = h.use.map((n) => h.ps[h.names.indexOf(n)].ref);
    return await h.rec(list, arr(img.slice(), [1, 784])).data();
  },
  async decode(h, z, n) {
    if (!h.decs.has(n))
      h.decs.set(
        n,
        jit((list, zz) => nn.sigmoid(decodeLogits(h.pick(list, h.dec), zz, h.model, n))),
      );
    const list = h.dec.map((k) => h.ps[h.names.indexOf(k)].ref);
    return await h.decs
      .get(n)(list, arr(z.slice(), [n, h.latent]))
      .data();
  },
  dispose(h) {
    for (const a of [...h.ps, ...h.ms, ...h.vs, ...h.xs, ...(h.eps || [])]) a.dispose();
  },
});
