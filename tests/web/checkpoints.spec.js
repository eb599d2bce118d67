// Files of the model: saved, opened, gone on with; and those that are refused.

import { expect, refusalOf, test } from "../support/flavour.js";
import { declaring, joined, PNG, safetensors, withHeader, withNumber } from "../support/files.js";

/** @typedef {import("../support/files.js").Header} Header */
/** @typedef {import("../../pkg/cpu/latent_lab.js").Lab} Model */

/** @param {import("../support/flavour.js").FlavourHandle} flavour */
const world = (flavour) =>
  flavour.evaluateHandle(async (flavour) => {
    const lab = await flavour.Lab.create("tiny", { seed: 1 });
    const images = flavour.uniform(4 * 784, 7);
    await lab.train_step(images);
    return { ...flavour, lab, images };
  });

test("a run that is saved, opened and gone on with is the run that never stopped", async ({ cpu }) => {
  const { straight, resumed, infos } = await cpu.evaluate(async ({ Lab, uniform }) => {
    /** @param {Model} lab @param {number} from @param {number} to */
    const train = async (lab, from, to) => {
      const losses = [];
      for (let step = from; step < to; step += 1) losses.push(await lab.train_step(uniform(4 * 784, step)));
      return losses;
    };
    const one = await Lab.create("tiny", { seed: 3 });
    const straight = await train(one, 0, 8);
    const other = await Lab.create("tiny", { seed: 3 });
    const first = await train(other, 0, 5);
    const again = await Lab.open(await other.save("a note"));
    const infos = [other.info(), again.info()];
    return { straight, resumed: [...first, ...(await train(again, 5, 8))], infos };
  });
  expect(resumed).toEqual(straight);
  expect(infos[1]).toEqual(infos[0]);
  expect(infos[1]).toMatchObject({ step: 5, seed: 3, notes: "a note" });
});

/** A file of version 1, which has no checksum: what is refused of it is refused for itself. @param {Uint8Array} file */
const unchecked = (file) =>
  withHeader(file, ({ __metadata__ }) => {
    __metadata__.version = "1";
    delete __metadata__.checksum;
  });

/**
 * @param {(header: Header) => void} change
 * @returns {(file: Uint8Array) => Uint8Array}
 */
const changed = (change) => (file) => withHeader(unchecked(file), change);

/** @param {Header} header @param {string} key @param {object} value */
const put = (header, key, value) => {
  const { [key]: before } = header.__metadata__;
  header.__metadata__[key] = JSON.stringify({ ...JSON.parse(before), ...value });
};

const FIRST = "encoder.0.weight";

/** @type {[what: string, made: (file: Uint8Array) => Uint8Array, ...says: RegExp[]][]} */
const REFUSED = [
  ["nothing", () => new Uint8Array(0), /truncated/, /choose a file/],
  ["seven bytes", (file) => file.subarray(0, 7), /truncated/, /choose a file/],
  ["cut in the header", (file) => file.subarray(0, 100), /truncated/, /choose a file/],
  ["cut in the middle", (file) => file.subarray(0, file.length / 2), /damaged|truncated/, /choose/],
  ["cut by a byte", (file) => file.subarray(0, file.length - 1), /damaged|truncated/, /choose/],
  ["with something behind it", (file) => joined(file, new Uint8Array(4)), /damaged/, /choose/],
  ["an endless header", () => joined(declaring(2n ** 63n), new Uint8Array(64)), /choose a file/],
  ["a header of two megabytes", () => joined(declaring(2n << 20n), new Uint8Array(4 << 20).fill(32)), /choose a file/],
  ["a picture", () => PNG, /choose a file/],
  [
    "of another program",
    () => safetensors({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4)),
    /another program/,
  ],
  ["newer", changed((header) => void (header.__metadata__.version = "3")), /version.*3/, /up to 2/, /reload/],
  ["with another number", (file) => withNumber(file, FIRST, 0.5), /not those that were saved/, /another copy/],
  ["of no version", changed((header) => void (header.__metadata__.version = "new")), /version.*new/],
  ["of another shape", changed((header) => header[FIRST].shape.reverse()), /encoder\.0\.weight/, /shape/],
  ["of a shape without end", changed((header) => void (header[FIRST].shape = [2 ** 40, 2 ** 40])), /damaged/],
  [
    "with numbers of another type",
    changed((header) => void (header[FIRST].dtype = "I32")),
    /encoder\.0\.weight|damaged/,
    /I32/,
  ],
  [
    "with a tensor less",
    changed((header) => {
      header["somebody.else"] = header[FIRST];
      delete header[FIRST];
    }),
    /encoder\.0\.weight/,
  ],
  [
    "with half an optimiser",
    changed((header) => {
      for (const name of Object.keys(header).filter((name) => name.startsWith("adam.second."))) {
        header[`somebody.else.${name}`] = header[name];
        delete header[name];
      }
    }),
    /adam\.second/,
  ],
  [
    "with a weight that is no number",
    (file) => withNumber(unchecked(file), FIRST, NaN),
    /encoder\.0\.weight/,
    /finite|NaN|not a number/i,
  ],
  ["with a weight without end", (file) => withNumber(unchecked(file), FIRST, -Infinity), /encoder\.0\.weight/],
  [
    "with a variance below 0",
    (file) => withNumber(unchecked(file), `adam.second.${FIRST}`, -1),
    /adam\.second/,
    /negative/,
  ],
  ["of a model without end", changed((header) => put(header, "config", { latent: 1e12 })), /1000000000000/, /1 to 256/],
  ["of a model that is none", changed((header) => void (header.__metadata__.config = "[]")), /configuration/],
  ["of a family that nobody knows", changed((header) => put(header, "config", { family: "gan" })), /gan/, /known/],
  ["at a step before the first", changed((header) => put(header, "run", { step: -1 })), /run/, /-1/],
  ["with another generator", changed((header) => put(header, "run", { noise: { words: "no" } })), /run|generator/],
];

