// A hand that draws, paints or rubs out on an element, with one pointer at a time. Two fingers zoom the page and leave
// nothing behind. Where somebody writes with a pen, what touches the screen is the palm.

/**
 * @typedef {object} Stroke
 * @property {(event: PointerEvent) => void} begin
 * @property {(event: PointerEvent) => void} move
 * @property {() => void} [end]
 * @property {() => void} cancel takes back what was made since it began
 */

/** The fingers of a pinch come within so long: one that stays alone and where it is draws only then. In milliseconds. */
const ALONE_AFTER = 80;
/** And one that goes so far draws at once, in pixels. */
const SLACK = 8;
/** A palm lies down before the pen and may lift a little: no hand changes from finger to pen so quickly. In milliseconds. */
const BEFORE_PEN = 500;
/** Between two strokes a pen is away for less; whoever puts it down takes about as long. In milliseconds. */
const AFTER_PEN = 3000;

export class Hand {
  /** The pointer that is down. @type {{ id: number, isFinger: boolean } | undefined} */
  #down;
  /** What it did while it may still turn out to be a part of a pinch. @type {PointerEvent[]} */
  #held = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When a finger's stroke ended that may have been the palm's. */
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
    const isOurs = ({ pointerId }) => pointerId === this.#down?.id;
    const isFinger = (/** @type {PointerEvent} */ { pointerType }) => pointerType === "touch";

    // Anywhere on the page, and above it too, where a pen is felt from afar.
    const see = (/** @type {PointerEvent} */ { pointerType, timeStamp }) => {
      if (pointerType === "pen") penAt = timeStamp;
    };
    for (const name of /** @type {const} */ (["pointerdown", "pointermove", "pointerup"])) {
      document.addEventListener(name, see);
    }

    element.addEventListener("pointerdown", (event) => {
      const { pointerId: id, timeStamp } = event;
      if (event.button !== 0) return;
      if (isFinger(event)) {
        if (event.isPrimary) fingers.clear(); // The first on the screen is alone, whatever became of those before.
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
      if (!isOurs(event)) return;
      const [first] = this.#held;
      if (!first) return stroke.move(event);
      this.#held.push(event);
      if (Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) > SLACK) this.#release();
    });
    const end = (/** @type {PointerEvent} */ event) => {
      if (!isOurs(event)) return;
      this.#release();
      const { isFinger } = this.#down ?? {};
      this.lift();
      if (isFinger) this.#fingerAt = event.timeStamp;
      stroke.end?.();
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("lostpointercapture", end);
    // The browser takes fingers away when they zoom.
    element.addEventListener("pointercancel", (event) => {
      if (isOurs(event) && isFinger(event)) this.#cancel();
      else end(event);
    });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      element.addEventListener(name, ({ pointerId }) => fingers.delete(pointerId));
    }
  }

  get isDown() {
    return this.#down !== undefined;
  }

  /** What was held back is drawn. */
  #release() {
    clearTimeout(this.#timer);
    const [first, ...rest] = this.#held;
    this.#held = [];
    if (!first) return;
    this.#stroke.begin(first);
    for (const event of rest) this.#stroke.move(event);
  }

  /** The stroke under way was none. */
  #cancel() {
    const hasBegun = this.#held.length === 0;
    this.lift();
    if (hasBegun) this.#stroke.cancel();
  }

  /** The stroke under way ends where it is, and what is done stays. */
  lift() {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#down = undefined;
    this.#fingerAt = -Infinity;
  }
}
