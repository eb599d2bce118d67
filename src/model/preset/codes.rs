//! The rows of the experiments with codes.

use super::row::variant;
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
    views: &["codes", "compare", "grids"],
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
    views: &["edits", "codes"],
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
    views: &["edits", "compare", "codes", "grids"],
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
    views: &["prior", "codes"],
};
