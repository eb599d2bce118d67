// The structure of the model. What is set here is a draft until a fresh model is built from it.

import { CONTROLS } from "../controls.js";
import { reportMistake } from "../experiment/notices.js";
import { deviationOf, gridOf } from "../model.js";
import { placeOf } from "../progress.js";
import { anyOf, variantOf } from "../store.js";
import { configOf, fits, has, isEqual, isOfObjects, isOwn, structureOf, valuesOf } from "../structure.js";
import { inWords } from "./structure-words.js";
import { h, setText, thousands } from "./dom.js";

/**
 * @import { ModelConfig, Parts, ResolvedConfig, Structure, VariantInfo, View } from "../types.js"
 */

/** @typedef {keyof Structure} Field */

/** Words for choices that are not called by their own names. */
const WORDS = /** @type {{ [choice: string]: string }} */ ({
  squared: "squared error",
  all: "all three",
  loss: "by its loss",
  average: "running averages",
  on: "revived",
  off: "stay dead",
  presence: "where cells find one",
  largest: "the K strongest cells",
});

/** @type {{ [field in Field]: string }} */
const NAMES = {
  layers: "Hidden layers",
  units: "Units of each",
  latent: "Code size",
  loss: "Loss",
  sigma_x: "σₓ of a pixel",
  noise: "Training noise σ",
  masks: "Training masks",
  codebook_size: "Codes K",
  dimension: "Numbers of each, D",
  update: "Codebook follows",
  revival: "Dead codes",
  objects: "Objects at most, K",
  selection: "Objects are",
  canvas: "Canvas",
  presence_cost: "An object costs, nats",
  overlap_cost: "Overlap costs, nats",
  reach: "Reach from a cell, pixels",
  distance: "Digits apart, pixels",
};

/**
 * Whether a field has an effect: it has none if the model does not have such a part, such layers or such a loss.
 *
 * @param {Field} name
 * @param {VariantInfo} model
 */
function applies(name, model) {
  const { config } = model;
  if (!has(model, name)) return false;
  if (name === "sigma_x") return deviationOf(config) !== undefined;
  // Only objects that are selected by presence pay these costs.
  if (name === "presence_cost" || name === "overlap_cost") return valuesOf(model).selection === "presence";
  return name !== "units" || isOfObjects(config) || config.encoder.kind === "conv" || config.encoder.hidden.length > 0;
}

