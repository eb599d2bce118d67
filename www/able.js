// Where the page cannot run, nothing of it begins, and the sentence that index.html has for that stays.

// What browsers learned last of all that is needed here: with it come SIMD and workers of modules.
if (typeof WebAssembly !== "object" || !("toSorted" in Array.prototype)) {
  throw new Error("Latent Lab needs WebAssembly and a browser of 2023 or later.");
}
