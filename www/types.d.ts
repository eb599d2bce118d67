// What crosses between the page and its worker, and what the store holds. For editors and `tsc`; nothing of it is served.

import type {
    Description,
    DeviceName,
    Encoded,
    Encoding,
    EvaluateSettings,
    Info,
    Latents,
    LossTerms,
    ModelConfig,
    Objects,
    Oddity,
    Preset,
    PresetInfo,
    PriorTerms,
    ResolvedConfig,
    Sampled,
    SampleSettings,
    Stage,
    TermName,
} from "./pkg/cpu/latent_lab.js";

import type { Experiment } from "./experiment.js";
import type { LabClient } from "./lab.js";
import type { Store } from "./store.js";

export type * from "./pkg/cpu/latent_lab.js";
export type Flavour = Pick<
    typeof import("./pkg/cpu/latent_lab.js"),
    "Lab" | "self_test"
>;

export type DeviceChoice = "auto" | DeviceName;

/** The user's choices: one row of `CONTROLS` each. `null` stands for what the model's own configuration says. */
export interface Controls extends Structure {
    model: Preset;
    start: "shipped" | "fresh";
    /** What play trains, of a model with a prior over its codes. */
    stage: Stage;
    learning_rate: number | null;
    beta: number | null;
    batch_size: number | null;
    /** After so many steps training pauses; null for endless training. */
    steps: number | null;
    seed: number;
    device: DeviceChoice;
}

/** What a model is built of, as far as it is a choice: `null` stands for what the variant has. */
export interface Structure {
    /** Hidden layers, or convolutions. */
    layers: number | null;
    /** Of each layer; the channels of the first convolution, which double from there. */
    units: number | null;
    latent: number | null;
    loss: "cross-entropy" | "squared" | null;
    sigma_x: number | null;
    noise: number | null;
    masks: "none" | "half" | "square" | "strokes" | "all" | null;
    /** Of a grid: vectors of its codebook, and numbers of each. */
    codebook_size: number | null;
    dimension: number | null;
    /** How the vectors follow what the encoder says. */
    update: "loss" | "average" | null;
    /** Whether dead codes come back to life. */
    revival: "on" | "off" | null;
    /** Of objects: how many are kept at most, and which cells hold them. */
    objects: number | null;
    selection: "presence" | "largest" | null;
    /** Height and width of the canvas. */
    canvas: number | null;
    /** Nats that an object costs, and a pixel that two of them paint. */
    presence_cost: number | null;
    overlap_cost: number | null;
    /** Pixels that an object may be from its cell, and that the centres of two digits are from each other at least. */
    reach: number | null;
    distance: number | null;
}

/** What is the case. The views show it; the experiment alone changes it. */
export interface Facts {
    phase: "loading" | "ready" | "failed";
    presets: PresetInfo[];
    info: Info | null;
    /** What the open model came from; where it differs from the controls, a fresh model is due. */
    basis: Basis | null;
    look: Look | null;
    /** Latents that the user set; null for what the encoder says. */
    overrides: readonly (number | null)[];
    /** Whether those are codes whose vectors are turned to their opposites. */
    negated: boolean;
    /** Of a scene, the object whose numbers are seen, by its slot. */
    object: number;
    /** What is done to the drawing before a model sees it that was made to mend it. */
    damage: Damage;
    /** A sample that was asked for, with the name of its class: its picture becomes the drawing. */
    sample: {
        image: Float32Array;
        /** Its class, or how many objects its scene has. */
        label: number | undefined;
        name: string | undefined;
        /** Whether a pen made it: then it has a contour, otherwise it is as grey as it is. */
        isInk: boolean;
    } | null;
    training: boolean;
    /** Steps per second; null where nothing was measured. */
    speed: number | null;
    /** When the open run was kept last, or why it was not; null while there is nothing to keep. */
    kept: { at: number } | { why: string } | null;
    /** The curves of each stage. */
    history: Readonly<Record<Stage, History>>;
    device_status: DeviceStatus | null;
    data: DataInfo | null;
    pictures: Pictures | null;
    /** What the encoder says about those, where somebody looks at it. */
    codes: Codes | null;
    /** The codebook of a model with codes, where somebody looks at it. */
    palette: PaletteOf | null;
    /** The models of the experiment side by side, where somebody looks at them. */
    compared: readonly Compared[];
    downloads: ReadonlyMap<
        string,
        { loaded: number; total: number | undefined }
    >;
    notices: readonly Notice[];
    /** The step under the pointer, in both charts. */
    cursor: number | null;
    /** Pictures are painted in the colours of the page. */
    theme: "light" | "dark";
}

export type State = Controls & Facts;
export type Name = keyof State;

/** A codebook as it was at a step. */
export interface PaletteOf {
    basis: Basis | null;
    step: number;
    size: number;
    dimension: number;
    /** `[size, dimension]` */
    vectors: Float32Array;
    /** Of each code, in CSS: near vectors have near colours. */
    colors: readonly string[];
}

