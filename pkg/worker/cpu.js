// `Lab` with each model in a worker of its own, on the CPU.

import { WorkerLab } from "./lab.js";

export class Lab extends WorkerLab {
  static worker() {
    return new Worker(new URL("./cpu-worker.js", import.meta.url), { type: "module" });
  }
}
