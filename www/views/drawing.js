// Where the user draws: with mouse, finger, pen or keys.

import { objectsOf } from "../model.js";
import { h, icon, setDisabled, setText } from "./dom.js";
import { Hand } from "./hand.js";
import { FIELD, Ink, point } from "./ink.js";
import { isUndo } from "./keys.js";

/**
 * @import { Parts, View } from "../types.js"
 */

/** Pixels of the shown canvas per pixel of the field. */
const SHARPNESS = 2;
/** How far an arrow key moves the pen; with Shift, a smaller step. */
const STRIDE = 14;
const SMALL_STRIDE = 4;

/** @type {{ [key: string]: [number, number] }} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} element
 * @param {Parts} parts
 * @returns {View}
 */
export function mount(element, { store, experiment }) {
  const canvas = h("canvas", {
    width: FIELD * SHARPNESS,
    height: FIELD * SHARPNESS,
    tabindex: 0,
    role: "application",
    "aria-label": "Drawing area",
    "aria-describedby": "drawing-keys",
  });
  const pen = h("span", { class: "pen", "aria-hidden": "true", hidden: true });
  const prompt = h("p", { class: "ask", hidden: true });
  const keys = h(
    "p",
    { id: "drawing-keys", class: "unseen" },
    "Arrow keys move the pen, Space puts it down and lifts it, Backspace takes the last stroke back, Delete clears.",
  );
  const undo = h("button", { type: "button", onclick: takeBack, title: "Undo (Ctrl+Z)" }, icon("undo"), "Undo");
  const clear = h("button", { type: "button", onclick: wipe }, icon("clear"), "Clear");
  const another = h(
    "button",
    { type: "button", "aria-label": "Another sample digit", onclick: () => void experiment.looking.nextSample() },
    icon("digit"),
    "Sample",
  );
  const board = h("div", { class: "board" }, canvas, pen, prompt);
  const row = h("div", { class: "row" }, undo, clear, another);
  element.append(board, row, keys);

  const ink = new Ink(canvas);
  let wasScene = false;
  /** The pen of the keyboard. */
  const cursor = { x: FIELD / 2, y: FIELD / 4, down: false };

  /** @param {PointerEvent} event */
  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = FIELD / box.width;
    const pressure = event.pointerType === "pen" ? event.pressure : undefined;
    return penAt((event.clientX - box.left) * scale, (event.clientY - box.top) * scale, pressure);
  };

  /** Side of a scene model's picture in pixels; the pen keeps its width in these pixels. */
  const sideOf = () => (isScene() ? store.get("info")?.config.image[0] : undefined);
  const isScene = () => objectsOf(store.get("info")) !== undefined;

  /** @param {number} x @param {number} y @param {number} [pressure] */
  const penAt = (x, y, pressure) => point(x, y, { pressure, side: sideOf() });

  /** @param {number} start time of the event */
  function onDrawn(start) {
    showState();
    void experiment.looking.draw({ bytes: ink.bytes(), height: FIELD, width: FIELD }, start);
  }

  function showState() {
    prompt.hidden = !ink.isEmpty;
    setDisabled(undo, !ink.canUndo, canvas);
    setDisabled(clear, ink.isEmpty, canvas);
  }

  /** Ends a stroke that is under way, because the drawing is about to change. */
  function lift() {
    hand.lift();
    cursor.down = false;
    showPen();
  }

  function takeBack() {
    const start = performance.now();
    if (!ink.canUndo) return;
    lift();
    ink.undo();
    onDrawn(start);
  }

  function wipe() {
    const start = performance.now();
    lift();
    ink.clear();
    onDrawn(start);
  }

  const hand = new Hand(canvas, {
    begin(event) {
      const start = performance.now();
      ink.begin(pointOf(event));
      onDrawn(start);
    },
    move(event) {
      const start = performance.now();
      const events = event.getCoalescedEvents?.() ?? [];
      for (const coalesced of events.length > 0 ? events : [event]) ink.extend(pointOf(coalesced));
      onDrawn(start);
    },
    cancel: takeBack,
  });

  /** @param {KeyboardEvent} event */
  function keyDown(event) {
    const start = performance.now();
    const direction = ARROWS[event.key];
    if (direction) {
      const stride = event.shiftKey ? SMALL_STRIDE : STRIDE;
      cursor.x = Math.min(Math.max(cursor.x + direction[0] * stride, 0), FIELD);
      cursor.y = Math.min(Math.max(cursor.y + direction[1] * stride, 0), FIELD);
      if (cursor.down) ink.extend(penAt(cursor.x, cursor.y));
    } else if (event.key === " ") {
      if (!event.repeat) cursor.down = !cursor.down;
      if (cursor.down && !event.repeat) ink.begin(penAt(cursor.x, cursor.y));
    } else if (event.key === "Backspace") return takeBack();
    else if (event.key === "Delete") return wipe();
    else return;
    event.preventDefault();
    showPen();
    if (cursor.down) onDrawn(start);
  }

  /** Shows the pen if the keyboard, not the mouse, has the focus. */
  function showPen() {
    pen.hidden = !canvas.matches(":focus-visible") || hand.isDown;
    pen.classList.toggle("down", cursor.down);
    pen.style.setProperty("--x", String(cursor.x / FIELD));
    pen.style.setProperty("--y", String(cursor.y / FIELD));
  }

  /** @param {KeyboardEvent} event */
  function shortcut(event) {
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "range";
    if (!isUndo(event) || typing) return;
    event.preventDefault();
    takeBack();
  }

  canvas.addEventListener("keydown", keyDown);
  canvas.addEventListener("focus", showPen);
  canvas.addEventListener("blur", () => {
    cursor.down = false;
    pen.hidden = true;
  });
  document.addEventListener("keydown", shortcut);

  return {
    update(changed) {
      if (changed.has("theme")) ink.recolor(getComputedStyle(element).getPropertyValue("--ink"));
      const sample = store.get("sample");
      if (changed.has("sample") && sample) {
        lift();
        ink.put({ pixels: sample.image, isInk: sample.isInk });
      }
      if (changed.has("phase")) {
        const ready = store.get("phase") === "ready";
        another.disabled = !ready;
        if (ready && !ink.isEmpty && !store.get("look")) onDrawn(performance.now());
      }
      if (changed.has("info") && isScene() !== wasScene) {
        wasScene = isScene();
        lift();
        ink.swap();
        showState();
      }
      if (changed.has("info")) {
        setText(prompt, isScene() ? "Draw two or three digits here, apart" : "Draw a digit here");
        another.setAttribute("aria-label", isScene() ? "Another sample scene" : "Another sample digit");
      }
      if (changed.has("phase") || changed.has("sample")) showState();
    },
    destroy() {
      document.removeEventListener("keydown", shortcut);
      element.replaceChildren(...element.querySelectorAll("h2"));
    },
  };
}
