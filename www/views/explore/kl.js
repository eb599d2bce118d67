// The KL of each latent as bars, and a warning if no latent carries any information.

import { offerSvg, offerTable } from "../../experiment/files.js";
import { recentOf } from "../../experiment/exploring.js";
import { h, s, saves, setText, thousands } from "../dom.js";
import { klTerm } from "../pixels.js";
import { Seen } from "./seen.js";

/**
 * @import { Codes, Parts, View } from "../../types.js"
 */

/** A latent whose means vary by more than this is in use (Burda et al. 2016, section 5.2). */
const ACTIVE = 0.01;
/** At least this many digits are needed. */
const ENOUGH = 500;

/**
 * The KL of each latent, averaged over the digits, and how many latents are in use.
 *
 * @param {Pick<Codes, "mean" | "log_variance" | "latent" | "count">} codes
 */
export function latentUse({ mean, log_variance, latent, count }) {
  const kl = new Array(latent).fill(0);
  const sum = new Array(latent).fill(0);
  const squares = new Array(latent).fill(0);
  for (let at = 0; at < count * latent; at += 1) {
    const [mu, log] = [mean[at], log_variance?.[at] ?? 0];
    kl[at % latent] += klTerm(mu, log) / count;
    sum[at % latent] += mu / count;
    squares[at % latent] += mu ** 2 / count;
  }
  const variance = squares.map((square, index) => square - sum[index] ** 2);
  return { kl, variance, active: variance.filter((value) => value > ACTIVE).length };
}

/**
 * The bars as an SVG.
 *
 * @param {readonly number[]} kl
 * @param {string} title
 */
function bars(kl, title) {
  const largest = Math.max(...kl, 1);
  /** @param {number} x @param {number} y @param {string} words @param {string} color */
  const text = (x, y, words, color) => s("text", { x, y, fill: `var(${color})`, "font-size": 13 }, words);
  const rows = kl.flatMap((value, index) => {
    const y = 36 + 20 * index;
    const bar = { x: 44, y, height: 14, rx: 3 };
    return [
      text(12, y + 12, `z${index + 1}`, "--muted"),
      s("rect", { ...bar, width: 400, fill: "var(--line)" }),
      s("rect", { ...bar, width: (400 * value) / largest, fill: "var(--latent)" }),
      text(456, y + 12, `${value.toFixed(2)} nats`, "--text"),
    ];
  });
  return s("svg", { viewBox: `0 0 540 ${44 + 20 * kl.length}` }, text(12, 20, title, "--latent"), ...rows);
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const summary = h("p", { class: "fine" });
  const alarm = h("p", { class: "alarm", role: "status" });
  const list = h("ol", { class: "kl-bars" });
  const keep = saves({ SVG: savePicture, CSV: saveNumbers });
  element.append(h("header", {}, h("h2", {}, "KL of each latent"), summary, keep), alarm, list);

  /** The recent encodings; null if there are too few. */
  function recentCodes() {
    const all = store.get("codes");
    if (!all?.log_variance || all.basis !== store.get("basis") || all.count === 0) return null;
    const isTraining = store.get("training");
    const codes = recentOf(all, isTraining, isTraining ? ENOUGH : undefined);
    return codes.count >= Math.min(ENOUGH, all.pictures.count) ? codes : null;
  }

  function savePicture() {
    const codes = recentCodes();
    if (codes)
      offerSvg(bars(latentUse(codes).kl, `KL of each latent, at step ${codes.step}`), "kl", store.get("model"));
  }

  function saveNumbers() {
    const codes = recentCodes();
    if (!codes) return;
    const { kl, variance } = latentUse(codes);
    const rows = kl.map((value, index) => [index + 1, value, variance[index], Number(variance[index] > ACTIVE)]);
    offerTable(["latent", "kl", "variance_of_means", "active"], rows, "kl", store.get("model"));
  }

  function show() {
    const codes = recentCodes();
    keep.disabled = !codes || (!store.get("training") && !codes.isWhole);
    if (!codes) return;
    const { kl, active } = latentUse(codes);
    const largest = Math.max(...kl, 1);
    if (list.children.length !== kl.length) {
      list.replaceChildren(
        ...kl.map((_, index) =>
          h(
            "li",
            {},
            h("span", { class: "symbol" }, "z", h("sub", {}, String(index + 1))),
            h("span", { class: "bar" }),
            h("span", { class: "number" }),
          ),
        ),
      );
    }
    kl.forEach((value, index) => {
      const row = /** @type {HTMLElement} */ (list.children[index]);
      row.style.setProperty("--share", String(value / largest));
      if (row.lastChild) setText(row.lastChild, `${value.toFixed(2)} nats`);
    });
    const total = kl.reduce((sum, value) => sum + value, 0);
    setText(
      summary,
      `${total.toFixed(1)} nats in all, over ${thousands(codes.count)} pictures; ${active} of ${kl.length} in use`,
    );
    setText(
      alarm,
      active > 0
        ? ""
        : codes.step === 0
          ? "Not trained yet: no latent says anything about the picture."
          : "Posterior collapse: no latent says anything about the picture. The encoder gives every picture the same code, and the decoder draws the same picture whatever you draw.",
    );
    element.classList.toggle("collapsed", active === 0);
  }

  const seen = new Seen(element, experiment.exploring);

  return {
    update(changed) {
      if (changed.has("basis") || changed.has("info")) element.hidden = !store.get("info")?.views.includes("kl");
      if (changed.has("basis")) {
        list.replaceChildren();
        element.classList.remove("collapsed");
        for (const text of [summary, alarm]) setText(text, "");
      }
      if (changed.has("codes") || changed.has("basis") || changed.has("training")) show();
    },
    destroy() {
      seen.stop();
      element.replaceChildren();
    },
  };
}
