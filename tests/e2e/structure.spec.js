// The structure of a model: chosen, built afresh, trained, saved, opened, and a link like all else.

import { expect, test } from "../support/visit.js";

/**
 * What is open, as far as its structure is concerned.
 *
 * @param {import("../support/visit.js").Visit} visit
 */
const open = async (visit) => {
  const { encoder, decoder, latent, likelihood, sigma_x, corruption } =
    /** @type {import("../../pkg/cpu/latent_lab.js").ResolvedAutoencoder} */ ((await visit.info()).config);
  return { encoder, decoder, latent, likelihood, sigma_x, corruption };
};

/** @param {import("@playwright/test").Page} page */
const parts = (page) => {
  const structure = page.getByRole("region", { name: "Structure of the model" });
  return {
    structure,
    summary: structure.getByText("Structure", { exact: true }),
    layers: structure.getByLabel("Hidden layers"),
    units: structure.getByLabel("Units of each"),
    latent: structure.getByLabel("Code size"),
    loss: structure.getByLabel("Loss"),
    sigma: structure.getByLabel("σₓ of a pixel"),
    noise: structure.getByLabel("Training noise σ"),
    masks: structure.getByLabel("Training masks"),
    build: structure.getByRole("button", { name: "Build it" }),
    discard: structure.getByRole("button", { name: "Discard" }),
    back: structure.getByRole("button", { name: /^Back to/ }),
  };
};

const OWN = {
  encoder: { kind: "dense", hidden: [64] },
  decoder: { kind: "dense", hidden: [64] },
  latent: 4,
  likelihood: "bernoulli",
  sigma_x: 1,
  corruption: { noise: 0, masks: [] },
};

