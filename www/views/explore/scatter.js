// Points on a plane of latents: digits in the colours of their classes, and the user's own.

import { h } from "../dom.js";

/**
 * @import { Codes, Encoding } from "../../types.js"
 * @import { Camera } from "./camera.js"
 * @import { Manifold } from "./manifold.js"
 */

export const CLASSES = 10;

/**
 * @typedef {object} Scene
 * @property {Camera} camera
 * @property {[number, number]} axes the latents across and up
 * @property {ReadonlySet<number>} hidden classes that are not shown
 * @property {Codes | null} codes
 * @property {Encoding | null | undefined} encoding of the drawing
 * @property {Float32Array | null | undefined} latents that the user moved
 * @property {Manifold} manifold
 */

export class Scatter {
  canvas = h("canvas", { class: "scatter", tabindex: 0, role: "application" });
  #context = this.canvas.getContext("2d");
  #style = getComputedStyle(this.canvas);

  /** @param {string} name */
  #color(name) {
    return this.#style.getPropertyValue(name);
  }

  /** @param {Scene} scene */
  draw(scene) {
    const context = this.#context;
    const side = this.canvas.clientWidth;
    if (!context || side === 0) return;
    const sharp = Math.round(side * devicePixelRatio);
    if (this.canvas.width !== sharp) this.canvas.width = this.canvas.height = sharp;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, side, side);
    this.#drawManifold(context, side, scene);
    this.#drawAxes(context, side, scene.camera);
    if (scene.codes) this.#drawCodes(context, side, scene, scene.codes);
    this.#drawOwn(context, side, scene);
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, scene: Scene) => void} */
  #drawManifold(context, side, { camera, manifold }) {
    if (!manifold.view) return;
    const { x, y, reach } = manifold.view;
    const [left, top] = camera.toCanvas(x - reach, y + reach, side);
    const [right] = camera.toCanvas(x + reach, y, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(manifold.canvas, left, top, right - left, right - left);
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, camera: Camera) => void} */
  #drawAxes(context, side, camera) {
    const [across, down] = camera.toCanvas(0, 0, side);
    context.strokeStyle = this.#color("--line");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, down);
    context.lineTo(side, down);
    context.moveTo(across, 0);
    context.lineTo(across, side);
    context.stroke();
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, scene: Scene, codes: Codes) => void} */
  #drawCodes(context, side, { camera, axes, hidden, manifold }, { mean, labels, latent, count }) {
    const size = Math.max(2, side / 180);
    const scale = side / (2 * camera.reach);
    const [left, top] = [side / 2 - camera.x * scale - size / 2, side / 2 + camera.y * scale - size / 2];
    context.globalAlpha = manifold.view ? 0.9 : 0.7;
    // A class at a time: to change the colour for each point would take longer than the points.
    for (let label = 0; label < (labels ? CLASSES : 1); label += 1) {
      if (labels && hidden.has(label)) continue;
      context.fillStyle = this.#color(labels ? `--class-${label}` : "--latent");
      for (let index = 0; index < count; index += 1) {
        if (labels && labels[index] !== label) continue;
        const at = index * latent;
        context.fillRect(left + mean[at + axes[0]] * scale, top - mean[at + axes[1]] * scale, size, size);
      }
    }
    context.globalAlpha = 1;
  }

  /**
   * The drawing, with its ellipses of one and two standard deviations, and the place that is decoded.
   *
   * @type {(context: CanvasRenderingContext2D, side: number, scene: Scene) => void}
   */
  #drawOwn(context, side, { camera, axes, encoding, latents }) {
    const scale = side / (2 * camera.reach);
    const surface = this.#color("--surface");
    /** @type {(latents: Float32Array, radius: number, fill: string) => void} */
    const dot = (latents, radius, fill) => {
      const [across, down] = camera.toCanvas(latents[axes[0]], latents[axes[1]], side);
      context.beginPath();
      context.arc(across, down, radius, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = surface;
      context.stroke();
    };
    if (encoding && encoding.mean.length > 1) {
      const { mean, log_variance } = encoding;
      const [across, down] = camera.toCanvas(mean[axes[0]], mean[axes[1]], side);
      context.strokeStyle = this.#color("--drawing");
      context.lineWidth = 2;
      for (const times of log_variance ? [1, 2] : []) {
        const [wide, high] = axes.map((axis) => Math.exp((log_variance?.[axis] ?? 0) / 2) * scale * times);
        context.beginPath();
        context.ellipse(across, down, wide, high, 0, 0, 2 * Math.PI);
        context.stroke();
      }
      dot(mean, 6, this.#color("--drawing"));
    }
    if (latents && latents.length > 1) dot(latents, 5, this.#color("--latent"));
  }
}
