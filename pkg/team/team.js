// Several workers that compute the parts of each training step of a `Lab`. How a batch is cut does not
// follow from how many they are, so that one seed is one run, up to the bit, with any number of them.

/**
 * @import { Contribution, Lab, LabError, LossTerms, ModelConfig, PriorTerms, StepPart, StepSettings, StepWork } from "../cpu/latent_lab.js"
 * @typedef {Omit<StepWork, "parts" | "weights"> & { weights?: StepWork["weights"] }} Weighed
 * @typedef {{ id: number, config: string, work: Weighed, part: StepPart, spare?: Contribution }} Task
 * @typedef {{ id: number, value?: Contribution, memory?: number, error?: { kind: string | undefined, message: string } }} Answer
 * @typedef {{ work: StepWork, part: StepPart, answered: (contribution: Contribution) => void }} Job
 */

/** A worker computes one part and has the next one at hand. */
const AT_HAND = 2;
/** A part that takes this many times as long as the slowest one so far, and this many milliseconds, does not come any more. */
const TIMES_SLOWEST = 20;
const LEAST_PATIENCE = 10_000;
/** So many workers may die one after the other without an answer of any. */
const MOST_DEATHS = 3;

/** @param {string} kind @param {string} message */
const failure = (kind, message) => Object.assign(new Error(`${kind}: ${message}`), { name: "LabError", kind });

/** One worker, and the jobs that it has. */
class Trainer {
  #worker;
  /** @type {Map<number, Job>} */
  #jobs = new Map();
  /** The step whose weights it has. @type {StepWork | undefined} */
  #work;
  #next = 0;
  /** Bytes of its WebAssembly memory. */
  memory = 0;

  /**
   * @param {Worker} worker
   * @param {(trainer: Trainer, job: Job, contribution: Contribution) => void} onanswer
   * @param {(trainer: Trainer, error: Error) => void} onfailure
   */
  constructor(worker, onanswer, onfailure) {
    this.#worker = worker;
    worker.onerror = (event) => {
      event.preventDefault();
      onfailure(
        this,
        failure("broken", `a worker of the team stopped: ${event.message || "its script did not arrive"}`),
      );
    };
    worker.onmessageerror = () => onfailure(this, failure("broken", "a worker of the team gave what cannot be read"));
    worker.onmessage = ({ data }) => {
      const { id, value, memory, error } = /** @type {Answer} */ (data);
      const job = this.#jobs.get(id);
      this.#jobs.delete(id);
      this.memory = memory ?? this.memory;
      if (error) onfailure(this, failure(error.kind ?? "broken", error.message.replace(/^\w+: /, "")));
      else if (job && value) onanswer(this, job, value);
    };
  }

  /** @param {WebAssembly.Module} [module] */
  begin(module) {
    this.#worker.postMessage({ module });
  }

  get jobs() {
    return [...this.#jobs.values()];
  }

  /** @param {StepWork} work @param {string} config @param {Job} job @param {Contribution} [spare] */
  give(work, config, job, spare) {
    const id = this.#next++;
    this.#jobs.set(id, job);
    const { stage, step, beta, weights } = work;
    const isNew = this.#work !== work;
    this.#work = work;
    /** @type {Task} */
    const task = { id, config, work: { stage, step, beta, ...(isNew && { weights }) }, part: job.part, spare };
    this.#worker.postMessage(task, spare ? [spare.gradient.buffer] : []);
  }

  end() {
    this.#jobs.clear();
    this.#worker.terminate();
  }
}

export class Team {
  #module;
  #size;
  /** @type {Set<Trainer>} */
  #trainers = new Set();
  /** The step under way. @type {{ work: StepWork, config: string, waiting: Job[], reject: (error: Error) => void } | undefined} */
  #open;
  /** So many workers get no part, for the machine is wanted for something else; one works in any case. */
  resting = 0;
  #deaths = 0;
  /** @type {Contribution[]} */
  #spare = [];
  /** The longest wait for an answer so far, in milliseconds, and when the last one came. */
  #slowest = 0;
  #answeredAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isClosed = false;
  #isStepping = false;

  /** @param {{ workers?: number, module?: WebAssembly.Module }} [options] */
  constructor({ workers, module } = {}) {
    this.#module = module;
    this.#size = Team.#checked(workers ?? Math.max((navigator.hardwareConcurrency || 2) - 1, 1));
  }

  /** @param {number} workers */
  static #checked(workers) {
    if (Number.isInteger(workers) && workers >= 1 && workers <= 64) return workers;
    throw failure("invalid_input", `workers is ${workers}; give a whole number from 1 to 64`);
  }

  /** How many workers there are at the next step. */
  get workers() {
    return this.#size;
  }

  set workers(workers) {
    this.#size = Team.#checked(workers);
  }

