// What a test knows of the page from inside, by the hook that main.js leaves.

/**
 * @typedef {"codes" | "prior"} Stage
 * @typedef {{ step: number[], terms: { [term: string]: number[] }, held_out: { step: number, total: number, main?: number }[], epochs: { from: number, steps: number }[] }} History
 * @typedef {object} Facts
 * @property {Record<Stage, History>} history
 * @property {{ id: string, views: string[], variants: { id: string }[] }[]} presets
 * @property {{ model: string | null } | null} basis
 * @property {{ mean: Float32Array } | null} codes
 * @property {{
 *   step: number,
 *   clean: Float32Array | null,
 *   image: Float32Array | null,
 *   latents: Float32Array | null,
 *   parts: Float32Array | null,
 *   found: { objects: { cell: number }[] } | null,
 * } | null} look
 * @property {import("../../pkg/cpu/latent_lab.js").Info | null} info
 * @typedef {object} Hook what main.js leaves for tests
 * @property {{ get<K extends keyof Facts>(name: K): Facts[K] }} store
 * @property {{ worker: Worker | undefined, info(): Promise<import("../../pkg/cpu/latent_lab.js").Info>, sample_codes(count: number, settings: { seed: number }): Promise<{ codes: Uint32Array }>, tiles(codes: Float32Array): Promise<Float32Array> }} lab
 * @property {{ training: { saved: { step: number } | undefined, play(): void, step(): Promise<void>, pause(): Promise<void> } }} experiment
 */

export class Inside {
  /** @param {import("@playwright/test").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The names of all experiments. */
  async experiments() {
    const presets = await (await this.hook()).evaluate(({ store }) => store.get("presets"));
    return presets.map(({ id }) => id);
  }

  /** The names of all their models. */
  async models() {
    const presets = await (await this.hook()).evaluate(({ store }) => store.get("presets"));
    return presets.flatMap(({ variants }) => variants.map(({ id }) => id));
  }

  /** The names of all views that experiments have. */
  async views() {
    const presets = await (await this.hook()).evaluate(({ store }) => store.get("presets"));
    return new Set(presets.flatMap(({ views }) => views));
  }

  /** The open model, as its own worker knows it. */
  async info() {
    return (await this.hook()).evaluate(({ lab }) => lab.info());
  }

  /** The picture that the model has to rebuild, what it makes of it, and the spread of its squared error. */
  async looked() {
    return (await this.hook()).evaluate(({ store }) => {
      const { clean, image } = store.get("look") ?? {};
      const config = store.get("info")?.config;
      const sigma = config && "sigma_x" in config ? config.sigma_x : 1;
      return { clean: [...(clean ?? [])], image: [...(image ?? [])], sigma };
    });
  }

  /** The model's step that what is shown is of. */
  async shownStep() {
    return (await this.hook()).evaluate(({ store }) => store.get("look")?.step);
  }

  /** What the encoder says about the first digits of the data. */
  async codes() {
    return (await this.hook()).evaluate(({ store }) => [...(store.get("codes")?.mean.subarray(0, 10) ?? [])]);
  }

  /** Milliseconds in which a grid of codes is drawn and decoded, time and again. @param {number} count */
  async dreams(count) {
    return (await this.hook()).evaluate(async ({ lab }, count) => {
      const times = [];
      for (let seed = 0; seed < count; seed += 1) {
        const start = performance.now();
        const { codes } = await lab.sample_codes(1, { seed });
        await lab.tiles(Float32Array.from(codes));
        times.push(performance.now() - start);
      }
      return times;
    }, count);
  }

  /** The curves, which the page shows as pictures. @param {Stage} [stage] */
  async history(stage = "codes") {
    return (await this.hook()).evaluate(({ store }, stage) => store.get("history")[stage], stage);
  }

  /** The step of the last state that is safe. */
  async savedStep() {
    return (await this.hook()).evaluate(({ experiment }) => experiment.training.saved?.step);
  }

  /** Asks for a single step and for a run while a run is ending. */
  async meddle() {
    await (
      await this.hook()
    ).evaluate(async ({ experiment: { training } }) => {
      void training.step();
      training.play();
      void training.step();
      await training.pause();
      training.play();
    });
  }

  /** As a browser short of memory would. */
  async killWorker() {
    await (await this.hook()).evaluate(({ lab }) => lab.worker?.terminate());
  }

  /** @returns {Promise<import("@playwright/test").JSHandle<Hook>>} */
  hook() {
    return this.page.evaluateHandle("latentLab");
  }
}
