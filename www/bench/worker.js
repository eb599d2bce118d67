// A worker that measures, so that a page that shows how far it is does not wait.

import { Bench } from "./tasks.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @type {Bench | undefined} */
let bench;

scope.onmessage = async ({ data }) => {
  bench ??= new Bench(data.device, data.workers);
  scope.postMessage(data.request ? await bench.run(data.request) : await bench.ready);
};
