// `Lab` with each model in a worker of its own, on WebGPU.

import { WorkerLab } from "./lab.js";

export class Lab extends WorkerLab {
  static worker() {
    return new Worker(new URL("./webgpu-worker.js", import.meta.url), { type: "module" });
  }
}
