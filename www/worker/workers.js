// The workers that compute the steps of training on the CPU: how many, and until when. This worker is free for the pen meanwhile.

import { kindOf, wordsOf } from "../experiment/notices.js";

/**
 * @import { Lab, LossTerms, PriorTerms, ResolvedConfig, StepSettings, StepWork, WorkersStatus } from "../types.js"
 * @import { Team } from "../pkg/team/team.js"
 */

/** @typedef {{ images: Float32Array, settings: StepSettings & { stage: string } }} Batch */
/** @typedef {<T>(job: () => T) => Promise<Awaited<T>>} Run schedules a job of this worker */

/** Steps of each number of workers while the best one is looked for, and milliseconds. The first ones do not count, because they compile. */
const WARM = { steps: 2, time: 400 };
const TIMED = { steps: 4, time: 400 };
/** More workers than before have to be faster by this factor, or they only make the machine hot. */
const WORTH = 1.08;
/** In milliseconds without a step, after which the workers go and give their memory back. */
const REST_AFTER = 60_000;
/** In milliseconds: for so long after a look that a person asked for, one worker rests. */
const ROOM = 300;

/** In milliseconds: a step that takes no longer may be computed in this worker, for the pen does not wait long for it. */
const UNNOTICED = 8;

/** None, which is this worker alone, and powers of two. @param {number} cores @returns {number[]} */
const candidates = (cores) => [0, 1, 2, 4, 8, 16, 32, 64].filter((count) => count <= cores);

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * How many steps there have to be at least.
 *
 * @param {number[]} times of steps, in milliseconds
 * @param {{ steps: number, time: number }} least
 */
function stepsOf(times, { steps, time }) {
  let [sum, count] = [0, 0];
  while (count < times.length && (count < steps || sum < time)) sum += times[count++];
  return count < steps || sum < time ? Infinity : count;
}

export class Workers {
  #importTeam;
  #onstatus;
  #cores;
  /** @type {Promise<Team> | undefined} */
  #team;
  /** @type {number | null} */
  #choice = null;
  /** How many are in use. */
  #count = 0;
  /** Why there are none. @type {string | undefined} */
  #refusal;
  /** The model and the batch whose best number is looked for, or was found. */
  #key = "";
  /** Steps per second of each number so far. @type {Map<number, number>} */
  #rates = new Map();
  /** Numbers that are still to be tried; the first one is in use. @type {number[]} */
  #untried = [];
  /** Milliseconds of the steps with the number in use. @type {number[]} */
  #times = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #room;

  /**
   * @param {() => Promise<Team>} importTeam
   * @param {(status: WorkersStatus) => void} onstatus
   * @param {number} [cores]
   */
  constructor(importTeam, onstatus, cores = navigator.hardwareConcurrency || 2) {
    this.#importTeam = importTeam;
    this.#onstatus = onstatus;
    this.#cores = cores;
  }

  /** @param {number | null} choice null to look for the best number */
  choose(choice) {
    this.#choice = choice;
    this.#key = "";
  }