  /** Bytes of WebAssembly memory of all workers. */
  get memory() {
    return [...this.#trainers].reduce((sum, { memory }) => sum + memory, 0);
  }

  /**
   * One training step, as `lab.train_step` does it.
   *
   * @param {Lab<any>} lab
   * @param {Float32Array} images
   * @param {StepSettings} [settings]
   * @returns {Promise<LossTerms | PriorTerms>}
   */
  async train_step(lab, images, settings) {
    // Before the step is begun, which would take the place of the one under way.
    this.#checkFree();
    this.#isStepping = true;
    try {
      const work = await lab.begin_step(images, settings);
      const contributions = await this.#compute(work, lab.info().config);
      const terms = await lab.end_step(work, contributions);
      this.reuse(contributions);
      return terms;
    } finally {
      this.#isStepping = false;
    }
  }

  /** Takes the arrays of contributions that nobody needs any more for those of the next step. @param {Contribution[]} contributions */
  reuse(contributions) {
    this.#spare = contributions;
  }

  /**
   * What the parts of a step that was begun add to its gradient, in their order. A part whose worker dies is computed again.
   *
   * @param {StepWork} work
   * @param {ModelConfig} model
   * @returns {Promise<Contribution[]>}
   */
  async contributions(work, model) {
    this.#checkFree();
    return this.#compute(work, model);
  }

  #checkFree() {
    if (this.#isClosed) throw failure("invalid_input", "this team was closed; make another one");
    if (!this.#open && !this.#isStepping) return;
    throw failure("invalid_input", "a step is under way; wait for it, or make a team for each model");
  }

  /**
   * @param {StepWork} work
   * @param {ModelConfig} model
   * @returns {Promise<Contribution[]>}
   */
  #compute(work, model) {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw failure("invalid_input", "the team was closed in the middle of a step");
      /** @type {Contribution[]} */
      const found = [];
      let missing = work.parts.length;
      /** @param {number} index @param {Contribution} contribution */
      const answered = (index, contribution) => {
        // Of a step that was refused meanwhile.
        if (this.#open !== open) return;
        found[index] = contribution;
        missing -= 1;
        if (missing > 0) return this.#watch();
        this.#finish();
        resolve(found);
      };
      const open = {
        work,
        config: JSON.stringify(model),
        waiting: work.parts.map((part, index) => ({
          work,
          part,
          answered: (/** @type {Contribution} */ one) => answered(index, one),
        })),
        reject: (/** @type {Error} */ error) => {
          this.#finish();
          reject(error);
        },
      };
      this.#open = open;
      this.#answeredAt = performance.now();
      this.#watch();
      this.#hire();
      this.#share();
    });
  }

  /** Ends the workers; they are there again at the next step. */
  rest() {
    if (this.#open) return;
    for (const trainer of this.#trainers) trainer.end();
    this.#trainers.clear();
    this.#spare = [];
  }

  /** Ends the workers for good. A step under way is refused. */
  close() {
    this.#isClosed = true;
    this.#open?.reject(failure("invalid_input", "the team was closed in the middle of a step"));
    this.rest();
  }

  /** Waits for the next answer. */
  #watch() {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#slowest = Math.max(this.#slowest, now - this.#answeredAt);
    this.#answeredAt = now;
    this.#timer = setTimeout(() => this.#loseSilent(), Math.max(TIMES_SLOWEST * this.#slowest, LEAST_PATIENCE));
  }

  #finish() {
    clearTimeout(this.#timer);
    this.#open = undefined;
  }

  #hire() {
    for (const trainer of [...this.#trainers].slice(this.#size)) this.#dismiss(trainer);
    while (this.#trainers.size < this.#size) {
      const trainer = new Trainer(
        new Worker(new URL("./trainer.js", import.meta.url), { type: "module", name: "latent-lab trainer" }),
        (trainer, job, contribution) => {
          this.#deaths = 0;
          job.answered(contribution);
          this.#share();
        },
        (trainer, error) => this.#lose(trainer, error),
      );
      trainer.begin(this.#module);
      this.#trainers.add(trainer);
    }
  }

  /** Gives each worker a part, and then each one that it will have at hand. */
  #share() {
    const trainers = [...this.#trainers].slice(0, Math.max(this.#trainers.size - this.resting, 1));
    for (let depth = 1; depth <= AT_HAND; depth += 1) {
      for (const trainer of trainers) {
        const open = this.#open;
        if (!open || trainer.jobs.length >= depth) continue;
        const job = open.waiting.shift();
        if (job) trainer.give(open.work, open.config, job, this.#spare.pop());
      }
    }
  }

  /** @param {Trainer} trainer */
  #dismiss(trainer) {
    this.#trainers.delete(trainer);
    const jobs = trainer.jobs;
    trainer.end();
    // Not those of a step that was refused.
    this.#open?.waiting.unshift(...jobs.filter(({ work }) => work === this.#open?.work));
  }

  /** Another worker takes the parts of one that died. @param {Trainer} trainer @param {Error} error */
  #lose(trainer, error) {
    if (!this.#trainers.has(trainer)) return;
    // What one worker refuses, each of them would.
    if (/** @type {LabError} */ (error).kind !== "broken") return this.#open?.reject(error);
    this.#dismiss(trainer);
    this.#deaths += 1;
    if (this.#deaths >= MOST_DEATHS) return this.#open?.reject(error);
    if (!this.#open) return;
    this.#hire();
    this.#share();
  }

  /** A browser that is short of memory may end a worker without a word. */
  #loseSilent() {
    // Those alone: the ones in their place have jobs at once.
    const silent = [...this.#trainers].filter((trainer) => trainer.jobs.length > 0);
    for (const trainer of silent)
      this.#lose(trainer, failure("broken", "a worker of the team does not answer any more"));
    if (this.#open) this.#watch();
  }
}
if (Symbol.dispose) Object.assign(Team.prototype, { [Symbol.dispose]: Team.prototype.close });
