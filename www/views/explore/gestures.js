// How a plane is pointed at, moved and zoomed: with mouse, fingers or keys.

import { ZOOM } from "./camera.js";

/**
 * @import { Camera, View } from "./camera.js"
 */

/** What the hand does before it is a drag, in pixels. */
const SLACK = 4;
/** How far the wheel zooms: by e for so many pixels; and those of a line, where a wheel counts in lines. */
const PIXELS = 200;
const LINE = 33;
/** What an arrow key moves, as a share of what is seen; with Shift, a smaller one. */
const STRIDE = 0.05;
const SMALL_STRIDE = 0.01;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {{ x: number, y: number }} Place */

/**
 * @typedef {object} Actions
 * @property {(place: [number, number]) => void} preview a place that is pointed at
 * @property {() => void} leave it for what was there before
 * @property {(place: [number, number]) => void} choose
 * @property {(view: View) => void} moveTo
 * @property {() => void} goHome
 * @property {() => [number, number]} now the place that is chosen
 * @property {() => View | undefined} all the view that has all in it
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Camera} camera
 * @param {Actions} actions
 */
export function listen(canvas, camera, { preview, leave, choose, moveTo, goHome, now, all }) {
  /** @type {Map<number, Place>} pointers that are down */
  const held = new Map();
  /** Where a pointer was last, and how far apart a trackpad's fingers have gone. */
  let pointed = { x: 0, y: 0 };
  let scale = 1;
  let travelled = 0;
  /** Whether the hand has moved the view since it came down: then it chooses no place. */
  let isMoved = false;

  /** @param {MouseEvent} event @returns {Place} */
  const placeOf = ({ offsetX: x, offsetY: y }) => ({ x, y });
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
    camera.zoom(apart(to) / apart(from), toPlane(other), all());
    moveTo(camera);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, placeOf(event));
    travelled = 0;
    isMoved = held.size > 1;
    if (isMoved) leave();
    else preview(toPlane(placeOf(event)));
  });

  canvas.addEventListener("pointermove", (event) => {
    const from = held.get(event.pointerId);
    const to = (pointed = placeOf(event));
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (from) {
      held.set(event.pointerId, to);
      travelled += Math.hypot(to.x - from.x, to.y - from.y);
    }
    if (from && other) pinch(from, to, other);
    else if (from && (event.pointerType === "mouse" || isMoved)) {
      isMoved ||= travelled > SLACK;
      if (isMoved) pan(from, to);
    } else preview(toPlane(to)); // A finger decodes where it goes, a mouse wherever it is.
  });

  canvas.addEventListener("pointerup", (event) => {
    if (!held.delete(event.pointerId) || isMoved) return;
    // A finger that went on looked around: what was there before is back.
    if (travelled > SLACK) leave();
    else choose(toPlane(placeOf(event)));
  });
  canvas.addEventListener("pointercancel", (event) => {
    held.delete(event.pointerId);
    leave();
  });
  canvas.addEventListener("pointerleave", leave);

  canvas.addEventListener(
    "wheel",
    (event) => {
      // Fingers that pinch a trackpad come as a wheel with Ctrl; any other wheel scrolls the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const pixels = event.deltaY * [1, LINE, canvas.clientHeight][event.deltaMode];
      camera.zoom(Math.exp(-pixels / PIXELS), toPlane(placeOf(event)), all());
      moveTo(camera);
    },
    { passive: false },
  );

  // Safari has events of its own for a trackpad's fingers, and zooms the page. On a screen they come as pointers too.
  for (const name of ["gesturestart", "gesturechange"]) {
    canvas.addEventListener(name, (event) => {
      event.preventDefault();
      if (held.size > 0 || !("scale" in event)) return;
      const before = name === "gesturestart" ? 1 : scale;
      scale = Number(event.scale);
      camera.zoom(scale / before, toPlane(pointed), all());
      moveTo(camera);
    });
  }

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
      camera.zoom(event.key === "+" ? ZOOM : 1 / ZOOM, now(), all());
      moveTo(camera);
    } else if (event.key === "0") goHome();
    else return;
    event.preventDefault();
  });
}
