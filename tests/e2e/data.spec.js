// Data of one's own: dropped on the page, trained on, or refused.

import { kindOfFile, read, readData } from "../../www/experiment/files.js";
import { wordsFor } from "../../www/experiment/unknown.js";
import { bars, bomb, gz, idx, IMAGES, joined, LABELS, PNG } from "../support/files.js";
import { expect, test } from "../support/visit.js";

const SHORT = "#from=fresh&batch=16";

for (const [how, name, bytes] of /** @type {const} */ ([
  ["raw", "bars-idx3-ubyte", bars(200)],
  ["in gzip", "bars-idx3-ubyte.gz", gz(bars(200))],
])) {
  test(`an IDX file ${how} is trained on`, async ({ visit }) => {
    await visit.begin(SHORT);
    const sample = await visit.pixels(visit.seen);
    await visit.drop({ name, bytes });
    await expect(visit.news).toContainText(`${name}: 200 images, 20 of them held out`);
    await visit.becomesOther(visit.seen, sample);
    await visit.trainTo(60);
    expect(await visit.cost("heldOut")).toBeGreaterThan(0);
    const curves = await visit.curves();
    for (const { reconstruction } of curves.slice(-5))
      expect(reconstruction).toBeLessThan(0.9 * curves[0].reconstruction);

    await visit.page.getByRole("button", { name: "Back to MNIST" }).click();
    await expect(visit.page.getByText(/MNIST: 10,000 images/)).toBeVisible();
    await visit.singleSteps(1);
  });
}

const nothing = new Uint8Array(64);
/** @type {[what: string, name: string, bytes: Uint8Array, kind: string][]} */
const KINDS = [
  ["images", "a", idx(IMAGES, [1, 8, 8], nothing), "images"],
  ["images in gzip", "a", gz(idx(IMAGES, [1, 8, 8], nothing)), "images"],
  ["images as rows", "a", idx(0x0802, [1, 64], nothing), "images"],
  ["images with a channel", "a", idx(0x0804, [1, 8, 8, 1], nothing), "images"],
  [
    "little-endian images",
    "a",
    joined(new Uint8Array([3, 8, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]), nothing),
    "images",
  ],
  ["a few labels", "a", idx(LABELS, [1], nothing.subarray(0, 1)), "labels"],
  ["labels as integers", "a", idx(0x0c01, [16], nothing), "labels"],
  ["QMNIST's labels", "a", gz(idx(0x0c02, [2, 8], nothing)), "labels"],
  ["little-endian labels", "a", new Uint8Array([1, 12, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0]), "labels"],
  ["an experiment", "a", new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]), "checkpoint"],
  ["a broken experiment", "a.safetensors", PNG, "checkpoint"],
  ["broken images", "a-idx3-ubyte", PNG, "images"],
  ["broken labels", "a-labels.gz", PNG, "labels"],
  ["a picture", "a.png", PNG, "unknown"],
  ["nothing", "a", new Uint8Array(0), "unknown"],
];

test("files are known by their content, and broken ones by their names", async () => {
  for (const [what, name, bytes, kind] of KINDS)
    expect.soft(await kindOfFile(new File([bytes.slice()], name)), what).toBe(kind);
});

test("of large data a part is read, and a large experiment is none", async () => {
  const large = new File([new Uint8Array(65 << 20)], "large");
  expect(await readData(large)).toHaveLength(64 << 20);
  await expect(read(large)).rejects.toThrow("“large” has 65 MB; what is saved here has at most 64 MB.");
});

test("other files are named", () => {
  /** @param {string} text */
  const named = (text) => wordsFor(new Uint8Array(Buffer.from(text, "latin1")));
  expect(wordsFor(PNG)).toBe("a PNG picture");
  expect(named("\xff\xd8\xff\xe0\0\x10JFIF")).toBe("a JPEG picture");
  expect(named("PK\x03\x04\x14\0")).toBe("a ZIP archive: unpack it and look inside");
  expect(named("label,1x1,1x2\r\n5,0,0")).toBe("text");
  expect(named("")).toBe("empty");
  expect(named("\x01\x02\x03")).toBe("no file that this page knows");
});

test("labels come with their images, or after them, and take no good images with them", async ({ visit }) => {
  const images = { name: "my-images-idx3-ubyte", bytes: bars(30) };
  const labels = { name: "my-labels-idx1-ubyte", bytes: idx(LABELS, [30], new Uint8Array(30).fill(4)) };
  const others = { name: "other-labels-idx1-ubyte", bytes: idx(LABELS, [3], new Uint8Array(3)) };
  await visit.begin();
  await visit.drop(labels);
  await expect(visit.problem).toContainText("holds labels alone");
  await visit.drop(images, others);
  await expect(visit.news).toContainText("my-images-idx3-ubyte: 30 images, 3 of them held out");
  await expect(visit.problem).toContainText(
    "“other-labels-idx1-ubyte” is left out. The label file has 3 labels for 30",
  );
  await visit.drop(labels);
  await expect(visit.news).toContainText("30 images with labels");
  await expect(visit.problem).toHaveCount(0);
  await visit.drop(others);
  await expect(visit.problem).toContainText("3 labels for 30 images");
  await expect(visit.news).toContainText("30 images with labels");
});

