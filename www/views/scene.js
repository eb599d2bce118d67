// The objects of a scene: how many the model counts, and sliders for the latents of the chosen one.

import { anyOf } from "../store.js";
import { h, inNats, setDisabled, setText } from "./dom.js";
import { Row } from "./latent-row.js";
import { hueOf, EditedScene, nameOf } from "./objects/edited-scene.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/** The numbers of digits that the user can say they drew. */
const COUNTS = [1, 2, 3, 4];

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const edited = new EditedScene(store, looking);
  const title = element.querySelector("h2");
  const drawn = h(
    "select",
    { "aria-label": "Digits that you drew" },
    h("option", { value: "" }, "?"),
    ...COUNTS.map((count) => h("option", { value: count }, String(count))),
  );
  /** Whether the number of digits comes from a sample. */
  let isKnown = false;
  drawn.addEventListener("change", () => {
    isKnown = false;
    show();
  });
  const counted = h("output", { class: "counted" });
  const count = h("p", { class: "count" }, h("label", {}, "You drew ", drawn), counted);
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Objects" });
  const list = h("ol", { class: "latent-rows" });
  const remove = h("button", { type: "button", onclick: () => edited.remove(edited.chosen) }, "Delete it");
  const back = h("button", { type: "button", onclick: () => edited.giveAllBack() }, "Back to the encoder");
  const nats = h("p", { class: "nats" });
  element.append(count, chips, list, h("div", { class: "row" }, remove, back), nats);
  /** @type {Row[]} */
  const rows = [];

  /** Whether the number of digits is that of an earlier drawing. */
  const isOver = () => (isKnown && looking.isDrawn) || (looking.hasDrawing && !store.get("look")?.clean);

  /** @param {number} length */
  function build(length) {
    for (const { element } of rows.splice(length)) element.remove();
    for (let index = rows.length; index < length; index += 1) {
      rows.push(new Row(index, (value) => slide(index, value)));
      list.append(rows[index].element);
    }
  }

  /** @param {number} index @param {number | null} value null for the encoder's mean */
  function slide(index, value) {
    const object = edited.objects.find(({ slot }) => slot === edited.chosen);
    const given = value ?? (object && edited.foundOf(object)?.mean[index]);
    if (object && given !== undefined) edited.slide(object.slot, index, given);
  }

  /** @param {number[]} slots */
  function showChips(slots) {
    const now = [...chips.children].map((chip) => Number(chip instanceof HTMLElement && chip.dataset.slot));
    if (String(now) !== String(slots)) {
      const focused = chips.contains(document.activeElement) ? document.activeElement : null;
      const slotOf = (/** @type {Element | null} */ chip) =>
        chip instanceof HTMLElement ? chip.dataset.slot : undefined;
      const made = slots.map((slot) =>
        h(
          "button",
          { type: "button", class: "chip", "data-slot": slot, onclick: () => looking.choose(slot) },
          h("span", { class: "hue", "aria-hidden": "true" }),
          nameOf(slot),
        ),
      );
      chips.replaceChildren(...made);
      made.forEach((chip, index) => chip.style.setProperty("--hue", `var(${hueOf(slots[index])})`));
      if (focused) (made.find((chip) => slotOf(chip) === slotOf(focused)) ?? made[0] ?? back).focus();
    }
    for (const chip of chips.children) {
      const isChosen = chip instanceof HTMLElement && Number(chip.dataset.slot) === edited.chosen;
      chip.setAttribute("aria-pressed", String(isChosen));
    }
  }

  function show() {
    const { scene, objects, found } = edited;
    element.hidden = !scene;
    if (!scene) return;
    if (rows.length !== scene.latent) build(scene.latent);
    const slots = objects.map(({ slot }) => slot);
    const slot = edited.chosen;
    const object = objects.find((object) => object.slot === slot);
    const encoded = object && edited.foundOf(object);
    if (title) setText(title, `Objects: ${objects.length}`);
    const finds = `the model counts ${found.length}`;
    const isRight = drawn.value === "" ? "" : Number(drawn.value) === found.length ? " ✓" : " ✗";
    setText(counted, `; ${finds}${isRight}`);
    showChips(slots);
    rows.forEach((row, index) => {
      const mean = encoded?.mean[index];
      const deviation = encoded ? Math.exp(encoded.log_variance[index] / 2) : 0;
      const value = object?.mean[index];
      const isOwn = mean !== undefined && value !== undefined && value !== Math.fround(mean);
      row.show(value, mean, deviation, isOwn, false);
      row.enable(object !== undefined && store.get("phase") === "ready");
    });
    setDisabled(remove, !object, back);
    setDisabled(back, !edited.isEdited, list.querySelector("input") ?? undefined);
    setText(
      nats,
      encoded
        ? `Object ${nameOf(slot)} tells ${inNats(encoded.kl)} nats: where it is, and what`
        : object
          ? `Object ${nameOf(slot)} was added by you`
          : edited.isEdited
            ? "No object is left"
            : "No object was found",
    );
  }

  return {
    update(changed) {
      const sample = store.get("sample");
      if (changed.has("sample") && sample) [drawn.value, isKnown] = [String(sample.label ?? ""), true];
      else if (changed.has("look") && isOver()) [drawn.value, isKnown] = ["", false];
      if (anyOf(changed, "look", "overrides", "object", "info", "phase", "sample")) show();
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
