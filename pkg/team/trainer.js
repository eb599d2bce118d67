// A worker of a team: it computes one part after the other, and keeps no more than the weights of the step.

import init, { Replica } from "../cpu/latent_lab.js";

/**
 * @import { Answer, Task } from "./team.js"
 */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** @type {Promise<WebAssembly.Memory> | undefined} */
let ready;
/** @type {{ config: string, stage: string, replica: Replica } | undefined} */
let current;
/** @param {string} config @param {string} stage */
function replicaOf(config, stage) {
  if (current?.config === config && current.stage === stage) return current.replica;
  current?.replica.free();
  current = undefined;
  const replica = new Replica(JSON.parse(config), { stage: /** @type {"codes" | "prior"} */ (stage) });
  current = { config, stage, replica };
  return replica;
}

/** @param {Task} task @returns {Promise<Answer>} */
async function answer({ id, config, work, part, spare }) {
  try {
    const memory = await ready;
    const replica = replicaOf(config, work.stage);
    if (work.weights) replica.begin({ ...work, weights: work.weights });
    const value = await replica.contribute(part, spare);
    return { id, value, memory: memory?.buffer.byteLength };
  } catch (error) {
    const { kind, message } = /** @type {import("../cpu/latent_lab.js").LabError} */ (error);
    return { id, error: { kind, message } };
  }
}

/** @param {Answer} answer */
const arrays = ({ value }) =>
  value ? [value.gradient, value.terms, value.examples, ...value.averages].map(({ buffer }) => buffer) : [];

scope.onmessage = async ({ data }) => {
  if ("module" in data) {
    ready = init(data.module && { module_or_path: data.module }).then(({ memory }) => memory);
    // Told with the first task that fails by it.
    ready.catch(() => {});
    return;
  }
  const answered = await answer(data);
  scope.postMessage(answered, [...new Set(arrays(answered))]);
};
