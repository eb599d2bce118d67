// Machines that are not here: what a worker finds is changed before its own script runs.

/**
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {() => void} Change runs in the worker, alone
 */

/** A software adapter passes for a GPU, and its devices are kept in `gpuDevices`. @type {Change} */
export const realAdapter = () => {
  for (const [name, value] of Object.entries({ architecture: "made-up", description: "", isFallbackAdapter: false })) {
    Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
  }
  /** @type {GPUDevice[]} */
  const gpuDevices = [];
  Object.assign(self, { gpuDevices });
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    gpuDevices.push(device);
    return device;
  };
};

/** @type {Change} */
export const noTimestamps = () => {
  const has = GPUSupportedFeatures.prototype.has;
  GPUSupportedFeatures.prototype.has = function (name) {
    return name !== "timestamp-query" && has.call(this, name);
  };
};

/** A driver that skips a shader now and then, without a word. @type {Change} */
export const skipsShaders = () => {
  const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  let calls = 0;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...size) {
    calls += 1;
    if (calls % 100 !== 0) dispatch.apply(this, size);
  };
};

/**
 * @param {Page} page
 * @param {string} path
 * @param {(script: string) => string} change
 * @param {number} [times] and then no more
 */
async function rewrite(page, path, change, times) {
  await page.route(
    path,
    async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    },
    { times },
  );
}

/** Before the worker's first line. @param {Page} page @param {Change[]} changes */
export const inWorker = (page, ...changes) =>
  rewrite(page, "**/worker.js", (script) => [...changes.map((change) => `(${change})();`), script].join("\n"));

/**
 * After a flavour's last line, which sees its classes.
 *
 * @param {Page} page
 * @param {"cpu" | "webgpu"} flavour
 * @param {string} code
 * @param {number} [workers] the first so many have it; all of them unless given
 */
export const inFlavour = (page, flavour, code, workers) =>
  rewrite(page, `**/pkg/${flavour}/latent_lab.js*`, (script) => `${script}\n${code}`, workers);
