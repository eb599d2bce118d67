
/** A failure. Nothing was changed; the message says what to do. */
export interface LabError extends Error {
    kind: "invalid_input" | "invalid_config" | "unknown_name" | "invalid_checkpoint" | "invalid_data" | "device" | "diverged";
}

export type DeviceName = "cpu" | "webgpu";

/** The name of a preset or of one of its variants, as `presets()` lists them: its shape with fresh weights. */
export type Preset = string;

export interface ModelConfig {
    family: "ae" | "vae";
    encoder: { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; padding?: "same" | "valid" };
    /** "pooled" is a 1 x 1 convolution averaged over the feature map; "dense" unless given. */
    head?: "dense" | "pooled";
    /** The encoder's mirror image unless given; `channels` begins with those of the first feature map. */
    decoder?: { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; upsample?: "shuffle" | "transposed" };
    latent: number;
    /** What a deterministic code passes through; "linear" unless given. */
    code?: "linear" | "relu";
    /** Height and width; 28 x 28 unless given. */
    image?: [number, number];
    /** "linear" only under the likelihood "gaussian"; "sigmoid" unless given. */
    output?: "sigmoid" | "linear";
    output_bias?: "shared" | "map";
    /** What a pixel costs: binary cross-entropy, or squared error over 2 sigma_x^2; "bernoulli" unless given. */
    likelihood?: "bernoulli" | "gaussian";
    sigma_x?: number;
    corruption?: Partial<Corruption>;
    training?: Partial<TrainConfig>;
}

/** What is done to the images that the encoder sees while training; for the family "ae". */
export interface Corruption {
    /** Standard deviation of what is added to each pixel. */
    noise: number;
    /** Of which one is drawn for each image and erased. */
    masks: ("half" | "square" | "strokes")[];
}

export interface TrainConfig {
    learning_rate: number;
    epsilon: number;
    batch_size: number;
    beta: number;
    /** Steps over which Adam's step size rises to its value. */
    rate_warm_up: number;
    /** Steps over which the weight of the KL rises from zero. */
    kl_warm_up: number;
}

/** A configuration with every default filled in. */
export type ResolvedConfig = Required<Omit<ModelConfig, "corruption" | "training">> & {
    corruption: Corruption;
    training: TrainConfig;
};

/** An experiment. */
export interface PresetInfo {
    id: Preset;
    title: string;
    data: "mnist" | "fashion";
    /** The views that show its point. */
    views: string[];
    /** The models that are compared; the first has the experiment's name. */
    variants: VariantInfo[];
}

export interface VariantInfo {
    id: Preset;
    title: string;
    config: ResolvedConfig;
}

export interface OpenOptions {
    /** "auto" unless given: the flavour's own device. */
    device?: "auto" | DeviceName;
}

export interface CreateOptions extends OpenOptions {
    /** A whole number from 0; 1 unless given. */
    seed?: number;
    /** Sets the output bias map; without it the mean of the first batch does. */
    mean_image?: Float32Array;
}

export interface StepSettings {
    learning_rate?: number;
    /** Weight of the KL in place of the configuration's schedule. */
    beta?: number;
    /** In place of drawn noise: [batch, latent] of a VAE, [batch, pixels] of an autoencoder that mends noise. */
    noise?: Float32Array;
    /** In place of drawn masks, [batch, pixels]: 1 where a pixel is erased. */
    mask?: Float32Array;
    /** Whether to wait for the loss; true unless given. */
    read?: boolean;
}

// What the class below does by overloads.
export interface Lab {
    /** One training step on [batch, pixels] in [0, 1]; the terms of the loss before the update. */
    train_step(images: Float32Array, settings?: StepSettings & { read?: true }): Promise<LossTerms>;
    /** One training step that does not wait for the loss. */
    train_step(images: Float32Array, settings: StepSettings & { read: false }): Promise<undefined>;
    train_step(images: Float32Array, settings?: StepSettings): Promise<LossTerms | undefined>;
}

export interface EvaluateSettings {
    /** As in `StepSettings`, in place of the evaluation's own. */
    noise?: Float32Array;
    mask?: Float32Array;
}

export interface SampleSettings {
    /** A whole number from 0; 1 unless given. */
    seed?: number;
    /** Standard deviation of the prior's draws; 1 unless given. */
    temperature?: number;
}

/** Nats per image, at full KL weight. */
export interface LossTerms {
    total: number;
    reconstruction: number;
    /** Of a VAE. */
    kl?: number;
}

export interface Evaluation extends LossTerms {
    /** Of a VAE: KL of each latent, averaged over the images. */
    kl_by_dimension?: Float32Array;
    /** Of a VAE: latents whose means vary over the images by more than 0.01. */
    active_units?: number;
}

/** [batch, latent] each. */
export interface Encoding {
    /** Means of a VAE, codes of an autoencoder. */
    mean: Float32Array;
    /** Of a VAE. */
    log_variance?: Float32Array;
}

export interface Info {
    device: DeviceName;
    config: ResolvedConfig;
    parameters: number;
    step: number;
    seed: number;
    version: string;
    notes: string;
}

export interface SelfTest {
    agrees: boolean;
    losses: number[];
    expected: number[];
}
