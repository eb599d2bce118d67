/// <reference lib="esnext.disposable" />

/**
 * A failure. Nothing was changed, but by a step or a `save` of the kind "diverged": then weights, optimiser and step are those
 * of the newest sound state. (A call that only looks is "diverged" where its answer would be no finite number.) The message
 * begins with the kind, which a copy by `postMessage` or `structuredClone` does not keep otherwise, and says what to do.
 */
export interface LabError extends Error {
    kind:
        | "invalid_input"
        | "invalid_config"
        | "unknown_name"
        | "invalid_checkpoint"
        | "invalid_data"
        | "device"
        | "diverged"
        /** For good: open the last checkpoint in a new module. */
        | "broken"
        /** Before `init()`. */
        | "uninitialized";
}

export type DeviceName = "cpu" | "webgpu";

/** The name of a preset or of one of its variants, as `presets()` lists them: its shape with fresh weights. */
export type Preset = VaePreset | AePreset | GridPreset | ObjectsPreset | (string & {});

export type VaePreset =
    | "tiny"
    | `E2${"" | "/beta2"}`
    | "wide"
    | `E4${"" | "/plane"}`
    | "E6/vae"
    | "E11"
    | `E12${"" | "/conv"}`
    | `E13${"" | "/mended"}`;

export type AePreset =
    | "E1"
    | `E5${"" | "/8" | "/32" | "/pca" | "/pca-8" | "/pca-32"}`
    | "E6"
    | `E7${"" | "/1" | "/2" | "/4" | "/16" | "/32" | "/64"}`
    | "E8"
    | `E9${"" | "/16" | "/64"}`
    | "E10"
    | "E13/ae";

export type GridPreset = `E14${"" | "/loss" | "/plain"}` | "E15" | `E16${"" | "/vq"}` | "E17";

export type ObjectsPreset = "E3";

export type ModelConfig = AutoencoderConfig | GridConfig | ObjectsConfig;

export type VaeConfig = AutoencoderConfig & { family: "vae" };

export type AeConfig = AutoencoderConfig & { family: "ae" };