test("checkpoints that are refused", async ({ cpu }) => {
  const inside = await world(cpu);
  const evaluate = () => inside.evaluate(async ({ lab, images }) => (await lab.evaluate(images)).total);
  const bytes = () => inside.evaluate(({ memory }) => memory.buffer.byteLength);
  const file = await inside.evaluate(({ lab }) => lab.save());
  const before = await evaluate();
  const memory = await bytes();
  for (const [what, made, ...says] of REFUSED) {
    const refusal = await refusalOf(inside, ({ Lab }, file) => Lab.open(file), made(file));
    expect.soft(refusal.kind, `${what}: ${refusal.message}`).toBe("invalid_checkpoint");
    for (const words of says) expect.soft(refusal.message, what).toMatch(words);
    expect.soft(await evaluate(), `${what}: the model is as it was`).toBe(before);
  }
  expect((await bytes()) - memory, "growth of the memory").toBeLessThan(64 << 20);
});

test("a file opens as bytes of any kind, and nothing else does", async ({ cpu }) => {
  const opened = await cpu.evaluate(async ({ Lab }) => {
    const lab = await Lab.create("E2", { seed: 4 });
    const bytes = await lab.save("a note");
    const files = [bytes, bytes.buffer, new Blob([bytes]), new File([bytes], "run.safetensors")];
    const labs = await Promise.all(files.map((file) => Lab.open(file)));
    return labs.map((lab) => lab.info().notes);
  });
  expect(opened).toEqual(Array(4).fill("a note"));
  for (const value of ["bytes", null, { length: 8 }, [1, 2, 3]])
    expect(await refusalOf(cpu, ({ Lab }, value) => Lab.open(/** @type {any} */ (value)), value)).toEqual({
      kind: "invalid_input",
      message: expect.stringMatching(/checkpoint.*Uint8Array/),
    });
});

test("what only says that it is a file is refused, and nothing breaks", async ({ cpu }) => {
  const found = await cpu.evaluate(async ({ Lab, Dataset }) => {
    const boo = () => {
      throw new RangeError("boo");
    };
    const fakes = [
      { [Symbol.toStringTag]: "Blob", size: 3 },
      { [Symbol.toStringTag]: "Blob", size: 3, arrayBuffer: () => 5 },
      Object.defineProperty({ [Symbol.toStringTag]: "Blob" }, "size", { get: boo }),
      new Proxy({}, { get: (_, key) => (key === Symbol.toStringTag ? "Uint8Array" : boo()) }),
    ];
    const kind = (/** @type {() => unknown} */ call) =>
      new Promise((resolve) => resolve(call())).then(
        () => "taken",
        (error) => error.kind,
      );
    const kinds = [];
    for (const fake of fakes) kinds.push(await kind(() => Lab.open(/** @type {any} */ (fake))));
    for (const fake of fakes) kinds.push(await kind(() => Dataset.open(/** @type {any} */ (fake))));
    const own = new Blob([await (await Lab.create("E2", { seed: 6 })).save()]);
    const odd = Object.assign(own, { arrayBuffer: () => 5 });
    return { kinds: [...new Set(kinds)], seed: (await Lab.open(odd)).info().seed };
  });
  expect(found).toEqual({ kinds: ["invalid_input"], seed: 6 });
});

test("weights without our metadata open with a configuration, and the refusal says so", async ({ cpu }) => {
  const inside = await world(cpu);
  const file = await inside.evaluate(({ lab }) => lab.save());
  const foreign = withHeader(file, (header) => void (header.__metadata__ = { format: "pt" }));
  const refusal = await refusalOf(inside, ({ Lab }, foreign) => Lab.open(foreign), foreign);
  expect(refusal).toEqual({ kind: "invalid_checkpoint", message: expect.stringContaining("{ config }") });
  const found = await inside.evaluate(async ({ Lab, lab, images }, foreign) => {
    const opened = await Lab.open(foreign, { config: lab.info().config });
    const [own, same] = await Promise.all([lab, opened].map((lab) => lab.reconstruct(images)));
    const byName = await Lab.open(foreign, { config: "tiny" });
    return { same: same.every((pixel, at) => pixel === own[at]), step: byName.info().step };
  }, foreign);
  // Of tiny's KL the warm-up is over.
  expect(found).toEqual({ same: true, step: 200 });
});