test("images that look odd are mended, and of too many the first are taken", async ({ visit, page }) => {
  await visit.begin();
  await visit.drop({ name: "bars-idx3-ubyte", bytes: bars(30) });
  await expect(visit.news).toContainText("30 images, 3 of them held out. Press play to train on these.");
  await expect(visit.news.getByRole("button")).toHaveAccessibleName("Dismiss");
  // The same in ink on paper, as bytes of 0 and 1.
  await visit.drop({ name: "ink-idx3-ubyte", bytes: bars(30).map((byte, at) => (at < 16 ? byte : 1 - byte / 255)) });
  await expect(visit.news).toContainText(
    "Something looks odd: no pixel is half as bright as white; they are dark on light, and the models here know light on dark.",
  );
  const paper = async () => (await visit.pixels(visit.seen))[0];
  await page.getByRole("button", { name: "Scale to full brightness" }).click();
  await expect(visit.news).toContainText("Something looks odd: they are dark on light");
  await expect.poll(paper).toBe(255);
  await page.getByRole("button", { name: "Invert them" }).click();
  await expect(visit.news).not.toContainText("odd");
  await expect.poll(paper).toBe(0);

  const count = 64_200;
  const labels = { name: "many-labels-idx1-ubyte", bytes: idx(LABELS, [count], new Uint8Array(count).fill(4)) };
  await visit.drop({ name: "many-idx3-ubyte.gz", bytes: gz(bars(count)) }, labels);
  await expect(visit.news).toContainText("the first 64,198 of 64,200 images with labels, 1000 of them held out");
});

test("of two image files the smaller one is held out; more are refused", async ({ visit }) => {
  const images = { name: "train-idx3-ubyte", bytes: bars(60) };
  const heldOut = { name: "t10k-idx3-ubyte", bytes: bars(20) };
  const labels = [60, 20].map((count) => ({
    name: `labels-${count}-idx1-ubyte`,
    bytes: idx(LABELS, [count], new Uint8Array(count).fill(4)),
  }));
  const broken = { name: "broken-idx3-ubyte", bytes: bars(20).subarray(0, 2000) };
  await visit.begin();
  await visit.drop(images, broken);
  await expect(visit.news).toContainText("train-idx3-ubyte: 60 images, 6 of them held out");
  await expect(visit.problem).toContainText("“broken-idx3-ubyte” is left out. The image file declares");
  await visit.drop(heldOut, ...labels.toReversed(), images);
  await expect(visit.news).toContainText("train-idx3-ubyte: 60 images with labels, 20 more held out");
  await visit.drop(heldOut, images, { name: "third-idx3-ubyte", bytes: bars(10) });
  await expect(visit.problem).toContainText("More than two image files at once");
  await expect(visit.page.getByText(/train-idx3-ubyte: 60 images, 20 more held out/)).toBeVisible();
});

/** @type {[what: string, name: string, made: () => Uint8Array, says: RegExp][]} */
const REFUSED = [
  ["truncated", "cut-idx3-ubyte", () => bars(50).subarray(0, 9000), /“cut-idx3-ubyte”: .*truncated/],
  [
    "truncated in its gzip",
    "cut-idx3-ubyte.gz",
    () => gz(bars(50)).subarray(0, 60),
    /“cut-idx3-ubyte\.gz”: .*truncated|damaged/,
  ],
  ["a picture", "digits.png", () => PNG, /“digits\.png” is a PNG picture\. Drop IDX images/],
  ["a picture that is called otherwise", "digits-idx3-ubyte", () => PNG, /“digits-idx3-ubyte”: .*no IDX file/],
  ["labels alone", "some-labels-idx1-ubyte", () => idx(LABELS, [2], new Uint8Array(2)), /labels alone/],
  ["of another size", "small-idx3-ubyte", () => bars(10, 20), /20 × 20; the models here see 28 × 28/],
  ["with a wrong count", "many-idx3-ubyte", () => idx(IMAGES, [60_000, 28, 28], new Uint8Array(784)), /truncated/],
  ["without end", "bomb-idx3-ubyte.gz", bomb, /goes on after/],
];

test("files that are refused leave training on the old data", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.train.click();
  await visit.reaches(2);
  for (const [what, name, made, says] of REFUSED) {
    await visit.drop({ name, bytes: made() });
    await expect(visit.problem, what).toHaveText(says);
    const step = await visit.step();
    await visit.reaches(step + 2);
  }
  await expect(visit.page.getByText(/MNIST: 10,000 images/)).toBeVisible();
  await visit.stop();
});

test("what is dropped while MNIST is still loading is what is trained on", async ({ visit, page }) => {
  await visit.begin(SHORT);
  // Labels of ours that are broken are told, not left out.
  await page.route("**/data/train-labels*", (route) => route.fulfill({ body: "<!doctype html>" }), { times: 1 });
  await visit.train.click();
  await expect(visit.problem).toContainText("MNIST: the label file begins with 0x3c21646f and is no IDX file");
  await expect(visit.train).toBeEnabled();
  /** @type {() => void} */
  let arrive = () => {};
  const waits = new Promise((resolve) => (arrive = () => resolve(undefined)));
  await page.route("**/data/train-images*", async (route) => {
    await waits;
    await route.continue();
  });
  const asked = page.waitForRequest("**/data/train-images*");
  await visit.train.click();
  await asked;
  await visit.drop({ name: "bars-idx3-ubyte", bytes: bars(200) });
  await expect(visit.news).toContainText("bars-idx3-ubyte: 200 images");
  arrive();
  await visit.reaches(2);
  await visit.stop();
  await expect(page.getByText("bars-idx3-ubyte: 200 images, 20 of them held out").first()).toBeVisible();
  await expect(page.getByText(/MNIST: 10,000 images/)).toHaveCount(0);
});
