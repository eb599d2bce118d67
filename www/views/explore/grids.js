// Digits of the data over what the model makes of them, and pictures of its own: they sharpen while it trains.

import { offer } from "../../experiment/files.js";
import { normal } from "../../random.js";
import { h, icon, setText } from "../dom.js";
import { Tiles } from "./tiles.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/** Pictures along each side of a grid. */
const ALONG = 8;
const COUNT = ALONG * ALONG;
const PRIOR_SEED = 64;
/** While training, the grids are made anew this often at most, in milliseconds. */
const EVERY = 700;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const grid = (/** @type {string} */ name) => {
    const tiles = new Tiles();
    tiles.resize(ALONG);
    tiles.canvas.classList.add("tiles");
    tiles.canvas.setAttribute("role", "img");
    tiles.canvas.setAttribute("aria-label", `${name}: nothing yet`);
    const figure = h("figure", {}, tiles.canvas, h("figcaption", {}, name));
    return { tiles, figure, name };
  };
  const originals = grid("digits of the data");
  const rebuilt = grid("the same, rebuilt");
  const samples = grid("samples from the prior");
  const told = h("p", { class: "fine" });
  const save = h("button", { type: "button", onclick: () => savePicture() }, icon("save"), "PNG");
  element.append(
    h("header", {}, h("h2", {}, "Digits, rebuilt and dreamt up"), told, save),
    h("div", { class: "pictures" }, originals.figure, rebuilt.figure, samples.figure),
  );
  let seen = false;
  let busy = false;
  let shown = "";
  let shownAt = 0;
  let timer = 0;

  /** What the grids would show. */
  const wanted = () => {
    const codes = store.get("codes");
    const ready = codes && codes.basis === store.get("basis") && codes.count >= COUNT;
    return ready ? `${codes.basis?.model} ${codes.data.name} ${codes.step} ${store.get("theme")}` : "";
  };

  async function refresh() {
    clearTimeout(timer);
    const [now, codes, info] = [wanted(), store.get("codes"), store.get("info")];
    if (!seen || busy || !now || now === shown || !codes || !info) return;
    const wait = shownAt + EVERY - performance.now();
    if (wait > 0) {
      timer = setTimeout(() => void refresh(), wait);
      return;
    }
    [busy, shown, shownAt] = [true, now, performance.now()];
    try {
      const { latent } = codes;
      const images = await lab.digits(0, COUNT);
      const again = await lab.tiles(codes.mean.slice(0, COUNT * latent));
      originals.tiles.paint(0, images, "--drawing");
      rebuilt.tiles.paint(0, again, "--reconstruction");
      const variational = info.config.family === "vae";
      samples.figure.hidden = !variational;
      if (variational) samples.tiles.paint(0, await lab.tiles(normal(COUNT * latent, PRIOR_SEED)), "--decoder");
      for (const { tiles, name } of [originals, rebuilt, samples]) {
        tiles.canvas.setAttribute("aria-label", `${COUNT} pictures: ${name}, at step ${info.step}`);
      }
      setText(told, `at step ${info.step.toLocaleString("en")}`);
    } catch {
      shown = ""; // Told of elsewhere: the worker ended, or another model took the place of this one.
    }
    busy = false;
    void refresh();
  }

  function savePicture() {
    const grids = [originals, rebuilt, samples].filter(({ figure }) => !figure.hidden).map(({ tiles }) => tiles.canvas);
    const sheet = new OffscreenCanvas(grids.length * grids[0].width, grids[0].height);
    const context = sheet.getContext("2d");
    grids.forEach((canvas, index) => context?.drawImage(canvas, index * canvas.width, 0));
    void sheet.convertToBlob().then(async (blob) => {
      offer(new Uint8Array(await blob.arrayBuffer()), `digits-${store.get("model").replace("/", "-")}.png`);
    });
  }

  const watching = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting === seen) return;
    seen = isIntersecting;
    experiment.exploring.watch(seen);
    void refresh();
  });
  watching.observe(element);

  return {
    update(changed) {
      if (["codes", "theme"].some((name) => changed.has(/** @type {any} */ (name)))) void refresh();
    },
    destroy() {
      if (seen) experiment.exploring.watch(false);
      clearTimeout(timer);
      watching.disconnect();
      element.replaceChildren();
    },
  };
}
