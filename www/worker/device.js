// Which device runs the model, and why. The CPU is always available; WebGPU is used only if it is faster or chosen.

import { downloadModule } from "../download.js";
import { kindOf, wordsOf } from "../experiment/notices.js";
import { BACKGROUND, CALL } from "./queue.js";

/**
 * @import { DeviceChoice, DeviceName, DeviceStatus, Flavour, Lab } from "../types.js"
 * @import { Team } from "../pkg/team/team.js"
 * @import { Model } from "./model.js"
 * @import { Queue } from "./queue.js"
 */

/** Steps of the race. The first ones do not count, because they compile. */
const WARM = 2;
const TIMED = 5;
/** After this time, in milliseconds, a device is slow enough to stop timing it. */
const LONGEST = 4000;
/** While the WebGPU flavour is still being built, it is looked for again after so many seconds, and then less often. */
const POLL = [5, 10, 20, 40];

/**
 * The error of a refusal, with its reason in words.
 *
 * @param {string} reason begins in the middle of a sentence
 */
const refused = (reason) => Object.assign(new Error(`WebGPU cannot run: ${reason}.`), { kind: "device", reason });

/** @param {unknown} error */
const reasonOf = (error) => {
  if (error instanceof Error && "reason" in error) return String(error.reason);
  return wordsOf(error).replace(/\.$/, "");
};

/**
 * Checks the adapter that a flavour would get.
 *
 * @param {boolean} software whether an adapter without a GPU is accepted
 */
