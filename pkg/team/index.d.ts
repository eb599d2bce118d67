// Several workers that compute the parts of each training step of a `Lab` on the CPU. The same seed is the same run, up to the
// bit, with any number of them, and by `Lab.train_step` alone.

import type {
    Contribution,
    Lab,
    LossTerms,
    ModelConfig,
    PriorTerms,
    StepSettings,
    StepWork,
} from "../cpu/latent_lab.js";

type Floats = Parameters<Lab["train_step"]>[0];

export declare class Team {
    /**
     * `workers`: from 1 to 64, as many as the machine has cores but one unless given. `module`: the compiled CPU flavour; each
     * worker fetches it unless given.
     */
    constructor(options?: { workers?: number; module?: WebAssembly.Module });
    /** How many workers there are at the next step. */
    workers: number;
    /** So many workers get no part, while the machine is wanted for something else; one works in any case. */
    resting: number;
    /** Bytes of WebAssembly memory of all workers. */
    readonly memory: number;
    /** One training step, as `lab.train_step` does it; looks at the model go on meanwhile. One step at a time. */
    train_step(
        lab: Lab<any>,
        images: Floats,
        settings?: StepSettings,
    ): Promise<LossTerms | PriorTerms>;
    /** The contributions of a step that was begun, in the order of its parts. A part whose worker dies is computed again. */
    contributions(work: StepWork, model: ModelConfig): Promise<Contribution[]>;
    /** Takes the arrays of contributions that nobody needs any more for those of the next step; `train_step` does so. */
    reuse(contributions: Contribution[]): void;
    /** Ends the workers; they are there again at the next step. */
    rest(): void;
    /** Ends the workers for good. */
    close(): void;
    [Symbol.dispose](): void;
}
