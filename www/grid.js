// Codes: what a model says of the cells of a grid, in place of latents.

/**
 * @import { ResolvedAutoencoder, ResolvedConfig, ResolvedGrid } from "./types.js"
 */

/** @param {ResolvedConfig} config @returns {config is ResolvedGrid} */
export const isGrid = (config) => config.family === "vq_vae" || config.family === "dvae";

/** @param {ResolvedConfig | undefined} config @returns {ResolvedGrid | undefined} */
export const gridOf = (config) => (config && isGrid(config) ? config : undefined);

/** @param {ResolvedConfig | undefined} config @returns {ResolvedAutoencoder | undefined} */
export const autoencoderOf = (config) => (config && !isGrid(config) ? config : undefined);

/**
 * Height and width of the grid: the encoder's last feature map.
 *
 * @param {ResolvedGrid} config
 */
export function sidesOf({ encoder, image }) {
  const halvings = encoder.kind === "conv" ? encoder.channels : [];
  return image.map((side) => halvings.reduce((side) => Math.ceil(side / 2), side));
}

/** Numbers of a latent; of codes there are none. @param {ResolvedConfig | undefined} config */
export const latentsOf = (config) => autoencoderOf(config)?.latent ?? 0;

/** Numbers that are said of a picture: latents, or the codes of its cells. @param {ResolvedConfig} config */
export const lengthOf = (config) => (isGrid(config) ? sidesOf(config).reduce((a, b) => a * b) : config.latent);
