// Parts of the page that need no page: what they say of small inputs.

import { readFileSync } from "node:fs";
import { notify } from "../../www/experiment/notices.js";
import { noCurves, pack, record, unpack } from "../../www/experiment/history.js";
import { heldOutTerms, weighedIn } from "../../www/model.js";
import { axisOf, ticks } from "../../www/views/axis.js";
import { colorsOf, isScale, labelsOf } from "../../www/views/explore/classes.js";
import { Camera } from "../../www/views/explore/camera.js";
import { inNats } from "../../www/views/dom.js";
import { Store } from "../../www/store.js";
import { isUndo } from "../../www/views/keys.js";
import { comparedOf, curvesOf, lossName, wordsOf } from "../../www/views/terms.js";
import { expect, test } from "@playwright/test";

/** @typedef {import("../../pkg/cpu/latent_lab.js").Info} Info */
/** @typedef {import("../../pkg/cpu/latent_lab.js").TermInfo} TermInfo */

/** @type {TermInfo[]} */
const TERMS = [
  { name: "reconstruction", unit: "nats", weight: "one" },
  { name: "kl", unit: "nats", weight: "beta" },
  { name: "prior", unit: "nats", weight: "one" },
];

test("undo is known by what the key means, on every layout", () => {
  const pressed = (/** @type {string} */ key, /** @type {string} */ code, held = {}) =>
    isUndo({ key, code, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, ...held });
  for (const [key, code, layout] of [
    ["z", "KeyZ", "QWERTY"],
    ["Z", "KeyZ", "with Caps Lock"],
    ["z", "KeyY", "QWERTZ"],
    ["z", "KeyW", "AZERTY"],
    ["z", "Slash", "Dvorak"],
    ["я", "KeyZ", "Cyrillic"],
    ["Я", "KeyZ", "Cyrillic, with Caps Lock"],
    ["ζ", "KeyZ", "Greek"],
  ])
    expect(pressed(key, code), layout).toBe(true);
  for (const [key, code, layout] of [
    [";", "KeyZ", "Dvorak"],
    ["y", "KeyZ", "QWERTZ"],
    ["w", "KeyZ", "AZERTY"],
    ["à", "KeyZ", "BÉPO"],
    ["н", "KeyY", "Cyrillic"],
  ])
    expect(pressed(key, code), layout).toBe(false);
  expect(pressed("z", "KeyZ", { ctrlKey: false, metaKey: true }), "Cmd+Z").toBe(true);
  for (const held of [{ ctrlKey: false }, { shiftKey: true }, { altKey: true }])
    expect(pressed("z", "KeyZ", held), JSON.stringify(held)).toBe(false);
});

test("an axis follows the data at any scale, and its numbers fit", () => {
  const axis = (/** @type {number[]} */ values, /** @type {[number, number]} */ usual) => axisOf(values, usual, 4);
  /** @type {[name: string, values: number[], usual: [number, number], isLogarithmic: boolean, labels: string[]][]} */
  const cases = [
    ["digits", [543, 200, 80], [60, 218], false, ["100", "200", "300", "400", "500"]],
    ["squared errors", [9000, 3000, 700], [0, 0], false, ["0", "2000", "4000", "6000", "8000"]],
    ["tens of thousands", [39_200, 5000, 2500], [0, 0], false, ["0", "10K", "20K", "30K", "40K"]],
    ["small ones", [0.03, 0.02], [0, 0], false, ["0", "0.01", "0.02", "0.03"]],
    ["tiny ones", [3e-7, 2e-7], [0, 0], false, ["0", "1e-7", "2e-7", "3e-7"]],
    ["a KL that begins at nothing", [0.001, 25], [0, 30], false, ["0", "10", "20", "30"]],
    ["a run that went wrong", [1e12, 80], [60, 218], true, ["10K", "10M", "10B"]],
    ["one tiny value", [1e-9, 0.5, 3], [0, 0], true, ["0.001", "0.01", "0.1", "1"]],
    ["below nothing and far above", [-5, 0.1, 900], [0, 0], false, ["0", "200", "400", "600", "800"]],
    ["below what is usual", [-5, -3], [0, 0], false, ["-4", "-2", "0"]],
    ["nothing yet", [], [60, 218], false, ["100", "150", "200"]],
    ["nothing at all", [0, 0], [0, 0], false, ["0", "0.2", "0.4", "0.6", "0.8", "1"]],
  ];
  for (const [name, values, usual, isLogarithmic, labels] of cases) {
    const { ticks, share, ...said } = axis(values, usual);
    expect(
      ticks.map(({ label }) => label),
      name,
    ).toEqual(labels);
    expect(said.isLogarithmic, name).toBe(isLogarithmic);
    for (const value of values) {
      expect(share(value), name).toBeGreaterThanOrEqual(0);
      expect(share(value), name).toBeLessThanOrEqual(1);
    }
  }
  // Equal factors are equal steps.
  const { share } = axis([1e4, 1], [0, 0]);
  expect(share(1e2) - share(1)).toBeCloseTo(share(1e4) - share(1e2), 9);
  expect(ticks(0, 50, 4).map(({ at }) => at)).toEqual([0, 10, 20, 30, 40, 50]);
});