test("a structure of one's own is said, built, trained, saved, opened and linked", async ({ visit, page }) => {
  const { structure, summary, layers, units, latent, masks, build, discard, back } = parts(page);
  await visit.begin("#model=E1&batch=16");
  const shipped = await open(visit);
  const trained = await visit.step();
  await visit.singleSteps(1);
  await summary.click();
  await layers.selectOption("1");
  await units.fill("64");
  await latent.fill("4");
  await latent.blur();
  const said = structure.getByText(/needs a fresh model/);
  await expect(said).toHaveText(
    `1 hidden layer of 64 units, code of 4, binary cross-entropy, 101,780 parameters: needs a fresh model. ` +
      `Step ${(trained + 1).toLocaleString("en")} can be brought back.`,
  );
  await expect(structure.getByText("now 32")).toBeVisible();
  await page.emulateMedia({ forcedColors: "active" });
  const edge = (/** @type {string} */ selector) =>
    structure
      .locator(selector)
      .first()
      .evaluate((line) => getComputedStyle(line).borderLeftColor);
  expect(await edge(".changed"), "a line at what was changed alone").not.toBe(await edge(".setting:not(.changed)"));
  await page.emulateMedia({ forcedColors: "none" });
  expect(await open(visit), "nothing happens before it is built").toEqual(shipped);
  await discard.click();
  await expect(said).toBeHidden();
  await expect(latent).toHaveValue("32");

  await layers.selectOption("1");
  await units.fill("64");
  await latent.fill("4");
  await latent.blur();
  await build.click();
  await expect(visit.steps).toHaveText("0");
  expect(await open(visit)).toEqual(OWN);
  expect((await visit.info()).parameters).toBe(101_780);
  await expect(said).toBeHidden();
  await expect(page).toHaveURL(/#model=E1&layers=1&units=64&latent=4&batch=16$/);
  await expect(visit.shipped).toBeDisabled();
  await expect(visit.fresh).toBeChecked();
  await expect(visit.news).toContainText("Bring back step");
  await expect(visit.latent(4)).toBeVisible();
  await expect(visit.latent(5)).toHaveCount(0);

  // An autoencoder that mends has what mending needs, whatever its experiment is about.
  await masks.selectOption("half");
  await build.click();
  await expect(page.getByRole("region", { name: "Mended" })).toBeVisible();
  await masks.selectOption("none");
  await build.click();
  await expect(page.getByRole("region", { name: "Mended" })).toBeHidden();

  const before = await visit.pixels(visit.reconstruction);
  const step = await visit.trainTo(20);
  await visit.becomesOther(visit.reconstruction, before);
  const file = await visit.saved();
  expect(file.name).toBe(`latent-lab-E1-layers-1-units-64-latent-4-step-${step}.safetensors`);

  await visit.killWorker();
  await expect(visit.news.filter({ hasText: "The worker stopped" })).toContainText("nothing was lost");
  expect(await open(visit), "after the worker's end").toEqual(OWN);
  await page.reload();
  await visit.begun();
  expect(await open(visit)).toEqual(OWN);
  await expect(structure.getByRole("group"), "open where the address carries a structure").toHaveAttribute("open");
  await page.getByRole("button", { name: `A dense autoencoder, with your structure: step ${step}` }).click();
  await expect(visit.steps).toHaveText(String(step));

  // Another experiment has its own structure; a draft of the one before is none of it.
  await latent.fill("5");
  await latent.blur();
  await visit.experiment.selectOption("wide");
  await visit.opened("wide");
  await expect(said).toBeHidden();
  await expect(latent).toHaveValue("20");
  await expect(page).toHaveURL(/#model=wide$/);
  await expect(visit.shipped).toBeChecked();

  await visit.choose(file);
  await visit.opened("E1");
  await expect(visit.steps).toHaveText(String(step));
  expect(await open(visit)).toEqual(OWN);
  await expect(page).toHaveURL(/#model=E1&layers=1&units=64&latent=4/);
  await expect(latent).toHaveValue("4");
  await expect(units).toHaveValue("64");
  await visit.singleSteps(1);
  await back.click();
  await expect(visit.shipped).toBeChecked();
  await expect(visit.steps).toHaveText(trained.toLocaleString("en"));
  expect(await open(visit)).toEqual(shipped);
  await page.getByRole("button", { name: `Bring back step ${(step + 1).toLocaleString("en")}` }).click();
  await expect(visit.steps).toHaveText(String(step + 1));
  expect(await open(visit)).toEqual(OWN);
});

test("a VAE takes the squared error and its deviation; what it has not is not offered", async ({ visit, page }) => {
  const { summary, loss, sigma, noise, masks, build } = parts(page);
  await visit.begin("#model=E2&noise=0.5&mask=all&sigma=3&batch=16");
  // What the family, or its loss, has not is none of the address's.
  await expect(page).toHaveURL(/#model=E2&batch=16$/);
  await expect(noise).toBeHidden();
  await expect(masks).toBeHidden();
  await expect(sigma).toBeHidden();
  await summary.click();
  await loss.selectOption("squared");
  await sigma.fill("0.3");
  await sigma.press("Enter");
  await build.click();
  await expect(page).toHaveURL(/#model=E2&loss=squared&sigma=0\.3&batch=16$/);
  const config = /** @type {import("../../pkg/cpu/latent_lab.js").ResolvedAutoencoder} */ ((await visit.info()).config);
  expect([config.family, config.likelihood, config.sigma_x]).toEqual(["vae", "gaussian", 0.3]);
  await visit.singleSteps(2);
  const [{ reconstruction, kl }] = await visit.curves();
  expect(reconstruction).toBeGreaterThan(0);
  expect(kl).toBeGreaterThan(0);
});

test("a structure that is refused leaves all as it was, and says why", async ({ visit, page }) => {
  const { structure, summary, layers, units, latent, build } = parts(page);
  await visit.begin("#model=E1&from=fresh&batch=16");
  await summary.click();
  await latent.fill("0");
  await latent.blur();
  await expect(structure.getByRole("alert")).toHaveText(/Code size: “0” does not do; give a whole number from 1 to 64/);
  await latent.fill("32");
  await latent.blur();
  await expect(structure.getByRole("alert")).toBeHidden();
  await visit.train.click();
  await layers.selectOption("3");
  await units.fill("1024");
  await units.blur();
  await visit.reaches(3);
  const before = await open(visit);
  const due = structure.getByText(/needs a fresh model\. What trains now can be brought back\.$/);
  await expect(due, "what cannot be built is not counted").not.toContainText("parameters");
  await build.click();
  await expect(visit.problem).toContainText(/has 5872432 parameters; at most 4000000/);
  const step = await visit.step();
  await visit.reaches(step + 3);
  expect(await open(visit), "and training goes on").toEqual(before);
  await expect(page).toHaveURL(/#model=E1&from=fresh&batch=16$/);
  await expect(build, "the draft is there to be mended").toBeVisible();
  await units.fill("32");
  await units.blur();
  await build.click();
  await expect(visit.steps).toHaveText("0");
  expect((await open(visit)).encoder).toEqual({ kind: "dense", hidden: [32, 32, 32] });

  // A draft is counted as it is built, of a model with codes too.
  await visit.experiment.selectOption("E14");
  await visit.opened("E14");
  await structure.getByLabel("Codes K").fill("32");
  await structure.getByLabel("Codes K").blur();
  const count = structure.getByText(/[\d,]+ parameters: needs a fresh model/);
  const told = Number(/([\d,]+) parameters/.exec(await count.innerText())?.[1].replaceAll(",", ""));
  await build.click();
  await expect(visit.steps).toHaveText("0");
  expect((await visit.info()).parameters).toBe(told);

  // By the address: the model as it comes, and why.
  await page.goto("about:blank");
  await visit.begin("#model=E1&layers=3&units=1024");
  await expect(visit.problem).toContainText(/parameters; at most/);
  expect(await open(visit)).toEqual({ ...before });
  await expect(page).toHaveURL(/#model=E1$/);
});

test("training pauses by itself after so many steps", async ({ visit, page }) => {
  await visit.begin("#from=fresh&batch=16&steps=5");
  const most = page.getByRole("spinbutton", { name: "Pause after" });
  await expect(most).toHaveValue("5");
  await visit.train.click();
  await expect(visit.steps).toHaveText("5");
  await expect(visit.train).toBeVisible();
  await visit.singleSteps(1);
  await visit.train.click();
  await expect(visit.steps).toHaveText("11");
  await expect(visit.train).toBeVisible();
  expect((await visit.curves()).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

  await most.fill("0");
  await most.blur();
  await expect(visit.problem).toContainText("Give a whole number from 1");
  await most.fill("");
  await most.blur();
  await expect(visit.problem).toBeHidden();
  await expect(page).toHaveURL(/#from=fresh&batch=16$/);
  await visit.trainTo(18);
});
