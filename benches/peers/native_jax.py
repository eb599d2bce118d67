#!/usr/bin/env python3
"""Native reference: the same two models in JAX on CPU. Speaks the page protocol over
stdin/stdout: one JSON request per line in, one JSON reply per line out. With the argument
`shuffle` a transposed convolution is a 2x2 convolution and a shuffle: the same function, faster."""
import json, math, sys, time
t_start = time.perf_counter()
import numpy as np
import jax, jax.numpy as jnp
from jax import lax

LATENT = {"C": 8, "D": 2}
SHAPES = {
    "C": [("e1w", (3, 3, 1, 32)), ("e1b", (32,)), ("e2w", (3, 3, 32, 64)), ("e2b", (64,)),
          ("e3w", (2304, 16)), ("e3b", (16,)), ("d1w", (8, 1568)), ("d1b", (1568,)),
          ("d2w", (3, 3, 64, 32)), ("d2b", (64,)), ("d3w", (3, 3, 32, 64)), ("d3b", (32,)),
          ("d4w", (3, 3, 1, 32)), ("d4b", (1,))],
    "D": [("e1w", (784, 256)), ("e1b", (256,)), ("muw", (256, 2)), ("mub", (2,)), ("lvw", (256, 2)), ("lvb", (2,)),
          ("d1w", (2, 256)), ("d1b", (256,)), ("d2w", (256, 784)), ("d2b", (784,))],
}

