// A hand that draws, paints or rubs out on an element, with one pointer at a time. Two fingers zoom the page and leave
// nothing behind; where a pen comes down, the finger that was there before was a palm, and whatever rests there later is one.

/**
 * @typedef {object} Stroke
 * @property {(event: PointerEvent) => void} begin
 * @property {(event: PointerEvent) => void} move
 * @property {() => void} [end]
 * @property {() => void} cancel takes back what was made since it began
 */

export class Hand {
  /** The pointer that is down. @type {{ id: number, isFinger: boolean } | undefined} */
  #down;

  /**
   * @param {HTMLElement} element whose `touch-action` leaves one finger to it, and two to the browser
   * @param {Stroke} stroke
   */
  constructor(element, { begin, move, end = () => {}, cancel }) {
    /** @param {PointerEvent} event */
    const isOurs = ({ pointerId }) => pointerId === this.#down?.id;
    /** @param {() => void} over */
    const lift = (over) => {
      this.#down = undefined;
      over();
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const isFinger = event.pointerType === "touch";
      if (this.#down?.isFinger) {
        lift(cancel);
        if (isFinger) return;
      }
      if (this.#down) return;
      element.setPointerCapture(event.pointerId);
      this.#down = { id: event.pointerId, isFinger };
      begin(event);
    });
    element.addEventListener("pointermove", (event) => isOurs(event) && move(event));
    element.addEventListener("pointerup", (event) => isOurs(event) && lift(end));
    element.addEventListener("lostpointercapture", (event) => isOurs(event) && lift(end));
    // The browser takes fingers away when they zoom.
    element.addEventListener("pointercancel", (event) => isOurs(event) && lift(this.#down?.isFinger ? cancel : end));
  }

  get isDown() {
    return this.#down !== undefined;
  }

  /** The stroke under way ends where it is. */
  lift() {
    this.#down = undefined;
  }
}
