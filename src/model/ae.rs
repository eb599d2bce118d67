//! The autoencoder: a code for each image, no more and no less. With a corruption it learns to mend:
//! denoising (Vincent et al. 2008) and inpainting.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::autoencoder::{Autoencoder, AutoencoderConfig, Code};
use super::config::{Common, Family};
use super::layout::{Layout, Weights};
use super::{Encoding, Model};
use crate::error::Result;
use crate::loss::LossTerms;

/// Configuration of an autoencoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AeConfig(pub AutoencoderConfig);

impl AeConfig {
    fn build(&self) -> Ae {
        let Self(config) = self;
        Ae {
            latent: config.latent,
            code: config.code,
            network: Autoencoder::new(config, config.latent),
        }
    }
}

impl Family for AeConfig {
    fn resolve(&mut self) -> Result<()> {
        self.0.resolve()?;
        self.build().network.check()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(self.build())
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }
}

/// An autoencoder.
#[derive(Clone, Debug)]
struct Ae {
    network: Autoencoder,
    latent: usize,
    code: Code,
}

impl Model for Ae {
    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        Encoding::point(self.code.forward(self.network.encode(weights, images)))
    }

    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        _noise: Option<Tensor<2>>,
        _step: u64,
    ) -> LossTerms<Tensor<1>> {
        LossTerms::of(self.network.reconstruction(weights, encoding.mean, targets))
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        self.network.decode(weights, latents)
    }
}