/** Encodings of digits; the arrays are written to while they come. */
export interface Codes {
    basis: Basis | null;
    pictures: Pictures;
    latent: number;
    step: number;
    /** Whether all that there are to be are of that step. */
    isWhole: boolean;
    /** So many are there. */
    count: number;
    /** What was encoded last ends here; what follows is older. */
    newest: number;
    /** Of each, the model's step and the page's time when it was encoded. */
    steps: Uint32Array;
    times: Float64Array;
    mean: Float32Array;
    /** A code has none. */
    log_variance: Float32Array | null;
    labels: Uint8Array | null;
}

/** A model of the experiment, as it is compared with the others. */
export interface Compared {
    id: Preset;
    title: string;
    /** Whether it is the open one; its numbers are those of a step. */
    live: boolean;
    basis: Basis;
    /** As the table has it. */
    description: Description;
    /** Of the others: whether it is there. */
    isOpen: boolean;
    /** The look whose picture was rebuilt, and at which step of the open model. */
    drawn: number;
    drawnAt: number;
    /** And the drawing before it was damaged. */
    rebuilt: (Beside & { clean: Float32Array }) | null;
    codes: Pick<Codes, "latent" | "count" | "mean" | "labels"> | null;
    /** Mean squared error of a pixel, of each of some digits. */
    errors: Float32Array | null;
    pictures: Pictures | null;
    step: number;
    measuredAt: number;
}

export interface Basis {
    model: Preset | null;
    /** What was chosen in place of that model's own. */
    structure: Readonly<Structure>;
    start: "shipped" | "fresh" | "file";
    seed: number;
}

export interface Notice {
    id: string;
    tone: "info" | "problem";
    text: string;
    actions: { label: string; run: () => void }[];
    /** The page cannot go on without one of the actions. */
    lasting?: boolean;
}

export interface DeviceStatus {
    device: DeviceName;
    reason: string;
}

/** Where images come from: one of ours, or a file of the user's. */
export type DataSet = PresetInfo["data"] | "own";

/** Digits to begin with, garments to be told from them, test digits that nothing is trained on, or the open data. */
export type SampleSource = "samples" | "garments" | "test" | "data";

/** The pictures that views look at. */
export interface Pictures {
    from: SampleSource;
    /** What they are, in the plural. */
    name: string;
    count: number;
}

/** A picture in a model's frame, its code, and what is decoded from that. */
export interface Beside {
    input: Float32Array;
    mean: Float32Array<ArrayBuffer>;
    image: Float32Array;
}

export interface DataInfo {
    name: string;
    set: DataSet;
    count: number;
    /** Images in the file: more than `count` where the first of them were taken. */
    declared: number;
    labelled: boolean;
    held_out: number;
    /** Whether what is held out comes on top of `count`. */
    apart: boolean;
    floors: Floors;
    /** What looks odd about images of the user's. */
    oddities: Oddity[];
    /** What is wrong with files that came with good images, which are open without them. */
    refused: { labels?: string; held_out?: string };
}

/** What is done to images that look odd. */
export type Mend = "scale" | "invert";

/** Nats per image that no model of grey pixels goes below, and that decoding the mean image costs. */
export interface Floors {
    entropy: number;
    mean_image: number;
}

/** Steps of each stage of training: of the codes, which are all of most models, and of a prior over them. */
export interface Progress {
    step: number;
    prior_step?: number;
}

/** The loss of any stage, with the terms that it has. */
export type Terms = { total: number } & Partial<
    Omit<LossTerms & PriorTerms, "total">
>;

/** The curves of a stage of training. */
export interface History {
    step: number[];
    /** As long as `step` each; what the model has none of is left out. */
    terms: { [term in TermName]?: number[] };
    held_out: ({ step: number } & HeldOut)[];
    epochs: Pace[];
}

/** What held-out images cost. */
export interface HeldOut {
    total: number;
    /** Of it the main term, where there are others. */
    main?: number;
}

/** From a step on, an epoch takes so many steps: as many as there are whole batches in the data. */
export interface Pace {
    from: number;
    steps: number;
}

/** What to look at through the model. What is left out stays as it was. */
export interface LookRequest {
    /** A drawing: grey bytes, 0 for paper. */
    ink?: { bytes: Uint8Array; height: number; width: number };
    /** A picture that is centred already, in place of a drawing. */
    image?: Float32Array;
    /** Latents that the user set; null for what the encoder says. */
    latents?: readonly (number | null)[];
    /** Whether the vectors of these codes are turned to their opposites. */
    negated?: boolean;
    /** What is done to the picture before a model sees it that was made to mend it. */
    damage?: Damage;
}

export interface Damage {
    /** Standard deviation of what is added to each pixel. */
    noise: number;
    /** 1 where a pixel is erased; null where none is. */
    mask: Float32Array | null;
}

