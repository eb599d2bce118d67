// The first worker, which begins while the page's other modules are still on their way: index.html loads this one first.

const begin = () => new Worker(new URL("../worker.js", import.meta.url), { type: "module", name: "latent-lab" });

/** @type {Worker | undefined} */
let first = begin();
// Its script did not arrive; whoever asks gets another one, and learns what becomes of that.
first.onerror = (event) => {
  event.preventDefault();
  first = undefined;
};

/** A worker that nobody has yet. */
export function takeWorker() {
  const worker = first ?? begin();
  first = undefined;
  return worker;
}
