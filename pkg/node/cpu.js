// The CPU flavour under Node.js, whose `fetch` reads no files: `init()` reads the WebAssembly itself.

import { readFile } from "node:fs/promises";
import load from "../cpu/latent_lab.js";

export * from "../cpu/latent_lab.js";

const read = () => readFile(new URL("../cpu/latent_lab_bg.wasm", import.meta.url));

/** @type {typeof load} */
export default async (source) => load(source ?? { module_or_path: await read() });
