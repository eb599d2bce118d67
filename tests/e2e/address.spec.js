// An experiment is a link.

import { expect, test } from "../support/visit.js";

test.use({ allowed: /Failed to load resource|net::ERR/ });

test("choices are in the address, and an address makes choices", async ({ visit, page }) => {
  await visit.begin("#from=fresh&batch=16&seed=7");
  await expect(visit.fresh).toBeChecked();
  await expect(visit.batch).toHaveValue("16");
  await expect(visit.seed).toHaveValue("7");
  await visit.beta.fill("2");
  await expect(page).toHaveURL(/#from=fresh&beta=2&batch=16&seed=7$/);
  await page.evaluate(() => (location.hash = "#from=fresh&seed=8"));
  await expect(visit.seed).toHaveValue("8");
  await expect(visit.batch).toHaveValue("128");

  // Each experiment is a place in the browser's history, its choices and models are none.
  await visit.experiment.selectOption("E1");
  await visit.opened("E1");
  await visit.experiment.selectOption("E5");
  await visit.opened("E5");
  await page.getByRole("radio", { name: "PCA, 2 numbers" }).check();
  await visit.opened("E5/pca");
  await expect(page).toHaveURL(/#model=E5%2Fpca&seed=8$/);
  await page.goBack();
  await visit.opened("E1");
  await expect(visit.experiment, "the models of the other are gone, and had the focus").toBeFocused();
  await page.goBack();
  await visit.opened("tiny");
  await expect(visit.seed).toHaveValue("8");
  await expect(visit.fresh).toBeChecked();
  await page.goForward();
  await page.goForward();
  await visit.opened("E5/pca");
  // One that cannot be opened is no place to come back to.
  await page.route("**/weights/E2.*", (route) => route.abort());
  await visit.experiment.selectOption("E2");
  await expect(visit.problem).toContainText("did not arrive");
  await page.goBack();
  await visit.opened("E1");
});

test("what is no choice does not stay in the address", async ({ visit, page }) => {
  await visit.begin("#model=huge&lr=fast&from=fresh&nonsense");
  await expect(page).toHaveURL(/\/#from=fresh$/);
  const missing = visit.news.filter({ hasText: "There is no model called “huge” here; this is “tiny”." });
  const refused = visit.news.filter({ hasText: "The address asks for" });
  await expect(missing).toHaveCount(1);
  await expect(refused).toContainText("asks for lr=fast, which cannot be");
  await page.evaluate(() => (location.hash = "#from=fresh&beta=-1"));
  await expect(page).toHaveURL(/\/#from=fresh$/);
  await expect(refused).toContainText("asks for beta=-1, which cannot be");
  // What an address named that there is not is told of until another one names what there is.
  await page.evaluate(() => (location.hash = "#model=E6/none"));
  await visit.opened("E6");
  await expect(visit.news.filter({ hasText: "“E6/none” here; this is “E6”" })).toHaveCount(1);
  await expect(refused).toHaveCount(0);
  await page.evaluate(() => (location.hash = "#model=E6/vae"));
  await visit.opened("E6/vae");
  await expect(visit.news.filter({ hasText: "There is no model" })).toHaveCount(0);
});

test("a structure that the model's family has not is told of", async ({ visit, page }) => {
  await visit.begin("#model=E14&layers=0");
  await expect(visit.news.filter({ hasText: "This model cannot have layers=0" })).toHaveCount(1);
  await page.evaluate(() => (location.hash = "#model=E16&update=average"));
  await visit.opened("E16");
  await expect(visit.news.filter({ hasText: "This model cannot have update=average" })).toHaveCount(1);
  await page.evaluate(() => (location.hash = "#model=E1&layers=0"));
  await visit.opened("E1");
  await expect(visit.news.filter({ hasText: "This model cannot have" })).toHaveCount(0);
  // Units of layers that there are not make no other model: it is the shipped one.
  await page.evaluate(() => (location.hash = "#model=E5/pca&units=40"));
  await visit.opened("E5/pca");
  await expect(visit.news.filter({ hasText: "This model cannot have units=40" })).toHaveCount(1);
  await expect(visit.shipped).toBeChecked();
  const { clean, image } = await visit.looked();
  const error = image.reduce((sum, pixel, at) => sum + (pixel - clean[at]) ** 2, 0) / image.length;
  expect(error, "as PCA rebuilds it").toBeLessThan(0.1);
});
