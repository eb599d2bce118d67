// The models of an experiment side by side, on the same drawing, the same digits and the same random numbers.

import { notifyIfOpen } from "../../experiment/attention.js";
import { anyOf, presetOf } from "../../store.js";
import { offerPicture, offerTable } from "../../experiment/files.js";
import { h, saves, setText } from "../dom.js";
import { Column } from "./column.js";
import { tableOf } from "./compare-table.js";
import { Seen } from "./seen.js";

/**
 * @import { Parts, Pictures, View } from "../../types.js"
 * @import { Wishes } from "./column.js"
 */

const SUMMARY = "The same drawing, digits and random numbers through each model.";
/** Side of a picture in the saved sheet. */
const SHEET = 224;
const CAPTION = 24;

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  const { comparing, looking } = experiment;
  const summary = h("p", { class: "fine" });
  const decoded = h("input", { type: "checkbox", onchange: () => wish({ decoded: decoded.checked }) });
  const planes = h("label", { class: "check" }, decoded, "Planes decoded");
  const others = h("button", { type: "button", onclick: () => wish({ seed: wishes.seed + 1 }) }, "Other random points");
  const begin = h("button", { type: "button", onclick: () => walkFromHere() }, "Walk from this drawing");
  const garment = h("button", { type: "button", onclick: () => void looking.nextSample("garments") }, "A garment");
  const keep = saves({ PNG: savePicture, CSV: saveNumbers });
  const row = h("div", { class: "columns", tabindex: 0, role: "group", "aria-label": "Models side by side" });
  element.append(
    h("header", {}, h("h2", {}, "Side by side"), summary, keep),
    h("div", { class: "row" }, begin, others, garment, planes),
    row,
  );
  /** @type {Map<string, Column>} by the model's name */
  const columns = new Map();
  /** @type {Wishes} */
  let wishes = { seed: 1, from: null, decoded: false };
  let keptId = 0;
  /** Pictures of which the first could not be loaded. @type {Pictures | undefined} */
  let refused;
  /** The generation of the look that was kept. @type {number | undefined} */
  let keptOf;

  /** @param {Partial<Wishes>} patch */
  function wish(patch) {
    wishes = { ...wishes, ...patch };
    show();
  }

  /** Makes the current drawing the beginning of all ways. */
  function walkFromHere() {
    const { clean, generation } = store.get("look") ?? {};
    if (!clean) return;
    keptId += 1;
    keptOf = generation;
    wish({ from: { picture: clean, id: keptId, name: "the drawing you kept" } });
    setText(summary, "Now draw another one, or take a sample: each model shows its way there.");
  }

  function show() {
    const compared = store.get("compared");
    const ids = compared.map(({ id }) => id);
    for (const [id, column] of columns) {
      if (ids.includes(id)) continue;
      column.stop();
      column.element.remove();
      columns.delete(id);
    }
    for (const model of compared) {
      const column = columns.get(model.id) ?? new Column(store, lab, (id) => experiment.choose(id), model);
      if (!columns.has(model.id)) {
        row.append(column.element);
        column.recolor();
      }
      columns.set(model.id, column);
      column.show(model, wishes);
    }
    row.classList.toggle("few", compared.length < 4);
    planes.hidden = !compared.some(({ codes }) => codes?.latent === 2);
    keep.disabled = compared.length === 0 || compared.some(({ codes }) => !codes);
    begin.disabled = !store.get("look")?.clean;
    if (!wishes.from && compared.length > 0) void keepFirst();
  }

  /** Ways begin at the first of the pictures until the user keeps a drawing. */
  async function keepFirst() {
    const pictures = store.get("pictures");
    if (!pictures || pictures === refused || keptId > 0) return;
    keptId += 1;
    const basis = store.get("basis");
    try {
      const picture = await lab.digits(0, 1, pictures.from);
      wish({ from: { picture, id: keptId, name: `the first of the ${pictures.name}` } });
    } catch (error) {
      if (await notifyIfOpen(store, "explore", error, basis)) refused = pictures;
      keptId = 0;
    }
  }

  function savePicture() {
    const titled = [...columns.values()].map(({ element, pictures }) => {
      const heights = pictures.map(({ canvas }) => Math.round(((SHEET - 8) * canvas.height) / canvas.width) || 0);
      const canvas = new OffscreenCanvas(
        SHEET,
        heights.reduce((sum, height) => sum + height + CAPTION, 8),
      );
      const context = canvas.getContext("2d");
      if (context) {
        const style = getComputedStyle(element);
        context.fillStyle = style.color;
        context.font = `12px ${style.fontFamily}`;
        let top = 0;
        pictures.forEach(({ canvas, caption }, index) => {
          // Pictures keep sharp pixels; a canvas larger than the sheet is scaled down smoothly.
          context.imageSmoothingEnabled = canvas.width > SHEET;
          if (heights[index] > 0) context.drawImage(canvas, 4, top, SHEET - 8, heights[index]);
          top += heights[index] + CAPTION;
          context.fillText(caption, 4, top - 8, SHEET - 8);
        });
      }
      return { canvas, title: element.getAttribute("aria-label") ?? "" };
    });
    void offerPicture(titled, "side-by-side", store.get("model"));
  }

  function saveNumbers() {
    const table = tableOf(store.get("compared"), columns);
    offerTable(table.columns, table.rows, "side-by-side", store.get("model"));
  }

  const seen = new Seen(element, comparing, show);

  return {
    update(changed) {
      if (changed.has("theme")) for (const column of columns.values()) column.recolor();
      if (changed.has("presets") || changed.has("model")) {
        const preset = presetOf(store);
        element.hidden = !preset || preset.variants.length < 2;
        garment.hidden = preset?.data !== "mnist";
        setText(summary, SUMMARY);
      }
      // The hint about walks stays until there is another drawing.
      if (changed.has("look") && store.get("look")?.generation !== keptOf) setText(summary, SUMMARY);
      if (changed.has("compared") || (seen.now && anyOf(changed, "theme", "look", "pictures"))) show();
    },
    destroy() {
      seen.stop();
      for (const column of columns.values()) column.stop();
      element.replaceChildren();
    },
  };
}
