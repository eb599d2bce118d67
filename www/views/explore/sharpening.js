// When pictures of places are decoded anew: as soon as they would be others, but each time all of them before the next, and
// not too often: while training they are always others.

/** Milliseconds between two. */
const EVERY = 700;

/** @typedef {{ place: string, step: number | undefined }} Wanted where they are, and which step of the model they are of */

export class Sharpening {
  #wanted;
  #decode;
  #begunAt = 0;
  #timer = 0;
  /** What was decoded last, or is being decoded. */
  #key = "";
  /** Where those are that are being decoded. */
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
    const again = () => this.ask();
    // It is told of elsewhere: the worker ended, or another model took the place of this one.
    const failed = () => {
      if (this.#key === key) this.#key = "";
    };
    this.#decode().finally(over).then(again, failed);
  }

  /** Another model's was decoded. */
  forget() {
    this.#key = this.#underWay = "";
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
