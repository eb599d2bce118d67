// The latent plane: thousands of digits as points in the colours of their classes, the user's drawing among them, and
// what each place decodes to.

import { latentsOf } from "../../model.js";
import { anyOf, classOf } from "../../store.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { h, icon, saves, setText, thousands } from "../dom.js";
import { Picture } from "../pixels.js";
import { Axes } from "./axes.js";
import { Camera, holding } from "./camera.js";
import { labelsOf } from "./classes.js";
import { listen } from "./gestures.js";
import { Legend } from "./legend.js";
import { Manifold } from "./manifold.js";
import { Places } from "./places.js";
import { nearest } from "./points.js";
import { placeOf, tableOf, wordsOf } from "./plane-words.js";
import { Regions } from "./regions.js";
import { Scatter } from "./scatter.js";
import { Seen } from "./seen.js";
import { Sharpening } from "./sharpening.js";
import { TrainButton } from "./train.js";

/**
 * @import { Parts, View } from "../../types.js"
 */

/** Pictures along each side of the grid. */
const GRIDS = [0, 10, 20, 30];
/** How far a point may be from the pointer, in pixels. */
const NEAR = 8;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { looking, exploring } = experiment;
  const scatter = new Scatter();
  const { canvas } = scatter;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const camera = new Camera();
  /** @param {Float32Array} latents */
  const tiles = (latents) => lab.tiles(latents);
  const manifold = new Manifold(tiles, () => redraw());
  const step = () => store.get("info")?.step;
  const sharpening = new Sharpening(store, wanted, () => manifold.decode(camera, along, latentsAt));
  const placing = new Sharpening(
    store,
    () => (seen.now && places.key ? { place: `${places.key} ${decodingKey()}`, step: step() } : null),
    () => places.decode(latentsAt),
  );
  const places = new Places(tiles);
  const regions = new Regions();
  const legend = new Legend(() => redraw());
  const axes = new Axes(() => {
    places.clear(); // They belong to the old axes.
    goHome();
  });
  let along = 0;
  /** Whether the view follows the points, until the user moves it. */
  let follows = true;
  let frame = 0;
  /** Whether places are to be drawn once all points are encoded. */
  let arePlacesDue = false;

  const placePicture = new Picture("Picture of a place: nothing yet");
  const point = h("p", { class: "fine" });
  const grid = h(
    "select",
    { id: "plane-grid", onchange: () => setGrid(Number(grid.value)) },
    ...GRIDS.map((count) => h("option", { value: count }, count === 0 ? "off" : `${count} × ${count}`)),
  );
  const summary = h("p", { class: "fine", role: "status" });
  /** @type {(name: Parameters<typeof icon>[0] | null, text: string, onclick: () => void) => HTMLButtonElement} */
  const button = (name, text, onclick) => h("button", { type: "button", onclick }, name && icon(name), text);
  const train = new TrainButton(store, experiment.training);
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  element.append(
    h("header", {}, h("h2", {}, "Latent plane"), summary, keep),
    canvas,
    h(
      "div",
      { class: "aside" },
      h("figure", { class: "there" }, placePicture.canvas, h("figcaption", {}, "what is decoded there"), point),
      legend.element,
      ...axes.elements,
      h("p", {}, h("label", { for: grid.id }, "Decoded grid "), grid),
      h(
        "div",
        { class: "row" },
        train.element,
        button("reset", "Whole cloud", () => goHome()),
        button(null, "18 random places", () => drawPlaces()),
      ),
      places.element,
      h(
        "p",
        { class: "hint" },
        "Point at a place to decode it, click to keep it, drag to move; two fingers, or the wheel with Ctrl, zoom. Arrow keys move the place, and the view with it; + and − zoom, 0 shows all.",
      ),
    ),
  );

  const codes = () => {
    const codes = store.get("codes");
    return codes && codes.basis === store.get("basis") && codes.latent > 1 ? codes : null;
  };

  /** @param {number} count */
  function setGrid(count) {
    along = count;
    if (along === 0) {
      manifold.clear();
      sharpening.forget();
    }
    sharpening.ask();
    redraw();
    describe();
  }

  function goHome() {
    follows = true;
    follow();
    share();
    sharpening.ask();
    redraw();
    describe();
  }

  function follow() {
    const view = axes.homeOf(codes());
    if (view) camera.look(view);
  }

  /** @param {number} label */
  const nameOf = (label) => classOf(store, label);

  /** Shows the classes, and their shares of the square. */
  function share() {
    const now = codes();
    legend.show(labelsOf(now), nameOf);
    if (now && axes.isSquare) regions.fill(now, axes.pair);
    else regions.clear();
    legend.share(regions.shares);
  }

  /** The latents that are not on the axes: the user's, or the encoder's. */
  const otherLatents = () => {
    const mean = store.get("look")?.encoding?.mean;
    const overrides = store.get("overrides");
    const latent = latentsOf(store.get("info"));
    return Float32Array.from({ length: latent }, (_, index) => overrides[index] ?? mean?.[index] ?? 0);
  };
  /** @param {[number, number]} at */
  const latentsAt = (at) => axes.latentsAt(at, otherLatents());
  /** A key of everything but the place that decoding depends on. */
  const decodingKey = () => `${axes.latentsAt([0, 0], otherLatents()).join(" ")} ${store.get("theme")}`;

  /** Draws places, uniform over the box that the encodings fill, or over the square. */
  function drawPlaces() {
    const now = codes();
    arePlacesDue = !now?.isWhole && !store.get("training");
    if (!now || arePlacesDue) return;
    const [across, up] = axes.boxOf(now);
    places.draw(across, up);
    // The view contains the whole box, and not only the part with most points.
    const view = holding([across, up]);
    if (!axes.isSquare && view.reach > camera.reach) moveTo(view);
    placing.ask();
    redraw();
    describe();
  }

  /** The grid that should be shown; null if none. */
  function wanted() {
    if (along === 0 || !seen.now || store.get("phase") !== "ready" || !codes()) return null;
    return { place: `${camera.key} ${along} ${axes.key} ${decodingKey()}`, step: step() };
  }

  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    const { encoding, latents } = store.get("look") ?? {};
    const isEdited = store.get("overrides").some((value) => value !== null);
    scatter.draw({
      camera,
      axes,
      hidden: legend.hidden,
      codes: codes(),
      encoding,
      latents: isEdited ? latents : null,
      manifold,
      regions: axes.isSquare ? regions : null,
      places: places.at,
    });
  }

  /** The latents of a place; those that are not on the axes keep the user's values. @param {[number, number]} at */
  const overridesAt = (at) => {
    const count = latentsOf(store.get("info"));
    const before = Array.from({ length: count }, (_, index) => store.get("overrides")[index] ?? null);
    return axes.latentsAt(at, before);
  };

  /** @param {{ x: number, y: number, reach: number }} view */
  function moveTo(view) {
    follows = false;
    camera.look(view);
    sharpening.ask();
    redraw();
  }

  /** The place that is decoded at the moment. @returns {[number, number]} */
  const now = () => {
    const { latents, encoding } = store.get("look") ?? {};
    const overrides = store.get("overrides");
    if (!latents) return [camera.x, camera.y];
    // The overrides are used because keys are faster than the decoder.
    return axes.shown(latents.map((latent, index) => overrides[index] ?? encoding?.mean[index] ?? latent));
  };
  listen(scatter.canvas, camera, {
    preview: (at) => looking.preview(overridesAt(at)),
    leave: () => looking.endPreview(),
    choose: (at) => looking.setLatents(overridesAt(at)),
    moveTo,
    goHome,
    now,
    all: () => axes.allOf(codes()),
  });

  /** Everything that the plane shows. */
  const plane = () => ({
    axes,
    codes: codes(),
    look: store.get("look"),
    along,
    places: places.at,
    shares: regions.shares,
    nameOf,
    beside: beside(),
  });

  /** The class of the decoded point, in words for users who cannot distinguish the colours. */
  function beside() {
    const [now, latents] = [codes(), store.get("look")?.latents];
    if (!now?.labels || !latents || latents.length !== now.latent) return "";
    const reach = (NEAR * 2 * camera.reach) / canvas.clientWidth;
    const found = nearest(now, { axes, hidden: legend.hidden }, axes.shown(latents), reach);
    return found === undefined ? "" : `at a point of class ${nameOf(now.labels[found])}`;
  }

  /** Saves the plane with its classes, and with the pictures of the numbered places if there are any. */
  function savePicture() {
    const sheet = [{ canvas, title: "latent plane" }];
    const beside = [
      codes()?.labels && { canvas: legend.sheet(), title: axes.isSquare ? "classes and their shares" : "classes" },
      places.picture && { canvas: places.picture, title: "its numbered places, row by row" },
    ];
    const present = beside.filter((part) => part !== null && part !== undefined);
    void offerPicture([...sheet, ...present], "latent-plane", store.get("model"));
  }

  function saveNumbers() {
    const table = tableOf(plane(), latentsAt);
    if (table) offerTable(table.columns, table.rows, "latent-plane", store.get("model"));
  }

  function describe() {
    const now = codes();
    const { latents, image } = store.get("look") ?? {};
    setText(summary, now ? `${thousands(now.count)} ${now.pictures.name}` : "loading the pictures");
    canvas.setAttribute("aria-label", `Latent plane. ${wordsOf(plane())} Arrow keys move the decoded place.`);
    legend.element.hidden = !now?.labels;
    keep.disabled = !now || now.count * now.latent < now.mean.length;
    placePicture.paint(image ?? null);
    const at = latents && latents.length > 1 ? ` at ${placeOf(axes, latents)}` : "";
    setText(point, beside());
    placePicture.label = image ? `Picture of the place${at}` : "Picture of a place: nothing yet";
  }

  const seen = new Seen(canvas, exploring, () => {
    sharpening.ask();
    placing.ask();
    redraw();
  });
  const resized = new ResizeObserver(redraw);
  resized.observe(canvas);

  return {
    update(changed) {
      if (changed.has("training") || changed.has("phase")) train.show();
      if (changed.has("basis")) {
        const info = store.get("info");
        element.hidden = latentsOf(info) < 2;
        axes.follow(info);
        follows = true;
        manifold.clear();
        places.clear();
        arePlacesDue = false;
        for (const each of [sharpening, placing]) each.forget();
      }
      if (changed.has("codes") && follows) follow();
      if (changed.has("codes") && arePlacesDue) drawPlaces();
      if (anyOf(changed, "presets", "model", "data", "codes", "theme", "basis")) share();
      if (anyOf(changed, "codes", "look", "overrides", "theme", "basis")) redraw();
      if (changed.has("theme")) placePicture.recolor();
      if (anyOf(changed, "codes", "look", "theme")) describe();
      if (anyOf(changed, "codes", "info", "look", "overrides", "theme", "phase")) {
        for (const each of [sharpening, placing]) each.ask();
      }
    },
    destroy() {
      seen.stop();
      for (const each of [sharpening, placing]) each.stop();
      cancelAnimationFrame(frame);
      manifold.stop();
      resized.disconnect();
      element.replaceChildren();
    },
  };
}
