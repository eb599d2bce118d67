//! The table of presets: a name for a configuration that is worth looking at.

use super::ModelConfig;
use super::blocks::{Padding, Upsample};
use super::config::TrainConfig;
use super::decoder::{DecoderConfig, OutputBias};
use super::encoder::EncoderConfig;
use super::vae::VaeConfig;
use crate::error::{Error, ErrorKind, Result};

/// A named configuration.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name that [`find`] takes.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    config: fn() -> VaeConfig,
}

impl Preset {
    /// The resolved configuration.
    ///
    /// # Errors
    /// None for the presets of this table, which a test holds to it.
    pub fn config(&self) -> Result<ModelConfig> {
        ModelConfig::Vae((self.config)()).resolved()
    }
}

/// All presets in the order in which they are shown.
pub const PRESETS: [Preset; 3] = [
    Preset {
        id: "tiny",
        title: "Tiny convolutional VAE that learns while you watch",
        config: || VaeConfig {
            encoder: EncoderConfig::Conv {
                channels: vec![16, 32],
                padding: Padding::Same,
            },
            decoder: Some(DecoderConfig::Conv {
                channels: vec![32, 16],
                upsample: Upsample::Shuffle,
            }),
            latent: 8,
            image: [28, 28],
            output_bias: OutputBias::Map,
            training: TrainConfig {
                learning_rate: 7e-3,
                rate_warm_up: 20,
                kl_warm_up: 200,
                ..TrainConfig::default()
            },
        },
    },
    Preset {
        id: "E2",
        title: "Dense VAE 784-256-2 with a latent plane",
        config: || VaeConfig {
            encoder: EncoderConfig::Dense { hidden: vec![256] },
            decoder: None,
            latent: 2,
            image: [28, 28],
            output_bias: OutputBias::Shared,
            training: TrainConfig::default(),
        },
    },
    Preset {
        id: "E4",
        title: "Convolutional VAE of the TensorFlow tutorial",
        config: || VaeConfig {
            encoder: EncoderConfig::Conv {
                channels: vec![32, 64],
                padding: Padding::Valid,
            },
            decoder: Some(DecoderConfig::Conv {
                channels: vec![32, 64, 32],
                upsample: Upsample::Transposed,
            }),
            latent: 8,
            image: [28, 28],
            output_bias: OutputBias::Shared,
            training: TrainConfig {
                batch_size: 32,
                ..TrainConfig::default()
            },
        },
    },
];

/// The preset of a name.
///
/// # Errors
/// [`UnknownName`](ErrorKind::UnknownName) with the list of known ones.
pub fn find(id: &str) -> Result<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id).ok_or_else(|| {
        let known = PRESETS.map(|preset| preset.id).join(", ");
        Error::new(
            ErrorKind::UnknownName,
            format!("no preset is called {id:?}; known: {known}"),
        )
    })
}
