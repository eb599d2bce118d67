// Files of data: those that are read, and those that are refused.

import { expect, refusalOf, test } from "../support/flavour.js";
import { bars, bomb, gz, idx, IMAGES, joined, LABELS, PNG } from "../support/files.js";

/** As long as a refusal may take, in milliseconds, and as much memory. */
const SOON = 1000;
const LITTLE = 64 << 20;

test("an IDX file reads the same raw and in gzip", async ({ cpu }) => {
  const file = bars(20);
  // As QMNIST has them: integers of four bytes, eight for each image, and the class is the first.
  const labels = idx(
    0x0c02,
    [20, 8],
    new Uint8Array(20 * 32).fill(3).map((three, at) => (at % 4 === 3 ? three : 0)),
  );
  const found = await cpu.evaluate(
    ({ Dataset }, { file, packed, labels }) => {
      const [raw, gzipped] = [Dataset.open(file), Dataset.open(packed, labels)];
      return {
        shape: [gzipped.count, gzipped.height, gzipped.width],
        same: raw.images(0, 20).every((pixel, at) => pixel === gzipped.images(0, 20)[at]),
        labels: [raw.labels(), gzipped.labels()],
        corner: [...gzipped.images(0, 1).subarray(5 * 28 + 5, 5 * 28 + 10)],
        repeats: raw.batch(8, 1, 2).every((pixel, at) => pixel === gzipped.batch(8, 1, 2)[at]),
      };
    },
    { file, packed: gz(file), labels },
  );
  expect(found).toEqual({
    shape: [20, 28, 28],
    same: true,
    labels: [undefined, new Uint8Array(20).fill(3)],
    corner: [0, 1, 1, 1, 0],
    repeats: true,
  });
});

/** As large as is read, and it goes on behind that. */
const largest = () => gz(idx(IMAGES, [60_000, 28, 28], new Uint8Array(200 << 20)));

/** @type {[what: string, file: () => Uint8Array, ...says: RegExp[]][]} */
const REFUSED = [
  ["nothing", () => new Uint8Array(0), /truncated/],
  ["cut in the header", () => bars(2).subarray(0, 10), /truncated/, /again/],
  ["cut in the images", () => bars(2).subarray(0, 1000), /truncated/, /again/],
  ["cut in its gzip", () => gz(bars(2)).subarray(0, 40), /truncated/, /again/],
  ["of damaged gzip", () => gz(bars(50)).fill(255, 20, 60), /damaged/],
  ["of labels", () => idx(LABELS, [3], new Uint8Array(3)), /label file/, /image file beside it/],
  ["of floats", () => idx(0x0d03, [1, 2, 2], new Uint8Array(16)), /4-byte floats \[1, 2, 2\]/, /images are bytes/],
  ["a picture", () => PNG, /no IDX file/, /choose another/],
  ["without images", () => idx(IMAGES, [0, 28, 28], new Uint8Array(0)), /0 images of 28 x 28/, /at least one/],
  ["of wide images", () => idx(IMAGES, [1, 28, 300], new Uint8Array(28 * 300)), /300/, /256/],
  ["with fewer than it counts", () => idx(IMAGES, [60_000, 28, 28], new Uint8Array(784)), /truncated/],
  ["with more than it counts", () => joined(bars(2), new Uint8Array(784)), /goes on after/],
  [
    "of four billion",
    () => idx(IMAGES, [0xffffffff, 255, 255], new Uint8Array(8)),
    /279280248357375 bytes/,
    /truncated/,
  ],
  ["that expands without end", bomb, /goes on after the 784 bytes/],
  ["that is large and expands without end", largest, /goes on after/],
];

test("files that are refused, soon and with little memory", async ({ cpu }) => {
  const bytes = () => cpu.evaluate(({ memory }) => memory.buffer.byteLength);
  const before = await bytes();
  for (const [what, made, ...says] of REFUSED) {
    const file = made();
    const refusal = await refusalOf(cpu, ({ Dataset }, file) => Dataset.open(file), file);
    expect.soft(refusal.kind, `${what}: ${refusal.message}`).toBe("invalid_data");
    for (const words of says) expect.soft(refusal.message, what).toMatch(words);
    expect.soft((await bytes()) - before, `growth of the memory by one ${what}`).toBeLessThan(LITTLE);
    const took = await cpu.evaluate(({ Dataset }, file) => {
      const start = performance.now();
      try {
        Dataset.open(file);
      } catch {
        // Known from above.
      }
      return performance.now() - start;
    }, file);
    expect.soft(took, `time for one ${what}`).toBeLessThan(SOON);
  }
});

