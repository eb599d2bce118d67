// The options of run.js.
import path from "node:path";
import { parseArgs } from "node:util";

export const here = path.dirname(new URL(import.meta.url).pathname);
export const { values: a } = parseArgs({
  options: {
    targets: {
      type: "string",
      default:
        "tfjs:webgpu,tfjs:webgl,tfjs:wasm,tfjs:cpu,jax-js:webgpu,jax-js:wasm,jax-js:webgl,jax:native,jax:shuffle",
    },
    product: { type: "string" }, // URL of a page exposing window.bench
    models: { type: "string", default: "C,D" },
    batches: { type: "string", default: "32,128" },
    tasks: { type: "string", default: "train,latency,decode" }, // also: check
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "100" },
    "budget-ms": { type: "string", default: "3000" },
    "timeout-ms": { type: "string", default: "60000" }, // per request; then the browser is closed
    "max-minutes": { type: "string", default: "20" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    "chromium-args": { type: "string", default: "" },
    python: {
      type: "string",
      default: path.join(here, ".venv/bin/python"),
    },
    out: { type: "string", default: "results/last.json" },
  },
});

export const list = (s) => s.split(",").filter(Boolean);
export const num = (k) => Number(a[k]);
