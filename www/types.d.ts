// The types of the messages between the page and its worker, and of the store. For editors and `tsc`; it is not served.

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

/** The user's choices: each has a row in `CONTROLS`. `null` means the value of the model's own configuration. */
export interface Controls extends Structure {
    model: Preset;
    start: "shipped" | "fresh";
    /** For a model with a prior over its codes: which of the two the play button trains. */
    stage: Stage;
    learning_rate: number | null;
    beta: number | null;
    batch_size: number | null;
    /** Training pauses after this many steps; null for endless training. */
    steps: number | null;
    seed: number;
    device: DeviceChoice;
    /** How many workers train on the CPU; null for as many as are fastest. */
    workers: number | null;
}

/** The choices of a model's structure. `null` means the value of the variant. */
export interface Structure {
    /** Hidden layers, or convolutions. */
    layers: number | null;
    /** Units of each layer, or channels of the first convolution, which double from there. */
    units: number | null;
    latent: number | null;
    loss: "cross-entropy" | "squared" | null;
    sigma_x: number | null;
    noise: number | null;
    masks: "none" | "half" | "square" | "strokes" | "all" | null;
    /** For a grid of codes: the vectors in its codebook, and the length of each. */
    codebook_size: number | null;
    dimension: number | null;
    /** How the codebook's vectors follow the encoder's. */
    update: "loss" | "average" | null;
    /** Whether dead codes are revived. */
    revival: "on" | "off" | null;
    /** For a model of objects: how many are kept at most, and how their cells are selected. */
    objects: number | null;
    selection: "presence" | "largest" | null;
    /** Height and width of the canvas. */
    canvas: number | null;
    /** Cost in nats of each object, and of each pixel that two objects paint. */
    presence_cost: number | null;
    overlap_cost: number | null;
    /** In pixels: how far an object may be from its cell, and the least distance between the centres of two digits. */
    reach: number | null;
    distance: number | null;
}

/** The state of the experiment. Views show it and the experiment changes it; the page sets the theme and the cursor. */
export interface Facts {
    phase: "loading" | "ready" | "failed";
    presets: PresetInfo[];
    info: Info | null;
    /** What the open model came from; if it differs from the controls, a new model has to be opened. */
    basis: Basis | null;
    look: Look | null;
    /** Latents that the user set; null where the encoder's value holds. */
    overrides: readonly (number | null)[];
    /** Whether the overrides are codes whose vectors are negated. */
    negated: boolean;
    /** For a scene: the slot of the object whose latents are shown. */
    object: number;
    /** What is done to the drawing before a model that mends damage sees it. */
    damage: Damage;
    /** The sample that was asked for, with the name of its class: its picture becomes the drawing. */
    sample: {
        image: Float32Array;
        /** Its class, or how many objects its scene has. */
        label: number | undefined;
        name: string | undefined;
        /** Whether it is a pen drawing, which is shown as ink; otherwise its grey values are kept. */
        isInk: boolean;
    } | null;
    training: boolean;
    /** Steps per second; null if not measured. */
    speed: number | null;
    /** When the open run was last saved in the browser, or why that failed; null while there is nothing to save. */
    kept: { at: number } | { why: string } | null;
    /** The curves of each stage. */
    history: Readonly<Record<Stage, History>>;
    device_status: DeviceStatus | null;
    workers_status: WorkersStatus | null;
    data: DataInfo | null;
    pictures: Pictures | null;
    /** The encodings of those pictures, while a view shows them. */
    codes: Codes | null;
    /** The codebook of a model with codes, while a view shows it. */
    palette: PaletteOf | null;
    /** The models of the experiment side by side, while a view shows them. */
    compared: readonly Compared[];
    downloads: ReadonlyMap<
        string,
        { loaded: number; total: number | undefined }
    >;
    notices: readonly Notice[];
    /** The step under the pointer, in both charts. */
    cursor: number | null;
    /** The page's theme: pictures are painted in its colours. */
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
    /** A CSS colour for each code: similar vectors have similar colours. */
    colors: readonly string[];
}

/** Encodings of digits; the arrays are filled while the encodings arrive. */
export interface Codes {
    basis: Basis | null;
    pictures: Pictures;
    latent: number;
    step: number;
    /** Whether all pictures have been encoded at that step. */
    isWhole: boolean;
    /** How many encodings there are. */
    count: number;
    /** Where the latest encodings end; those after it are older. */
    newest: number;
    /** For each encoding: the model's step, and the page's time when it was made. */
    steps: Uint32Array;
    times: Float64Array;
    mean: Float32Array;
    /** Null for codes, which have none. */
    log_variance: Float32Array | null;
    labels: Uint8Array | null;
}

/** A model of the experiment, as shown in the comparison. */
export interface Compared {
    id: Preset;
    title: string;
    /** Whether it is the open model; its numbers then belong to a step. */
    live: boolean;
    basis: Basis;
    /** As shown in the table. */
    description: Description;
    /** For the other models: whether the worker has it open. */
    isOpen: boolean;
    /** The generation of the look whose picture was rebuilt, and the step of the open model at that time. */
    drawn: number;
    drawnAt: number;
    /** The rebuilt picture, and the drawing before it was damaged. */
    rebuilt: (Beside & { clean: Float32Array }) | null;
    codes: Pick<Codes, "latent" | "count" | "mean" | "labels"> | null;
    /** For each of some digits: the mean squared error of a pixel. */
    errors: Float32Array | null;
    pictures: Pictures | null;
    step: number;
    measuredAt: number;
}

export interface Basis {
    model: Preset | null;
    /** What was chosen in place of that model's own structure. */
    structure: Readonly<Structure>;
    start: "shipped" | "fresh" | "file";
    seed: number;
}

