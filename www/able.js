// Where the page cannot run, nothing of it begins, and the sentence that index.html has for that stays.

/** The smallest module that has vectors of 128 bits in it. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
  throw new Error("Latent Lab needs WebAssembly with SIMD.");
}
// With what browsers learned last of JavaScript come workers of modules.
if (!("toSorted" in Array.prototype)) throw new Error("Latent Lab needs a browser of 2023 or later.");
