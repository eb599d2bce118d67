// The latent plane: thousands of digits as points in the colours of their classes, your own among them, and what the
// decoder makes of each place.

import { offer } from "../../experiment/files.js";
import { h, icon, setText, thousands } from "../dom.js";
import { Picture } from "../pixels.js";
import { around, Camera } from "./camera.js";
import { listen } from "./gestures.js";
import { Manifold } from "./manifold.js";
import { CLASSES, Scatter } from "./scatter.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/** Pictures along each side of the grid. */
const GRIDS = [0, 10, 20, 30];
/** While training, the grid is decoded anew this often at most, in milliseconds. */
const DECODE_EVERY = 700;
/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { looking, exploring, training } = experiment;
  const scatter = new Scatter();
  const { canvas } = scatter;
  const camera = new Camera();
  const manifold = new Manifold(lab, () => redraw());
  /** @type {Set<number>} classes that are not shown */
  const hidden = new Set();
  /** @type {[number, number]} */
  let axes = [0, 1];
  let along = 0;
  let seen = false;
  /** Whether the view follows the points: until a person moves it. */
  let follows = true;
  let frame = 0;
  let decodedAt = 0;
  let decoded = "";
  let timer = 0;

  const there = new Picture("Picture of a place: nothing yet");
  const legend = h("div", { class: "legend", role: "group", "aria-label": "Classes shown" });
  const buttons = Array.from({ length: CLASSES }, (_, label) => {
    const button = h(
      "button",
      { type: "button", "aria-pressed": "true", onclick: () => toggle(label) },
      h("span", { class: "swatch" }),
      String(label),
    );
    button.style.setProperty("--class", `var(--class-${label})`);
    return button;
  });
  legend.append(...buttons);
  const grid = h(
    "select",
    { id: "plane-grid", onchange: () => setGrid(Number(grid.value)) },
    ...GRIDS.map((count) => h("option", { value: count }, count === 0 ? "off" : `${count} × ${count}`)),
  );
  const axisX = h("select", { "aria-label": "Latent across", onchange: () => setAxes() });
  const axisY = h("select", { "aria-label": "Latent up", onchange: () => setAxes() });
  const axisRow = h("p", { class: "axes" }, "Latents ", axisX, " × ", axisY);
  const told = h("p", { class: "fine", role: "status" });
  const train = h("button", { type: "button", onclick: () => toggleTraining() });
  const home = h("button", { type: "button", onclick: () => goHome() }, icon("reset"), "Whole cloud");
  const picture = h("button", { type: "button", onclick: () => savePicture() }, icon("save"), "PNG");
  const numbers = h("button", { type: "button", onclick: () => saveNumbers() }, icon("save"), "CSV");
  element.append(
    h("header", {}, h("h2", {}, "Latent plane"), told),
    canvas,
    h(
      "div",
      { class: "aside" },
      h("figure", { class: "there" }, there.canvas, h("figcaption", {}, "what is decoded there")),
      legend,
      axisRow,
      h("p", {}, h("label", { for: grid.id }, "Decoded grid "), grid),
      h("div", { class: "row" }, train, home, picture, numbers),
      h(
        "p",
        { class: "hint" },
        "Point at a place to decode it, drag to move, turn the wheel to zoom; arrow keys, + and − do the same.",
      ),
    ),
  );

  const codes = () => {
    const codes = store.get("codes");
    return codes && codes.basis === store.get("basis") && codes.latent > 1 ? codes : null;
  };

  /** @param {number} label */
  function toggle(label) {
    if (!hidden.delete(label)) hidden.add(label);
    buttons[label].setAttribute("aria-pressed", String(!hidden.has(label)));
    redraw();
  }

  /** The strip with the play button may be out of sight, and what moves is here. */
  function toggleTraining() {
    if (store.get("training")) void training.pause();
    else training.play();
  }

  function showTraining() {
    const running = store.get("training");
    train.replaceChildren(icon(running ? "pause" : "play"), running ? "Pause training" : "Train and watch");
    train.disabled = store.get("phase") !== "ready";
  }

  /** @param {number} count */
  function setGrid(count) {
    along = count;
    if (along === 0) manifold.clear();
    decode();
    redraw();
  }

  function setAxes() {
    axes = [Number(axisX.value), Number(axisY.value)];
    goHome();
  }

  function goHome() {
    follows = true;
    follow();
    decode();
    redraw();
  }

  function follow() {
    const now = codes();
    if (now && now.count > 1) camera.look(around(now.mean, now.count, now.latent, axes));
  }

  /** The latents of a place: those on the axes are its own, the others are the drawing's. */
  const place = (/** @type {number} */ x, /** @type {number} */ y) => {
    const latent = store.get("info")?.config.latent ?? 2;
    const mean = store.get("look")?.encoding?.mean;
    const latents = Float32Array.from({ length: latent }, (_, index) => mean?.[index] ?? 0);
    [latents[axes[0]], latents[axes[1]]] = [x, y];
    return latents;
  };

  /** Decodes the grid, unless what is seen is decoded already; while training not too often. */
  function decode() {
    clearTimeout(timer);
    if (along === 0 || !seen || store.get("phase") !== "ready" || !codes()) return;
    const key = `${camera.key} ${along} ${axes} ${store.get("info")?.step} ${store.get("theme")}`;
    if (key === decoded) return;
    const wait = decodedAt + DECODE_EVERY - performance.now();
    if (wait > 0) {
      timer = setTimeout(decode, wait);
      return;
    }
    decodedAt = performance.now();
    decoded = key;
    // What fails here fails where it is told: the worker's end, a model that was replaced.
    manifold.decode(camera, along, place).then(decode, () => {});
  }

  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    const codesNow = codes();
    const { encoding, latents } = store.get("look") ?? {};
    const moved = store.get("overrides").some((value) => value !== null);
    scatter.draw({ camera, axes, hidden, codes: codesNow, encoding, latents: moved ? latents : null, manifold });
  }

  /** @param {[number, number]} at */
  function choose([x, y]) {
    const count = store.get("info")?.config.latent ?? 0;
    const before = store.get("overrides");
    const latents = Array.from({ length: count }, (_, index) => before[index] ?? null);
    [latents[axes[0]], latents[axes[1]]] = [x, y];
    looking.setLatents(latents);
  }

  /** @param {{ x: number, y: number, reach: number }} view */
  function moveTo(view) {
    follows = false;
    camera.look(view);
    decode();
    redraw();
  }

  /** The place that is decoded now. */
  const now = () => {
    const latents = store.get("look")?.latents;
    return /** @type {[number, number]} */ (latents ? axes.map((axis) => latents[axis]) : [camera.x, camera.y]);
  };
  listen(scatter.canvas, camera, { choose, moveTo, goHome, now });

  function savePicture() {
    canvas.toBlob(async (blob) => {
      if (blob)
        offer(new Uint8Array(await blob.arrayBuffer()), `latent-plane-${store.get("model").replace("/", "-")}.png`);
    });
  }

  function saveNumbers() {
    const now = codes();
    if (!now) return;
    const names = Array.from({ length: now.latent }, (_, index) => `z${index + 1}`);
    const rows = Array.from({ length: now.count }, (_, index) => {
      const latents = now.mean.subarray(index * now.latent, (index + 1) * now.latent);
      return [index, now.labels?.[index] ?? "", ...latents].join(",");
    });
    const text = [["digit", "class", ...names].join(","), ...rows].join("\n");
    offer(new TextEncoder().encode(`${text}\n`), `latent-plane-${store.get("model").replace("/", "-")}.csv`);
  }

  function showAxes() {
    const latent = store.get("info")?.config.latent ?? 0;
    element.hidden = latent < 2;
    axisRow.hidden = latent < 3;
    if (axisX.options.length !== latent) {
      for (const select of [axisX, axisY]) {
        select.replaceChildren(
          ...Array.from({ length: latent }, (_, index) => h("option", { value: index }, `z${index + 1}`)),
        );
      }
      axes = [0, 1];
    }
    [axisX.value, axisY.value] = axes.map(String);
  }

  function describe() {
    const now = codes();
    const point = store.get("look")?.encoding?.mean;
    const where =
      point && point.length > 1 ? ` Yours is at ${point[axes[0]].toFixed(1)}, ${point[axes[1]].toFixed(1)}.` : "";
    const points = now ? `${thousands(now.count)} digits of the data, each a point.` : "Loading the digits…";
    setText(told, now ? `${thousands(now.count)} digits` : "loading the digits");
    canvas.setAttribute("aria-label", `Latent plane. ${points}${where} Arrow keys move the decoded place.`);
    legend.hidden = !now?.labels;
    const { latents, image } = store.get("look") ?? {};
    there.paint(image ?? null);
    const place = latents ? ` at ${axes.map((axis) => latents[axis]?.toFixed(1)).join(", ")}` : "";
    there.label = image ? `Picture of the place${place}` : "Picture of a place: nothing yet";
  }

  const watching = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting === seen) return;
    seen = isIntersecting;
    exploring.watch(seen);
    decode();
    redraw();
  });
  watching.observe(canvas);
  const resized = new ResizeObserver(redraw);
  resized.observe(canvas);

  return {
    update(changed) {
      if (changed.has("training") || changed.has("phase")) showTraining();
      if (changed.has("basis") || changed.has("info")) showAxes();
      if (changed.has("basis")) {
        follows = true;
        manifold.clear();
        decoded = "";
      }
      if (changed.has("codes") && follows) follow();
      if (["codes", "look", "overrides", "theme", "basis"].some((name) => changed.has(/** @type {any} */ (name))))
        redraw();
      if (changed.has("theme")) there.recolor();
      if (["codes", "look", "theme"].some((name) => changed.has(/** @type {any} */ (name)))) describe();
      if (["codes", "info", "theme", "phase"].some((name) => changed.has(/** @type {any} */ (name)))) decode();
    },
    destroy() {
      if (seen) exploring.watch(false);
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      manifold.stop();
      watching.disconnect();
      resized.disconnect();
      element.replaceChildren();
    },
  };
}
