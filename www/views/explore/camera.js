// Which part of a plane of latents is seen, and how to move it.

/** How far a key zooms. */
export const ZOOM = 1.25;
/** A prior of deviation 1 is within so many; a cloud that shrinks is seen to. */
export const PRIOR = 3;
const NEAREST = 0.05;
const FARTHEST = 2000;

/** @typedef {{ x: number, y: number, reach: number }} View its middle, and half of its side, in latents */

/** @type {(value: number, low: number, high: number) => number} */
const within = (value, low, high) => Math.min(Math.max(value, low), high);

export class Camera {
  /** Middle of what is seen, and half of its side, in latents. */
  x = 0;
  y = 0;
  reach = 4;

  /** @param {View} view */
  look({ x, y, reach }) {
    [this.x, this.y, this.reach] = [x, y, within(reach, NEAREST, FARTHEST)];
  }

  /**
   * The place on a canvas of this side, in pixels.
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
   * Nearer or farther, around a place that stays where it is. Farther ends where all is seen.
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
    // On the way out no part of the view is beyond all that there is to be seen.
    const slack = Math.abs(all.reach - reach);
    this.x = within(this.x, all.x - slack, all.x + slack);
    this.y = within(this.y, all.y - slack, all.y + slack);
  }

  /** What tells one view from another. */
  get key() {
    return `${this.x} ${this.y} ${this.reach}`;
  }
}

/**
 * The view that has nearly all points in it: of each latent, all but the outermost.
 *
 * @param {Float32Array} mean
 * @param {number} count
 * @param {number} latent
 * @param {[number, number]} axes
 * @param {number} [least] half of the side, at least
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
 * A view that holds a box, and a little more.
 *
 * @param {[low: number, high: number][]} box
 * @returns {View}
 */
export function holding(box) {
  const [x, y] = box.map(([low, high]) => (low + high) / 2);
  return { x, y, reach: 1.02 * Math.max(...box.map(([low, high]) => (high - low) / 2)) };
}
