// What goes wrong: the worker ends, a file does not arrive. The page says so, and goes on.

import { inFlavour } from "../support/stubs.js";
import { ACROSS, expect, test } from "../support/visit.js";

const SHORT = "#from=fresh&batch=16";

test("a worker that is killed in mid-training comes back with what was trained", async ({ visit, page }) => {
  await visit.begin(SHORT);
  // A step that ends while an older state is on its way to be kept.
  const saved = page.evaluate(async () => {
    const { lab, experiment, begun } = /** @type {any} */ (window).latentLab;
    const { training } = experiment;
    await begun;
    const { checkpoint } = lab;
    /** @type {() => void} */
    let arrive = () => {};
    lab.checkpoint = async (/** @type {string} */ notes) => {
      delete lab.checkpoint;
      const older = await checkpoint.call(lab, notes);
      await new Promise((resolve) => (arrive = () => resolve(undefined)));
      return older;
    };
    const older = training.autosave();
    training.autosave = () => {
      delete training.autosave;
      const newer = training.autosave();
      arrive();
      return newer;
    };
    await Promise.all([older, training.step()]);
    return training.saved.step;
  });
  expect(await saved).toBe(1);
  // A pause is a state that is kept.
  const kept = await visit.trainTo(5);
  await visit.train.click();
  await visit.reaches(kept + 3);
  await visit.killWorker();
  await expect(visit.news).toContainText(/The worker stopped .*Training goes on from step \d+/);
  const from = Number((await visit.news.innerText()).match(/from step (\d+)/)?.[1]);
  expect(from).toBeGreaterThanOrEqual(kept);
  await visit.reaches(from + 8);
  await visit.stop();
  const curves = await visit.curves();
  expect(curves.map(({ step }) => step)).toEqual(curves.map((_, index) => index + 1));
});

test("while training every ten seconds are kept, and no more is ever lost", async ({ visit, page }) => {
  await page.clock.install();
  await visit.begin(SHORT);
  await visit.train.click();
  await visit.reaches(2);
  const before = await visit.savedStep();
  // Not early (what the steps themselves take comes on top), and then with the next step.
  await page.clock.fastForward(1_000);
  await visit.reaches((await visit.step()) + 2);
  expect(await visit.savedStep()).toBe(before);
  const step = await visit.step();
  await page.clock.fastForward(10_000);
  await expect.poll(() => visit.savedStep()).toBeGreaterThan(step);
  await visit.killWorker();
  await expect(visit.news).toContainText(/Training goes on from step \d+/);
  expect(Number((await visit.news.innerText()).match(/from step (\d+)/)?.[1])).toBeGreaterThan(step);
  await visit.stop();
});

test("a trap in the engine ends the worker, not the experiment", async ({ visit, page }) => {
  // As a panic would, in the first worker's sixth step.
  const trap = `{
    let left = 6;
    for (const name of ["train_step", "begin_step"]) {
      const step = Lab.prototype[name];
      Lab.prototype[name] = async function (...args) {
        left -= 1;
        const cause = new WebAssembly.RuntimeError("unreachable");
        if (left === 0) throw Object.assign(new Error("The module is broken", { cause }), { kind: "broken" });
        return step.apply(this, args);
      };
    }
  }`;
  await inFlavour(page, "cpu", trap, 1);
  await visit.begin(SHORT);
  await visit.train.click();
  await expect(visit.news).toContainText(
    /The worker stopped \(unreachable\)\. Training goes on from step 0; 5 steps were lost/,
  );
  await visit.reaches(8);
  await visit.stop();
});

test("a worker that is killed in peace comes back with the drawing, and nothing was lost", async ({ visit, page }) => {
  await visit.begin();
  await visit.clear.click();
  await visit.stroke(ACROSS);
  await expect(visit.reconstruction).toHaveAccessibleName(/28 by 28 pixels/);
  const [seen, made] = [await visit.pixels(visit.seen), await visit.pixels(visit.reconstruction)];
  await visit.killWorker();
  await expect(visit.news).toContainText("nothing was lost");
  await expect(visit.train).toBeEnabled();
  expect(await visit.pixels(visit.seen)).toEqual(seen);
  expect(await visit.pixels(visit.reconstruction)).toEqual(made);
  await visit.stroke([
    [0.2, 0.2],
    [0.3, 0.2],
  ]);
  await visit.becomesOther(visit.reconstruction, made);

  // Where the browser refuses the page what tells it of such an end, all else works.
  await page.evaluate(() => {
    LockManager.prototype.request = () => Promise.reject(new DOMException("denied", "SecurityError"));
  });
  const told = page.waitForEvent("console", (message) =>
    /not told when the browser ends its worker/.test(message.text()),
  );
  await visit.killWorker();
  await told;
  await expect(visit.train).toBeEnabled();
});

