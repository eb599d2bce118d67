// When a decoded grid is decoded anew: as soon as it would be another one, but each is made whole before the next, and while
// training not too often.

/** Milliseconds between two. */
const EVERY = 700;

/** @typedef {{ place: string, step: number | undefined }} Wanted where the grid lies, and which step of the model it is of */

export class Sharpening {
  #wanted;
  #decode;
  #begunAt = 0;
  #timer = 0;
  /** What was decoded last, or is being decoded. */
  #key = "";
  /** Where the grid lies that is being decoded. */
  #underWay = "";

  /**
   * @param {() => Wanted | null} wanted nothing where none is to be seen
   * @param {() => Promise<void>} decode
   */
  constructor(wanted, decode) {
    this.#wanted = wanted;
    this.#decode = decode;
  }

  /** Decodes, unless what is wanted is decoded already. */
  ask() {
    clearTimeout(this.#timer);
    const wanted = this.#wanted();
    if (!wanted) return;
    const { place, step } = wanted;
    const key = `${place} ${step}`;
    // What is under way is looked for again when it is over.
    if (key === this.#key || place === this.#underWay) return;
    const wait = this.#begunAt + EVERY - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.ask(), wait);
      return;
    }
    this.#begunAt = performance.now();
    [this.#key, this.#underWay] = [key, place];
    const over = () => {
      if (this.#underWay === place) this.#underWay = "";
    };
    // What fails here fails where it is told: the worker's end, a model that was replaced.
    this.#decode()
      .finally(over)
      .then(
        () => this.ask(),
        () => {},
      );
  }

  /** Another model's was decoded. */
  forget() {
    this.#key = this.#underWay = "";
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
