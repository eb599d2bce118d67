// Speaks protocol 1 of the peer benchmark: `window.bench` with `ready` and `run`. Measures the machine for who looks.

import { Bench } from "./bench/tasks.js";
import { offerMeasuring } from "./bench/view.js";

const asked = new URLSearchParams(location.search);
const bench = new Bench(asked.get("device") === "webgpu" ? "webgpu" : "cpu", Number(asked.get("workers") ?? 0));

Object.assign(window, {
  bench: { ready: bench.ready, run: (/** @type {import("./bench/tasks.js").Request} */ request) => bench.run(request) },
});

const element = document.getElementById("machine");
if (element) offerMeasuring(element);
