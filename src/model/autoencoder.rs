//! What the autoencoders share: an encoder's body and head, a decoder, and what the decoder's output means.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
};
use serde::{Deserialize, Serialize};

use super::Latents;
use super::config::{TrainConfig, check_image, check_latent, check_positive, check_size_of_model};
use super::decoder::{Decoder, DecoderConfig, Inputs, OutputBias};
use super::encoder::{Encoder, EncoderConfig, Head};
use super::family::Common;
use super::layout::{Layout, Weights};
use crate::data::Corruption;
use crate::error::{Error, Result};
use crate::loss::{bernoulli, gaussian};
use crate::terms::{RECONSTRUCTION, Terms};

/// Configuration of an autoencoder, deterministic or variational.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoencoderConfig {
    /// The encoder's body.
    pub encoder: EncoderConfig,
    /// What makes the code of the encoder's features.
    #[serde(default)]
    pub head: Head,
    /// The decoder's body; the encoder's mirror image unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<DecoderConfig>,
    /// Number of latents.
    pub latent: usize,
    /// What a deterministic code passes through.
    #[serde(default)]
    pub code: Code,
    /// Height and width of an image.
    #[serde(default = "mnist_image")]
    pub image: [usize; 2],
    /// What makes pixels of the decoder's last layer.
    #[serde(default)]
    pub output: Output,
    /// Bias of the output.
    #[serde(default)]
    pub output_bias: OutputBias,
    /// What a pixel costs.
    #[serde(default)]
    pub likelihood: Likelihood,
    /// Standard deviation of a pixel under the Gaussian likelihood.
    #[serde(default = "one")]
    pub sigma_x: f64,
    /// What is done to the images that the encoder sees while training.
    #[serde(default)]
    pub corruption: Corruption,
    /// The defaults of training.
    #[serde(default)]
    pub training: TrainConfig,
}

pub(super) fn mnist_image() -> [usize; 2] {
    [28, 28]
}

fn one() -> f64 {
    1.0
}

/// What can be chosen about an autoencoder of either kind.
pub const AUTOENCODER_CONTROLS: [&str; 8] = [
    "encoder",
    "head",
    "decoder",
    "latent",
    "output",
    "output_bias",
    "likelihood",
    "sigma_x",
];

/// What a deterministic code passes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Nothing.
    #[default]
    Linear,
    /// ReLU: no number of the code is negative.
    Relu,
}

/// What makes pixels of the decoder's last layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// A sigmoid of logits.
    #[default]
    Sigmoid,
    /// The numbers themselves.
    Linear,
}

/// What a pixel costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// Binary cross-entropy.
    #[default]
    Bernoulli,
    /// Squared error over `2 sigma_x^2`.
    Gaussian,
}

impl AutoencoderConfig {
    /// Fills in the decoder and checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn resolve(&mut self) -> Result<()> {
        check_image(self.image)?;
        check_latent(self.latent)?;
        check_positive("sigma_x", self.sigma_x)?;
        self.training.check()?;
        self.corruption.check()?;
        self.encoder.check(self.image, self.head)?;
        let mirror = || DecoderConfig::mirror(&self.encoder);
        self.decoder.get_or_insert_with(mirror).check(self.image)?;
        if self.output == Output::Linear {
            if self.likelihood == Likelihood::Bernoulli {
                return Err(Error::config(
                    "a linear output gives no probabilities; take the likelihood \"gaussian\" or the output \"sigmoid\"",
                ));
            }
            if self.output_bias == OutputBias::Map {
                return Err(Error::config(
                    "an output bias map begins at logits, which a linear output has not; take \"shared\"",
                ));
            }
        }
        Ok(())
    }

    /// What it has in common with every family.
    pub fn common(&self) -> Common<'_> {
        Common {
            image: self.image,
            corruption: &self.corruption,
            training: &self.training,
        }
    }
}

/// The network of an autoencoder: what its code means is for the family to say.
#[derive(Clone, Debug)]
pub struct Autoencoder {
    layout: Layout,
    latent: usize,
    encoder: Encoder,
    decoder: Decoder,
    output: Output,
    likelihood: Likelihood,
    sigma_x: f32,
}

impl Autoencoder {
    /// Builds a resolved configuration with so many numbers from the encoder's head.
    pub fn new(config: &AutoencoderConfig, outputs: usize) -> Self {
        let mut layout = Layout::default();
        let mirror = DecoderConfig::mirror(&config.encoder);
        let decoder = config.decoder.as_ref().unwrap_or(&mirror);
        let encoder = Encoder::new(&mut layout, &config.encoder, config.head, config.image, outputs);
        Self {
            encoder,
            decoder: Decoder::new(
                &mut layout,
                decoder,
                config.output_bias,
                Inputs::Latents(config.latent),
                config.image,
            ),
            layout,
            latent: config.latent,
            output: config.output,
            likelihood: config.likelihood,
            sigma_x: config.sigma_x as f32,
        }
    }

    /// The parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Checks that a page can train it.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the number of parameters or the bytes of a step, and the limit.
    pub fn check(&self) -> Result<()> {
        check_size_of_model(&[&self.layout])
    }

    /// Images `[batch, pixels]` to the head's `[batch, outputs]`.
    pub fn encode(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(weights, images)
    }

    /// The negative log-likelihood of the targets `[batch, pixels]` given latents `[batch, latent]`.
    pub fn reconstruction(&self, weights: &Weights, latents: Tensor<2>, targets: Tensor<2>) -> Terms<Tensor<1>> {
        let output = self.decoder.forward(weights, latents);
        let nats = match self.likelihood {
            Likelihood::Bernoulli => bernoulli(output, targets),
            Likelihood::Gaussian => gaussian(self.pixels(output), targets, self.sigma_x),
        };
        RECONSTRUCTION.of(nats).into()
    }

    /// Latents to pixels `[batch, pixels]`.
    pub fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        let latents = weights.rows(latents.numbers(), self.latent);
        self.pixels(self.decoder.forward(weights, latents))
    }

    /// What the decoder's last layer gives to pixels.
    fn pixels(&self, output: Tensor<2>) -> Tensor<2> {
        match self.output {
            Output::Sigmoid => sigmoid(output),
            Output::Linear => output,
        }
    }
}

impl Code {
    /// `[batch, latent]` to the same.
    pub fn forward(self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Linear => x,
            Self::Relu => relu(x),
        }
    }
}
