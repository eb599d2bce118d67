// Tells whether a view is visible, because digits are encoded only while a view shows them.

export class Seen {
  /** Whether the view is visible now. */
  now = false;
  #observer;
  #attention;

  /**
   * @param {Element} element
   * @param {{ watch(seen: boolean): void }} attention that is notified of changes
   * @param {() => void} [onchange]
   */
  constructor(element, attention, onchange = () => {}) {
    this.#attention = attention;
    this.#observer = new IntersectionObserver((entries) => {
      // If it appeared and disappeared before this call, the last entry counts.
      const { isIntersecting } = entries[entries.length - 1];
      if (isIntersecting === this.now) return;
      this.now = isIntersecting;
      attention.watch(isIntersecting);
      onchange();
    });
    this.#observer.observe(element);
  }

  stop() {
    this.#observer.disconnect();
    if (this.now) this.#attention.watch(false);
    this.now = false;
  }
}
