// Tells what run.js found: as ratios on the terminal, and with machine, versions and date in docs/benchmarks.md.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const here = path.dirname(new URL(import.meta.url).pathname);
const { values } = parseArgs({
  options: {
    from: { type: "string", default: path.join(here, "results/last.json") },
    to: { type: "string" },
  },
});
const { meta, docs } = JSON.parse(fs.readFileSync(values.from, "utf8"));
const { versions } = JSON.parse(fs.readFileSync(path.join(here, "dist/sizes.json"), "utf8"));

const OURS = Object.keys(docs).filter((target) => target.startsWith("product"));
/** As people call them. */
const NAMES = {
  "jax:native": "JAX outside the browser, as written",
  "jax:shuffle": "JAX outside the browser, transposed convolutions rewritten",
};
const nameOf = (target) => {
  const [framework, workers] = target.split(":");
  if (framework !== "product")
    return NAMES[target] ?? target.replace("tfjs:", "TensorFlow.js, ").replace("jax-js:", "jax-js, ");
  return workers ? `Latent Lab, ${workers} workers` : "Latent Lab, one core";
};

/** Images a second, or milliseconds; NaN where it was not supported. */
const valueOf = (target, key) => {
  const found = docs[target].summary[key] ?? {};
  return found.imagesPerSec ?? found.median ?? NaN;
};
const cells = Object.keys(docs[OURS[0]].summary);
const isRate = (key) => key.startsWith("train");
const titleOf = (key) => {
  const [task, model, batch] = key.split(" ");
  const network = model === "C" ? "convolutions (C)" : "dense layers (D)";
  return task === "train"
    ? `training ${network}, batch ${batch}: images/s`
    : `${network}, one image encoded and decoded: ms`;
};
const shown = (value) =>
  Number.isFinite(value) ? (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en")) : "–";
const table = (head, rows) =>
  [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const found = table(
  ["", ...cells.map(titleOf)],
  Object.keys(docs).map((target) => [nameOf(target), ...cells.map((key) => shown(valueOf(target, key)))]),
);
/** How many times as fast the better of ours is. */
const ratio = (target, key) => {
  const ours = OURS.map((own) => valueOf(own, key));
  return isRate(key) ? Math.max(...ours) / valueOf(target, key) : valueOf(target, key) / Math.min(...ours);
};
const peers = Object.keys(docs).filter((target) => !OURS.includes(target));
const ratios = table(
  ["Latent Lab against", ...cells.map(titleOf)],
  peers.map((target) => [
    nameOf(target),
    ...cells.map((key) => (Number.isFinite(ratio(target, key)) ? `${shown(ratio(target, key))}x` : "–")),
  ]),
);
/** What the page is measured by. `product` is one core of ours. */
const BARS = [
  { key: "train C 32", against: "tfjs:webgl", bar: 60, goal: 100 },
  { key: "train C 32", against: "jax:shuffle", goal: 1 },
  { key: "train D 128", against: "jax-js:wasm", bar: 3, goal: 5 },
  { key: "train C 128", against: "product", bar: 1.7, goal: 1.9 },
];
const times = (value) => (value === undefined ? "–" : `${value}x`);
const bars = table(
  ["Latent Lab", "against", "found", "bar", "goal"],
  BARS.filter(({ key, against }) => docs[against] && Number.isFinite(ratio(against, key))).map(
    ({ key, against, bar, goal }) => [
      titleOf(key).replace(/: .*/, ""),
      nameOf(against),
      `${shown(ratio(against, key))}x`,
      times(bar),
      times(goal),
    ],
  ),
);
console.log(`\n${found}\n\n${ratios}\n\n${bars}`);

if (values.to) {
  const used = Object.entries(versions).filter(([name]) => /tensorflow|jax/.test(name));
  const jax = Object.values(docs).find(({ info }) => info?.framework === "jax")?.info?.version;
  const browser = /Chrome\/(\d+)/.exec(meta.machine?.userAgent ?? "")?.[1];
  fs.writeFileSync(
    values.to,
    `# Beside others

The same two small autoencoders, weights, images and noise in each framework, on the same machine in one run; each target's
turn comes in alternating order, and what is told is the median of ${meta.rounds} rounds: \`cargo xtask bench peers\`
([how it is measured](../benches/peers/README.md)). Before, five steps of each gave the same losses within 1e-4.

${meta.date.slice(0, 10)}; ${meta.cpu}, ${meta.cores} cores, no GPU; Chromium ${browser}; ${used.map(([name, version]) => `${name} ${version}`).join(", ")}${jax ? `, JAX ${jax}` : ""}.

${found}

How many times as fast the better of ours is:

${ratios}

And what is aimed at:

${bars}

How a step's time grows with batch, channels, sides and workers is in [scaling.md](scaling.md); the numbers of the page itself
are in the [README](../README.md#numbers).
`,
  );
}