/** @param {Field} name @param {Structure[Field]} value */
const wordOf = (name, value) => {
  if (value === null) return "mixed";
  return typeof value === "string"
    ? (WORDS[value] ?? value)
    : String(Number(value.toPrecision(name === "sigma_x" ? 3 : 6)));
};

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, lab, experiment }) {
  /** Choices that are set but not built yet. @type {Partial<Structure>} */
  let draft = {};
  /** The model that the draft belongs to. */
  let draftModel = store.get("model");
  /** The configuration that was counted last, with its number of parameters once known. @type {{ config: ResolvedConfig | null, parameters: number | null }} */
  let counted = { config: null, parameters: null };

  /**
   * @param {Field} name
   * @param {HTMLInputElement | HTMLSelectElement} input
   */
  const field = (name, input) => {
    input.id = `control-${name}`;
    const label = h("label", { for: input.id }, NAMES[name]);
    const was = h("output", { class: "was", for: input.id });
    input.addEventListener("input", () => take(name, input));
    input.addEventListener("change", () => check(name, input));
    return { name, input, label, was, line: h("div", { class: "setting" }, label, input, was) };
  };

  /** @param {Field} name */
  const number = (name) => {
    const { min, max, step = "any" } = CONTROLS[name];
    return field(
      name,
      h("input", { type: "number", min, max, step, inputmode: step === "any" ? "decimal" : "numeric" }),
    );
  };

  /** @param {Field} name @param {readonly unknown[]} [choices] */
  const select = (name, choices = []) => {
    const options = choices.map(String).map((value) => h("option", { value }, WORDS[value] ?? value));
    return field(name, h("select", {}, ...options));
  };

  const { min, max, step } = CONTROLS.noise;
  const fields = [
    select("layers", [0, 1, 2, 3]),
    number("units"),
    number("latent"),
    select("loss", CONTROLS.loss.choices),
    number("sigma_x"),
    field("noise", h("input", { type: "range", min, max, step })),
    select("masks", CONTROLS.masks.choices),
    number("codebook_size"),
    number("dimension"),
    select("update", CONTROLS.update.choices),
    select("revival", CONTROLS.revival.choices),
    number("objects"),
    select("selection", CONTROLS.selection.choices),
    select("canvas", CONTROLS.canvas.choices),
    number("presence_cost"),
    number("overlap_cost"),
    number("reach"),
    number("distance"),
  ];

  const caption = h("span", { class: "fine" });
  const summary = h("summary", {}, h("span", { class: "title" }, "Structure"), caption);
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const dueText = h("p", { id: "structure-due" });
  const build = h(
    "button",
    { type: "button", class: "apply", "aria-describedby": dueText.id, onclick: () => experiment.build(chosen()) },
    "Build it",
  );
  const discard = h("button", { type: "button", onclick: () => forget() }, "Discard");
  const pending = h("div", { class: "pending", hidden: true }, dueText, h("div", { class: "row" }, build, discard));
  const back = h("button", { type: "button", hidden: true, onclick: () => experiment.choose(store.get("model")) });
  const details = h(
    "details",
    { open: isOwn(store.controls) },
    summary,
    h("div", { class: "fields" }, ...fields.map(({ line }) => line)),
    wrong,
    pending,
    back,
  );
  element.append(details);

  /** @returns {Structure} */
  const chosen = () => ({ ...structureOf(store.controls), ...draft });

  function forget() {
    draft = {};
    show();
  }

  /**
   * @param {Field} name
   * @param {HTMLInputElement | HTMLSelectElement} input
   */
  function take(name, input) {
    const [variant, value] = [variantOf(store), CONTROLS[name].parse(input.value)];
    // While the user is typing no error is shown, but a wrong value cannot be built.
    build.disabled = value === undefined;
    if (!variant || value === undefined) return;
    check(name, input);
    draft = { ...draft, [name]: value === valuesOf(variant)[name] ? null : value };
    show();
  }

  /**
   * @param {Field} name
   * @param {HTMLInputElement | HTMLSelectElement} input
   */
  function check(name, input) {
    const { min, max, step, parse } = CONTROLS[name];
    wrong.hidden = parse(input.value) !== undefined;
    input.setAttribute("aria-invalid", String(!wrong.hidden));
    const kind = step === undefined ? "a number" : "a whole number";
    setText(wrong, `${NAMES[name]}: “${input.value}” does not do; give ${kind} from ${min} to ${max}.`);
  }

  /** Shows what is about to be built, and what happens to the trained model. */
  function showDue() {
    const variant = variantOf(store);
    if (!variant || pending.hidden) return;
    const config = configOf(variant, chosen());
    if (!isEqual(config, counted.config)) void count(config);
    const { reached } = experiment.comeback;
    // While training goes on, the step number is left out because it changes all the time.
    const trained = store.get("training") ? "What trains now" : reached && capital(placeOf(reached));
    const size = counted.parameters === null ? "" : `, ${thousands(counted.parameters)} parameters`;
    const basis = store.get("basis");
    const keepsWeights = basis?.model === variant.id && fits(basis.structure, chosen());
    const need = keepsWeights ? "no weight has to be another." : "needs a fresh model.";
    const words = `${inWords({ ...variant, config })}${size}: ${need}`;
    setText(dueText, capital(words) + (trained && !keepsWeights ? ` ${trained} can be brought back.` : ""));
    setText(build, keepsWeights ? "Go on so" : "Build it");
  }

  /** Asks for the number of parameters. @param {ResolvedConfig & ModelConfig} config */
  async function count(config) {
    const asked = { config, parameters: /** @type {number | null} */ (null) };
    counted = asked;
    try {
      ({ parameters: asked.parameters } = await lab.describe(config));
    } catch (error) {
      // Building it shows why it cannot be built, and recovery reports a worker that is gone.
      return reportMistake(error);
    }
    if (counted === asked) showDue();
  }

  function show() {
    const [variant, info] = [variantOf(store), store.get("info")];
    element.hidden = !variant || !info;
    if (!variant || !info) return;
    const config = configOf(variant, chosen());
    if (isEqual(config, info.config)) draft = {};
    const [now, open] = [valuesOf({ ...variant, config }), valuesOf(info)];
    const convolutional = !isOfObjects(config) && config.encoder.kind === "conv";
    for (const { name, input, label, was, line } of fields) {
      line.hidden = !applies(name, { ...variant, config });
      const [value, before] = [now[name], open[name]];
      if (input !== document.activeElement || input.type !== "number") {
        input.value = String(value ?? "");
        input.setAttribute("aria-invalid", "false");
      }
      if (input instanceof HTMLInputElement) input.placeholder = value === null ? "mixed" : "";
      const changed = value !== before && !line.hidden;
      line.classList.toggle("changed", changed);
      setText(was, changed ? `now ${wordOf(name, before)}` : name === "noise" ? wordOf(name, value) : "");
      if (name === "layers") setText(label, convolutional ? "Convolutions" : NAMES.layers);
      if (name === "units") setText(label, convolutional ? "First channels" : NAMES.units);
    }
    for (const option of fields[0].input.querySelectorAll("option")) {
      // For a grid of codes, the sides can be halved only while they are even, because the decoder doubles them back.
      const odd = gridOf(variant) !== undefined && config.image.some((side) => side % 2 ** Number(option.value) !== 0);
      option.hidden = option.disabled = convolutional && (option.value === "0" || odd);
    }
    wrong.hidden = fields.every(({ input }) => input.getAttribute("aria-invalid") !== "true");
    const isDue = Object.keys(draft).length > 0;
    if (!isDue && pending.contains(document.activeElement)) summary.focus();
    pending.hidden = !isDue;
    showDue();
    const own = isOwn(store.controls);
    setText(caption, `${inWords(info)}${own ? ", your own" : ""}`);
    if (!own && document.activeElement === back) summary.focus();
    back.hidden = !own;
    setText(back, `Back to “${variant.title}”`);
  }

  return {
    update(changed) {
      if (changed.has("model") && store.get("model") !== draftModel) {
        draftModel = store.get("model");
        draft = {};
      }
      if (anyOf(changed, "basis", "presets", "model")) show();
      if (changed.has("training") || (changed.has("info") && !store.get("training"))) showDue();
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        for (const control of [...fields.map(({ input }) => input), build, discard, back]) control.disabled = !ready;
      }
    },
    destroy: () => element.replaceChildren(),
  };
}
