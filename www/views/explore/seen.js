// Digits are encoded only while a view of them is seen.

export class Seen {
  /** Whether it is. */
  now = false;
  #observer;
  #attention;

  /**
   * @param {Element} element
   * @param {{ watch(seen: boolean): void }} attention told while it is seen
   * @param {() => void} [onchange]
   */
  constructor(element, attention, onchange = () => {}) {
    this.#attention = attention;
    this.#observer = new IntersectionObserver((entries) => {
      // Where it came and went before anybody was told, the last word counts.
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
