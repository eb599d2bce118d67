// Pointing at a plane, moving and zooming it with mouse, fingers or keys.

import { ZOOM } from "./camera.js";

/**
 * @import { Camera, View } from "./camera.js"
 */

/** A pointer that moves less than this, in pixels, is not dragging. */
const SLACK = 4;
/** The wheel zooms by a factor of e for this many pixels; and the pixels of a line, if a wheel counts in lines. */
const PIXELS = 200;
const LINE = 33;
/** How far an arrow key moves, as a share of the visible side; with Shift, a smaller step. */
const STRIDE = 0.05;
const SMALL_STRIDE = 0.01;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {{ x: number, y: number }} Place */

/**
 * @typedef {object} Actions
 * @property {(place: [number, number]) => void} preview the place under the pointer
 * @property {() => void} leave ends the preview without choosing
 * @property {(place: [number, number]) => void} choose
 * @property {(view: View) => void} moveTo
 * @property {() => void} goHome
 * @property {() => [number, number]} now the chosen place
 * @property {() => View | undefined} all the view that contains everything
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Camera} camera
 * @param {Actions} actions
 */
export function listen(canvas, camera, { preview, leave, choose, moveTo, goHome, now, all }) {
  /** @type {Map<number, Place>} pointers that are down */
  const pressed = new Map();
  /** The last place of a pointer, and the current scale of a trackpad gesture. */
  let pointed = { x: 0, y: 0 };
  let scale = 1;
  let travelled = 0;
  /** Whether the view was moved since the pointer came down; then no place is chosen. */
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
    const distance = (/** @type {Place} */ place) => Math.max(Math.hypot(place.x - other.x, place.y - other.y), 1);
    camera.zoom(distance(to) / distance(from), toPlane(other), all());
    moveTo(camera);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, placeOf(event));
    travelled = 0;
    isMoved = pressed.size > 1;
    if (isMoved) leave();
    else preview(toPlane(placeOf(event)));
  });

  canvas.addEventListener("pointermove", (event) => {
    const from = pressed.get(event.pointerId);
    const to = (pointed = placeOf(event));
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (from) {
      pressed.set(event.pointerId, to);
      travelled += Math.hypot(to.x - from.x, to.y - from.y);
    }
    if (from && other) pinch(from, to, other);
    else if (from && (event.pointerType === "mouse" || isMoved)) {
      isMoved ||= travelled > SLACK;
      if (isMoved) pan(from, to);
    } else preview(toPlane(to)); // A finger previews where it moves, a mouse wherever it hovers.
  });

  canvas.addEventListener("pointerup", (event) => {
    if (!pressed.delete(event.pointerId) || isMoved) return;
    // A finger that moved was only looking around, so the previous place comes back.
    if (travelled > SLACK) leave();
    else choose(toPlane(placeOf(event)));
  });
  canvas.addEventListener("pointercancel", (event) => {
    pressed.delete(event.pointerId);
    leave();
  });
  canvas.addEventListener("pointerleave", leave);

  canvas.addEventListener(
    "wheel",
    (event) => {
      // A pinch on a trackpad arrives as a wheel event with Ctrl; any other wheel event scrolls the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const pixels = event.deltaY * [1, LINE, canvas.clientHeight][event.deltaMode];
      camera.zoom(Math.exp(-pixels / PIXELS), toPlane(placeOf(event)), all());
      moveTo(camera);
    },
    { passive: false },
  );

  // Safari has its own events for trackpad gestures, and would zoom the page. On a touch screen, fingers are pointers
  // too.
  for (const name of ["gesturestart", "gesturechange"]) {
    canvas.addEventListener(name, (event) => {
      event.preventDefault();
      if (pressed.size > 0 || !("scale" in event)) return;
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
      // The view follows a place that would leave it.
      const excess = (/** @type {number} */ offset) => Math.sign(offset) * Math.max(Math.abs(offset) - camera.reach, 0);
      const [right, up] = [excess(x - camera.x), excess(y - camera.y)];
      if (right !== 0 || up !== 0) moveTo({ x: camera.x + right, y: camera.y + up, reach: camera.reach });
    } else if (event.key === "+" || event.key === "-") {
      camera.zoom(event.key === "+" ? ZOOM : 1 / ZOOM, now(), all());
      moveTo(camera);
    } else if (event.key === "0") goHome();
    else return;
    event.preventDefault();
  });
}
