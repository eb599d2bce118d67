// `test` with a visit to the page: what is on it, found by role and name, and what a person does with it.

import { test as base, expect } from "./fixtures.js";
import { Inside } from "./inside.js";

/**
 * @typedef {import("@playwright/test").Locator} Locator
 * @typedef {[x: number, y: number]} Point as shares of the drawing area
 * @typedef {{ name: string, bytes: Uint8Array }} NamedFile
 * @typedef {import("./inside.js").Stage} Stage
 */

/** A one, and a stroke across it. */
export const DOWN = /** @type {Point[]} */ ([0.2, 0.35, 0.5, 0.65, 0.8].map((y) => [0.5, y]));
export const ACROSS = /** @type {Point[]} */ ([0.25, 0.4, 0.55, 0.7].map((x) => [x, 0.5]));

/** When to look again: Playwright itself waits a second from the fourth time on. */
const SOON = { intervals: [50, 100] };

export class Visit extends Inside {
  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    super(page);
    /** @param {string | RegExp} name */
    const button = (name) => page.getByRole("button", { name, exact: true });
    /** @param {string} name */
    const number = (name) => page.getByRole("status", { name, exact: true });
    this.drawing = page.getByRole("application", { name: "Drawing area" });
    this.seen = page.getByRole("img", { name: /^What the model sees/ });
    this.reconstruction = page
      .getByRole("img", { name: /\d+ by \d+ pixels$|^Reconstruction: / })
      .and(page.getByRole("img", { name: /^(Reconstruction|Decoded)/ }));
    this.undo = button("Undo");
    this.clear = button("Clear");
    this.another = button(/^Another sample (digit|scene)$/);
    this.backToEncoder = button("Back to the encoder");
    this.prior = button("Sample from the prior");
    this.train = button("Train");
    this.pause = button("Pause");
    this.single = button("Single step");
    this.reset = button("Reset");
    this.fresh = page.getByRole("radio", { name: "Fresh weights" });
    this.shipped = page.getByRole("radio", { name: "Shipped weights" });
    this.save = button("Save to file");
    this.open = button("Open file");
    this.steps = number("Step");
    this.costs = { reconstruction: number("Reconstruction"), kl: number("KL"), heldOut: number("Held-out −ELBO") };
    this.rate = page.getByRole("slider", { name: "Learning rate" });
    this.beta = page.getByRole("slider", { name: /KL weight/ });
    this.batch = page.getByRole("combobox", { name: "Batch size" });
    this.seed = page.getByRole("spinbutton", { name: "Seed" });
    this.experiment = page.getByRole("combobox", { name: "Experiment" });
    this.story = page.getByRole("region", { name: "What to look for" });
    this.device = page.getByRole("region", { name: "Device" });
    this.problem = page.getByRole("alert");
    this.news = page.locator("#notices").getByRole("status");
  }

  /** @param {number} index from 1 */
  latent(index) {
    return this.page.getByRole("slider", { name: `Latent ${index}`, exact: true });
  }

  /**
   * Until the first reconstruction is there.
   *
   * @param {string} [hash] the experiment as a link
   */
  async begin(hash = "") {
    await this.page.goto(hash);
    await this.begun();
  }

  /** Until the first reconstruction is there, and the views that come after it. */
  async begun() {
    await expect(this.reconstruction).toHaveAccessibleName(/\d+ by \d+ pixels/);
    await expect(this.train).toBeEnabled();
    await expect(this.page.getByRole("button", { name: "Measure this machine" })).toBeVisible();
  }

  /** Until a model is open. @param {string} id */
  async opened(id) {
    const basis = async () => (await this.hook()).evaluate(({ store }) => store.get("basis")?.model);
    await expect.poll(basis, SOON).toBe(id);
    await expect(this.train).toBeEnabled();
  }

  /** The page's own count. */
  async step() {
    return Number((await this.steps.innerText()).replaceAll(",", ""));
  }

  /** @param {number} step */
  async reaches(step) {
    await expect.poll(() => this.step(), { ...SOON, timeout: 90_000 }).toBeGreaterThanOrEqual(step);
  }

  /** Trains up to a step at least and pauses; gives the step. @param {number} step */
  async trainTo(step) {
    await this.train.click();
    await this.reaches(step);
    return this.stop();
  }

  /** Pauses, and waits for the numbers of where it stands. */
  async stop() {
    await this.pause.click();
    await expect(this.train).toBeVisible();
    const step = await this.step();
    await expect.poll(async () => (await this.history()).held_out.at(-1)?.step, SOON).toBe(step);
    return step;
  }

  /** @param {number} count */
  async singleSteps(count) {
    for (let done = 0; done < count; done += 1) {
      const before = await this.step();
      await this.single.click();
      await expect.poll(() => this.step(), SOON).toBe(before + 1);
      await expect(this.train).toBeVisible();
    }
  }

  /** What each step cost so far, term by term. @param {Stage} [stage] */
  async curves(stage) {
    const { step, terms } = await this.history(stage);
    const at = (/** @type {number} */ index) => Object.entries(terms).map(([name, values]) => [name, values[index]]);
    return step.map(
      (step, index) => /** @type {{ [name: string]: number }} */ ({ step, ...Object.fromEntries(at(index)) }),
    );
  }

  /**
   * What is shown of a cost, in nats.
   *
   * @param {"reconstruction" | "kl" | "heldOut"} name
   */
  async cost(name) {
    await expect(this.costs[name]).toHaveText(/^\d/);
    return Number(await this.costs[name].innerText());
  }

  /**
   * The pixels of a picture, from 0 to 255.
   *
   * @param {Locator} picture
   * @returns {Promise<number[]>}
   */
  pixels(picture) {
    return picture.evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return [];
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return Array.from({ length: data.length / 4 }, (_, index) => data[4 * index + 3]);
    });
  }

  /**
   * Waits until a picture is another one than it was.
   *
   * @param {Locator} picture
   * @param {number[]} before
   */
  async becomesOther(picture, before) {
    await expect.poll(async () => difference(await this.pixels(picture), before)).toBeGreaterThan(0);
  }

  /** @param {Point[]} points */
  async positions(points) {
    await this.drawing.scrollIntoViewIfNeeded();
    const box = await this.drawing.boundingBox();
    if (!box) throw new Error("the drawing area is not shown");
    return points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  }

  /**
   * A stroke of the mouse.
   *
   * @param {Point[]} points
   * @param {() => Promise<void>} [after] each point
   */
  async stroke(points, after = async () => {}) {
    const [first, ...rest] = await this.positions(points);
    await this.page.mouse.move(first.x, first.y);
    await this.page.mouse.down();
    await after();
    for (const { x, y } of rest) {
      await this.page.mouse.move(x, y, { steps: 4 });
      await after();
    }
    await this.page.mouse.up();
  }

  /** @param {NamedFile[]} files */
  async drop(...files) {
    const transfer = await this.page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of files) transfer.items.add(new File([bytes.slice()], name));
      return transfer;
    }, files);
    await this.page.dispatchEvent("main", "dragover", { dataTransfer: transfer });
    await this.page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  }

  /** @returns {Promise<NamedFile>} the experiment as it is saved */
  saved() {
    return this.kept(this.save);
  }

  /**
   * The file that a button saves.
   *
   * @param {Locator} button
   * @returns {Promise<NamedFile>}
   */
  async kept(button) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: new Uint8Array(Buffer.concat(chunks)) };
  }

  /** @param {NamedFile} file */
  async choose({ name, bytes }) {
    const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), this.open.click()]);
    await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
  }
}

/**
 * How far apart two pictures are: the sum over their pixels.
 *
 * @param {number[]} a
 * @param {number[]} b
 */
export const difference = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0);

/**
 * @type {import("@playwright/test").Fixtures<{ visit: Visit }, {}, import("@playwright/test").PlaywrightTestArgs>}
 */
const fixtures = { visit: async ({ page }, use) => use(new Visit(page)) };

export const test = base.extend(fixtures);
export { expect };
