// `test` with a flavour of the package in an empty page: `cpu.evaluate(({ Lab }) => ...)` runs there.

import { openBlank, test as base, expect } from "./fixtures.js";

/**
 * What the package exports, the seeded numbers of the benchmark, and the memory of its WebAssembly.
 *
 * @typedef {typeof import("../../pkg/cpu/latent_lab.js")
 *   & typeof import("../../www/bench/models.js")
 *   & { memory: WebAssembly.Memory }} Flavour
 * @typedef {import("@playwright/test").JSHandle<Flavour>} FlavourHandle
 */

/**
 * @param {import("@playwright/test").Page} page
 * @param {"cpu" | "webgpu"} name
 * @param {string} [binary] instead of the one that `init()` finds
 * @returns {Promise<FlavourHandle>}
 */
async function openFlavour(page, name, binary) {
  await openBlank(page);
  const open = async (/** @type {{ name: string, binary?: string }} */ { name, binary }) => {
    /** @param {string} path */
    const load = (path) => import(new URL(path, document.baseURI).href);
    const [flavour, models] = await Promise.all([load(`pkg/${name}/latent_lab.js`), load("bench/models.js")]);
    const module_or_path = binary && new URL(`pkg/${name}/${binary}`, document.baseURI);
    const { memory } = await flavour.default(module_or_path && { module_or_path });
    /** @type {Flavour} */
    const all = { ...flavour, ...models, memory };
    return all;
  };
  return page.evaluateHandle(open, { name, binary });
}

/**
 * @type {import("@playwright/test").Fixtures<
 *   { cpu: FlavourHandle, plain: FlavourHandle, webgpu: FlavourHandle },
 *   {},
 *   import("@playwright/test").PlaywrightTestArgs
 * >}
 */
const fixtures = {
  cpu: async ({ page }, use) => use(await openFlavour(page, "cpu")),
  // The CPU flavour as engines without relaxed SIMD run it.
  plain: async ({ page }, use) => use(await openFlavour(page, "cpu", "latent_lab_bg.wasm")),
  webgpu: async ({ page }, use) => use(await openFlavour(page, "webgpu")),
};

export const test = base.extend(fixtures);
export { expect };

/**
 * What a call that has to be refused says. Runs in the page.
 *
 * @template T
 * @template A
 * @param {import("@playwright/test").JSHandle<T>} world what the call is given
 * @param {(world: T, argument: A) => unknown} call
 * @param {A} [argument]
 * @returns {Promise<{ kind: string, message: string }>}
 */
export function refusalOf(world, call, argument) {
  return world.evaluate(
    async (world, { call, argument }) => {
      try {
        await new Function(`return ${call}`)()(world, argument);
      } catch (error) {
        if (!(error instanceof Error)) return { kind: "no Error", message: String(error) };
        return { kind: "kind" in error ? String(error.kind) : "none", message: error.message };
      }
      return { kind: "no refusal", message: "" };
    },
    // As text: a function in an argument cannot cross.
    { call: String(call), argument },
  );
}

/**
 * What is in a page.
 *
 * @template T
 * @typedef {T extends import("@playwright/test").JSHandle<infer U> ? U : never} Inside
 */
/**
 * A call, the kind of its refusal, and what that says.
 *
 * @template T
 * @typedef {[what: string, call: (world: T) => unknown, kind: string, ...says: RegExp[]]} Row
 */

/**
 * Each call is refused as its row says, and changes nothing.
 *
 * @template T
 * @param {import("@playwright/test").JSHandle<T>} world
 * @param {readonly Row<T>[]} rows
 * @param {() => Promise<boolean>} isSame whether all is as it was before
 */
export async function expectRefusals(world, rows, isSame) {
  for (const [what, call, kind, ...says] of rows) {
    const refusal = await refusalOf(world, call);
    expect.soft(refusal.kind, `${what}: ${refusal.message}`).toBe(kind);
    for (const words of says) expect.soft(refusal.message, what).toMatch(words);
    expect.soft(await isSame(), `${what}: nothing has changed`).toBe(true);
  }
}
