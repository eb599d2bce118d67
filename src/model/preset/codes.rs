//! The rows of the experiments with codes.

use super::row::{at_least, at_most, steady, variant};
use super::{Data, Preset};

pub const E14: Preset = Preset {
    id: "E14",
    title: "A code for each cell",
    data: Data::Mnist,
    variants: &[
        variant(
            "E14",
            "codebook by running averages",
            coded!(
                "vq_vae",
                r#","codebook":{"update":"average"},"output_bias":"map""#,
                "0.25"
            ),
        ),
        variant(
            "E14/loss",
            "codebook by its loss",
            coded!("vq_vae", r#","output_bias":"map""#, "0.25"),
        ),
        // Without any help: averages, revival, a map of biases that spares the codes what all pictures share.
        variant(
            "E14/plain",
            "no help: its loss alone",
            coded!("vq_vae", r#","codebook":{"revive_after":0}"#, "0.25"),
        ),
    ],
    epochs: 4,
    views: &["codes", "compare", "grids"],
    bars: &[
        at_most("MSE after one epoch", 0.0075),
        at_least("perplexity after one epoch", 35.0),
        at_most("MSE", 0.0050),
        at_most("dead codes", 0.0),
        at_most("dead codes, loss", 0.0),
    ],
    remark: "The values after one epoch are those of a run of one epoch, with a learning rate that ends at zero with it. \
        The third model has neither revival nor a bias for each pixel. Of the two it is the biases that it misses: with them \
        and without revival a run of the same length ended at a perplexity of 39.0 and an error of 0.00458, with no dead code.",
};

pub const E15: Preset = Preset {
    id: "E15",
    title: "Edits of the code grid",
    data: Data::Mnist,
    variants: &[variant(
        "E15",
        "VQ-VAE",
        // With a bias for all pixels alike, so that a shift of the codes is one of the picture.
        coded!("vq_vae", r#","codebook":{"update":"average"}"#, "0.25"),
    )],
    epochs: 4,
    views: &["edits", "codes"],
    bars: &[
        at_most("MSE of shifted codes, beyond its own", 0.003),
        at_most("MSE of the worst joined half away from the seam, beyond its own", 0.003),
    ],
    remark: "",
};

pub const E16: Preset = Preset {
    id: "E16",
    title: "Choices relaxed",
    data: Data::Mnist,
    variants: &[
        variant("E16", "dVAE", coded!("dvae", r#","output_bias":"map""#, "0.1")),
        variant(
            "E16/vq",
            "VQ-VAE of the same size",
            coded!(
                "vq_vae",
                r#","codebook":{"update":"average"},"output_bias":"map""#,
                "0.25"
            ),
        ),
    ],
    epochs: 4,
    views: &["edits", "compare", "codes", "grids"],
    bars: &[at_most("MSE, dVAE over VQ-VAE", 1.5), steady("KL to the uniform prior")],
    remark: "",
};

pub const E17: Preset = Preset {
    id: "E17",
    title: "A prior that dreams up codes",
    data: Data::Mnist,
    variants: &[variant(
        "E17",
        "VQ-VAE and gated PixelCNN",
        coded!(
            "vq_vae",
            r#","codebook":{"update":"average"},"output_bias":"map","prior":{}"#,
            "0.25"
        ),
    )],
    epochs: 4,
    views: &["prior", "codes"],
    bars: &[
        at_most("nats of the prior over those of independent codes", 0.8),
        at_most("failures of the prior over those of independent codes", 0.5),
    ],
    remark: "",
};