export interface Notice {
    id: string;
    tone: "info" | "problem";
    text: string;
    actions: { label: string; run: () => void }[];
    /** Whether the page cannot go on until the user takes one of the actions. */
    lasting?: boolean;
}

export interface DeviceStatus {
    device: DeviceName;
    reason: string;
}

/** The workers that compute training steps on the CPU. */
export interface WorkersStatus {
    /** How many there are; 0 if the browser gives none. */
    workers: number;
    /** Steps per second of each number that was tried. */
    rates: readonly (readonly [workers: number, rate: number])[];
    /** Bytes of WebAssembly memory of all of them. */
    memory: number;
    /** Why there are none. */
    refusal?: string;
}

/** Where images come from: a data set of the page, or a file of the user's. */
export type DataSet = PresetInfo["data"] | "own";

/** Sample digits, garments in contrast to digits, test digits that no model is trained on, or the open data. */
export type SampleSource = "first" | "samples" | "garments" | "test" | "data";

/** The pictures that views show encodings of. */
export interface Pictures {
    from: SampleSource;
    /** What they are called, in the plural. */
    name: string;
    count: number;
}

/** A picture in a model's frame, its encoding, and the image decoded from it. */
export interface Beside {
    input: Float32Array;
    mean: Float32Array<ArrayBuffer>;
    image: Float32Array;
}

export interface DataInfo {
    name: string;
    set: DataSet;
    count: number;
    /** Images in the file: more than `count` if only the first ones were taken. */
    declared: number;
    labelled: boolean;
    held_out: number;
    /** Whether the held-out images come from a file of their own and are not part of `count`. */
    has_held_out_file: boolean;
    floors: Floors;
    /** What looks odd about the user's images. */
    oddities: Oddity[];
    /** Why files that came with the images were refused; the images are open without them. */
    refused: { labels?: string; held_out?: string };
}

/** What is done to images that look odd. */
export type Mend = "scale" | "invert";

/** Nats per image: the entropy, a lower bound for models of grey pixels, and the cost of decoding the mean image. */
export interface Floors {
    entropy: number;
    mean_image: number;
}

/** Steps of each stage of training: of the codes, the only stage of most models, and of a prior over them. */
export interface Progress {
    step: number;
    prior_step?: number;
}

/** The loss of a stage, with the terms that it has. */
export type Terms = { total: number } & Partial<
    Omit<LossTerms & PriorTerms, "total">
>;

/** The curves of a stage of training. */
export interface History {
    step: number[];
    /** Each as long as `step`; terms that the model does not have are left out. */
    terms: { [term in TermName]?: number[] };
    held_out: ({ step: number } & HeldOut)[];
    epochs: Pace[];
}

/** The loss of held-out images. */
export interface HeldOut {
    total: number;
    /** The main term, if there are others. */
    main?: number;
}

/** From this step on, an epoch takes this many steps: the number of full batches in the data. */
export interface Pace {
    from: number;
    steps: number;
}

/** What the model should encode and decode. What is left out stays as it was. */
export interface LookRequest {
    /** A drawing: grey bytes, 0 for paper. */
    ink?: { bytes: Uint8Array; height: number; width: number };
    /** A picture that is already centred, in place of a drawing. */
    image?: Float32Array;
    /** Latents that the user set; null where the encoder's value holds. */
    latents?: readonly (number | null)[];
    /** Whether the vectors of these codes are negated. */
    negated?: boolean;
    /** What is done to the picture before a model that mends damage sees it. */
    damage?: Damage;
}

export interface Damage {
    /** Standard deviation of the noise that is added to each pixel. */
    noise: number;
    /** 1 where a pixel is erased; null if none is. */
    mask: Float32Array | null;
}

export interface Look {
    generation: number;
    step: number;
    /** The centred drawing; null for an empty one. */
    clean: Float32Array | null;
    /** What the model sees: the same picture, or what the damage leaves of it. */
    input: Float32Array | null;
    encoding: Encoding | null;
    /** For a model of objects: the objects that the encoder found, and the output of each of its cells. */
    found: Objects | null;
    /** The latents that were decoded; null if none were. */
    latents: Float32Array | null;
    image: Float32Array | null;
    /** Each object on a canvas of its own; null for a model without objects. */
    parts: Float32Array | null;
}

export interface TrainSettings {
    stage?: Stage;
    learning_rate?: number;
    beta?: number;
    /** Steps between two evaluations on held-out data; without it there are none. */
    held_out_every?: number;
}

/** Batches of the worker's own data: they depend on size, seed and step only. */
export interface DataBatches {
    size: number;
    seed: number;
    steps?: number;
    /** Passes over the data that were done before; the end of each pass is evaluated. */
    passes?: number;
}

export interface StepReport {
    /** The step within the stage. */
    step: number;
    terms: Terms | undefined;
    /** On the page's clock, in milliseconds. */
    start: number;
    end: number;
    held_out?: Terms;
    /** With the data and the batch size of this step. */
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
    /** Mends that are applied to all images, one after the other. */
    mends?: readonly Mend[];
    /** The floors, if known; otherwise they are measured. */
    floors?: Floors;
}

export interface StartOptions {
    module: WebAssembly.Module;
    lock: string;
    /** Why WebGPU is not tried, if it failed before. */
    refusal?: string;
}

/** The worker's methods, by their names in messages. */
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
    workers(choice: number | null): void;
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
    | { event: "workers"; detail: WorkersStatus }
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

/** What each view is constructed with. */
export interface Parts {
    store: Store;
    lab: LabClient;
    experiment: Experiment;
}

export interface View {
    update(changed: ReadonlySet<Name>): void;
    destroy(): void;
}

/** The id of an element, and the view that is mounted there. */
export type Place = [
    id: string,
    mount: (element: HTMLElement, parts: Parts) => View,
];
