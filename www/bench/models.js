// Models C and D of the peer benchmark: the seeded data, weights and noise that every framework
// in the run is given, and the checkpoint that hands them to a Lab.

/** @typedef {import("../pkg/cpu/latent_lab.js").ModelConfig} ModelConfig */

/** Numbers in [0, 1): a Weyl sequence and two rounds of multiply-xorshift. */
function mixer(/** @type {number} */ seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
}

/** `n` numbers, uniform between `low` and `high`. */
export function uniform(
  /** @type {number} */ n,
  /** @type {number} */ seed,
  /** @type {number} */ low = 0,
  /** @type {number} */ high = 1,
) {
  const next = mixer(seed);
  return Float32Array.from({ length: n }, () => low + (high - low) * next());
}

/** `n` numbers from N(0, 1) by Box and Muller, one for each pair of draws. */
export function gauss(/** @type {number} */ n, /** @type {number} */ seed) {
  const next = mixer(seed);
  return Float32Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** @type {Record<string, ModelConfig & { latent: number }>} */
export const MODELS = {
  C: {
    family: "vae",
    encoder: { kind: "conv", channels: [32, 64], padding: "valid" },
    decoder: { kind: "conv", channels: [32, 64, 32], upsample: "transposed" },
    latent: 8,
  },
  D: { family: "vae", encoder: { kind: "dense", hidden: [256] }, latent: 2 },
};

/**
 * A kernel in TensorFlow's layout ([height, width, in, out], transposed [height, width, out, in],
 * dense [in, out]), uniform within Glorot's limit. `index` counts all parameters, biases too.
 */
function kernel(/** @type {number} */ index, /** @type {number[]} */ shape) {
  const receptive = shape.length === 4 ? shape[0] * shape[1] : 1;
  const limit = Math.sqrt(6 / (receptive * (shape[shape.length - 2] + shape[shape.length - 1])));
  return uniform(product(shape), 7000 + index, -limit, limit);
}

function product(/** @type {number[]} */ shape) {
  return shape.reduce((a, b) => a * b, 1);
}

/** Values with their axes in another order. */
function permute(/** @type {Float32Array} */ values, /** @type {number[]} */ shape, /** @type {number[]} */ order) {
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const target = order.map((axis) => shape[axis]);
  return values.map((_, index) => {
    let source = 0;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      source += (index % target[axis]) * strides[order[axis]];
      index = Math.floor(index / target[axis]);
    }
    return values[source];
  });
}

/** @typedef {{ name: string, shape: number[], data: Float32Array }} Tensor */

/** @returns {Tensor[]} */
function tensors(/** @type {string} */ model) {
  /** @type {(name: string, shape: number[], data?: Float32Array) => Tensor} */
  const tensor = (name, shape, data = new Float32Array(product(shape))) => ({ name, shape, data });
  if (model === "D") {
    const mean = kernel(2, [256, 2]);
    const logVariance = kernel(4, [256, 2]);
    const head = Float32Array.from({ length: 1024 }, (_, i) => {
      const half = i % 4 < 2 ? mean : logVariance;
      return half[2 * Math.floor(i / 4) + (i % 2)];
    });
    return [
      tensor("encoder.0.weight", [784, 256], kernel(0, [784, 256])),
      tensor("encoder.0.bias", [256]),
      tensor("encoder.head.weight", [256, 4], head),
      tensor("encoder.head.bias", [4]),
      tensor("decoder.0.weight", [2, 256], kernel(6, [2, 256])),
      tensor("decoder.0.bias", [256]),
      tensor("decoder.output.weight", [256, 784], kernel(8, [256, 784])),
      tensor("decoder.output.bias", [784]),
    ];
  }
  /** @type {(index: number, shape: number[]) => Float32Array} */
  const channelsFirst = (index, shape) => permute(kernel(index, shape), shape, [3, 2, 0, 1]);
  // A transposed convolution of stride 1 is a convolution with the kernel turned around.
  const last = kernel(12, [3, 3, 1, 32]);
  const turned = last.map((_, i) => last[(8 - Math.floor(i / 32)) * 32 + (i % 32)]);
  return [
    tensor("encoder.0.weight", [32, 1, 3, 3], channelsFirst(0, [3, 3, 1, 32])),
    tensor("encoder.0.bias", [32]),
    tensor("encoder.1.weight", [64, 32, 3, 3], channelsFirst(2, [3, 3, 32, 64])),
    tensor("encoder.1.bias", [64]),
    tensor("encoder.head.weight", [2304, 16], permute(kernel(4, [2304, 16]), [6, 6, 64, 16], [2, 0, 1, 3])),
    tensor("encoder.head.bias", [16]),
    tensor("decoder.0.weight", [8, 1568], permute(kernel(6, [8, 1568]), [8, 7, 7, 32], [0, 3, 1, 2])),
    tensor("decoder.0.bias", [1568]),
    tensor("decoder.1.weight", [32, 64, 3, 3], channelsFirst(8, [3, 3, 64, 32])),
    tensor("decoder.1.bias", [64]),
    tensor("decoder.2.weight", [64, 32, 3, 3], channelsFirst(10, [3, 3, 32, 64])),
    tensor("decoder.2.bias", [32]),
    tensor("decoder.output.weight", [1, 32, 3, 3], permute(turned, [3, 3, 1, 32], [2, 3, 0, 1])),
    tensor("decoder.output.bias", [1]),
  ];
}

/** A safetensors file of weights alone: Adam begins afresh at step 0. */
export function checkpoint(/** @type {string} */ model) {
  /** @type {Record<string, unknown>} */
  const header = {
    __metadata__: {
      format: "latent-lab",
      version: "1",
      config: JSON.stringify(MODELS[model]),
      run: JSON.stringify({ step: 0, seed: 1 }),
    },
  };
  const parts = tensors(model);
  let offset = 0;
  for (const { name, shape, data } of parts) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of parts) {
    file.set(new Uint8Array(data.buffer), at);
    at += data.byteLength;
  }
  return file;
}
