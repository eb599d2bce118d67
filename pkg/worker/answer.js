// The worker's side: one model, and an answer for each call. What `info` tells goes with it.

/**
 * @import { Call, Answer } from "./lab.js"
 */

/** @param {unknown} value what a call gave: its arrays are given away, for nobody here keeps them */
function buffers(value) {
  const parts = ArrayBuffer.isView(value) ? [value] : Object.values(value ?? {});
  return parts.filter((part) => ArrayBuffer.isView(part)).map(({ buffer }) => buffer);
}

/** @param {typeof import("../cpu/latent_lab.js")} flavour */
export function answerFor({ default: init, Lab }) {
  const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
  const ready = init();
  /** @type {import("../cpu/latent_lab.js").Lab | undefined} */
  let lab;

  /** @param {Call} call */
  async function answer({ method, args }) {
    await ready;
    if (method !== "create" && method !== "open") return /** @type {any} */ (lab)[method](...args);
    lab = await /** @type {any} */ (Lab)[method](...args);
  }

  // A call that cannot be read here has no number to be answered by: all open ones end.
  scope.onmessageerror = () => reportError(new Error("a call cannot be read by its worker"));
  scope.onmessage = async ({ data: call }) => {
    /** @type {Answer} */
    const answered = { id: call.id };
    try {
      answered.value = await answer(call);
    } catch (error) {
      const { name, kind, message } = /** @type {import("../cpu/latent_lab.js").LabError} */ (error);
      // What has no kind is no refusal of ours: the WebAssembly did not load.
      answered.error = kind ? { name, kind, message } : { name: "LabError", kind: "broken", message };
    }
    // What is broken can say nothing more.
    if (answered.error?.kind !== "broken") answered.info = lab?.info();
    scope.postMessage(answered, buffers(answered.value));
  };
}
