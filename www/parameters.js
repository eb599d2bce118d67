// How many numbers a configuration trains.

import { isGrid } from "./grid.js";

/**
 * @import { PriorConfig, ResolvedConfig, ResolvedGrid } from "./types.js"
 */

/** Numbers that a 3 x 3 convolution trains. @param {number} inputs @param {number} outputs */
const kernel = (inputs, outputs) => 9 * inputs * outputs;

/** @param {readonly number[]} sizes from the first to the last of dense layers, biases included */
const denseParameters = (sizes) => sizes.slice(1).reduce((sum, size, at) => sum + (sizes[at] + 1) * size, 0);

/**
 * Convolutions one after the other, biases included.
 *
 * @param {readonly number[]} channels
 */
const convolved = (channels) => channels.reduce((sum, next, at) => sum + kernel(channels[at - 1] ?? 1, next) + next, 0);

/**
 * From a decoder's first feature map on.
 *
 * @param {ResolvedConfig["decoder"] & { kind: "conv" }} decoder
 * @param {boolean} shared whether there is one bias of the output
 */
function painted({ channels, upsample }, shared) {
  // Before a shuffle a convolution makes four times the channels.
  const fold = upsample === "transposed" ? 1 : 4;
  const doubled = channels.slice(1).map((next, at) => kernel(channels[at], fold * next) + fold * next);
  return doubled.reduce((a, b) => a + b, 0) + kernel(channels.at(-1) ?? 1, fold) + (shared ? fold : 0);
}

/**
 * Of a gated PixelCNN over so many codes: five maps a layer, then two.
 *
 * @param {PriorConfig} prior
 * @param {number} size
 */
function priorParameters({ channels, layers, classes }, size) {
  const gates = 2 * channels;
  const layer =
    (6 * channels + 1) * gates +
    (gates + 1) * gates +
    (2 * channels + 1) * gates +
    (channels + 1) * channels +
    (classes + 2) * gates;
  return size * channels + layers * layer + (channels + 1) * channels + (channels + 1) * size;
}

/** @param {ResolvedGrid} config */
function gridParameters({ family, encoder, decoder, codebook, image, output_bias, prior }) {
  if (encoder.kind !== "conv" || decoder.kind !== "conv") return 0;
  const { size, dimension } = codebook;
  const said = family === "dvae" ? size : dimension;
  const shared = output_bias === "shared";
  return (
    convolved(encoder.channels) +
    kernel(encoder.channels.at(-1) ?? 1, said) +
    said +
    size * dimension +
    (dimension + 1) * decoder.channels[0] +
    painted(decoder, shared) +
    (shared ? 0 : image[0] * image[1]) +
    (prior ? priorParameters(prior, size) : 0)
  );
}

/**
 * How many numbers a configuration trains.
 *
 * @param {ResolvedConfig} config
 */
export function parametersOf(config) {
  if (isGrid(config)) return gridParameters(config);
  const { family, encoder, head, decoder, latent, image, output_bias } = config;
  const pixels = image[0] * image[1];
  const outputs = family === "vae" ? 2 * latent : latent;
  let count = 0;
  if (encoder.kind === "dense") {
    count += denseParameters([pixels, ...encoder.hidden, outputs]);
  } else {
    const { channels, padding } = encoder;
    count += convolved(channels);
    const shrunk = (/** @type {number} */ side) =>
      padding === "valid" ? Math.floor((side - 1) / 2) : Math.ceil(side / 2);
    const positions = image.map((side) => channels.reduce(shrunk, side)).reduce((a, b) => a * b);
    count += denseParameters([(channels.at(-1) ?? 1) * (head === "pooled" ? 1 : positions), outputs]);
  }
  if (decoder.kind === "dense") return count + denseParameters([latent, ...decoder.hidden, pixels]);
  const { channels, upsample } = decoder;
  const doublings = channels.length - (upsample === "transposed" ? 1 : 0);
  count += denseParameters([latent, (channels[0] * pixels) / 4 ** doublings]);
  const shared = output_bias === "shared";
  return count + painted(decoder, shared) + (shared ? 0 : pixels);
}
