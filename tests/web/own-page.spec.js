// The lines that the READMEs give to people who have a page of their own: they compile, and run as they stand.

import { expect, programs, ROOT, test } from "../support/installed.js";

const STRICT =
  "--strict --exactOptionalPropertyTypes --skipLibCheck false --noEmit --types '' --target ES2022 --lib ES2022,DOM --module esnext --moduleResolution bundler";

const [own] = programs("README.md");
const [packaged, inWorker] = programs("pkg/README.md");

/** What the READMEs' lines leave out. */
const TYPED = `
  import { Lab, type Lab as Model } from "latent-lab";
  const vae = await Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [16] }, latent: 2 });
  const { mean, log_variance } = await vae.encode([0, 0.5]);
  await vae.decode({ mean });
  await vae.decode(Float64Array.of(...log_variance));
  const grid = await Lab.create({ family: "dvae", encoder: { kind: "conv", channels: [8] } });
  await grid.decode(await grid.encode(mean));
  const file = new Blob([await grid.save(), mean]);
  let any: Model = await Lab.open(file, { config: "tiny" });
  any = vae;
  // @ts-expect-error: a VAE has no codes.
  await vae.decode({ codes: [1] });
  // @ts-expect-error: codes by themselves may be mistaken for the vectors of cells.
  await grid.decode([1]);
  // @ts-expect-error: a name that no option has.
  await Lab.create({ family: "vae", encoder: { kind: "dense", hidden: [16] }, latent: 2, output_bais: "map" });
`;

test("they compile under TypeScript at its strictest", ({ project }) => {
  const files = [own, packaged, inWorker, TYPED].map((program, at) => {
    project.write(`program-${at}.ts`, program);
    return `program-${at}.ts`;
  });
  project.run(`tsc ${STRICT} ${files.join(" ")}`);
});

test("the types know the family of each preset", ({ project }) => {
  project.write(
    "presets.js",
    `import init, { presets } from "latent-lab";
     await init();
     const variants = presets().flatMap(({ variants }) => variants);
     console.log(JSON.stringify(variants.map(({ id, config }) => [id, config.family])));`,
  );
  /** @type {[id: string, family: "vae" | "ae" | "vq_vae" | "dvae" | "objects"][]} */
  const presets = JSON.parse(project.run("node presets.js"));
  expect(presets.length).toBeGreaterThan(30);
  const types = { vae: "VaeEncoding", ae: "Encoding", vq_vae: "Codes", dvae: "Codes", objects: "Objects" };
  const lines = presets.map(
    ([id, family]) => `{ let lab = await Lab.create("${id}"); const same: Lab<${types[family]}> = lab; lab = same; }`,
  );
  const imports = `import { Lab, type Codes, type Encoding, type Objects, type VaeEncoding } from "latent-lab";`;
  project.write("presets.ts", [imports, ...lines].join("\n"));
  project.run(`tsc ${STRICT} presets.ts`);
});

test("they run in a page without a bundler, under a strict policy", async ({ project, page }) => {
  const { exports } = JSON.parse(project.read("package.json"));
  /** What a bundler or an import map does. @param {string} program */
  const served = (program) =>
    program.replace(
      /from "latent-lab(.*)"/,
      (_, entry) => `from "${exports[`.${entry}`].default.replace(".", "./pkg")}"`,
    );
  project.write("own.js", `${own}\nexport { file, lab, mean, pixels };`);
  project.write("packaged.js", `${served(packaged)}\nexport { file, lab, mean, pixels };`);
  project.write("in-worker.js", `${served(inWorker)}\nexport { codes, lab, pixels };`);
  await project.serve(page);
  await page.goto(`own/${project.page()}`);

  const found = await page.evaluate(async () => {
    const run = (/** @type {string} */ name) => import(new URL(name, document.baseURI).href);
    const { Lab } = await run("pkg/cpu/latent_lab.js");
    const here = [await run("own.js"), await run("packaged.js")];
    const opened = await Promise.all(here.map(({ file }) => Lab.open(file)));
    const { codes, lab, pixels } = await run("in-worker.js");
    return {
      here: here.map(({ lab, mean, pixels }) => [lab.info().step, mean.length, pixels.length]),
      opened: opened.map((lab) => lab.info().step),
      inWorker: [lab.info().step, codes.length, pixels.length],
    };
  });
  const trained = [10, 8, 784];
  expect(found).toEqual({ here: [trained, trained], opened: [10, 10], inWorker: [1, 8 * 49, 8 * 784] });
});
