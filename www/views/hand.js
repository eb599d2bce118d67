// Drawing, painting or erasing on an element with one pointer at a time. Two fingers zoom the page and draw nothing.
// While somebody writes with a pen, a touch is taken to be the palm.

/**
 * @typedef {object} Stroke
 * @property {(event: PointerEvent) => void} begin
 * @property {(event: PointerEvent) => void} move
 * @property {() => void} [end]
 * @property {() => void} cancel undoes what was made since the stroke began
 */

/** In milliseconds. The fingers of a pinch arrive within this time, so a finger that does not move waits for it. */
const ALONE_AFTER = 80;
/** A finger that moves this far, in pixels, draws at once. */
const SLACK = 8;
/** In milliseconds. A touch that ended less than this before the pen came was the palm: no hand changes so quickly. */
const BEFORE_PEN = 500;
/** A pen is away for less than this between two strokes, in milliseconds; putting it aside takes about as long. */
const AFTER_PEN = 3000;

export class Hand {
  /** The pointer that is down. @type {{ id: number, isFinger: boolean } | undefined} */
  #down;
  /** Its events so far, while it may still turn out to be part of a pinch. @type {PointerEvent[]} */
  #held = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When the last finger's stroke ended, which may have been the palm's. */
  #fingerAt = -Infinity;
  #stroke;

  /**
   * @param {HTMLElement} element whose `touch-action` leaves one finger to it, and two to the browser
   * @param {Stroke} stroke
   */
  constructor(element, stroke) {
    this.#stroke = stroke;
    /** Fingers on the element. @type {Set<number>} */
    const fingers = new Set();
    let penAt = -Infinity;
    /** @param {PointerEvent} event */
    const isCurrent = ({ pointerId }) => pointerId === this.#down?.id;
    const isFinger = (/** @type {PointerEvent} */ { pointerType }) => pointerType === "touch";

    // A pen is noticed anywhere on the page, even hovering above it if the screen can sense that.
    const noticePen = (/** @type {PointerEvent} */ { pointerType, timeStamp }) => {
      if (pointerType === "pen") penAt = timeStamp;
    };
    for (const name of /** @type {const} */ (["pointerdown", "pointermove", "pointerup"])) {
      document.addEventListener(name, noticePen);
    }

    element.addEventListener("pointerdown", (event) => {
      const { pointerId: id, timeStamp } = event;
      if (event.button !== 0) return;
      if (isFinger(event)) {
        if (event.isPrimary) fingers.clear(); // The first on the screen is alone, even if the end of an earlier one was missed.
        fingers.add(id);
      }
      if (this.#down?.isFinger) this.#cancel();
      if (isFinger(event) && (fingers.size > 1 || timeStamp - penAt < AFTER_PEN)) return;
      if (this.#down) return;
      if (event.pointerType === "pen" && timeStamp - this.#fingerAt < BEFORE_PEN) stroke.cancel();
      this.lift();
      element.setPointerCapture(id);
      this.#down = { id, isFinger: isFinger(event) };
      if (!this.#down.isFinger) return stroke.begin(event);
      this.#held = [event];
      this.#timer = setTimeout(() => this.#release(), ALONE_AFTER);
    });
    element.addEventListener("pointermove", (event) => {
      if (!isCurrent(event)) return;
      const [first] = this.#held;
      if (!first) return stroke.move(event);
      this.#held.push(event);
      if (Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) > SLACK) this.#release();
    });
    const end = (/** @type {PointerEvent} */ event) => {
      if (!isCurrent(event)) return;
      this.#release();
      const { isFinger } = this.#down ?? {};
      this.lift();
      if (isFinger) this.#fingerAt = event.timeStamp;
      stroke.end?.();
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("lostpointercapture", end);
    // The browser cancels fingers when they begin to zoom.
    element.addEventListener("pointercancel", (event) => {
      if (isCurrent(event) && isFinger(event)) this.#cancel();
      else end(event);
    });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      element.addEventListener(name, ({ pointerId }) => fingers.delete(pointerId));
    }
  }

  get isDown() {
    return this.#down !== undefined;
  }

  /** Draws the events that were held back. */
  #release() {
    clearTimeout(this.#timer);
    const [first, ...rest] = this.#held;
    this.#held = [];
    if (!first) return;
    this.#stroke.begin(first);
    for (const event of rest) this.#stroke.move(event);
  }

  /** Discards the stroke under way, which was not meant as one. */
  #cancel() {
    const hasBegun = this.#held.length === 0;
    this.lift();
    if (hasBegun) this.#stroke.cancel();
  }

  /** Ends the stroke under way; what is drawn stays. */
  lift() {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#down = undefined;
    this.#fingerAt = -Infinity;
  }
}