test.describe("files that do not arrive", () => {
  test.use({ allowed: /Failed to load resource|net::ERR/ });

  /** @type {[what: string, path: string, says: RegExp][]} */
  const MISSING = [
    ["the engine", "**/pkg/cpu/*.wasm", /The engine did not arrive/],
    ["the shipped weights", "**/weights/*", /The shipped weights did not arrive/],
    ["the sample digits", "**/data/first-images*", /The sample digits did not arrive/],
  ];
  for (const [what, path, says] of MISSING) {
    test(what, async ({ visit, page }) => {
      await page.route(path, (route) => route.abort());
      await page.goto("");
      await expect(visit.problem).toContainText(says);
      for (const control of [
        visit.train,
        visit.single,
        visit.reset,
        visit.prior,
        visit.save,
        visit.open,
        visit.another,
      ]) {
        await expect(control).toBeDisabled();
      }
      await page.unroute(path);
      await page.getByRole("button", { name: "Try again" }).click();
      await visit.begun();
      await expect(visit.problem).toHaveCount(0);
      await visit.singleSteps(1);
    });
  }

  test("something else in place of the shipped weights", async ({ visit, page }) => {
    await page.route("**/weights/*", (route) => route.fulfill({ body: "<p>Please sign in</p>" }));
    await page.goto("");
    await expect(visit.problem).toContainText(/The shipped weights did not arrive whole/);
    await expect(page.getByRole("button", { name: "Begin with fresh weights" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Dismiss" })).toHaveCount(0);
    await page.unroute("**/weights/*");
    await page.getByRole("button", { name: "Try again" }).click();
    await visit.begun();
    await expect(visit.shipped).toBeChecked();
  });

  test("without the shipped weights, fresh ones will do", async ({ visit, page }) => {
    await page.route("**/weights/*", (route) => route.abort());
    await page.goto("");
    await page.getByRole("button", { name: "Begin with fresh weights" }).click();
    await visit.begun();
    await expect(visit.fresh).toBeChecked();
  });

  test("a style sheet of the views that come after the first picture", async ({ visit, page }) => {
    await page.route("**/styles/prior.css", (route) => route.abort());
    await page.goto("");
    await expect(visit.problem).toContainText(/neighbours did not arrive \(prior.css is missing\)/);
    await expect(visit.train).toBeEnabled();
    await expect(visit.save).toBeHidden();
    await page.unroute("**/styles/prior.css");
    await page.getByRole("button", { name: "Try again" }).click();
    await visit.begun();
    await expect(visit.save).toBeVisible();
    await expect(visit.problem).toHaveCount(0);
    const sheets = await page
      .locator("link[rel=stylesheet]")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(new Set(sheets).size, `${sheets}`).toBe(sheets.length);
  });

  test("the shipped weights, once another model trains", async ({ visit, page }) => {
    await visit.begin(SHORT);
    await page.route("**/weights/*", (route) => route.abort());
    await visit.train.click();
    await visit.reaches(2);
    await visit.shipped.check();
    await expect(visit.problem).toContainText(/The shipped weights did not arrive/);
    // What was open goes on, and the controls say so.
    await expect(visit.fresh).toBeChecked();
    await visit.reaches((await visit.step()) + 2);
    await page.unroute("**/weights/*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(visit.shipped).toBeChecked();
    await expect(visit.steps).toHaveText("22,464");

    // Where they are gone because the page was updated, trying again is no help.
    const here = new URL(page.url()).pathname;
    const updated = { contentType: "text/html", body: `<base href="another/" />` };
    await page.route(
      ({ pathname }) => pathname === here,
      (route) => route.fulfill(updated),
      { times: 1 },
    );
    await page.route("**/weights/E1.*", (route) => route.fulfill({ status: 404 }));
    await visit.experiment.selectOption("E1");
    await expect(visit.problem.filter({ hasText: "Latent Lab was updated" })).toBeVisible();
    // What was trained until then is kept, where the page is ended without another word, too.
    await page.evaluate(() => addEventListener("visibilitychange", (event) => event.stopImmediatePropagation(), true));
    await visit.train.click();
    await visit.reaches(22_466);
    await page.getByRole("button", { name: "Reload" }).click();
    await expect(visit.news.getByRole("button", { name: /step 22,\d{3}, .* ago$/ })).toBeVisible();
    await visit.begun();
    await expect(visit.problem).toHaveCount(0);
  });

  test("the training data", async ({ visit, page }) => {
    await visit.begin(SHORT);
    await page.route("**/data/train-images*", (route) => route.abort());
    await visit.train.click();
    await expect(visit.problem).toContainText(/The training digits did not arrive/);
    await expect(visit.train).toBeVisible();
    await page.unroute("**/data/train-images*");
    await page.getByRole("button", { name: "Try again" }).click();
    await visit.reaches(2);
    await visit.stop();
  });

  test("the worker's script", async ({ visit, page }) => {
    await page.route("**/worker.js", (route) => route.abort());
    await page.goto("");
    await expect(visit.problem).toContainText(/worker/i);
    await expect(visit.train).toBeDisabled();
    await page.unroute("**/worker.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await visit.begun();
  });
});
