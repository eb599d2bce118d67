import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { setWasmPaths, getThreadsCount, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { serve } from "./common.js";

const backend = new URLSearchParams(location.search).get("backend") || "webgpu";

function encode(P, x, m) {
  // x [B,784] -> [mu, logvar]
  if (m === "D") {
    const h = tf.relu(tf.add(tf.matMul(x, P.e1w), P.e1b));
    return [tf.add(tf.matMul(h, P.muw), P.mub), tf.add(tf.matMul(h, P.lvw), P.lvb)];
  }
  let h = tf.reshape(x, [x.shape[0], 28, 28, 1]);
  h = tf.relu(tf.add(tf.conv2d(h, P.e1w, 2, "valid"), P.e1b));
  h = tf.relu(tf.add(tf.conv2d(h, P.e2w, 2, "valid"), P.e2b));
  h = tf.add(tf.matMul(tf.reshape(h, [x.shape[0], 2304]), P.e3w), P.e3b);
  return tf.split(h, 2, 1);
}
function decodeLogits(P, z, m) {
  // z [B,L] -> [B,784]
  const B = z.shape[0];
  if (m === "D") {
    const h = tf.relu(tf.add(tf.matMul(z, P.d1w), P.d1b));
    return tf.add(tf.matMul(h, P.d2w), P.d2b);
  }
  let h = tf.reshape(tf.relu(tf.add(tf.matMul(z, P.d1w), P.d1b)), [B, 7, 7, 32]);
  h = tf.relu(tf.add(tf.conv2dTranspose(h, P.d2w, [B, 14, 14, 64], 2, "same"), P.d2b));
  h = tf.relu(tf.add(tf.conv2dTranspose(h, P.d3w, [B, 28, 28, 32], 2, "same"), P.d3b));
  h = tf.add(tf.conv2dTranspose(h, P.d4w, [B, 28, 28, 1], 1, "same"), P.d4b);
  return tf.reshape(h, [B, 784]);
}
function elbo(P, x, eps, m) {
  const [mu, lv] = encode(P, x, m);
  const z = tf.add(mu, tf.mul(tf.exp(tf.mul(lv, 0.5)), eps));
  const l = decodeLogits(P, z, m);
  const bce = tf.sum(tf.add(tf.sub(tf.relu(l), tf.mul(l, x)), tf.log1p(tf.exp(tf.neg(tf.abs(l))))));
  const kl = tf.mul(-0.5, tf.sum(tf.sub(tf.sub(tf.add(lv, 1), tf.square(mu)), tf.exp(lv))));
  return tf.div(tf.add(bce, kl), x.shape[0]);
}

serve({
  framework: "tfjs",
  backend,
  async init() {
    setWasmPaths("/wasm/");
    if (!(await tf.setBackend(backend))) throw new Error(`setBackend(${backend}) failed`);
    await tf.ready();
    if (tf.getBackend() !== backend) throw new Error(`backend is ${tf.getBackend()}`);
    const info = { version: tf.version.tfjs };
    if (backend === "wasm")
      Object.assign(info, {
        wasmVersion: version_wasm,
        threads: getThreadsCount(),
        simd: await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"),
        multithread: await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"),
      });
    if (backend === "webgpu") {
      const a = tf.backend().device.adapterInfo;
      info.adapter = a ? `${a.vendor} ${a.architecture}` : "?";
    }
    return info;
  },
  async build({ model, batch, latent, params, batches, noise }) {
    const P = {},
      vars = [];
    for (const p of params) vars.push((P[p.name] = tf.variable(tf.tensor(p.data, p.shape))));
    return {
      model,
      batch,
      latent,
      P,
      vars,
      opt: tf.train.adam(1e-3),
      xs: batches.map((b) => tf.tensor(b, [batch, 784])),
      eps: noise && noise.map((e) => tf.tensor(e, [batch, latent])),
    };
  },
  step(h, i) {
    const x = h.xs[i % h.xs.length];
    return h.opt.minimize(
      () => elbo(h.P, x, h.eps ? h.eps[i % h.eps.length] : tf.randomNormal([h.batch, h.latent]), h.model),
      true,
      h.vars,
    );
  },
  async read(t) {
    const v = (await t.data())[0];
    t.dispose();
    return v;
  },
  drop(t) {
    t.dispose();
  },
  async reconstruct(h, img) {
    const t = tf.tidy(() => {
      const [mu] = encode(h.P, tf.tensor(img.slice(), [1, 784]), h.model);
      return tf.sigmoid(decodeLogits(h.P, mu, h.model));
    });
    const v = await t.data();
    t.dispose();
    return v;
  },
  async decode(h, z, n) {
    const t = tf.tidy(() => tf.sigmoid(decodeLogits(h.P, tf.tensor(z.slice(), [n, h.latent]), h.model)));
    const v = await t.data();
    t.dispose();
    return v;
  },
  dispose(h) {
    tf.dispose([h.vars, h.xs, h.eps || []]);
    h.opt.dispose();
  },
});
