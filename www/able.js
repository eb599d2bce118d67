// If the page cannot run, this module throws before anything begins, and the sentence that index.html has for that
// stays.

/** The smallest WebAssembly module with 128-bit vectors. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
  throw new Error("Latent Lab needs WebAssembly with SIMD.");
}
// Browsers that have this recent method also have module workers.
if (!("toSorted" in Array.prototype)) throw new Error("Latent Lab needs a browser of 2023 or later.");
