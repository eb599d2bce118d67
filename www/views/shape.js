// A network as a figure of its layers: the height of each shows the size of its picture, and the thickness its
// channels.

import { isOfObjects } from "../structure.js";
import { s } from "./dom.js";

/**
 * @import { ResolvedConfig } from "../types.js"
 */

/** @typedef {{ side: number, channels: number } | { units: number }} Layer */

/** For a model of objects: how many convolutions halve the canvas, and the side of the patch of an object. */
const HALVINGS = 3;
const PATCH = 28;

/**
 * @param {ResolvedConfig} config
 * @returns {Layer[]} from the picture to the last layer before the latents
 */
export function encoderLayers(config) {
  const { image } = config;
  const input = { side: image[0], channels: 1 };
  if (isOfObjects(config)) {
    const sideOf = (/** @type {number} */ index) => image[0] / 2 ** Math.min(index + 1, HALVINGS);
    return [input, ...config.channels.map((channels, index) => ({ side: sideOf(index), channels }))];
  }
  const { encoder } = config;
  if (encoder.kind === "dense") return [input, ...encoder.hidden.map((units) => ({ units }))];
  const valid = encoder.padding === "valid";
  let side = image[0];
  const convolutions = encoder.channels.map((channels) => {
    side = valid ? Math.floor((side - 3) / 2) + 1 : Math.ceil(side / 2);
    return { side, channels };
  });
  return [input, ...convolutions];
}

/**
 * @param {ResolvedConfig} config
 * @returns {Layer[]} from the first layer after the latents to the picture
 */
export function decoderLayers(config) {
  const { image } = config;
  const output = { side: image[0], channels: 1 };
  // Each object is painted on a patch, which is placed on the canvas.
  if (isOfObjects(config)) return [...config.hidden.map((units) => ({ units })), { side: PATCH, channels: 1 }, output];
  const { decoder } = config;
  if (decoder.kind === "dense") return [...decoder.hidden.map((units) => ({ units })), output];
  // With a shuffle, the last doubling makes the picture itself; otherwise a convolution at full size does.
  const doublings = decoder.channels.length - (decoder.upsample === "transposed" ? 1 : 0);
  const maps = decoder.channels.map((channels, index) => ({
    side: image[0] / 2 ** (doublings - index),
    channels,
  }));
  return [...maps, output];
}

/** @param {Layer} layer */
export const nameOf = (layer) =>
  "units" in layer ? `${layer.units}` : `${layer.channels}×${layer.side}×${layer.side}`;

const WIDTH = 150;
const HEIGHT = 150;
const GAP = 16;

/** @param {Layer} layer */
const heightOf = (layer) =>
  "units" in layer ? 24 + 9 * Math.log2(layer.units) : 22 + (HEIGHT - 22) * Math.sqrt(layer.side / 28);

/** @param {Layer} layer */
const thicknessOf = (layer) => ("units" in layer ? 10 : 6 + 3.2 * Math.log2(layer.channels));

/** Numbers the figures, because gradients are referred to by unique ids. */
let figures = 0;

/**
 * The layers in a row, with a band around them that is wide at the picture and narrow at the latents.
 *
 * @param {Layer[]} layers
 * @param {string} label
 */
export function figure(layers, label) {
  const thick = layers.map(thicknessOf);
  const free = WIDTH - thick.reduce((sum, one) => sum + one, 0);
  const gap = layers.length > 1 ? Math.max(free / (layers.length - 1), GAP / 4) : 0;
  let x = 0;
  const slabs = layers.map((layer, index) => {
    const height = Math.min(heightOf(layer), HEIGHT);
    const slab = { x, width: thick[index], y: (HEIGHT - height) / 2, height };
    x += thick[index] + gap;
    return slab;
  });
  const top = slabs.flatMap(({ x, y, width }) => [`${x},${y}`, `${x + width},${y}`]);
  const bottom = slabs
    .toReversed()
    .flatMap(({ x, y, width, height }) => [`${x + width},${y + height}`, `${x},${y + height}`]);
  const gradient = `flow-${++figures}`;
  const fill = `url(#${gradient})`;
  const stops = ["from", "middle", "to"].map((name, index) => s("stop", { class: name, offset: index / 2 }));
  const across = { gradientUnits: "userSpaceOnUse", x1: 0, x2: WIDTH, y1: 0, y2: 0 };
  return s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "network", role: "img", "aria-label": label },
    s("linearGradient", { id: gradient, ...across }, ...stops),
    s("polygon", { class: "band", fill, points: [...top, ...bottom].join(" ") }),
    ...slabs.map((slab, index) =>
      s(
        "rect",
        { class: "slab", fill, rx: 3, x: slab.x, y: slab.y, width: slab.width, height: slab.height },
        s("title", {}, nameOf(layers[index])),
      ),
    ),
  );
}
