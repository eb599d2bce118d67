// The first worker, and the engine for it: both start while the page's other modules are still loading, because
// index.html loads this one first. Neither does where the page cannot run.

import "../able.js";
import { binary } from "../pkg/cpu/binary.js";

const engine = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "" });
engine.href = binary().href;
document.head.append(engine);

const begin = () => new Worker(new URL("../worker.js", import.meta.url), { type: "module", name: "latent-lab" });

/** @type {Worker | undefined} */
let first = begin();
// Its script did not arrive. The next caller gets a new worker, and sees whether that one starts.
first.onerror = (event) => {
  event.preventDefault();
  first = undefined;
};

/** A worker that is not in use yet. */
export function takeWorker() {
  const worker = first ?? begin();
  first = undefined;
  return worker;
}
