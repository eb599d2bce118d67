// Experiments as files: saved, opened in another visit, gone on with; and files that are none.

import { PNG } from "../support/files.js";
import { expect, test } from "../support/visit.js";

const SHORT = "#from=fresh&batch=16&seed=5";

test("a run that is saved, opened tomorrow and gone on with is the run that never stopped", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(3);
  const file = await visit.saved();
  expect(file.name).toMatch(/step-3\.safetensors$/);
  await visit.singleSteps(3);
  const straight = await visit.curves();

  await visit.page.goto("about:blank");
  await visit.begin();
  await visit.choose(file);
  await expect(visit.news).toContainText(`“${file.name}” is open, at step 3`);
  await expect(visit.steps).toHaveText("3");
  await expect(visit.seed).toHaveValue("5");
  await expect(visit.batch).toHaveValue("16");
  await visit.singleSteps(3);
  const resumed = await visit.curves();
  expect(resumed.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(resumed.slice(3)).toEqual(straight.slice(3));
});

test("what was trained is offered after a reload", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(2);
  const trained = await visit.pixels(visit.reconstruction);
  await expect
    .poll(() => visit.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)))
    .toContain("latent-lab");
  await visit.page.reload();
  await visit.begun();
  await expect(visit.news).toContainText("Last time you trained to step 2");
  await visit.page.getByRole("button", { name: "Go on from there" }).click();
  await expect(visit.steps).toHaveText("2");
  await expect.poll(() => visit.pixels(visit.reconstruction)).toEqual(trained);
});

test("a run is saved with its own seed, whatever the control says of the next", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(2);
  await visit.seed.fill("7");
  await visit.seed.blur();
  const file = await visit.saved();
  await visit.singleSteps(2);
  const straight = await visit.curves();
  await visit.choose(file);
  await expect(visit.seed).toHaveValue("5");
  await visit.singleSteps(2);
  expect((await visit.curves()).slice(2)).toEqual(straight.slice(2));
});

test("two resets in a row lose nothing", async ({ visit, page }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(3);
  await visit.reset.dblclick();
  await expect(visit.steps).toHaveText("0");
  await page.getByRole("button", { name: "Bring back step 3" }).click();
  await expect(visit.steps).toHaveText("3");
});

test("a short run of today does not take the place of the long one of yesterday", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(4);
  const trained = await visit.pixels(visit.reconstruction);
  await expect.poll(() => visit.savedStep()).toBe(4);
  await visit.page.reload();
  await visit.begun();
  await expect(visit.news).toContainText("Last time you trained to step 4");
  await visit.singleSteps(1);
  const kept = () =>
    visit.page.evaluate(async () => {
      /** @type {typeof import("../../www/experiment/storage.js")} */
      const { recall } = await import(new URL("experiment/storage.js", location.href).href);
      return (await recall()).last?.step;
    });
  await expect.poll(kept).toBe(1);
  await visit.page.reload();
  await visit.begun();
  await expect(visit.news).toContainText("Last time you trained to step 1");
  await visit.page.getByRole("button", { name: "Go on from step 4 of an earlier time" }).click();
  await expect(visit.steps).toHaveText("4");
  await expect.poll(() => visit.pixels(visit.reconstruction)).toEqual(trained);
});

/** @type {[what: string, name: string, bytes: (file: Uint8Array) => Uint8Array, says: RegExp][]} */
const REFUSED = [
  [
    "truncated",
    "cut.safetensors",
    (file) => file.subarray(0, file.length / 2),
    /“cut\.safetensors”: .*damaged|truncated/,
  ],
  [
    "foreign",
    "other.safetensors",
    () => new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
    /“other\.safetensors”: .*another program/,
  ],
  ["no checkpoint at all", "picture.png", () => PNG, /“picture\.png” is a PNG picture/],
];

test("files that are refused leave the experiment going", async ({ visit }) => {
  await visit.begin(SHORT);
  await visit.singleSteps(2);
  const { bytes } = await visit.saved();
  await visit.train.click();
  for (const [what, name, made, says] of REFUSED) {
    await visit.choose({ name, bytes: made(bytes) });
    await expect(visit.problem, what).toHaveText(says);
    const step = await visit.step();
    await visit.reaches(step + 3);
  }
  const step = await visit.stop();
  expect((await visit.curves()).map(({ step }) => step)).toEqual(Array.from({ length: step }, (_, at) => at + 1));
});