export interface AutoencoderConfig {
    family: "ae" | "vae";
    encoder: EncoderConfig;
    /** "pooled" is a 1 x 1 convolution averaged over the feature map; "dense" unless given. */
    head?: "dense" | "pooled";
    /** The encoder's mirror image unless given; `channels` begins with those of the first feature map. */
    decoder?: DecoderConfig;
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

/** Codes for the cells of a grid, which is the encoder's last feature map. */
export interface GridConfig {
    family: "vq_vae" | "dvae";
    /** Of kind "conv". */
    encoder: EncoderConfig;
    decoder?: DecoderConfig;
    codebook?: Partial<CodebookConfig>;
    /** Of a dVAE: the temperature of its choices. */
    relaxation?: { first?: number; last?: number; steps?: number };
    image?: [number, number];
    output_bias?: "shared" | "map";
    /** `beta` is the weight of the commitment, of a dVAE that of the KL. */
    training?: Partial<TrainConfig>;
    /** What learns the codes, once they are trained. */
    prior?: Partial<PriorConfig>;
}

/** A multi-entity VAE: a canvas of several objects, each with a latent of its own. */
export interface ObjectsConfig {
    family: "objects";
    /** Of the encoder's convolutions, the first three of which halve the canvas. */
    channels?: number[];
    /** Units of the layers that look at a glimpse, and of those that paint an object. */
    glimpse?: number[];
    hidden?: number[];
    /** Numbers that say what an object is. */
    latent?: number;
    /** The most objects that are kept, K, 1 to 4. */
    objects?: number;
    /** Cells hold objects where they say so, "presence" unless given, or the K that say most do, whatever it is. */
    selection?: "presence" | "largest_kl";
    /** A square whose side is from 40 to 64 and a multiple of 8. */
    image?: [number, number];
    /** Nats that an object costs, and a pixel of ink that two objects paint. */
    presence_cost?: number;
    overlap_cost?: number;
    /** Pixels that an object may be from the middle of its cell. */
    reach?: number;
    /** Pixels between the centres of two objects, at least. */
    distance?: number;
    training?: Partial<TrainConfig>;
}

export type EncoderConfig =
    { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; padding?: "same" | "valid" };

export type DecoderConfig =
    { kind: "dense"; hidden: number[] } | { kind: "conv"; channels: number[]; upsample?: "shuffle" | "transposed" };

export interface CodebookConfig {
    /** Vectors, and numbers of each. */
    size: number;
    dimension: number;
    /** By the gradient of their distance, or as running averages. */
    update: "gradient" | "average";
    /** Steps without use after which a vector comes back where the encoder speaks; 0 for never. */
    revive_after: number;
}

/** A gated PixelCNN. */
export interface PriorConfig {
    channels: number;
    layers: number;
    classes: number;
    learning_rate: number;
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
export type ResolvedConfig = ResolvedAutoencoder | ResolvedGrid | ResolvedObjects;

export type ResolvedAutoencoder = Required<Omit<AutoencoderConfig, "corruption" | "training">> & {
    corruption: Corruption;
    training: TrainConfig;
};

export type ResolvedGrid = Required<Omit<GridConfig, "codebook" | "relaxation" | "training" | "prior">> & {
    codebook: CodebookConfig;
    relaxation?: { first: number; last: number; steps: number };
    training: TrainConfig;
    prior?: PriorConfig;
};

export type ResolvedObjects = Required<Omit<ObjectsConfig, "training">> & { training: TrainConfig };

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

/** One of them, with what it can do. */
export interface VariantInfo extends Description {
    id: Preset;
    title: string;
    config: ResolvedConfig;
    /** Whether its shipped weights are computed from the data, as PCA's are, and not trained. */
    computed: boolean;
}

export interface DeviceOptions {
    /** "auto" unless given: the flavour's own device. */
    device?: "auto" | DeviceName | undefined;
}

/** Of a checkpoint. */
export interface OpenOptions extends DeviceOptions {
    /**
     * What the model is, where the file has weights alone. A file of ours says it; in place of that another configuration of
     * the same family with the same parameters: costs, defaults of training, the most objects.
     */
    config?: ModelConfig | Preset | undefined;
}

export interface CreateOptions extends DeviceOptions {
    /** A whole number from 0; 1 unless given. */
    seed?: number | undefined;
    /** Sets the output bias map; without it the mean of the first batch does. */
    mean_image?: Floats | undefined;
}

export interface StepSettings {
    learning_rate?: number | undefined;
    /** Weight of the KL or of the commitment in place of the configuration's schedule. */
    beta?: number | undefined;
    /** What is trained: "codes" unless given, which is all of most models, or the "prior" over them. */
    stage?: Stage | undefined;
    /** Of the stage "prior": the classes of the images, [batch]. */
    labels?: Numbers | undefined;
    /**
     * In place of drawn noise: [batch, latent] of a VAE, [batch, pixels] of an autoencoder that mends noise,
     * [batch, cells * K] from Gumbel(0, 1) of a dVAE.
     */
    noise?: Floats | undefined;
    /** In place of drawn masks, [batch, pixels]: 1 where a pixel is erased. */
    mask?: Floats | undefined;
    /** Whether to wait for the loss; true unless given. */
    read?: boolean | undefined;
}

export type Stage = "codes" | "prior";

export interface EvaluateSettings {
    stage?: Stage | undefined;
    /** Of the stage "prior": without them it is asked for any class. */
    labels?: Numbers | undefined;
    /** Of the stage "codes", as in `StepSettings`: in place of the evaluation's own. */
    noise?: Floats | undefined;
    mask?: Floats | undefined;
}

export interface SampleSettings {
    /** A whole number from 0; 1 unless given. */
    seed?: number | undefined;
    /** Standard deviation of the prior's draws, or what the logits of codes are divided by; 1 unless given. */
    temperature?: number | undefined;
    /** Of a prior over codes: the class that is asked for; any unless given. */
    label?: number | undefined;
    /** Of objects: how many a scene has; as many as the model keeps unless given. */
    objects?: number | undefined;
    /** Of a prior over codes: [cells], a code that stays as it is, or -1 where one is to be drawn. */
    known?: Numbers | undefined;
}

/** Nats per image, each at full weight. */
export interface LossTerms {
    total: number;
    reconstruction: number;
    /** Of a VAE or a dVAE. */
    kl?: number;
    /** Of a VQ-VAE whose codebook learns by it. */
    codebook?: number;
    /** Of a VQ-VAE. */
    commitment?: number;
    /** Of codes: so many of them, if all were used alike. */
    perplexity?: number;
    /** Of objects: KL of where they are, KL of which cells hold one, and the cost of ink that two of them paint. */
    where?: number;
    presence?: number;
    overlap?: number;
}

/** Of the stage "prior": nats per image that it fails to say about the codes. */
export interface PriorTerms {
    total: number;
    prior: number;
}

export interface Evaluation extends LossTerms {
    /** Of a VAE: KL of each latent, averaged over the images. */
    kl_by_dimension?: Float32Array<ArrayBuffer>;
    /** Of a VAE: latents whose means vary over the images by more than 0.01. */
    active_units?: number;
    /** Of codes: the share of all cells that each has, [K]. */
    shares?: Float32Array<ArrayBuffer>;
    /** Of codes: those that no cell has. */
    dead?: number;
}

/** What `encode` gives: numbers, codes or objects. */
export type Encoded = Encoding | Codes | Objects;

/** The objects of all images, and what each cell says in nats times its presence, [batch, cells]. */
export interface Objects {
    objects: SceneObject[];
    kl: Float32Array<ArrayBuffer>;
}

export interface SceneObject {
    /** The number of its image in the batch. */
    image: number;
    /** The cell of the encoder's grid that it comes from. */
    cell: number;
    /** Row and column of its centre in pixels. */
    where: [number, number];
    /** [latent]. */
    mean: Float32Array<ArrayBuffer>;
    log_variance: Float32Array<ArrayBuffer>;
    /** Nats that it says. */
    kl: number;
    /** How likely it is there, and how strongly it is painted. */
    presence: number;
}

/** Of the scenes that a `Dataset` makes: one seed and step make the same ones each time. */
export interface SceneOptions {
    /** 1 unless given. */
    seed?: number;
    /** 0 unless given. */
    step?: number;
    /** Height and width of the canvas, 40 to 64; 48 unless given. */
    side?: number;
    /** The fewest and the most images of a scene, 1 to 4; 1 and 3 unless given. */
    fewest?: number;
    most?: number;
    /** Pixels between the centres of two, at least, 0 to 32; 14 unless given. */
    distance?: number;
    /** Whether they are made of the images that no batch has; of the others unless given. */
    held_out?: boolean;
}

/** Scenes, and how many images each is made of: fewer than were asked for if the canvas has no room for more. */
export interface Scenes {
    /** [count, side * side]. */
    images: Float32Array<ArrayBuffer>;
    /** [count]. */
    counts: Uint8Array<ArrayBuffer>;
}

/** An object to decode: one that `encode` gave, elsewhere or changed. */
export interface GivenObject {
    /** 0 unless given. */
    image?: number;
    cell: number;
    where: Floats | [number, number];
    mean: Floats;
    presence: number;
}

/** [batch, latent] each. */
export interface Encoding {
    /** Means of a VAE, codes of an autoencoder. */
    mean: Float32Array<ArrayBuffer>;
    /** Of a VAE. */
    log_variance?: Float32Array<ArrayBuffer>;
}

export type VaeEncoding = Required<Encoding>;

/** [batch, cells]. */
export interface Codes {
    codes: Uint32Array<ArrayBuffer>;
}

/** Codes with what each was drawn from, [count, cells, K]; of a known one what it would have been. */
export interface Sampled extends Codes {
    probabilities: Float32Array<ArrayBuffer>;
}

/** What images and latents are given as: numbers of any page or frame. */
export type Floats = Float32Array | Float64Array | readonly number[];

/** In a typed array of any kind, or in an array. */
export type Numbers = Floats | Uint8Array | Uint32Array | Int32Array;

/**
 * What `decode` takes: means or [batch, latent]; of a grid its codes, or the vectors of its cells, [batch, cells * D]. Objects
 * give as many images as the last one's `image` says, and one at least.
 */
export type Latents<Code extends Encoded = Encoded> = Code extends Objects
    ? { objects: readonly GivenObject[] }
    : Code extends Codes
      ? { codes: Numbers } | { vectors: Floats }
      : { mean: Floats; log_variance?: Floats } | Floats;

/** What a model can do: a page that shows it need not know its family. */
export interface Description {
    /** What images are encoded to. */
    space: Space;
    /** The networks that are trained one after the other: the model, and its prior where it has one. */
    stages: StageInfo[];
    /** The calls that it answers, by their names. */
    calls: string[];
    /** The parts of its configuration that can be chosen, by their paths in it. */
    controls: string[];
    /** The views that show it. */
    views: string[];
    parameters: number;
}

/** Points, Gaussians whose prior is N(0, I), or codes for the cells of a grid. */
export type Space =
    | { kind: "point"; latent: number }
    | { kind: "gaussian"; latent: number }
    | {
          kind: "grid";
          /** Height and width. */
          sides: [number, number];
          /** Codes that a cell chooses from, K. */
          codes: number;
          /** Numbers of a code's vector, D. */
          dimension: number;
          choice: "nearest" | "categorical";
      }
    | {
          kind: "objects";
          /** Height and width of the grid whose cells may hold an object. */
          sides: [number, number];
          /** The most objects that are kept. */
          most: number;
          /** Numbers that say what an object is. */
          latent: number;
      };

export interface StageInfo {
    name: Stage;
    terms: TermInfo[];
    /** From first to last. */
    layers: { name: string; parameters: number }[];
    /** Adam's step size unless one is chosen. */
    learning_rate: number;
}

export type TermName = Exclude<keyof LossTerms | keyof PriorTerms, "total">;

/** A term of a loss. */
export interface TermInfo {
    name: TermName;
    unit: "nats" | "squared_distance" | "codes";
    /** How it enters the loss: as it is, times beta, or not at all. */
    weight: "one" | "beta" | "zero";
}

export interface Info extends Description {
    device: DeviceName;
    config: ResolvedConfig;
    step: number;
    /** Of a model with a prior over its codes. */
    prior_step?: number;
    /** Of codes: height and width of the grid, as `space` has them. */
    grid?: [number, number];
    seed: number;
    version: string;
    notes: string;
}

export interface SelfTest {
    agrees: boolean;
    losses: number[];
    expected: number[];
}

/**
 * What looks odd about images: no pixel is half as bright as white, as in bytes of 0 and 1; they are dark on light; there
 * is only one; all are the same; some are blank.
 */
export type Oddity = "dim" | "dark_on_light" | "single" | "equal" | "blank";
