// The part of a plane of latents that is visible, and how to move it.

/** How far a key zooms. */
export const ZOOM = 1.25;
/** A standard normal prior lies within this. With it as the least reach, a cloud that shrinks is seen to shrink. */
export const PRIOR = 3;
const NEAREST = 0.05;
const FARTHEST = 2000;

/** @typedef {{ x: number, y: number, reach: number }} View the centre, and half of the side, in latents */

/** @type {(value: number, low: number, high: number) => number} */
const within = (value, low, high) => Math.min(Math.max(value, low), high);

export class Camera {
  /** Centre of the visible square, and half of its side, in latents. */
  x = 0;
  y = 0;
  reach = 4;

  /** @param {View} view */
  look({ x, y, reach }) {
    [this.x, this.y, this.reach] = [x, y, within(reach, NEAREST, FARTHEST)];
  }

  /**
   * The place on a canvas of the given side, in pixels.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} side
   * @returns {[number, number]}
   */
  toCanvas(x, y, side) {
    const scale = side / (2 * this.reach);
    return [side / 2 + (x - this.x) * scale, side / 2 - (y - this.y) * scale];
  }

  /**
   * @param {number} across
   * @param {number} down
   * @param {number} side
   * @returns {[number, number]}
   */
  toPlane(across, down, side) {
    const scale = (2 * this.reach) / side;
    return [this.x + (across - side / 2) * scale, this.y - (down - side / 2) * scale];
  }

  /**
   * Zooms in or out around a fixed place. Zooming out ends when everything is visible.
   *
   * @param {number} factor
   * @param {[number, number]} around
   * @param {View} [all]
   */
  zoom(factor, [x, y], all = { x: 0, y: 0, reach: FARTHEST }) {
    const reach = within(this.reach / factor, NEAREST, Math.max(all.reach, this.reach));
    const share = reach / this.reach;
    this.look({ x: x + (this.x - x) * share, y: y + (this.y - y) * share, reach });
    if (factor >= 1) return;
    // When zooming out, the view must not reach beyond the view of everything.
    const slack = Math.abs(all.reach - reach);
    this.x = within(this.x, all.x - slack, all.x + slack);
    this.y = within(this.y, all.y - slack, all.y + slack);
  }

  /** A key that differs between any two views. */
  get key() {
    return `${this.x} ${this.y} ${this.reach}`;
  }
}

/**
 * The view that contains nearly all points: for each latent, all but the outermost.
 *
 * @param {Float32Array} mean
 * @param {number} count
 * @param {number} latent
 * @param {[number, number]} axes
 * @param {number} [least] the least half of the side
 */
export function around(mean, count, latent, axes, least = 0.1) {
  const [low, high] = [0.005, 0.995];
  const spans = axes.map((axis) => {
    const values = Float32Array.from({ length: count }, (_, index) => mean[index * latent + axis]).sort();
    return [values[Math.floor(low * (count - 1))] ?? -4, values[Math.ceil(high * (count - 1))] ?? 4];
  });
  const reach = Math.max(...spans.map(([low, high]) => (high - low) / 2), least) * 1.1;
  const [x, y] = spans.map(([low, high]) => (low + high) / 2);
  return { x, y, reach };
}

/**
 * A view that contains a box with a small margin.
 *
 * @param {[low: number, high: number][]} box
 * @returns {View}
 */
export function holding(box) {
  const [x, y] = box.map(([low, high]) => (low + high) / 2);
  return { x, y, reach: 1.02 * Math.max(...box.map(([low, high]) => (high - low) / 2)) };
}
