// The first worker, which starts while the page's other modules are still loading, because index.html loads this one
// first.

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
