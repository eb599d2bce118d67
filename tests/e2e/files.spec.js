// Experiments as files: saved, opened in another visit, gone on with; and files that are none.

import { all, whyNot } from "../../www/experiment/storage.js";
import { PNG } from "../support/files.js";
import { inWorker } from "../support/stubs.js";
import { expect, test, Visit } from "../support/visit.js";

/** Whether what is trained is kept. @param {import("@playwright/test").Page} page */
const keeping = (page) => page.getByText(/^(Kept|Not kept)/);

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
  await expect(visit.news.filter({ hasText: `“${file.name}” is open, at step 3` })).toBeVisible();
  await expect(visit.steps).toHaveText("3");
  await expect(visit.seed).toHaveValue("5");
  await expect(visit.batch).toHaveValue("16");
  await visit.singleSteps(3);
  const resumed = await visit.curves();
  expect(resumed.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(resumed.slice(3)).toEqual(straight.slice(3));
});

test("two tabs keep a run each, which no other offers while it is open", async ({ visit, page, context }) => {
  const offers = (/** @type {Visit} */ one) => one.news.getByRole("button", { name: / ago$/ });
  const other = new Visit(await context.newPage());
  await visit.begin(SHORT);
  await visit.singleSteps(2);
  await other.begin(SHORT);
  await expect(keeping(other.page), "nothing is, yet").toBeHidden();
  await expect(offers(other), "what the other tab has open").toHaveCount(0);
  await other.singleSteps(1);
  await visit.singleSteps(1);
  const trained = await visit.pixels(visit.reconstruction);
  await other.singleSteps(1);
  for (const one of [page, other.page]) await expect(keeping(one)).toHaveText(/^Kept \d+ s ago$/);
  await other.page.close();
  await visit.page.reload();
  await visit.begun();
  const both = [/^A tiny VAE .*: step 2, \d+ s ago$/, /: step 3, \d+ s ago$/];
  await expect(offers(visit)).toHaveText(both);
  // The offer stays until it is answered, whatever is done meanwhile.
  await visit.singleSteps(1);
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await expect(offers(visit)).toHaveText(both);
  await offers(visit).last().click();
  await expect(visit.steps).toHaveText("3");
  await expect(offers(visit)).toHaveCount(0);
  await expect.poll(() => visit.pixels(visit.reconstruction)).toEqual(trained);

  // What goes on stays one run.
  await visit.singleSteps(1);
  await expect(keeping(page)).toBeVisible();
  await expect(keeping(page)).toHaveText(/^Kept/);
  await visit.page.reload();
  await visit.begun();
  await expect(offers(visit)).toHaveText([/step 4/, /step 1/, /step 2/]);
});

test("what is not kept is told of", async ({ visit, page, context, baseURL }) => {
  await visit.begin(SHORT);
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(baseURL ?? "");
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await visit.singleSteps(1);
  await expect(keeping(page)).toHaveText("Not kept: storage is full");
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await visit.singleSteps(1);
  await expect(keeping(page)).toHaveText(/^Kept \d+ s ago$/);
  // A request that succeeded is kept only if its transaction is.
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...row) {
      const request = put.apply(this, row);
      request.onsuccess = () => this.transaction.abort();
      return request;
    };
  });
  await visit.singleSteps(1);
  await expect(keeping(page)).toHaveText("Not kept: the browser broke off");
});

test("storage that is absent, held by another version or refused is told of in words", async () => {
  const why = () => all().then(() => "kept", whyNot);
  expect(await why()).toBe("this browser has no storage for it");
  let closed = 0;
  const later = globalThis.setTimeout;
  /** What asking for the database comes to. @param {(request: any) => void} answer */
  const answers = (answer) =>
    Object.assign(globalThis, {
      indexedDB: {
        open() {
          const request = { result: { close: () => (closed += 1) } };
          queueMicrotask(() => answer(request));
          return request;
        },
      },
    });
  try {
    answers((request) => request.onblocked());
    expect(await why()).toBe("an older version of this page holds the storage in another tab");
    // What comes too late is not held in its turn.
    answers((request) => [request.onblocked(), request.onsuccess()]);
    await why();
    expect(closed).toBe(1);
    answers((request) => request.onerror((request.error = new DOMException("it is newer", "VersionError"))));
    expect(await why()).toBe("another tab has a newer version of this page");
    // A storage may say nothing at all: to the question whether it opens, and to what is asked of it then.
    globalThis.setTimeout = /** @type {any} */ (
      (/** @type {() => void} */ run, _ = 0, /** @type {[]} */ ...rest) => queueMicrotask(() => run(...rest))
    );
    answers(() => {});
    expect(await why()).toBe("the storage of this browser does not answer");
    const silent = { getAllKeys() {}, getAll() {} };
    const transaction = () => ({ objectStore: () => silent });
    answers((request) => request.onsuccess((request.result = { transaction, close() {} })));
    expect(await why()).toBe("the storage of this browser does not answer");
  } finally {
    globalThis.setTimeout = later;
    Reflect.deleteProperty(globalThis, "indexedDB");
  }
});

test("where site data is blocked the page works, and says once that nothing is kept", async ({ visit, page }) => {
  const blocked = () => {
    const deny = () => new DOMException("denied", "SecurityError");
    LockManager.prototype.request = LockManager.prototype.query = () => Promise.reject(deny());
    IDBFactory.prototype.open = () => {
      throw deny();
    };
  };
  await page.addInitScript(blocked);
  await inWorker(page, blocked);
  await visit.begin(SHORT);
  const said = visit.news.filter({ hasText: "Nothing that you train is kept" });
  await expect(said).toContainText("site data is blocked. Save it to a file.");
  await said.getByRole("button", { name: "Dismiss" }).click();
  await visit.singleSteps(3);
  await expect(keeping(page)).toHaveText("Not kept: site data is blocked");
  await expect(said).toHaveCount(0);
  // As long as the page is open nothing is lost.
  await visit.reset.click();
  await expect(visit.steps).toHaveText("0");
  await page.getByRole("button", { name: "Bring back step 3" }).click();
  await expect(visit.steps).toHaveText("3");
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
