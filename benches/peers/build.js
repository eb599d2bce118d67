// Bundles the bench pages into dist/ and measures what each library ships.
import * as esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const here = path.dirname(new URL(import.meta.url).pathname);
const nm = path.join(here, "node_modules"),
  dist = path.join(here, "dist");
const version = (p) => JSON.parse(fs.readFileSync(path.join(nm, p, "package.json"))).version;
const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  platform: "browser",
  logLevel: "error",
  absWorkingDir: here,
  define: {
    "process.env.NODE_ENV": '"production"',
    global: "globalThis",
    __JAXJS_VERSION__: JSON.stringify(version("@jax-js/jax")),
  },
};

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(path.join(dist, "wasm"), { recursive: true });
await esbuild.build({
  ...common,
  entryPoints: ["src/tfjs.js", "src/jaxjs.js"],
  outdir: dist,
  splitting: true,
});
for (const n of ["tfjs", "jaxjs"])
  fs.writeFileSync(
    path.join(dist, `${n}.html`),
    `<!doctype html><meta charset=utf-8><title>${n}</title><script type=module src=/${n}.js></script>`,
  );
for (const f of fs.readdirSync(path.join(nm, "@tensorflow/tfjs-backend-wasm/wasm-out")))
  if (/\.wasm$|\.worker\.js$/.test(f))
    fs.copyFileSync(path.join(nm, "@tensorflow/tfjs-backend-wasm/wasm-out", f), path.join(dist, "wasm", f));

// Sizes: one whole-library bundle per choice, nothing of ours in it.
const T = "import * as tf from '@tensorflow/tfjs';globalThis.tf=tf;";
const CORE =
  "import * as tf from '@tensorflow/tfjs-core';import '@tensorflow/tfjs-core/dist/register_all_gradients';import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';globalThis.tf=tf;";
const W = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm";
const variants = {
  "tfjs cpu+webgl (umbrella)": { src: T },
  "tfjs umbrella + webgpu": {
    src: T + "import '@tensorflow/tfjs-backend-webgpu';",
  },
  "tfjs umbrella + wasm": {
    src: T + "import * as w from '@tensorflow/tfjs-backend-wasm';globalThis.w=w;",
    wasm: W,
  },
  "tfjs core + webgpu only": {
    src: CORE + "import '@tensorflow/tfjs-backend-webgpu';",
  },
  "tfjs core + webgl only": {
    src: CORE + "import '@tensorflow/tfjs-backend-webgl';",
  },
  "tfjs core + wasm only": {
    src: CORE + "import * as w from '@tensorflow/tfjs-backend-wasm';globalThis.w=w;",
    wasm: W,
  },
  "tfjs core + cpu only": {
    src: CORE + "import '@tensorflow/tfjs-backend-cpu';",
  },
  "jax-js (all devices)": {
    src: "import * as jax from '@jax-js/jax';globalThis.jax=jax;",
  },
  "jax-js wasm only (no lazy chunk)": {
    src: "import * as jax from '@jax-js/jax';globalThis.jax=jax;",
    skip: /webgpu|webgl/,
  },
  "jax-js + webgpu chunk": {
    src: "import * as jax from '@jax-js/jax';globalThis.jax=jax;",
    skip: /webgl/,
  },
};
const sizes = {};
for (const [name, v] of Object.entries(variants)) {
  try {
    const r = await esbuild.build({
      ...common,
      stdin: { contents: v.src, resolveDir: here },
      write: false,
      splitting: true,
      outdir: "x",
      chunkNames: "[name]-[hash]",
    });
    const files = r.outputFiles.filter((f) => !(v.skip && v.skip.test(path.basename(f.path))));
    let raw = 0,
      gz = 0;
    for (const f of files) {
      raw += f.contents.length;
      gz += zlib.gzipSync(f.contents, { level: 9 }).length;
    }
    const o = {
      js: raw,
      jsGzip: gz,
      wasm: 0,
      wasmGzip: 0,
      files: files.length,
    };
    if (v.wasm) {
      const b = fs.readFileSync(path.join(nm, v.wasm));
      o.wasm = b.length;
      o.wasmGzip = zlib.gzipSync(b, { level: 9 }).length;
    }
    o.total = o.js + o.wasm;
    o.totalGzip = o.jsGzip + o.wasmGzip;
    sizes[name] = o;
  } catch (e) {
    sizes[name] = { error: String(e.message).slice(0, 200) };
  }
}
const versions = Object.fromEntries(
  [
    "@tensorflow/tfjs",
    "@tensorflow/tfjs-backend-webgpu",
    "@tensorflow/tfjs-backend-wasm",
    "@jax-js/jax",
    "playwright-core",
    "esbuild",
  ].map((p) => [p, version(p)]),
);
fs.writeFileSync(path.join(dist, "sizes.json"), JSON.stringify({ versions, sizes }, null, 1));
console.log(JSON.stringify({ versions, sizes }, null, 1));
