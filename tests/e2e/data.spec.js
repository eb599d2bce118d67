// Data of one's own: dropped on the page, trained on, or refused.

import { bars, bomb, gz, idx, IMAGES, LABELS, PNG } from "../support/files.js";
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

test("labels come with their images, or after them", async ({ visit }) => {
  const images = { name: "my-images-idx3-ubyte", bytes: bars(30) };
  const labels = { name: "my-labels-idx1-ubyte", bytes: idx(LABELS, [30], new Uint8Array(30).fill(4)) };
  await visit.begin();
  await visit.drop(labels);
  await expect(visit.problem).toContainText("holds labels alone");
  await visit.drop(images, labels);
  await expect(visit.news).toContainText("30 images with labels");
  await expect(visit.problem).toHaveCount(0);
});

test("of two image files the smaller one is held out; more are refused", async ({ visit }) => {
  const images = { name: "train-idx3-ubyte", bytes: bars(60) };
  const heldOut = { name: "t10k-idx3-ubyte", bytes: bars(20) };
  const labels = [60, 20].map((count) => ({
    name: `labels-${count}-idx1-ubyte`,
    bytes: idx(LABELS, [count], new Uint8Array(count).fill(4)),
  }));
  await visit.begin();
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
  ["a picture", "digits.png", () => PNG, /“digits\.png” is no file that this page knows/],
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