test("nats are short at any size", () => {
  const said = [0, 0.1234, -0.5, 98.76, 99_999, 231_412, -231_412, 4.5678e9, 2.5e17].map(inNats);
  expect(said).toEqual(["0.000", "0.123", "-0.500", "98.8", "99999.0", "231.4K", "-231.4K", "4.568B", "2.5e17"]);
});

test("held-out points keep what their pictures cost, in files too", () => {
  const [reconstruction, kl, prior] = TERMS;
  const terms = { total: 110, reconstruction: 85, kl: 25 };
  const history = record(noCurves().codes, { step: 1, terms, held_out: { total: 100, main: 80 } });
  expect(history.held_out).toEqual([{ step: 1, total: 100, main: 80 }]);
  expect(history.terms).toEqual({ reconstruction: [85], kl: [25] });
  expect(unpack(pack(history), [reconstruction, kl])).toEqual(history);
  // Of a prior, and in files from before, there is the loss alone.
  const codes = record(noCurves().prior, { step: 1, terms: { total: 50, prior: 50 }, held_out: { total: 60 } });
  expect(unpack(pack(codes), [prior])).toEqual(codes);
});

test("a file has curves of the terms that its model has, and of nothing else", () => {
  const [reconstruction, kl] = TERMS;
  const packed = { step: [1, 2], reconstruction: [85, 80], kl: [25, "?"], step_of_mine: [1, 2] };
  expect(unpack(packed, [reconstruction, kl]).terms).toEqual({ reconstruction: [85, 80] });
  expect(unpack(packed, [])).toEqual(noCurves().codes);
});

test("which curves there are, their words and what they are compared with follow from a model's terms", () => {
  const [reconstruction, kl, prior] = TERMS;
  const [commitment, perplexity] = /** @type {TermInfo[]} */ ([
    { name: "commitment", unit: "squared_distance", weight: "beta" },
    { name: "perplexity", unit: "codes", weight: "zero" },
  ]);
  const common = { learning_rate: 0.001, layers: [] };
  const grid = /** @type {Info} */ (
    /** @type {unknown} */ ({
      space: { kind: "grid", sides: [7, 7], codes: 64, dimension: 16, choice: "nearest" },
      stages: [
        { name: "codes", terms: [reconstruction, commitment, perplexity], ...common },
        { name: "prior", terms: [prior], ...common },
      ],
    })
  );
  expect(curvesOf(grid, "codes")).toEqual([reconstruction, perplexity]);
  expect(curvesOf(grid, "prior")).toEqual([prior]);
  expect(weighedIn(grid, "codes")).toBe(commitment);
  expect(weighedIn(grid, "prior")).toBeUndefined();
  expect(heldOutTerms(grid, "codes"), "what the codes cost is no cost of a picture").toEqual([reconstruction]);
  expect(["codes", "prior"].map((stage) => lossName(grid, /** @type {"codes"} */ (stage)))).toEqual([
    "reconstruction",
    "loss",
  ]);
  const gaussian = /** @type {Info} */ (
    /** @type {unknown} */ ({
      space: { kind: "gaussian", latent: 8 },
      stages: [{ name: "codes", terms: [reconstruction, kl], ...common }],
    })
  );
  expect(curvesOf(gaussian, "codes")).toEqual([reconstruction, kl]);
  expect(heldOutTerms(gaussian, "codes")).toEqual([reconstruction, kl]);
  expect(lossName(gaussian, "codes")).toBe("−ELBO");

  const floors = { entropy: 70, mean_image: 200 };
  const labels = (/** @type {TermInfo} */ term, /** @type {Info} */ info, /** @type {"codes" | "prior"} */ stage) =>
    comparedOf(term, info, stage, floors).lines.map(({ label }) => label);
  expect(labels(reconstruction, gaussian, "codes")).toEqual([
    "200.0 always the mean image",
    "70.0 entropy of the pixels",
  ]);
  expect(labels(kl, gaussian, "codes")).toEqual(["0 the latents say nothing"]);
  expect(labels(perplexity, grid, "codes")).toEqual(["64 all used alike"]);
  expect(labels(prior, grid, "prior")).toEqual(["203.8 any code as likely as any other"]);

  expect(wordsOf(kl)).toMatchObject({ title: "KL", weight: "KL weight β", unit: "nats" });
  expect(wordsOf(commitment)).toMatchObject({ title: "Commitment", weight: "Commitment β", unit: "squared distance" });
  // What nobody has words for is called by its name.
  const other = /** @type {TermInfo} */ (/** @type {unknown} */ ({ name: "entropy", unit: "nats", weight: "beta" }));
  expect(wordsOf(other)).toMatchObject({ title: "entropy", weight: "entropy β" });
});

