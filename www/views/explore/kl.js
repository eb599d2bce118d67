// How much each latent tells, as bars; and an alarm, in words, where none tells anything.

import { h, setText, thousands } from "../dom.js";

/**
 * @import { Codes, Parts, View } from "../../types.js"
 */

/** A latent whose means vary by more than this is in use (Burda et al. 2016, section 5.2). */
const ACTIVE = 0.01;
/** Digits before anything is said of them. */
const ENOUGH = 500;

/**
 * KL of each latent, averaged over the digits, and how many latents are in use.
 *
 * @param {Codes} codes
 */
export function latentUse({ mean, log_variance, latent, count }) {
  const kl = new Array(latent).fill(0);
  const sum = new Array(latent).fill(0);
  const squares = new Array(latent).fill(0);
  for (let at = 0; at < count * latent; at += 1) {
    const [mu, log] = [mean[at], log_variance?.[at] ?? 0];
    kl[at % latent] += (mu ** 2 + Math.exp(log) - log - 1) / (2 * count);
    sum[at % latent] += mu / count;
    squares[at % latent] += mu ** 2 / count;
  }
  const active = squares.filter((square, index) => square - sum[index] ** 2 > ACTIVE).length;
  return { kl, active };
}

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const told = h("p", { class: "fine" });
  const alarm = h("p", { class: "alarm", role: "status" });
  const list = h("ol", { class: "kl-bars" });
  element.append(h("header", {}, h("h2", {}, "KL of each latent"), told), alarm, list);
  let seen = false;

  function show() {
    const codes = store.get("codes");
    if (!codes?.log_variance || codes.basis !== store.get("basis") || codes.count < ENOUGH) return;
    const { kl, active } = latentUse(codes);
    const most = Math.max(...kl, 1);
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
      row.style.setProperty("--share", String(value / most));
      if (row.lastChild) setText(row.lastChild, `${value.toFixed(2)} nats`);
    });
    const total = kl.reduce((sum, value) => sum + value, 0);
    setText(
      told,
      `${total.toFixed(1)} nats in all, over ${thousands(codes.count)} digits; ${active} of ${kl.length} in use`,
    );
    setText(
      alarm,
      active === 0
        ? "Posterior collapse: no latent says anything about the digit. The encoder gives every digit the same code, and the decoder draws the same picture whatever you draw."
        : "",
    );
    element.classList.toggle("collapsed", active === 0);
  }

  const watching = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting === seen) return;
    seen = isIntersecting;
    experiment.exploring.watch(seen);
  });
  watching.observe(element);

  return {
    update(changed) {
      if (changed.has("basis") || changed.has("info")) element.hidden = store.get("info")?.config.family !== "vae";
      if (changed.has("basis")) {
        list.replaceChildren();
        element.classList.remove("collapsed");
        for (const text of [told, alarm]) setText(text, "");
      }
      if (changed.has("codes")) show();
    },
    destroy() {
      if (seen) experiment.exploring.watch(false);
      watching.disconnect();
      element.replaceChildren();
    },
  };
}
