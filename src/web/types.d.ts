
/** A failure. Nothing was changed; the message says what to do. */
export interface LabError extends Error {
    kind: "invalid_input" | "invalid_config" | "unknown_name" | "invalid_checkpoint" | "invalid_data" | "device" | "diverged";
}

export type DeviceName = "cpu" | "webgpu";

/** A preset: its shape with fresh weights. */
export type Preset = "tiny" | "E2" | "E4";

export interface ModelConfig {
    family: "vae";
    encoder: { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; padding?: "same" | "valid" };
    /** The encoder's mirror image unless given; `channels` begins with those of the first feature map. */
    decoder?: { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; upsample?: "shuffle" | "transposed" };
    latent: number;
    /** Height and width; 28 x 28 unless given. */
    image?: [number, number];
    output_bias?: "shared" | "map";
    training?: Partial<TrainConfig>;
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
export type ResolvedConfig = Required<Omit<ModelConfig, "training">> & { training: TrainConfig };

export interface PresetInfo {
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
    /** [batch, latent] in place of drawn noise. */
    noise?: Float32Array;
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
    /** [batch, latent] in place of the evaluation's own noise. */
    noise?: Float32Array;
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
    kl: number;
}

/** [batch, latent] each. */
export interface Encoding {
    mean: Float32Array;
    log_variance: Float32Array;
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