async function checkAdapter(software) {
  const gpu = "gpu" in navigator ? navigator.gpu : undefined;
  if (!gpu) throw refused("this browser has no WebGPU");
  const adapter = await gpu.requestAdapter().catch(({ message }) => {
    throw refused(`asking for an adapter failed (${message})`);
  });
  if (!adapter) throw refused("this browser finds no WebGPU adapter");
  if (!adapter.features.has("timestamp-query")) {
    throw refused("the adapter lacks timestamp-query");
  }
  const { architecture, description, isFallbackAdapter } = adapter.info;
  const slow = isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${architecture} ${description}`);
  if (slow && !software) throw refused("the adapter is software, not a GPU");
}

/** @param {number} rate */
const perSecond = (rate) => (rate < 10 ? rate.toFixed(1) : rate.toFixed(0));

export class Devices {
  /** @type {DeviceName} */
  current = "cpu";
  #queue;
  #model;
  #cpu;
  #importWebGpu;
  #importTeam;
  #raceBatch;
  #onstatus;
  #ondownload;
  #refusal;
  /** @type {Promise<Flavour> | undefined} */
  #webgpu;
  /** @type {DeviceChoice} */
  #choice = "cpu";
  #deliberation = 0;

  /**
   * @param {object} parts
   * @param {Queue} parts.queue
   * @param {Model} parts.model
   * @param {Flavour} parts.cpu
   * @param {(module: WebAssembly.Module, hash: string) => Promise<Flavour>} parts.importWebGpu
   * @param {() => Promise<Team>} parts.importTeam
   * @param {() => Float32Array} parts.raceBatch
   * @param {(status: DeviceStatus) => void} parts.onstatus
   * @param {(name: string, loaded: number, total: number | undefined, done: boolean) => void} parts.ondownload
   * @param {string} [parts.refusal]
   */
  constructor({ queue, model, cpu, importWebGpu, importTeam, raceBatch, onstatus, ondownload, refusal }) {
    this.#queue = queue;
    this.#model = model;
    this.#cpu = cpu;
    this.#importWebGpu = importWebGpu;
    this.#importTeam = importTeam;
    this.#raceBatch = raceBatch;
    this.#onstatus = onstatus;
    this.#ondownload = ondownload;
    this.#refusal = refusal;
  }

  /** @returns {Promise<Flavour>} the flavour that new models are opened with */
  get flavour() {
    return this.current === "cpu" || !this.#webgpu ? Promise.resolve(this.#cpu) : this.#webgpu;
  }

  /**
   * "cpu" and "webgpu" are done, or refused, when the promise settles; "auto" goes on in the background.
   *
   * @param {DeviceChoice} choice
   * @returns {Promise<DeviceStatus>}
   */
  async choose(choice) {
    const before = this.#choice;
    this.#choice = choice;
    const deliberation = ++this.#deliberation;
    if (choice === "auto") {
      void this.#deliberate(deliberation);
      return { device: this.current, reason: "looking for something faster" };
    }
    try {
      if (choice === "webgpu") await this.#loadWebGpu(true);
      await this.#move(choice, () => deliberation !== this.#deliberation);
    } catch (error) {
      if (deliberation === this.#deliberation) this.#choice = before;
      throw error;
    }
    return { device: choice, reason: "you chose it" };
  }

  /** Another model is open, for which the race may end differently. */
  reconsider() {
    if (this.#choice !== "auto" || !this.#webgpu) return;
    this.#deliberation += 1;
    void this.#deliberate(this.#deliberation);
  }

  /** @param {number} deliberation which is stale as soon as there is a newer one */
  async #deliberate(deliberation) {
    const isStale = () => deliberation !== this.#deliberation;
    try {
      if (this.#refusal) throw refused(this.#refusal);
      await checkAdapter(false);
      await this.#waitUntilBuilt(isStale);
      if (isStale()) return;
      const webgpu = await this.#loadWebGpu(false);
      const rates = await this.#race(webgpu);
      if (isStale()) return;
      const winner = rates.webgpu > rates.cpu ? "webgpu" : "cpu";
      await this.#move(winner, isStale);
      const [winnerRate, otherRate] = winner === "cpu" ? [rates.cpu, rates.webgpu] : [rates.webgpu, rates.cpu];
      const otherName = winner === "cpu" ? "WebGPU" : "the CPU";
      const reason = `${perSecond(winnerRate)} steps/s against ${perSecond(otherRate)} on ${otherName}`;
      if (!isStale()) this.#onstatus({ device: winner, reason });
    } catch (error) {
      if (kindOf(error) === undefined) console.error(error); // An unexpected error.
      if (isStale()) return;
      // If the model cannot be moved off a failed device, it is lost: the worker ends, and the page restores its last
      // save.
      await this.#move("cpu", isStale);
      if (!isStale()) this.#onstatus({ device: "cpu", reason: reasonOf(error) });
    }
  }

  /**
   * Reports what is going on while the device stays the same.
   *
   * @param {string} reason
   */
  #reportStatus(reason) {
    this.#onstatus({ device: this.current, reason });
  }

  /** @returns {Promise<{ hash: string } | undefined>} the WebGPU flavour on the server, if it is built */
  async #artifact() {
    const url = new URL("../pkg/flavours.json", import.meta.url);
    const response = await fetch(url, { cache: "no-cache" }).catch(({ message }) => {
      throw refused(`nobody says whether its flavour is there (${message})`);
    });
    const flavours = response.ok ? await response.json() : {};
    return flavours.webgpu;
  }

  /**
   * Waits for a flavour that is being built.
   *
   * @param {() => boolean} isStale
   */
  async #waitUntilBuilt(isStale) {
    for (const seconds of POLL) {
      if (isStale() || (await this.#artifact())) return;
      this.#reportStatus("the WebGPU flavour is not there yet");
      await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    }
    while (!isStale() && !(await this.#artifact())) {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
  }

  /** @param {boolean} software whether an adapter without a GPU is accepted */
  async #loadWebGpu(software) {
    await checkAdapter(software);
    this.#webgpu ??= this.#fetchWebGpu().catch((error) => {
      this.#webgpu = undefined;
      throw error;
    });
    return this.#webgpu;
  }

  async #fetchWebGpu() {
    const artifact = await this.#artifact();
    if (!artifact) {
      throw refused("its flavour is not there yet; try again when it is built");
    }
    this.#reportStatus("fetching the WebGPU flavour");
    const url = new URL(`../pkg/webgpu/latent_lab_bg.wasm?${artifact.hash}`, import.meta.url);
    const name = "WebGPU flavour";
    const module = await downloadModule(url, name, (...progress) => this.#ondownload(name, ...progress));
    this.#reportStatus("testing WebGPU");
    const flavour = await this.#importWebGpu(module, artifact.hash);
    const { agrees } = await flavour.self_test();
    if (!agrees) throw refused("it computes wrong numbers here (the self-test fails)");
    return flavour;
  }

  /**
   * Steps per second of each device, on copies of the user's model.
   *
   * @param {Flavour} webgpu
   */
  async #race(webgpu) {
    this.#reportStatus("racing WebGPU against the CPU");
    const checkpoint = await this.#queue.run(CALL, () => this.#model.lab.save());
    const rates = {
      cpu: await this.#time(this.#cpu, checkpoint),
      webgpu: await this.#time(webgpu, checkpoint),
    };
    // One core has lost; all of them together may win.
    if (rates.webgpu > rates.cpu) rates.cpu = Math.max(rates.cpu, await this.#timeTeam(checkpoint));
    return rates;
  }

  /** Steps per second of all cores. @param {Uint8Array} checkpoint */
  async #timeTeam(checkpoint) {
    const team = await this.#importTeam();
    team.workers = navigator.hardwareConcurrency || 2;
    try {
      return await this.#time(this.#cpu, checkpoint, (lab, batch) => team.train_step(lab, batch));
    } catch (error) {
      // Where workers cannot run one core is what the CPU has.
      if (kindOf(error) !== "broken") throw error;
      console.info(`The race went on without workers: ${wordsOf(error)}`);
      return 0;
    } finally {
      team.close();
    }
  }

  /**
   * @param {Flavour} flavour
   * @param {Uint8Array} checkpoint
   * @param {(lab: Lab, batch: Float32Array) => Promise<unknown>} [step]
   */
  async #time(flavour, checkpoint, step = (lab, batch) => lab.train_step(batch)) {
    const copy = await flavour.Lab.open(checkpoint);
    const batch = this.#raceBatch();
    const times = [];
    let spent = 0;
    try {
      for (let done = 0; done < WARM + TIMED && (done < 2 || spent < LONGEST); done += 1) {
        const time = await this.#queue.run(BACKGROUND, async () => {
          const start = performance.now();
          await step(copy, batch);
          return performance.now() - start;
        });
        times.push(time);
        spent += time;
      }
    } finally {
      copy.free();
    }
    const timed = times.slice(Math.min(WARM, times.length - 1)).sort((a, b) => a - b);
    return 1000 / timed[Math.floor(timed.length / 2)];
  }

  /**
   * Moves the model between two steps, through a checkpoint, so that no step is lost. If the choice is stale by the
   * time that the job runs, nothing is moved.
   *
   * @param {DeviceName} device
   * @param {() => boolean} isStale whether something else was chosen meanwhile
   */
  async #move(device, isStale) {
    const flavour = device === "cpu" ? this.#cpu : await this.#webgpu;
    if (!flavour) throw refused("its flavour is not loaded");
    await this.#queue.run(CALL, async () => {
      if (isStale() || device === this.current) return;
      if (this.#model.isOpen) {
        const checkpoint = await this.#model.lab.save();
        this.#model.replace(await flavour.Lab.open(checkpoint));
      }
      this.current = device;
    });
  }
}
