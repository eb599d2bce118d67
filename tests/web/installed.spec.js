// The package as npm packs it, where people use it: under Node.js and through bundlers, by the lines that its README gives.

import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { blocks, expect, test } from "../support/installed.js";

/** @typedef {import("../support/installed.js").Project} Project */

/** Two steps and an encoding: the same numbers everywhere. */
const TRAINED = `
  export async function trained(Lab) {
    const lab = await Lab.create("tiny", { seed: 1 });
    const images = Float32Array.from({ length: 4 * 784 }, (_, at) => (at % 7) / 7);
    const losses = [await lab.train_step(images), await lab.train_step(images)];
    const { mean } = await lab.encode(images.subarray(0, 784));
    return { losses, mean: [...mean], step: lab.info().step };
  }`;

const APP = `
  import init, { Lab } from "latent-lab";
  import { Lab as WorkerLab } from "latent-lab/worker";
  import { trained } from "./trained.js";
  globalThis.found = init().then(() => Promise.all([trained(Lab), trained(WorkerLab)]));`;

const NODE = `
  import { isMainThread, parentPort, Worker } from "node:worker_threads";
  import init, { Lab } from "latent-lab";
  import { trained } from "./trained.js";
  await init();
  const found = await trained(Lab);
  if (isMainThread) {
    new Worker(new URL(import.meta.url)).once("message", (other) => console.log(JSON.stringify([found, other])));
  } else parentPort.postMessage(found);`;

/**
 * Engines with relaxed SIMD and those without run two binaries, which round in other places.
 *
 * @typedef {{ losses: { [term: string]: number }[], mean: number[], step: number }} Trained
 * @param {Trained} found
 * @param {Trained} expected
 */
function expectAlike(found, expected) {
  expect(found.step).toBe(expected.step);
  const numbers = (/** @type {Trained} */ { losses, mean }) => [
    ...losses.flatMap((terms) => Object.values(terms)),
    ...mean,
  ];
  const [all, others] = [numbers(expected), numbers(found)];
  expect(others).toHaveLength(all.length);
  const deviations = others.map((value, at) => Math.abs(value - all[at]) / Math.max(1, Math.abs(all[at])));
  expect(Math.max(...deviations)).toBeLessThan(1e-5);
}

const README = "pkg/README.md";
/** @param {"js" | "sh"} language @param {string} title */
const block = (language, title) => blocks("pkg/README.md", language).find((code) => code.startsWith(title)) ?? "";

/** What each makes of the app, in `out`: the page that runs it. @type {{ [bundler: string]: (project: Project) => string | Promise<string> }} */
const BUNDLERS = {
  esbuild: (project) => {
    project.run(block("sh", "# esbuild"));
    return project.page(`<script type="module" src="out/app.js"></script>`);
  },
  Rollup: (project) => {
    project.run(block("sh", "# Rollup"));
    return project.page(`<script type="module" src="out/app.js"></script>`);
  },
  webpack: async (project) => {
    const { default: webpack } = await import("webpack");
    await new Promise((resolve, reject) => {
      const output = { path: join(project.folder, "out") };
      webpack({ context: project.folder, mode: "production", entry: { app: "./app.js" }, output }, (error, stats) =>
        stats?.hasErrors() === false ? resolve(stats) : reject(error ?? stats?.toString("errors-only")),
      );
    });
    return project.page(`<script defer src="out/app.js"></script>`);
  },
  Vite: (project) => {
    project.page(`<script type="module" src="./app.js"></script>`);
    project.run("vite build --base ./ --outDir out --logLevel warn");
    return "out/index.html";
  },
};

/**
 * Vite's server for development, behind the page's own origin.
 *
 * @param {Project} project
 * @param {import("@playwright/test").Page} page
 * @param {(html: string) => Promise<void>} visit
 */
async function inDevelopment(project, page, visit) {
  const { createServer } = await import("vite");
  const server = { middlewareMode: true, ws: /** @type {const} */ (false) };
  const vite = await createServer({ root: project.folder, base: "/own/", server, logLevel: "warn" });
  const http = createHttpServer(vite.middlewares).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  await page.route(/\/own\/(?!index\.html)/, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const response = await route.fetch({ url: `http://127.0.0.1:${port}${pathname}${search}` });
    await route.fulfill({ response });
  });
  try {
    await visit(project.page(`<script type="module" src="/own/app.js"></script>`));
  } finally {
    await vite.close();
    http.close();
  }
}

test("what its entries name is packed, with its licences and the notices of what is compiled into it", ({
  project,
}) => {
  const { main, module, types, exports, version } = JSON.parse(project.read("package.json"));
  const named = JSON.stringify([main, module, types, exports]).matchAll(/"\.\/([^"]+\.\w+)"[,}\]]/g);
  const files = [...named].map(([, file]) => file);
  expect(files).toContain("cpu/latent_lab_bg.wasm");
  // The WebGPU flavour may have been left out of the build.
  const isBuilt = (/** @type {string} */ file) =>
    !file.startsWith("webgpu/") || project.files.includes("webgpu/latent_lab.js");
  expect(project.files).toEqual(expect.arrayContaining(files.filter(isBuilt)));
  expect(project.run(`node -p 'require("latent-lab/package.json").version'`).trim()).toBe(version);

  for (const licence of ["MIT", "APACHE"]) expect(project.files).toContain(`LICENSE-${licence}`);
  const notice = project.read("NOTICE");
  for (const crate of ["burn-flex", "wasm-bindgen", "safetensors"])
    expect(notice).toMatch(RegExp(`^${crate} \\d.* \\(.*\\)`, "m"));
  expect(notice).toContain("Permission is hereby granted, free of charge");
  expect(notice).not.toContain("xtask");
});

test("it trains alike under Node.js, in a thread of it, and through each bundler", async ({ project, page }) => {
  project.write("trained.js", TRAINED);
  project.write("node.js", NODE);
  project.write("app.js", APP);
  project.write("vite.config.js", block("js", "// vite.config.js"));
  const [trained, inThread] = JSON.parse(project.run("node node.js"));
  expect(trained).toMatchObject({ step: 2, mean: { length: 8 } });
  expect(inThread).toEqual(trained);

  await project.serve(page);
  /** @param {string} html */
  const trainsAlike = async (html) => {
    await page.goto(`own/${html}`);
    const found = await page.evaluate(() => /** @type {any} */ (globalThis).found);
    for (const other of found) expectAlike(other, trained);
  };
  for (const [bundler, build] of Object.entries(BUNDLERS)) {
    await test.step(bundler, async () => {
      project.remove("out");
      await trainsAlike(await build(project));
    });
  }
  await test.step("Vite in development", () => inDevelopment(project, page, trainsAlike));
});
