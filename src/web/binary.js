// Which of the CPU flavour's two binaries runs here. They come of one source; the faster one multiplies and adds in one
// instruction (relaxed SIMD), which not every engine knows.

/** A module with one function, of such an instruction: `f32x4.relaxed_madd`. */
const PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // WebAssembly, version 1
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // a type: from nothing to a vector
  ...[3, 2, 1, 0], // a function of it
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0xfd, 0x85, 2, 0x0b],
);

/** The address of the binary. */
export const binary = () =>
  WebAssembly.validate(PROBE)
    ? new URL("latent_lab_relaxed_bg.wasm", import.meta.url)
    : new URL("latent_lab_bg.wasm", import.meta.url);
