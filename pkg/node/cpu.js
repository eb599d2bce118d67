// The CPU flavour under Node.js, whose `fetch` reads no files: `init()` reads the WebAssembly itself.

import { readFile } from "node:fs/promises";
import { binary } from "../cpu/binary.js";
import load from "../cpu/latent_lab.js";

export * from "../cpu/latent_lab.js";

/** @type {typeof load} */
export default async (source) => load(source ?? { module_or_path: await readFile(binary()) });
