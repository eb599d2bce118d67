// Digits of the data, each above its reconstruction, and samples of the model: they sharpen while it trains.

import { anyOf } from "../../store.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { isGaussian, objectsOf } from "../../model.js";
import { normal } from "../../random.js";
import { columnsOf, drawScene, lengthOfRow } from "../../scene.js";
import { Latest } from "../codes/latest.js";
import { h, saves, setText } from "../dom.js";
import { meanSquaredError } from "../pixels.js";
import { Seen } from "./seen.js";
import { Tiles } from "./tiles.js";

/**
 * @import { Codes, Info, Parts, View } from "../../types.js"
 */

/** Pictures along each side of a grid of samples. */
const ALONG = 8;
const COUNT = ALONG * ALONG;
/** Digits in a row above the row of their reconstructions: four rows of each are as high as a grid of samples. */
const PAIRS = 2 * ALONG;
const PRIOR_SEED = 64;
/** The view's title: without a prior there are no samples. */
const [REBUILT, DREAMT] = ["Rebuilt", "Rebuilt and dreamt up"];
/** While training, the grids are decoded again at most this often, in milliseconds. */
const EVERY = 700;

/**
 * Scenes of one to three objects, in turn.
 *
 * @param {Info} info
 * @param {number} latent
 */
function scenesOfPrior({ config }, latent) {
  const rows = new Float32Array(COUNT * lengthOfRow(latent));
  const distance = "distance" in config ? config.distance : 0;
  for (let index = 0; index < COUNT; index += 1) {
    const options = { latent, side: config.image[0], distance, seed: PRIOR_SEED + index };
    rows.set(drawScene(1 + (index % 3), options), index * lengthOfRow(latent));
  }
  return rows;
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const grid = (/** @type {string} */ name) => {
    const tiles = new Tiles();
    tiles.canvas.classList.add("tiles");
    tiles.canvas.setAttribute("role", "img");
    tiles.canvas.setAttribute("aria-label", `${name}: nothing yet`);
    const figure = h("figure", {}, tiles.canvas, h("figcaption", {}, name));
    return { tiles, figure, name };
  };
  const pairs = grid("pictures of the data, each over the same rebuilt");
  pairs.figure.classList.add("pairs");
  const samples = grid("samples from the prior");
  const title = h("h2", {}, REBUILT);
  const summary = h("p", { class: "fine" });
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  keep.disabled = true;
  element.append(h("header", {}, title, summary, keep), h("div", { class: "grids" }, pairs.figure, samples.figure));
  /** The numbers of the shown pictures. @type {{ images: Float32Array, rebuilt: Float32Array, mean: Float32Array, labels: Uint8Array | null } | null} */
  let numbers = null;

  const latest = new Latest(store, show, () => (store.get("training") ? EVERY : 0));

  function refresh() {
    const [codes, info] = [store.get("codes"), store.get("info")];
    if (!seen.now || !info || codes?.basis !== store.get("basis") || codes.count < COUNT) return;
    latest.ask([codes.basis, codes.pictures.name, codes.step, store.get("theme")], { codes, info });
  }

  /** @param {{ codes: Codes, info: Info }} request */
  async function show({ codes, info }) {
    const { latent } = codes;
    const [side] = info.config.image;
    pairs.tiles.resize(PAIRS, side, ALONG);
    samples.tiles.resize(ALONG, side);
    const images = await lab.digits(0, COUNT, codes.pictures.from);
    const mean = codes.mean.slice(0, COUNT * latent);
    const rebuilt = await lab.tiles(mean.slice());
    const row = PAIRS * side ** 2;
    for (let start = 0; start < images.length; start += row) {
      const place = (2 * start) / side ** 2;
      pairs.tiles.paint(place, images.subarray(start, start + row), "--drawing");
      pairs.tiles.paint(place + PAIRS, rebuilt.subarray(start, start + row), "--reconstruction");
    }
    const dreams = (info.prior_step ?? 0) > 0;
    const scene = objectsOf(info);
    samples.figure.hidden = !isGaussian(info) && !dreams && !scene;
    const name = samples.figure.hidden ? REBUILT : DREAMT;
    setText(title, name);
    element.setAttribute("aria-label", name);
    if (isGaussian(info)) samples.tiles.paint(0, await lab.tiles(normal(COUNT * latent, PRIOR_SEED)), "--decoder");
    if (dreams) {
      const { codes } = await lab.sample_codes(COUNT, { seed: PRIOR_SEED });
      samples.tiles.paint(0, await lab.tiles(Float32Array.from(codes)), "--decoder");
    }
    if (scene) samples.tiles.paint(0, await lab.tiles(scenesOfPrior(info, scene.latent)), "--decoder");
    for (const { tiles, name } of [pairs, samples]) {
      tiles.canvas.setAttribute("aria-label", `${COUNT} pictures: ${name}, at step ${info.step}`);
    }
    numbers = { images, rebuilt, mean, labels: codes.labels };
    keep.disabled = false;
    setText(summary, `at step ${info.step.toLocaleString("en")}`);
  }

  function savePicture() {
    const grids = [pairs, samples].filter(({ figure }) => !figure.hidden);
    const titled = grids.map(({ tiles, name }) => ({ canvas: tiles.canvas, title: name }));
    void offerPicture(titled, "digits", store.get("model"));
  }

  /** Saves the error of each digit's reconstruction, and its encoding. */
  function saveNumbers() {
    if (!numbers) return;
    const { images, rebuilt, mean, labels } = numbers;
    /** @param {Float32Array} all @param {number} index */
    const part = (all, index) => all.subarray((index * all.length) / COUNT, ((index + 1) * all.length) / COUNT);
    const scene = objectsOf(store.get("info"));
    const names = scene ? columnsOf(scene.latent) : Array.from(part(mean, 0), (_, index) => `z${index + 1}`);
    const rows = Array.from({ length: COUNT }, (_, index) => {
      const error = meanSquaredError(part(images, index), part(rebuilt, index));
      return [index, labels?.[index] ?? "", error, ...part(mean, index)];
    });
    offerTable(["image", "class", "mean_squared_error", ...names], rows, "digits", store.get("model"));
  }

  const seen = new Seen(element, experiment.exploring, refresh);

  return {
    update(changed) {
      if (anyOf(changed, "codes", "theme")) refresh();
    },
    destroy() {
      seen.stop();
      latest.stop();
      element.replaceChildren();
    },
  };
}