test("labels that do not fit are refused", async ({ cpu }) => {
  const files = { images: bars(4), labels: idx(LABELS, [3], new Uint8Array(3)) };
  const refusal = await refusalOf(cpu, ({ Dataset }, { images, labels }) => Dataset.open(images, labels), files);
  expect(refusal).toEqual({ kind: "invalid_data", message: expect.stringMatching(/3 labels for 4 images/) });
});

test("of a large file the first images are taken, and as many are given as fit one answer", async ({ cpu }) => {
  const large = await cpu.evaluateHandle(({ Dataset }) => {
    // 960 images of 256 x 256, of which 768 are taken.
    const images = new Uint8Array(16 + 960 * 256 * 256);
    images.set([0, 0, 8, 3, 0, 0, 3, 192, 0, 0, 1, 0, 0, 0, 1, 0]);
    const labels = new Uint8Array(8 + 960).fill(7);
    labels.set([0, 0, 8, 1, 0, 0, 3, 192]);
    return Dataset.open(images, labels);
  });
  const found = await large.evaluate((data) => [data.count, data.declared, data.labels()?.length]);
  expect(found).toEqual([768, 960, 768]);
  expect(await large.evaluate((data) => data.images(50, 717).length)).toBe(717 * 256 * 256);
  for (const call of [
    (/** @type {import("../../pkg/cpu/latent_lab.js").Dataset} */ data) => data.images(0, 718),
    (/** @type {import("../../pkg/cpu/latent_lab.js").Dataset} */ data) => data.batch(718, 1, 1),
  ]) {
    const refusal = { kind: "invalid_input", message: expect.stringMatching(/718 images of 256 x 256 .* at most 717/) };
    expect(await refusalOf(large, call)).toEqual(refusal);
  }
});

test("what looks odd is told, and what can be mended is", async ({ cpu }) => {
  const file = bars(20);
  // The same bars in ink on paper, as bytes of 0 and 1.
  const odd = file.map((byte, at) => (at < 16 ? byte : 1 - byte / 255));
  const found = await cpu.evaluate(
    ({ Dataset }, { file, odd }) => {
      const [good, data] = [Dataset.open(file), Dataset.open(odd)];
      const before = data.oddities();
      data.scale();
      data.invert();
      const same = good.images(0, 20).every((pixel, at) => pixel === data.images(0, 20)[at]);
      return { before, after: data.oddities(), good: good.oddities(), same };
    },
    { file, odd },
  );
  expect(found).toEqual({ before: ["dim", "dark_on_light"], after: [], good: [], same: true });
});

test("images that are not there are refused", async ({ cpu }) => {
  const file = bars(4);
  /** @type {[(world: import("../support/flavour.js").Flavour, file: Uint8Array) => unknown, RegExp][]} */
  const rows = [
    [({ Dataset }, file) => Dataset.open(file).images(0, 5), /5 images from number 0 .* there are 4/],
    [({ Dataset }, file) => Dataset.open(file).images(2, 0), /0 images/],
    [({ Dataset }, file) => Dataset.open(file).images(2 ** 32, 1), /start is 4294967296/],
    [({ Dataset }, file) => Dataset.open(file).batch(0, 1, 1), /size is 0/],
    [({ Dataset }, file) => Dataset.open(file).images(-1, 1), /start is -1/],
    [({ Dataset }, file) => Dataset.open(file).images(0, 1e15), /count is 1000000000000000/],
    [({ Dataset }, file) => Dataset.open(file).batch(0.5, 1, 1), /size is 0\.5/],
    [({ Dataset }, file) => Dataset.open(file).hold_out(4), /4 images are to be held out of 4/],
    [({ Dataset }, file) => Dataset.open(file).hold_out(-1), /count is -1/],
    [({ Dataset }, file) => Dataset.open(file).batch(8, NaN, 1), /seed is NaN/],
  ];
  for (const [call, words] of rows) {
    expect
      .soft(await refusalOf(cpu, call, file))
      .toEqual({ kind: "invalid_input", message: expect.stringMatching(words) });
  }
});

test("what is held out is in no batch", async ({ cpu }) => {
  const { batch, last, whole } = await cpu.evaluate(({ Dataset }, file) => {
    const data = Dataset.open(file);
    const whole = data.batch(1e12, 1, 1).length;
    data.hold_out(1);
    return { batch: [...data.batch(1e12, 1, 1)], last: [...data.images(3, 1)], whole };
  }, bars(4));
  expect(whole).toBe(4 * last.length);
  expect(batch).toHaveLength(3 * last.length);
  for (let at = 0; at < batch.length; at += last.length) expect(batch.slice(at, at + last.length)).not.toEqual(last);
});

test("a batch is at most the data", async ({ cpu }) => {
  const length = await cpu.evaluate(({ Dataset }, file) => Dataset.open(file).batch(1e12, 1, 1).length, bars(4));
  expect(length).toBe(4 * 784);
});
