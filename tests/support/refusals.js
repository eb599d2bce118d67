// What a call refuses: the kind is the stated one, the message says what was wrong and what is right, and nothing is changed.

import { expect, expectRefusals, test } from "./flavour.js";

/** @param {import("./flavour.js").FlavourHandle} flavour */
const world = (flavour) =>
  flavour.evaluateHandle(async (flavour) => {
    const lab = await flavour.Lab.create("tiny", { seed: 1 });
    const images = flavour.uniform(4 * 784, 7);
    const latents = flavour.gauss(4 * 8, 8);
    await lab.train_step(images);
    /** What throws wherever it is touched. @returns {any} */
    const revoked = () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      return proxy;
    };
    /** What throws what a stack that overflows throws, when any of its entries is read. @returns {any} */
    const throwing = () =>
      new Proxy([1], {
        get() {
          throw new RangeError("boo");
        },
      });
    // A row's function is sent as text: what it calls has to be a global.
    Object.assign(globalThis, { revoked, throwing });
    const digits = flavour.Dataset.open(new Uint8Array([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 9, 8]));
    return { ...flavour, lab, images, latents, digits };
  });

/** @typedef {import("./flavour.js").Inside<Awaited<ReturnType<typeof world>>>} World */

/** Named in rows, which run in the page: there it is the one above. @type {() => any} */
export const revoked = () => undefined;

/** @param {{ [group: string]: import("./flavour.js").Row<World>[] }} groups a test for each */
export function expectRefusalsOf(groups) {
  for (const [group, rows] of Object.entries(groups)) {
    test(group, async ({ cpu }) => {
      const inside = await world(cpu);
      /** The same number as long as the model is the same. */
      const evaluate = () => inside.evaluate(async ({ lab, images }) => (await lab.evaluate(images)).total);
      const before = await evaluate();
      expect(before).toBeGreaterThan(0);
      await expectRefusals(inside, rows, async () => (await evaluate()) === before);
    });
  }
}
