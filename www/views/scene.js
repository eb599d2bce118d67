// The objects of a scene, in the sentence's middle: how many there are, and the numbers of the one that is chosen.

import { anyOf } from "../store.js";
import { h, inNats, setDisabled, setText } from "./dom.js";
import { Row } from "./latent-row.js";
import { hueOf, Mine, nameOf } from "./objects/mine.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/** Digits that somebody can have drawn. */
const COUNTS = [1, 2, 3, 4];

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const mine = new Mine(store, looking);
  const title = element.querySelector("h2");
  const drawn = h(
    "select",
    { "aria-label": "Digits that you drew" },
    h("option", { value: "" }, "?"),
    ...COUNTS.map((count) => h("option", { value: count }, String(count))),
  );
  /** Whether a sample said how many there are. */
  let isKnown = false;
  drawn.addEventListener("change", () => {
    isKnown = false;
    show();
  });
  const counted = h("output", { class: "counted" });
  const count = h("p", { class: "count" }, h("label", {}, "You drew ", drawn), counted);
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Objects" });
  const list = h("ol", { class: "latent-rows" });
  const remove = h("button", { type: "button", onclick: () => mine.remove(mine.chosen) }, "Delete it");
  const back = h("button", { type: "button", onclick: () => mine.giveAllBack() }, "Back to the encoder");
  const nats = h("p", { class: "nats" });
  element.append(count, chips, list, h("div", { class: "row" }, remove, back), nats);
  /** @type {Row[]} */
  const rows = [];

  /** @param {number} length */
  function build(length) {
    for (const { element } of rows.splice(length)) element.remove();
    for (let index = rows.length; index < length; index += 1) {
      rows.push(new Row(index, (value) => slide(index, value)));
      list.append(rows[index].element);
    }
  }

  /** @param {number} index @param {number | null} value null for what the encoder found */
  function slide(index, value) {
    const slot = mine.chosen;
    const given = value ?? mine.found[slot]?.mean[index];
    if (given !== undefined) mine.slide(slot, index, given);
  }

  /** @param {number[]} slots */
  function showChips(slots) {
    const now = [...chips.children].map((chip) => Number(chip instanceof HTMLElement && chip.dataset.slot));
    if (String(now) !== String(slots)) {
      const focused = chips.contains(document.activeElement);
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
      if (focused) (made[0] ?? back).focus();
    }
    for (const chip of chips.children) {
      const isChosen = chip instanceof HTMLElement && Number(chip.dataset.slot) === mine.chosen;
      chip.setAttribute("aria-pressed", String(isChosen));
    }
  }

  function show() {
    const { scene, objects, found } = mine;
    element.hidden = !scene;
    if (!scene) return;
    if (rows.length !== scene.latent) build(scene.latent);
    const slots = objects.map(({ slot }) => slot);
    const slot = mine.chosen;
    const object = objects.find((object) => object.slot === slot);
    const own = mine.isEdited ? ", as you changed them" : "";
    if (title) setText(title, `Objects: ${objects.length}`);
    const finds = `the model counts ${found.length}`;
    const isRight = drawn.value === "" ? "" : Number(drawn.value) === found.length ? " ✓" : " ✗";
    setText(counted, `; ${finds}${isRight}`);
    showChips(slots);
    const said = found[slot];
    rows.forEach((row, index) => {
      const mean = said?.mean[index];
      const deviation = said ? Math.exp(said.log_variance[index] / 2) : 0;
      const value = object?.mean[index];
      row.show(value, mean, deviation, value !== undefined && value !== mean, false);
      row.enable(object !== undefined && store.get("phase") === "ready");
    });
    setDisabled(remove, !object, back);
    setDisabled(back, !mine.isEdited, list.querySelector("input") ?? undefined);
    setText(
      nats,
      said && object
        ? `Object ${nameOf(slot)} tells ${inNats(said.kl)} nats: where it is, and what${own}`
        : objects.length === 0
          ? "No object was found"
          : `Object ${nameOf(slot)} is yours`,
    );
  }

  return {
    update(changed) {
      const sample = store.get("sample");
      if (changed.has("sample") && sample) [drawn.value, isKnown] = [String(sample.label ?? ""), true];
      else if (changed.has("look") && looking.isDrawn && isKnown) [drawn.value, isKnown] = ["", false];
      if (anyOf(changed, "look", "overrides", "object", "info", "phase", "sample")) show();
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
