//! The variational autoencoder (Kingma & Welling 2014): a Gaussian encoder, a Bernoulli decoder.

use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Serialize};

use super::config::{Family, TrainConfig, check_image, check_latent, check_parameters};
use super::decoder::{Decoder, DecoderConfig, OutputBias};
use super::encoder::{Encoder, EncoderConfig};
use super::layout::{Layout, Weights};
use super::{Encoding, Model};
use crate::error::Result;
use crate::loss::{LossTerms, bernoulli, kl, reparameterize};

/// Configuration of a VAE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaeConfig {
    /// The encoder's body; a dense layer to means and log variances follows it.
    pub encoder: EncoderConfig,
    /// The decoder's body; the encoder's mirror image unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<DecoderConfig>,
    /// Number of latents.
    pub latent: usize,
    /// Height and width of an image.
    #[serde(default = "mnist_image")]
    pub image: [usize; 2],
    /// Bias of the output.
    #[serde(default)]
    pub output_bias: OutputBias,
    /// The defaults of training.
    #[serde(default)]
    pub training: TrainConfig,
}

fn mnist_image() -> [usize; 2] {
    [28, 28]
}

impl VaeConfig {
    fn build(&self) -> Vae {
        let mut layout = Layout::default();
        let mirror = DecoderConfig::mirror(&self.encoder);
        let decoder = self.decoder.as_ref().unwrap_or(&mirror);
        Vae {
            latent: self.latent,
            encoder: Encoder::new(&mut layout, &self.encoder, self.image, 2 * self.latent),
            decoder: Decoder::new(&mut layout, decoder, self.output_bias, self.latent, self.image),
            layout,
        }
    }
}

impl Family for VaeConfig {
    fn resolve(&mut self) -> Result<()> {
        check_image(self.image)?;
        check_latent(self.latent)?;
        self.training.check()?;
        self.encoder.check(self.image)?;
        let mirror = || DecoderConfig::mirror(&self.encoder);
        self.decoder.get_or_insert_with(mirror).check(self.image)?;
        check_parameters(self.build().layout.len())
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(self.build())
    }

    fn image(&self) -> [usize; 2] {
        self.image
    }

    fn training(&self) -> &TrainConfig {
        &self.training
    }
}

/// A variational autoencoder.
#[derive(Clone, Debug)]
struct Vae {
    layout: Layout,
    latent: usize,
    encoder: Encoder,
    decoder: Decoder,
}

impl Model for Vae {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn loss(&self, weights: &Weights, images: Tensor<2>, noise: Tensor<2>) -> LossTerms<Tensor<1>> {
        let Encoding { mean, log_variance } = self.encode(weights, images.clone());
        let latents = reparameterize(mean.clone(), log_variance.clone(), noise);
        LossTerms {
            reconstruction: bernoulli(self.decoder.forward(weights, latents), images),
            kl: kl(mean, log_variance),
        }
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        let both = self.encoder.forward(weights, images);
        Encoding {
            mean: both.clone().narrow(1, 0, self.latent),
            log_variance: both.narrow(1, self.latent, self.latent),
        }
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        sigmoid(self.decoder.forward(weights, latents))
    }
}