test("what can be answered stays, and of what passes the newest is read", () => {
  const store = new Store();
  const say = (/** @type {string} */ id, /** @type {string[]} */ ...labels) =>
    notify(store, { id, tone: "info", text: id, actions: labels.map((label) => ({ label, run() {} })) });
  const said = () => store.get("notices").map(({ id }) => id);
  for (const id of ["a", "b", "c", "d"]) say(id);
  expect(said()).toEqual(["b", "c", "d"]);
  say("last", "Forget it");
  expect(said()).toEqual(["c", "d", "last"]);
  say("updated", "Reload");
  say("training", "Try again");
  expect(said()).toEqual(["d", "last", "updated", "training"]);
  say("e");
  expect(said()).toEqual(["last", "updated", "training", "e"]);
  // Another word on the same takes its place.
  say("training");
  expect(said()).toEqual(["last", "updated", "training"]);
});

test("a plane zooms around a place, and out until all is seen", () => {
  const camera = new Camera();
  camera.look({ x: 1, y: 2, reach: 1 });
  const at = camera.toPlane(10, 20, 100);
  camera.zoom(2, at);
  expect(camera.reach).toBe(0.5);
  expect(camera.toPlane(10, 20, 100)).toEqual([expect.closeTo(at[0], 9), expect.closeTo(at[1], 9)]);
  const all = { x: 0, y: 0, reach: 4 };
  for (let time = 0; time < 20; time += 1) {
    const before = camera.reach;
    camera.zoom(0.8, at, all);
    expect(camera.reach).toBeCloseTo(Math.min(before / 0.8, 4), 9);
  }
  expect(camera.key).toBe("0 0 4");
  // Points that shrank leave a view that is too wide: it gets no wider, and still has all of them.
  camera.zoom(0.5, at, { x: 0.5, y: 0, reach: 2 });
  expect([camera.x, camera.reach]).toEqual([0, 4]);
});

test("any number of classes has colours, of which no two are the same", () => {
  const labelled = (/** @type {number[]} */ labels, count = labels.length) =>
    labelsOf({ labels: Uint8Array.from(labels), count });
  expect(labelled([7, 2, 7, 0, 9], 4)).toEqual([0, 2, 7]);
  expect(labelsOf({ labels: null, count: 4 })).toEqual([]);
  expect([...colorsOf([0, 2, 9]).values()]).toEqual(["var(--class-0)", "var(--class-2)", "var(--class-9)"]);
  for (const count of [11, 47, 256]) {
    const labels = Array.from({ length: count }, (_, label) => label);
    expect(isScale(labels)).toBe(true);
    expect(new Set(colorsOf(labels).values()).size).toBe(count);
  }
  // Few classes with high labels are of the scale too.
  expect(colorsOf([20]).get(20)).toMatch(/^oklch/);
});

/** @typedef {[red: number, green: number, blue: number]} Rgb linear, from 0 to 1 */

/** @param {string} hex @returns {Rgb} */
const ofHex = (hex) => {
  const linear = (/** @type {number} */ v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const channel = (/** @type {number} */ at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255);
  return [channel(1), channel(3), channel(5)];
};

/** As CSS Color 4 has it. @param {number} lightness @param {number} chroma @param {number} hue @returns {Rgb} */
function ofOklch(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (/** @type {number} */ v) => Math.min(Math.max(v, 0), 1);
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** As WCAG has it. @param {Rgb} one @param {Rgb} other */
function contrast(one, other) {
  const luminance = (/** @type {Rgb} */ [red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

test("controls and classes stand out from what is behind them, in light and in dark", () => {
  const css = (/** @type {string} */ name) => readFileSync(new URL(`../../www/${name}`, import.meta.url), "utf8");
  const [light, dark] = [...css("style.css").matchAll(/:root \{([^}]*)\}/g)].map(
    ([, rules]) => new Map([...rules.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value])),
  );
  for (const [scheme, own] of Object.entries({ light, dark: new Map([...light, ...dark]) })) {
    const value = (/** @type {string} */ name) => own.get(name) ?? "";
    const [lightness, chroma] = value("class-scale").split(" ").map(Number);
    const hues = [...colorsOf(Array.from({ length: 47 }, (_, label) => label)).values()].map((color) =>
      Number(/ (\d[\d.]*)\)$/.exec(color)?.[1]),
    );
    const classes = Array.from({ length: 10 }, (_, label) => `class-${label}`);
    const colors = new Map([
      ...["edge", ...classes].map((name) => /** @type {const} */ ([name, ofHex(value(name))])),
      ...hues.map((hue) => /** @type {const} */ ([`class of hue ${hue}`, ofOklch(lightness, chroma, hue)])),
    ]);
    for (const behind of ["surface", "paper", "page"]) {
      for (const [name, color] of colors) {
        const ratio = contrast(color, ofHex(value(behind)));
        expect(ratio, `${name} on ${behind}, ${scheme}`).toBeGreaterThanOrEqual(3);
      }
    }
  }
  // What a control is bounded by, and what a slider runs on, has that colour.
  const controls = css("styles/controls.css");
  for (const part of [
    'select,\ninput[type="number"]',
    "slider-runnable-track",
    "moz-range-track",
    ".segmented > div",
  ]) {
    const rules = controls.slice(controls.indexOf(part));
    expect(rules.slice(0, rules.indexOf("}")), part).toContain("var(--edge)");
  }
});
