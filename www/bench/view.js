// A button that measures the machine, how far that is, and a small table of what was found.

import { offer } from "../experiment/files.js";
import { h, setText } from "../views/dom.js";
import { measureMachine, nameOf } from "./machine.js";

/**
 * @import { Report, Result } from "./machine.js"
 */

/** @param {Result | undefined} result */
function textOf(result) {
  if (!result) return "";
  const { value, unit, error } = result;
  if (value === undefined) return error ?? "";
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} ${unit}`;
}

/** A row for each thing that was measured, a column for each way to compute it. @param {readonly Result[]} results */
function tableOf(results) {
  const engines = [...new Set(results.map(nameOf))];
  const things = [...new Set(results.map(({ what }) => what))];
  const cell = (/** @type {string} */ what, /** @type {string} */ engine) =>
    h("td", { class: "number" }, textOf(results.find((one) => one.what === what && nameOf(one) === engine)));
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, h("td"), ...engines.map((engine) => h("th", { scope: "col" }, engine)))),
    h(
      "tbody",
      {},
      ...things.map((what) =>
        h("tr", {}, h("th", { scope: "row" }, what), ...engines.map((engine) => cell(what, engine))),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} element
 * @param {() => Promise<void>} [rest] resolves when nothing else computes any more
 */
export function offerMeasuring(element, rest) {
  /** @type {AbortController | undefined} */
  let running;
  /** @type {Report | undefined} */
  let report;
  const button = h("button", { type: "button", onclick: () => (running ? running.abort() : void measure()) });
  const save = h("button", { type: "button", hidden: true, onclick: keep }, "Save as JSON");
  const state = h("p", { class: "hint", role: "status" });
  const found = h("div", { class: "found" });
  element.append(
    h("header", {}, h("h2", {}, "This machine"), h("div", { class: "buttons" }, button, save)),
    state,
    found,
  );
  show();

  /** @param {string} [words] */
  function show(words = "How fast is it? A minute of training and drawing tells. Nothing leaves this page.") {
    setText(button, running ? "Stop" : report ? "Measure again" : "Measure this machine");
    save.hidden = !report || !!running;
    setText(state, words);
  }

  async function measure() {
    running = new AbortController();
    report = undefined;
    show("One moment");
    try {
      await rest?.();
      report = await measureMachine(running.signal, (share, what, results) => {
        show(`${Math.round(100 * share)} % measured. ${what}`);
        found.replaceChildren(tableOf(results));
      });
      running = undefined;
      show(
        "Measured with nothing else of this page under way. What else the machine does counts too: twice is better.",
      );
    } catch (error) {
      const wasStopped = running?.signal.aborted;
      running = undefined;
      show(wasStopped ? undefined : `It could not be measured: ${error instanceof Error ? error.message : error}.`);
    }
  }

  function keep() {
    const json = JSON.stringify(report, null, 2);
    offer(new TextEncoder().encode(json), "latent-lab-machine.json");
  }
}