  /**
   * One training step; each job of this worker in it is scheduled by `run`, so that looks come in between.
   *
   * @template {Batch} B
   * @param {object} step
   * @param {() => Lab} step.open the open model, which may be replaced in the middle of the step; then it is taken of the new one
   * @param {() => B} step.batch what the step is given
   * @param {() => void} step.prefetch called while this worker has nothing to do
   * @param {Run} step.run
   * @returns {Promise<{ batch: B, terms: LossTerms | PriorTerms }>}
   */
  async train_step({ open, batch, prefetch, run }) {
    for (;;) {
      const start = performance.now();
      const team = await this.#ready();
      const begun = await run(async () => {
        const [lab, given] = [open(), batch()];
        const { images, settings } = given;
        const { config } = lab.info();
        this.#begin(team, `${settings.stage} ${images.length} ${JSON.stringify(config)}`);
        if (!team || this.#count === 0) return { lab, given, terms: await lab.train_step(images, settings) };
        return { lab, given, config, work: await lab.begin_step(images, settings) };
      });
      const terms = begun.terms ?? (team && begun.work && (await this.#together(team, begun, { open, prefetch, run })));
      if (!terms) continue;
      this.#conclude(team, performance.now() - start);
      return { batch: begun.given, terms };
    }
  }

  /**
   * @param {Team} team
   * @param {{ lab: Lab, work: StepWork, config: ResolvedConfig }} begun
   * @param {{ open: () => Lab, prefetch: () => void, run: Run }} step
   */
  async #together(team, { lab, work, config }, { open, prefetch, run }) {
    const found = team.contributions(work, config).catch((error) => {
      if (kindOf(error) !== "broken") throw error;
      this.#refuse(team, wordsOf(error));
    });
    let contributions;
    try {
      await run(prefetch);
    } finally {
      // Whatever became of the next batch: the team takes no other step before.
      contributions = await found;
    }
    // Without workers the step is taken here, as all were before there were any.
    if (!contributions) return undefined;
    const terms = await run(() => (open() === lab ? lab.end_step(work, contributions) : undefined));
    team.reuse(contributions);
    return terms;
  }

  /** Leaves the pen a core for a moment. */
  async makeRoom() {
    if (this.#count < 2) return;
    const team = await this.#team;
    if (!team) return;
    team.resting = 1;
    clearTimeout(this.#room);
    this.#room = setTimeout(() => (team.resting = 0), ROOM);
  }

  async #ready() {
    clearTimeout(this.#timer);
    if (this.#refusal) return undefined;
    this.#team ??= this.#importTeam();
    try {
      return await this.#team;
    } catch (error) {
      this.#refuse(undefined, wordsOf(error));
      return undefined;
    }
  }

  /** @param {Team | undefined} team @param {string} why */
  #refuse(team, why) {
    team?.close();
    this.#team = undefined;
    this.#refusal = why;
    this.#count = 0;
    this.#onstatus({ workers: 0, rates: [], memory: 0, refusal: why });
  }

  /** @param {Team | undefined} team @param {string} key of the model and the batch */
  #begin(team, key) {
    if (!team || key === this.#key) return;
    this.#key = key;
    this.#rates = new Map();
    this.#times = [];
    this.#untried = this.#choice === null ? candidates(this.#cores) : [this.#choice];
    this.#use(team, this.#untried[0]);
  }

  /** @param {Team} team @param {number} count */
  #use(team, count) {
    this.#count = count;
    if (count > 0) team.workers = count;
  }

  /** @param {Team | undefined} team @param {number} time of the step, in milliseconds */
  #conclude(team, time) {
    if (!team) return;
    this.#timer = setTimeout(() => team.rest(), REST_AFTER);
    if (this.#untried.length === 0) return;
    this.#times.push(time);
    const [count, ...others] = this.#untried;
    const warm = this.#times.length - stepsOf(this.#times, WARM);
    const isFelt = count === 0 && this.#times.length > WARM.steps && median(this.#times.slice(1)) > 2 * UNNOTICED;
    const isTimed = warm > 0 && stepsOf(this.#times.slice(-warm), TIMED) <= warm;
    if (!isTimed && !isFelt) return;
    const rate = 1000 / median(isTimed ? this.#times.slice(-warm) : this.#times.slice(1));
    const best = this.#rates.get(this.#best()) ?? 0;
    this.#rates.set(count, rate);
    this.#times = [];
    this.#untried = count === 0 || rate > WORTH * best ? others : [];
    this.#use(team, this.#untried[0] ?? this.#best());
    if (this.#untried.length === 0) {
      const rates = this.#considered().map((count) => /** @type {const} */ ([count, this.#rateOf(count)]));
      this.#onstatus({ workers: this.#count, rates, memory: team.memory });
    }
  }

  /** Numbers that may be taken: none only where a person does not feel a step. */
  #considered() {
    return [...this.#rates.keys()].filter((count) => count > 0 || this.#rateOf(count) > 1000 / UNNOTICED);
  }

  /** The fewest workers than which no more were worth it. */
  #best() {
    const counts = this.#considered();
    return counts.reduce(
      (best, count) => (this.#rateOf(count) > WORTH * this.#rateOf(best) ? count : best),
      counts[0] ?? 1,
    );
  }

  /** @param {number} count */
  #rateOf(count) {
    return this.#rates.get(count) ?? 0;
  }
}
