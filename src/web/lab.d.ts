
/** What the model of a preset or of a configuration could do, without building it. */
export function describe(model: ModelConfig | Preset): Description;

/** A step that is begun: what replicas of the network need for its gradient. */
export interface StepWork {
    stage: "codes" | "prior";
    /** Steps done before. */
    step: number;
    /** The weight of terms that have one. */
    beta: number;
    /** All weights, [parameters]. */
    weights: Float32Array<ArrayBuffer>;
    /** The parts of the batch: how many there are follows from the model and the batch alone. */
    parts: StepPart[];
}

/** Images `first` to `first + count - 1` of a batch `of` so many, as the network is given them. */
export interface StepPart {
    first: number;
    count: number;
    of: number;
    arrays: (Float32Array<ArrayBuffer> | undefined)[];
}

/** What a part adds to the gradient of its batch, to the loss and to what the batch shows about codes. */
export interface Contribution {
    gradient: Float32Array<ArrayBuffer>;
    terms: Float32Array<ArrayBuffer>;
    averages: Float32Array<ArrayBuffer>[];
    examples: Float32Array<ArrayBuffer>;
}

/** A copy of a network on the CPU whose weights come with each step: it computes gradients for a `Lab` elsewhere. */
export class Replica {
    constructor(model: ModelConfig | Preset, options?: { stage?: "codes" | "prior" });
    /** Takes the weights of a step that was begun, for the parts that follow. */
    begin(work: Pick<StepWork, "step" | "beta" | "weights">): void;
    /** `spare`: a contribution that nobody needs any more; its array is taken for the gradient. */
    contribute(part: StepPart, spare?: Pick<Contribution, "gradient">): Promise<Contribution>;
    /** Gives the memory back. */
    free(): void;
    [Symbol.dispose](): void;
}

/** A model on a device. Calls may overlap: they are answered one after the other. */
export class Lab<Code extends Encoded = Encoded> {
    private constructor();

    /** A fresh model of a preset or of a configuration. */
    static create(model: VaePreset | VaeConfig, options?: CreateOptions): Promise<Lab<VaeEncoding>>;
    static create(model: AePreset | AeConfig, options?: CreateOptions): Promise<Lab<Encoding>>;
    static create(model: GridPreset | GridConfig, options?: CreateOptions): Promise<Lab<Codes>>;
    static create(model: ObjectsPreset | ObjectsConfig, options?: CreateOptions): Promise<Lab<Objects>>;
    static create(model: ModelConfig | Preset, options?: CreateOptions): Promise<Lab>;

    /** The model of a checkpoint, ready to go on. Whoever knows the family can say it: `open<Codes>(file)`. */
    static open<Code extends Encoded = Encoded>(
        checkpoint: Uint8Array | ArrayBuffer | Blob,
        options?: OpenOptions,
    ): Promise<Lab<Code>>;

    /**
     * A safetensors file with the weights, Adam's state, the configuration, step, seed and generator; `notes` is kept in it
     * and told by `info` after it is opened.
     */
    save(notes?: string): Promise<Uint8Array<ArrayBuffer>>;

    /** Device, configuration, number of parameters, step, seed, version and notes. */
    info(): Info;

    /** One training step on [batch, pixels] in [0, 1]; the terms of the loss before the update. */
    train_step(images: Floats, settings?: StepSettings & { stage?: "codes"; read?: true }): Promise<LossTerms>;
    /** One training step of the prior over codes. */
    train_step(images: Floats, settings: StepSettings & { stage: "prior"; read?: true }): Promise<PriorTerms>;
    train_step(images: Floats, settings?: StepSettings & { read?: true }): Promise<LossTerms | PriorTerms>;
    /** One training step that does not wait for the loss. */
    train_step(images: Floats, settings: StepSettings & { read: false }): Promise<undefined>;
    train_step(images: Floats, settings?: StepSettings): Promise<LossTerms | PriorTerms | undefined>;

    /**
     * Begins a step that replicas compute, in workers of their own: what `train_step` would do, up to the bit. Nothing changes
     * until it is ended; looks go on meanwhile. `Team` of `latent-lab/team` does all of this.
     */
    begin_step(images: Floats, settings?: StepSettings): Promise<StepWork>;

    /** Ends the step that was begun last by the contributions of its parts, in their order; the terms of the loss before it. */
    end_step(work: Pick<StepWork, "stage">, contributions: Contribution[]): Promise<LossTerms | PriorTerms>;

    /** The terms of the loss of [batch, pixels] at full KL weight; changes nothing and repeats exactly. */
    evaluate(images: Floats, settings?: EvaluateSettings & { stage?: "codes" }): Promise<Evaluation>;
    /** What the prior fails to say about the codes of the images. */
    evaluate(images: Floats, settings: EvaluateSettings & { stage: "prior" }): Promise<PriorTerms>;
    evaluate(images: Floats, settings?: EvaluateSettings): Promise<Evaluation | PriorTerms>;

    /** Means and log variances [batch, latent] of [batch, pixels], or the codes of cells [batch, cells]. */
    encode(images: Floats): Promise<Code>;

    /** Pixels in [0, 1], [batch, pixels]. */
    decode(latents: Latents<Code>): Promise<Float32Array<ArrayBuffer>>;

    /** `count` images decoded from draws of the prior. */
    sample(count: number, settings?: SampleSettings): Promise<Float32Array<ArrayBuffer>>;

    /** `count` grids of codes from a prior, [count, cells], with what each was drawn from, [count, cells, K]. */
    sample_codes(count: number, settings?: SampleSettings): Promise<Sampled>;

    /** The vectors that cells may take, [K, D]. */
    codebook(): Promise<Float32Array<ArrayBuffer>>;

    /** Encodes [batch, pixels] and decodes the means. */
    reconstruct(images: Floats): Promise<Float32Array<ArrayBuffer>>;

    /** Gives the memory back. Calls under way are still answered; there is no model for others. */
    free(): void;
    [Symbol.dispose](): void;
}