export interface Look {
    generation: number;
    step: number;
    /** The centred drawing; null for an empty one. */
    clean: Float32Array | null;
    /** What the model sees: the same, or what damage leaves of it. */
    input: Float32Array | null;
    encoding: Encoding | null;
    /** Of a model of objects: those that the encoder found, and what each of its cells says. */
    found: Objects | null;
    /** What was decoded; null where nothing was. */
    latents: Float32Array | null;
    image: Float32Array | null;
    /** Each of the objects on a canvas of its own; null of a model without any. */
    parts: Float32Array | null;
}

export interface TrainSettings {
    stage?: Stage;
    learning_rate?: number;
    beta?: number;
    /** Steps between two evaluations on held-out data; none unless given. */
    held_out_every?: number;
}

/** Batches of the worker's own data: a function of size, seed and step. */
export interface DataBatches {
    size: number;
    seed: number;
    steps?: number;
    /** Passes over the data that are done before: the end of each is evaluated. */
    passes?: number;
}

export interface StepReport {
    /** Of the stage. */
    step: number;
    terms: Terms | undefined;
    /** On the page's clock, in milliseconds. */
    start: number;
    end: number;
    held_out?: Terms;
    /** Of the data and batch size that it was a step of. */
    steps_per_epoch?: number;
}

export interface TrainOptions {
    signal?: AbortSignal;
    onstep?: (report: StepReport) => void;
}

export interface DataFiles {
    name: string;
    set: DataSet;
    images: Uint8Array;
    labels?: Uint8Array;
    held_out?: Uint8Array;
    /** Done to all of them, one after the other. */
    mends?: readonly Mend[];
    /** Where they are known; measured otherwise. */
    floors?: Floors;
}

export interface StartOptions {
    module: WebAssembly.Module;
    lock: string;
    /** Why WebGPU is out of the question, where it failed before. */
    refusal?: string;
}

/** The worker's methods as messages name them. */
export interface Methods {
    start(options: StartOptions): { presets: PresetInfo[] };
    create(
        model: ModelConfig | Preset,
        options: { seed?: number; mean_image?: Float32Array },
    ): Info;
    open(checkpoint: Uint8Array, config?: ModelConfig): Info;
    retune(config: ModelConfig | Preset): Info;
    save(notes?: string): Progress & { bytes: Uint8Array };
    info(): Info;
    describe(model: ModelConfig | Preset): Description;
    train_step(images: Float32Array, settings?: object): Terms | undefined;
    evaluate(images: Float32Array, settings?: EvaluateSettings): Terms;
    held_out(stage?: Stage): Terms | undefined;
    encode(images: Float32Array): Encoded;
    decode(latents: Latents): Float32Array;
    sample(count: number, settings?: SampleSettings): Float32Array;
    reconstruct(images: Float32Array): Float32Array;
    free(): void;
    look(request: LookRequest): Look | undefined;
    train(batches: DataBatches | Float32Array[], settings: TrainSettings): void;
    tune(settings: TrainSettings & { size?: number }): void;
    samples(
        images: Uint8Array,
        labels: Uint8Array | undefined,
        name: SampleSource,
    ): number;
    sample_digit(
        index: number,
        from: SampleSource,
    ): {
        image: Float32Array;
        label: number | undefined;
    };
    data(files: DataFiles): DataInfo;
    codes(
        start: number,
        count: number,
        from: SampleSource,
        beside?: string,
    ): Encoding & { labels?: Uint8Array };
    digits(start: number, count: number, from: SampleSource): Float32Array;
    tiles(latents: Float32Array, beside?: string): Float32Array;
    sample_codes(count: number, settings?: SampleSettings): Sampled;
    codebook(): Float32Array;
    open_beside(name: string, checkpoint: Uint8Array): Info;
    close_beside(): void;
    rebuild(picture: Float32Array, models: (string | undefined)[]): Beside[];
    errors(count: number, from: SampleSource, beside?: string): Float32Array;
    device(choice: DeviceChoice): DeviceStatus;
    memory(): { cpu: number; webgpu: number };
}
export type Method = keyof Methods;

export type ToWorker =
    { id: number; method: Method; args: unknown[] } | { cancel: number };

export type FromWorker =
    | { id: number; value: unknown }
    | { id: number; error: WireError }
    | { id: number; report: StepReport }
    | { event: "locked" }
    | { event: "look"; detail: Look }
    | { event: "device"; detail: DeviceStatus }
    | {
          event: "download";
          detail: {
              name: string;
              loaded: number;
              total: number | undefined;
              done: boolean;
          };
      }
    | { event: "dead"; detail: { message: string; device: DeviceName } };

export interface WireError {
    name: string;
    kind: string | undefined;
    message: string;
}

/** What a view is given. */
export interface Parts {
    store: Store;
    lab: LabClient;
    experiment: Experiment;
}

export interface View {
    update(changed: ReadonlySet<Name>): void;
    destroy(): void;
}
