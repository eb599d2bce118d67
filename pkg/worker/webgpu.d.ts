// The same `Lab` as of the flavour, with each model in a worker of its own; there is no `init` to call.

import type { Encoded, Lab as Same } from "../webgpu/latent_lab.js";

export type * from "../webgpu/latent_lab.js";
export declare const Lab: typeof Same;
export type Lab<Code extends Encoded = Encoded> = Same<Code>;
