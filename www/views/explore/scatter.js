// Points on a plane of latents: digits in the colours of their classes, and the user's own.

import { h } from "../dom.js";
import { Points } from "./points.js";

/**
 * @import { Codes, Encoding } from "../../types.js"
 * @import { Axes } from "./axes.js"
 * @import { Camera } from "./camera.js"
 * @import { Manifold } from "./manifold.js"
 * @import { Regions } from "./regions.js"
 */

/** Radius of a numbered place, in pixels. */
const NUMBER = 9;
/** Corners of an ellipse's polygon. */
const CORNERS = 72;

/**
 * @typedef {object} Scene
 * @property {Camera} camera
 * @property {Pick<Axes, "pair" | "scale">} axes
 * @property {ReadonlySet<number>} hidden classes that are not shown
 * @property {Pick<Codes, "mean" | "labels" | "latent" | "count"> | null} codes
 * @property {Encoding | null | undefined} encoding of the drawing
 * @property {Float32Array | null | undefined} latents that the user moved
 * @property {Pick<Manifold, "view" | "canvas">} manifold
 * @property {Regions | null} [regions] how the unit square is divided among the classes
 * @property {[number, number][]} [places] numbered places
 */

export class Scatter {
  canvas = h("canvas", { class: "scatter" });
  #context = this.canvas.getContext("2d");
  #style = getComputedStyle(this.canvas);
  #points = new Points();

  /** @param {string} name */
  #color(name) {
    return this.#style.getPropertyValue(name);
  }

  /** @param {Scene} scene */
  draw(scene) {
    const context = this.#context;
    const side = this.canvas.clientWidth;
    if (!context || side === 0) return;
    const pixels = Math.round(side * devicePixelRatio);
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, side, side);
    this.#drawManifold(context, side, scene);
    if (scene.regions) this.#drawSquare(context, side, scene.camera, scene.regions);
    else this.#drawAxes(context, side, scene.camera);
    if (scene.codes) {
      this.#points.draw(pixels, devicePixelRatio, scene, scene.codes);
      context.drawImage(this.#points.canvas, 0, 0, side, side);
    }
    this.#drawPlaces(context, side, scene);
    this.#drawOwn(context, side, scene);
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, camera: Camera, regions: Regions) => void} */
  #drawSquare(context, side, camera, { canvas, shares }) {
    const [left, top] = camera.toCanvas(0, 1, side);
    const [right] = camera.toCanvas(1, 1, side);
    context.imageSmoothingEnabled = false;
    if (shares.length > 0) context.drawImage(canvas, left, top, right - left, right - left);
    context.strokeStyle = this.#color("--line");
    context.strokeRect(left, top, right - left, right - left);
  }

  /** @type {(context: CanvasRenderingContext2D, side: number, scene: Scene) => void} */
  #drawPlaces(context, side, { camera, places = [] }) {
    context.font = `600 11px ${this.#style.fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 1.5;
    context.strokeStyle = this.#color("--reconstruction");
    const [paper, ink] = [this.#color("--surface"), this.#color("--text")];
    // The number of a place at the edge is moved so that all of it is visible; a place out of sight has none.
    const inside = (/** @type {number} */ at) =>
      at < 0 || at > side ? at : Math.min(Math.max(at, NUMBER + 1), side - NUMBER - 1);
    places.forEach(([x, y], index) => {
      const [across, down] = camera.toCanvas(x, y, side).map(inside);
      context.beginPath();
      context.arc(across, down, NUMBER, 0, 2 * Math.PI);
      context.fillStyle = paper;
      context.fill();
      context.stroke();
      context.fillStyle = ink;
      context.fillText(String(index + 1), across, down + 0.5);
    });
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

  /**
   * Draws the user's drawing, with its ellipses of one and two standard deviations, and the decoded place.
   *
   * @type {(context: CanvasRenderingContext2D, side: number, scene: Scene) => void}
   */
  #drawOwn(context, side, { camera, axes: { pair, scale }, encoding, latents }) {
    const surface = this.#color("--surface");
    /** @type {(x: number, y: number) => [number, number]} */
    const onCanvas = (x, y) => camera.toCanvas(scale.to(x), scale.to(y), side);
    /** @type {(latents: Float32Array, radius: number, fill: string) => void} */
    const dot = (latents, radius, fill) => {
      const [across, down] = onCanvas(latents[pair[0]], latents[pair[1]]);
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
      const [x, y] = pair.map((axis) => mean[axis]);
      context.strokeStyle = this.#color("--drawing");
      context.lineWidth = 2;
      for (const factor of log_variance ? [1, 2] : []) {
        const [width, height] = pair.map((axis) => Math.exp((log_variance?.[axis] ?? 0) / 2) * factor);
        context.beginPath();
        for (let step = 0; step < CORNERS; step += 1) {
          const angle = (2 * Math.PI * step) / CORNERS;
          context.lineTo(...onCanvas(x + width * Math.cos(angle), y + height * Math.sin(angle)));
        }
        context.closePath();
        context.stroke();
      }
      dot(mean, 6, this.#color("--drawing"));
    }
    if (latents && latents.length > 1) dot(latents, 5, this.#color("--latent"));
  }
}
