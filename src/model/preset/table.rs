//! The table of presets: a row for each experiment.

use super::row::{components, variant};
use super::{Data, Preset, codes};

/// All presets in the order in which they are shown.
pub const PRESETS: &[Preset] = &[
    Preset {
        id: "tiny",
        title: "A tiny VAE that learns while you watch",
        data: Data::Mnist,
        variants: &[variant(
            "tiny",
            "conv, 8 latents",
            r#"{"family":"vae","encoder":{"kind":"conv","channels":[16,32]},"latent":8,"output_bias":"map",
                "training":{"learning_rate":0.007,"rate_warm_up":20,"kl_warm_up":200}}"#,
        )],
        views: &["grids", "kl", "plane"],
    },
    Preset {
        id: "E1",
        title: "A dense autoencoder",
        data: Data::Mnist,
        variants: &[variant(
            "E1",
            "784-32-784",
            r#"{"family":"ae","encoder":{"kind":"dense","hidden":[]},"latent":32,"code":"relu"}"#,
        )],
        views: &["grids"],
    },
    Preset {
        id: "E2",
        title: "The weight of the KL, and what it does to the plane",
        data: Data::Mnist,
        variants: &[
            variant(
                "E2",
                "beta 1",
                r#"{"family":"vae","encoder":{"kind":"dense","hidden":[256]},"latent":2}"#,
            ),
            variant(
                "E2/beta2",
                "beta 2",
                r#"{"family":"vae","encoder":{"kind":"dense","hidden":[256]},"latent":2,"training":{"beta":2}}"#,
            ),
        ],
        views: &["compare", "plane", "kl", "grids"],
    },
    Preset {
        id: "wide",
        title: "Twenty latents: the VAE of PyTorch's examples",
        data: Data::Mnist,
        variants: &[variant(
            "wide",
            "784-400-20",
            r#"{"family":"vae","encoder":{"kind":"dense","hidden":[400]},"latent":20}"#,
        )],
        views: &["kl", "grids"],
    },
    Preset {
        id: "E3",
        title: "Several digits, and a latent for each",
        data: Data::Mnist,
        variants: &[variant("E3", "up to 4 objects", r#"{"family":"objects"}"#)],
        views: &["objects", "grids"],
    },
    Preset {
        id: "E4",
        title: "A convolutional VAE whose pictures sharpen",
        data: Data::Mnist,
        variants: &[
            variant(
                "E4",
                "8 latents",
                r#"{"family":"vae","encoder":{"kind":"conv","channels":[32,64],"padding":"valid"},"latent":8,
                    "decoder":{"kind":"conv","channels":[32,64,32],"upsample":"transposed"},"training":{"batch_size":32}}"#,
            ),
            variant(
                "E4/plane",
                "2 latents",
                r#"{"family":"vae","encoder":{"kind":"conv","channels":[32,64],"padding":"valid"},"latent":2,
                    "decoder":{"kind":"conv","channels":[32,64,32],"upsample":"transposed"},"training":{"batch_size":32}}"#,
            ),
        ],
        views: &["grids", "kl", "plane"],
    },
    Preset {
        id: "E5",
        title: "PCA beside an autoencoder",
        data: Data::Mnist,
        variants: &[
            variant("E5", "AE, 2 numbers", compared!(2)),
            variant("E5/8", "AE, 8 numbers", compared!(8)),
            variant("E5/32", "AE, 32 numbers", compared!(32)),
            components("E5/pca", "PCA, 2 numbers", pca!(2)),
            components("E5/pca-8", "PCA, 8 numbers", pca!(8)),
            components("E5/pca-32", "PCA, 32 numbers", pca!(32)),
        ],
        views: &["compare", "plane", "grids"],
    },
    Preset {
        id: "E6",
        title: "Autoencoder and VAE as generators",
        data: Data::Mnist,
        variants: &[
            variant("E6", "AE", small!("ae", 2, "")),
            variant("E6/vae", "VAE", small!("vae", 2, "")),
        ],
        views: &["compare", "plane", "grids"],
    },
    Preset {
        id: "E7",
        title: "How many numbers does a digit need?",
        data: Data::Mnist,
        variants: &[
            variant("E7", "8 numbers", sized!(8)),
            variant("E7/1", "1 number", sized!(1)),
            variant("E7/2", "2 numbers", sized!(2)),
            variant("E7/4", "4 numbers", sized!(4)),
            variant("E7/16", "16 numbers", sized!(16)),
            variant("E7/32", "32 numbers", sized!(32)),
            variant("E7/64", "64 numbers", sized!(64)),
        ],
        views: &["compare", "grids", "plane"],
    },
    Preset {
        id: "E8",
        title: "Denoising",
        data: Data::Mnist,
        variants: &[variant(
            "E8",
            "noise 0.5",
            r#"{"family":"ae","encoder":{"kind":"dense","hidden":[256]},"latent":32,"corruption":{"noise":0.5}}"#,
        )],
        views: &["mend", "grids"],
    },
    Preset {
        id: "E9",
        title: "Inpainting",
        data: Data::Mnist,
        variants: &[
            variant(
                "E9",
                "code of 4",
                small!("ae", 4, r#","corruption":{"masks":["half","square","strokes"]}"#),
            ),
            variant(
                "E9/16",
                "code of 16",
                small!("ae", 16, r#","corruption":{"masks":["half","square","strokes"]}"#),
            ),
            variant(
                "E9/64",
                "code of 64",
                small!("ae", 64, r#","corruption":{"masks":["half","square","strokes"]}"#),
            ),
        ],
        views: &["mend", "compare", "grids"],
    },
    Preset {
        id: "E10",
        title: "Garments on a plane",
        data: Data::Fashion,
        variants: &[variant("E10", "AE", garments!("ae", 1))],
        views: &["plane", "grids"],
    },
    Preset {
        id: "E11",
        title: "Garments on a plane without gaps",
        data: Data::Fashion,
        variants: &[variant("E11", "VAE", garments!("vae", 2.048))],
        views: &["plane", "kl", "grids"],
    },
    Preset {
        id: "E12",
        title: "With a dense layer and without one",
        data: Data::Mnist,
        variants: &[
            variant("E12", "dense head", headed!("dense")),
            variant("E12/conv", "convolutions alone", headed!("pooled")),
        ],
        views: &["compare", "plane", "kl", "grids"],
    },
    Preset {
        id: "E13",
        title: "Posterior collapse",
        data: Data::Mnist,
        variants: &[
            variant(
                "E13",
                "error averaged over the pixels",
                squared!("vae", 19.798_989_873_223_33),
            ),
            variant("E13/mended", "error summed", squared!("vae", 1)),
            variant("E13/ae", "no KL at all", squared!("ae", 1)),
        ],
        views: &["kl", "compare", "price", "plane", "grids"],
    },
    codes::E14,
    codes::E15,
    codes::E16,
    codes::E17,
];
