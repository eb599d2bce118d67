// Put before what wasm-bindgen makes, by `cargo xtask build`. A module that traps (a panic, memory that is used up, a
// stack that overflows) never settles the promises of its calls, and its next calls find it half changed. Here each
// entry into WebAssembly is watched: a trap rejects every open call, and every later one.

/**
 * @param {string} kind
 * @param {string} words what happened, and what to do
 */
function labError(kind, words) {
  const error = new Error(`${kind}: ${words}`);
  return Object.assign(error, { name: "LabError", kind });
}

/** What rejects the calls that are not answered yet. @type {Set<(error: Error) => void>} */
const openCalls = new Set();

/** Why this module answers no more. @type {Error | undefined} */
let broken;

/** Entries under way: WebAssembly calls the glue, which calls WebAssembly again. */
let depth = 0;

/** @param {unknown} error */
function isTrap(error) {
  const { name = "" } = error instanceof Object && "name" in error ? /** @type {Error} */ (error) : {};
  // Firefox calls a stack that overflows an InternalError, other browsers call it a RangeError.
  return error instanceof WebAssembly.RuntimeError || ["RangeError", "InternalError"].includes(name);
}

/** What is called after `free()` says so. */
const freed = () => labError("invalid_input", "what is called was freed; create or open another one");

/** Whether a call was made on what had been freed: so wasm-bindgen says it. @param {unknown} error */
const isOfFreed = (error) => error instanceof Error && error.message === "null pointer passed to rust";

/** @param {unknown} trap */
function breakDown(trap) {
  const words = `this module stopped in the middle of a call (${trap}); open the last saved file in a new one: reload the page, or start a new worker`;
  broken = Object.assign(labError("broken", words), { cause: trap });
  for (const reject of openCalls) reject(broken);
  openCalls.clear();
  return broken;
}

/**
 * Settles as a call does, and is rejected when the module breaks down before.
 *
 * @param {Promise<unknown>} call
 */
function watched(call) {
  return new Promise((resolve, reject) => {
    openCalls.add(reject);
    const settle = (/** @type {() => void} */ how) => {
      openCalls.delete(reject);
      how();
    };
    call.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}

/** Calls that give promises, by the names of their exports. @param {string} name */
const givesPromise = (name) =>
  ["self_test", "replica_contribute"].includes(name) ||
  (name.startsWith("lab_") && !["lab_info", "lab_new"].includes(name));

/** What the glue calls by itself: callbacks, memory, what is freed. @param {string} name */
const isInternal = (name) => name.startsWith("__") || name.startsWith("wasm_bindgen_");

/**
 * The exports of an instance, watched.
 *
 * @param {WebAssembly.Exports} exports
 */
function guarded(exports) {
  /** @type {(name: string, run: Function) => Function} */
  const guard = (name, run) =>
    function (/** @type {unknown[]} */ ...args) {
      depth += 1;
      try {
        if (broken) throw broken;
        const value = run(...args);
        return value instanceof Promise ? watched(value) : value;
      } catch (error) {
        const reason = isTrap(error) ? breakDown(error) : isOfFreed(error) ? freed() : error;
        if ((reason === broken || reason !== error) && givesPromise(name)) return Promise.reject(reason);
        // Nobody called a callback, and who waited for it has been told. The glue destructures some results, so it is
        // given an empty array.
        if (reason === broken && isInternal(name) && depth === 1) return [];
        throw reason;
      } finally {
        depth -= 1;
      }
    };
  const entries = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guard(name, value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** In place of the exports until there are some. */
const uninitialized = new Proxy(
  {},
  {
    get() {
      throw labError("uninitialized", "call init() first, and wait for it: await init()");
    },
  },
);
