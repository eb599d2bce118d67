// The latents: the encoder's values, and those that the user sets.

import { latentsOf } from "../model.js";
import { h, inNats, setDisabled, setText } from "./dom.js";
import { Row } from "./latent-row.js";
import { klOf } from "./pixels.js";
import { Plane } from "./plane.js";

/**
 * @import { Look, Parts, View } from "../types.js"
 */

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const { looking } = experiment;
  const title = element.querySelector("h2");
  const list = h("ol", { class: "latent-rows" });
  const encoder = h("button", { type: "button", onclick: () => looking.setLatents([]) }, "Back to the encoder");
  const prior = h("button", { type: "button", onclick: () => looking.samplePrior() }, "Sample from the prior");
  const summary = h("p", { class: "nats" });
  const plane = new Plane({
    preview: (place) => looking.preview(place),
    leave: () => looking.endPreview(),
    choose: (place) => looking.setLatents(place),
  });
  element.append(plane.element, list, h("div", { class: "row" }, encoder, prior), summary);
  /** @type {Row[]} */
  const rows = [];

  /** @param {number} count */
  function build(count) {
    // Rows that stay are kept, so that they keep the focus.
    for (const { element } of rows.splice(count)) element.remove();
    for (let index = rows.length; index < count; index += 1) {
      rows.push(new Row(index, (value) => looking.setLatent(index, value)));
      list.append(rows[index].element);
    }
    plane.element.hidden = count !== 2;
    element.classList.toggle("with-plane", count === 2);
    if (title) setText(title, `Latent: ${count} ${count === 1 ? "number" : "numbers"}`);
  }

  /** @param {Look | null} latest */
  function show(latest) {
    // A look of an earlier model with another number of latents is not shown.
    const look = latest?.latents?.length === rows.length || !latest?.latents ? latest : null;
    const overrides = store.get("overrides");
    const encoding = look?.encoding;
    const config = store.get("info")?.config;
    const isRectified = config !== undefined && "code" in config && config.code === "relu";
    rows.forEach((row, index) => {
      const own = overrides[index] ?? null;
      const deviation = encoding?.log_variance ? Math.exp(encoding.log_variance[index] / 2) : 0;
      const value = own ?? look?.latents?.[index];
      row.show(value, encoding?.mean[index], deviation, own !== null, isRectified);
    });
    plane.show(look);
    setDisabled(
      encoder,
      overrides.every((value) => value === null),
      list.querySelector("input") ?? undefined,
    );
    setText(
      summary,
      encoding?.log_variance
        ? `The encoder tells ${inNats(klOf(encoding.mean, encoding.log_variance))} nats about it`
        : "",
    );
  }

  return {
    update(changed) {
      const info = store.get("info");
      if (changed.has("info") && info) {
        element.hidden = latentsOf(info) === 0;
        if (latentsOf(info) !== rows.length) build(latentsOf(info));
        prior.hidden = !info.calls.includes("sample");
      }
      if ((changed.has("look") || changed.has("overrides")) && rows.length > 0) show(store.get("look"));
      if (changed.has("phase") || changed.has("info")) {
        const ready = store.get("phase") === "ready";
        prior.disabled = !ready;
        rows.forEach((row) => row.enable(ready));
      }
    },
    destroy: () => element.replaceChildren(...element.querySelectorAll("h2")),
  };
}
