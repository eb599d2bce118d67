// A module that traps: nobody waits for an answer that never comes.

import { expect, test } from "../support/flavour.js";

test.use({ allowed: /panicked at|on purpose/ });

test("a trap rejects every open and every later call", async ({ cpu }) => {
  const found = await cpu.evaluate(async (flavour) => {
    const { Dataset, Lab, Replica, self_test, presets, uniform } = flavour;
    /** @type {{ lab_panic_for_tests: () => Promise<never> }} */
    const { lab_panic_for_tests } = /** @type {any} */ (flavour);
    const images = uniform(784, 1);
    const [lab, other] = [await Lab.create("tiny"), await Lab.create("E17")];
    const [replica, part] = [new Replica("tiny"), (await lab.begin_step(images)).parts[0]];
    const kind = (/** @type {Promise<unknown>} */ call) =>
      call.then(
        () => "answered",
        (/** @type {any} */ error) => `${error.kind}: ${/open the last saved file in a new one/.test(error.message)}`,
      );
    const open = [lab_panic_for_tests(), lab.train_step(images), other.train_step(images)];
    const opened = await Promise.all(open.map(kind));

    const later = Object.entries({
      create: () => Lab.create("tiny"),
      open: () => Lab.open(new Uint8Array(8)),
      save: () => lab.save(),
      train_step: () => lab.train_step(images),
      begin_step: () => lab.begin_step(images),
      end_step: () => lab.end_step({ stage: "codes" }, []),
      contribute: () => replica.contribute(part),
      evaluate: () => lab.evaluate(images),
      encode: () => lab.encode(images),
      decode: () => lab.decode(new Float32Array(8)),
      sample: () => lab.sample(1),
      sample_codes: () => other.sample_codes(1),
      codebook: () => other.codebook(),
      reconstruct: () => lab.reconstruct(images),
      self_test: () => self_test(),
    });
    /** @type {{ [name: string]: string }} */
    const rejected = {};
    for (const [name, call] of later) rejected[name] = await kind(call());
    const known = ["constructor", "free", "info", "__destroy_into_raw", ...later.map(([name]) => name)];
    const forgotten = Object.getOwnPropertyNames(Lab.prototype).filter((name) => !known.includes(name));
    const thrown = [
      () => lab.info(),
      () => presets(),
      () => new Replica("tiny"),
      () => Dataset.open(new Uint8Array(16)),
    ].map((call) => {
      try {
        return String(call());
      } catch (error) {
        return /** @type {any} */ (error).kind;
      }
    });
    lab.free();
    return { opened: [...new Set(opened)], rejected: [...new Set(Object.values(rejected))], forgotten, thrown };
  });
  expect(found.opened).toEqual(["broken: true"]);
  expect(found.rejected).toEqual(["broken: true"]);
  expect(found.forgotten, "methods that this test knows nothing of").toEqual([]);
  expect(found.thrown).toEqual(["broken", "broken", "broken", "broken"]);
});
