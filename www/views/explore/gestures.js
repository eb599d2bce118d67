// How a plane is pointed at, moved and zoomed: with mouse, fingers or keys.

import { ZOOM } from "./camera.js";

/**
 * @import { Camera } from "./camera.js"
 */

/** What the hand does before it is a drag, in pixels. */
const SLACK = 4;
/** What an arrow key moves, as a share of what is seen; with Shift, a smaller one. */
const STRIDE = 0.05;
const SMALL_STRIDE = 0.01;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {{ x: number, y: number }} Place */

/**
 * @typedef {object} Actions
 * @property {(place: [number, number]) => void} choose
 * @property {(view: { x: number, y: number, reach: number }) => void} moveTo
 * @property {() => void} goHome
 * @property {() => [number, number]} now the place that is chosen
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Camera} camera
 * @param {Actions} actions
 */
export function listen(canvas, camera, { choose, moveTo, goHome, now }) {
  /** @type {Map<number, Place>} pointers that are down */
  const held = new Map();
  let travelled = 0;

  /** @param {Place} place */
  const toPlane = ({ x, y }) => camera.toPlane(x, y, canvas.clientWidth);

  /** @type {(from: Place, to: Place) => void} */
  function pan(from, to) {
    const scale = (2 * camera.reach) / canvas.clientWidth;
    moveTo({ x: camera.x - (to.x - from.x) * scale, y: camera.y + (to.y - from.y) * scale, reach: camera.reach });
  }

  /** @type {(from: Place, to: Place, other: Place) => void} */
  function pinch(from, to, other) {
    const apart = (/** @type {Place} */ place) => Math.max(Math.hypot(place.x - other.x, place.y - other.y), 1);
    camera.zoom(apart(to) / apart(from), toPlane(other));
    moveTo(camera);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const place = { x: event.offsetX, y: event.offsetY };
    held.set(event.pointerId, place);
    travelled = 0;
    if (held.size === 1) choose(toPlane(place));
  });

  canvas.addEventListener("pointermove", (event) => {
    const from = held.get(event.pointerId);
    const to = { x: event.offsetX, y: event.offsetY };
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (from) held.set(event.pointerId, to);
    if (from && other) pinch(from, to, other);
    else if (from && event.pointerType === "mouse") {
      travelled += Math.hypot(to.x - from.x, to.y - from.y);
      if (travelled > SLACK) pan(from, to);
    } else choose(toPlane(to)); // A finger decodes where it goes, a mouse wherever it is.
  });

  const release = (/** @type {PointerEvent} */ event) => held.delete(event.pointerId);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      camera.zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, toPlane({ x: event.offsetX, y: event.offsetY }));
      moveTo(camera);
    },
    { passive: false },
  );

  canvas.addEventListener("keydown", (event) => {
    const direction = ARROWS[event.key];
    if (direction) {
      const step = 2 * camera.reach * (event.shiftKey ? SMALL_STRIDE : STRIDE);
      const at = now();
      const [x, y] = [at[0] + direction[0] * step, at[1] + direction[1] * step];
      choose([x, y]);
      // The view goes along with what would leave it.
      const over = (/** @type {number} */ far) => Math.sign(far) * Math.max(Math.abs(far) - camera.reach, 0);
      const [right, up] = [over(x - camera.x), over(y - camera.y)];
      if (right !== 0 || up !== 0) moveTo({ x: camera.x + right, y: camera.y + up, reach: camera.reach });
    } else if (event.key === "+" || event.key === "-") {
      camera.zoom(event.key === "+" ? ZOOM : 1 / ZOOM, now());
      moveTo(camera);
    } else if (event.key === "0") goHome();
    else return;
    event.preventDefault();
  });
}