def draws(n, seed):  # the generator of www/bench/models.js
    k = np.arange(1, n + 1, dtype=np.uint64)
    z = ((np.uint64(seed) + k * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    z = (z ^ (z >> np.uint32(16))) * np.uint32(0x21F0AAAD)
    z = (z ^ (z >> np.uint32(15))) * np.uint32(0x735A2D97)
    return (z ^ (z >> np.uint32(15))).astype(np.float64) / 4294967296.0

def uniform(n, seed, lo=0.0, hi=1.0):
    return (lo + (hi - lo) * draws(n, seed)).astype(np.float32)

def gauss(n, seed):
    r = draws(2 * n, seed)
    return (np.sqrt(-2 * np.log(1 - r[0::2])) * np.cos(2 * np.pi * r[1::2])).astype(np.float32)

def make_params(model, seed=7):
    out = {}
    for k, (name, s) in enumerate(SHAPES[model]):
        n = math.prod(s)
        if len(s) == 1:
            out[name] = np.zeros(s, np.float32)
            continue
        rf = s[0] * s[1] if len(s) == 4 else 1
        lim = math.sqrt(6 / (rf * (s[-1] + s[-2])))
        out[name] = uniform(n, seed * 1000 + k, -lim, lim).reshape(s)
    return out

NHWC = ("NHWC", "HWIO", "NHWC")
conv = lambda x, w, s, pad, ld=(1, 1): lax.conv_general_dilated(x, w, (s, s), pad, lhs_dilation=ld, dimension_numbers=NHWC)

def flip(w):  # [h,w,out,in] of a transposed convolution -> HWIO of the plain one
    return jnp.transpose(w[::-1, ::-1], (0, 1, 3, 2))

TAPS = np.array([[0, 3], [2, 1]])  # of the kernel, by tap and phase; 3 is a row of zeros

def up(x, w):  # transposed convolution, 3x3, stride 2, same
    if "shuffle" not in sys.argv:
        return conv(x, flip(w), 1, [(2, 1), (2, 1)], (2, 2))
    k = jnp.pad(flip(w), ((0, 1), (0, 1), (0, 0), (0, 0)))
    k = k[TAPS[:, None, :, None], TAPS[None, :, None, :]]  # tap, tap, phase, phase, in, out
    k = jnp.transpose(k, (0, 1, 4, 2, 3, 5)).reshape(2, 2, w.shape[3], -1)
    n, height, width, _ = x.shape
    y = conv(x, k, 1, [(1, 0), (1, 0)]).reshape(n, height, width, 2, 2, -1)
    return jnp.transpose(y, (0, 1, 3, 2, 4, 5)).reshape(n, 2 * height, 2 * width, -1)

def encode(p, x, m):
    if m == "D":
        h = jax.nn.relu(x @ p["e1w"] + p["e1b"])
        return h @ p["muw"] + p["mub"], h @ p["lvw"] + p["lvb"]
    h = x.reshape(-1, 28, 28, 1)
    h = jax.nn.relu(conv(h, p["e1w"], 2, "VALID") + p["e1b"])
    h = jax.nn.relu(conv(h, p["e2w"], 2, "VALID") + p["e2b"])
    return jnp.split(h.reshape(h.shape[0], -1) @ p["e3w"] + p["e3b"], 2, axis=1)

def decode(p, z, m):
    if m == "D":
        return jax.nn.relu(z @ p["d1w"] + p["d1b"]) @ p["d2w"] + p["d2b"]
    h = jax.nn.relu(z @ p["d1w"] + p["d1b"]).reshape(-1, 7, 7, 32)
    h = jax.nn.relu(up(h, p["d2w"]) + p["d2b"])
    h = jax.nn.relu(up(h, p["d3w"]) + p["d3b"])
    return (conv(h, flip(p["d4w"]), 1, "SAME") + p["d4b"]).reshape(-1, 784)

def elbo(p, x, eps, m):
    mu, lv = encode(p, x, m)
    l = decode(p, mu + jnp.exp(0.5 * lv) * eps, m)
    bce = jnp.sum(jax.nn.relu(l) - l * x + jnp.log1p(jnp.exp(-jnp.abs(l))))
    kl = -0.5 * jnp.sum(1 + lv - mu ** 2 - jnp.exp(lv))
    return (bce + kl) / x.shape[0]

def make_step(m, L, fixed):
    def step(p, mo, ve, t, x, e):
        eps = e if fixed else jax.random.normal(jax.random.fold_in(e, t.astype(jnp.int32)), (x.shape[0], L))
        loss, g = jax.value_and_grad(elbo)(p, x, eps, m)
        t = t + 1
        mo = jax.tree.map(lambda a, b: .9 * a + .1 * b, mo, g)
        ve = jax.tree.map(lambda a, b: .999 * a + .001 * b * b, ve, g)
        c1, c2 = 1 - .9 ** t, 1 - .999 ** t
        p = jax.tree.map(lambda w, a, b: w - 1e-3 * (a / c1) / (jnp.sqrt(b / c2) + 1e-7), p, mo, ve)
        return p, mo, ve, t, loss
    return jax.jit(step, donate_argnums=(0, 1, 2, 3))

now = lambda: time.perf_counter() * 1000
SESS = {}

class Session:
    def __init__(self, m, B, fixed):
        L = LATENT[m]
        xs = [uniform(B * 784, 100 + k).reshape(B, 784) for k in range(4)]
        es = [gauss(B * L, 500 + k).reshape(B, L) for k in range(4)] if fixed else [jax.random.key(0)] * 4
        host = make_params(m)
        self.t0 = now()
        self.m, self.n, self.est = m, 0, None
        self.p = {k: jnp.array(v) for k, v in host.items()}
        self.mo = jax.tree.map(jnp.zeros_like, self.p)
        self.ve = jax.tree.map(jnp.zeros_like, self.p)
        self.t = jnp.float32(0)
        self.xs = [jnp.array(x) for x in xs]
        self.es = [jnp.array(e) for e in es] if fixed else es
        self.f = make_step(m, L, fixed)
        self.rec = jax.jit(lambda p, x: jax.nn.sigmoid(decode(p, encode(p, x, m)[0], m)))
        self.dec = jax.jit(lambda p, z: jax.nn.sigmoid(decode(p, z, m)))

    def step(self):
        i = self.n % 4
        self.n += 1
        self.p, self.mo, self.ve, self.t, loss = self.f(self.p, self.mo, self.ve, self.t, self.xs[i], self.es[i])
        return loss

def session(m, B, fixed=False):
    k = (m, B, fixed)
    fresh = k not in SESS
    if fresh:
        SESS[k] = Session(m, B, fixed)
    return SESS[k], fresh

def train(o):
    m, B = o["model"], o["batch"]
    steps, every, budget = o.get("steps", 100), o.get("readEvery", 10), o.get("budgetMs", 4000)
    s, fresh = session(m, B)
    out = {"task": "train", "model": m, "batch": B}
    if fresh:
        out["firstLoss"] = float(s.step())
        out["firstStepMs"] = now() - s.t0
        t, k = now(), 0
        while k < 5 and (k == 0 or now() - t < budget / 4):
            t2 = now(); float(s.step()); k += 1
        s.est = now() - t2
        out["warmupSteps"] = k
    block = max(1, min(every, int(budget / s.est) or 1))
    done, t0 = 0, now()
    while done < steps and (done == 0 or now() - t0 < budget):
        n = min(block, steps - done)
        for _ in range(n):
            loss = s.step()
        last = float(loss)
        done += n
    ms = now() - t0
    return {**out, "steps": done, "readEvery": block, "ms": ms, "msPerStep": ms / done, "imagesPerSec": done * B * 1000 / ms, "lastLoss": last}

def latency(o):
    s, _ = session(o["model"], 32)
    img = uniform(784, 42)
    t0 = now(); np.asarray(s.rec(s.p, img[None])); first = now() - t0
    for _ in range(o.get("warm", 5)):
        np.asarray(s.rec(s.p, img[None]))
    samples = []
    for i in range(o.get("n", 50)):
        img[i % 784] = (i * .37) % 1
        t = now(); r = np.asarray(s.rec(s.p, img[None])); samples.append(now() - t)
    return {"task": "latency", "model": o["model"], "firstMs": first, "samples": samples, "outLen": r.size, "checksum": float(r.sum())}

def decode_task(o):
    n, m = o.get("latents", 100), o["model"]
    s, _ = session(m, 32)
    z = gauss(n * LATENT[m], 77).reshape(n, -1)
    for _ in range(2):
        np.asarray(s.dec(s.p, z))
    samples = []
    for _ in range(o.get("n", 10)):
        t = now(); r = np.asarray(s.dec(s.p, z)); samples.append(now() - t)
    return {"task": "decode", "model": m, "latents": n, "samples": samples, "outLen": r.size, "checksum": float(r.sum())}

def check(o):
    s, _ = session(o["model"], o.get("batch", 8), True)
    return {"task": "check", "model": o["model"], "batch": o.get("batch", 8), "losses": [float(s.step()) for _ in range(o.get("steps", 5))]}

TASKS = {"train": train, "latency": latency, "decode": decode_task, "check": check}
print(json.dumps({"framework": "jax", "backend": "native-cpu", "version": jax.__version__, "threads": len(__import__("os").sched_getaffinity(0)), "initMs": (time.perf_counter() - t_start) * 1000}), flush=True)
for line in sys.stdin:
    o = json.loads(line)
    try:
        r = {"supported": True, **TASKS[o.get("task", "train")](o)}
    except Exception as e:  # the reply must always be one line
        r = {**o, "supported": False, "error": str(e)[:400]}
    print(json.dumps(r), flush=True)
