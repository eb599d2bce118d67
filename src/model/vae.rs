//! The variational autoencoder (Kingma & Welling 2014): the encoder says a Gaussian for each image.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::autoencoder::{Autoencoder, AutoencoderConfig, Code};
use super::config::{Common, Family};
use super::layout::{Layout, Weights};
use super::{Encoding, Model, Noise};
use crate::error::{Error, Result};
use crate::loss::{LossTerms, kl, reparameterize};

/// Configuration of a VAE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VaeConfig(pub AutoencoderConfig);

impl VaeConfig {
    fn build(&self) -> Vae {
        let Self(config) = self;
        Vae {
            latent: config.latent,
            network: Autoencoder::new(config, 2 * config.latent),
        }
    }
}

impl Family for VaeConfig {
    fn resolve(&mut self) -> Result<()> {
        self.0.resolve()?;
        if self.0.code != Code::Linear {
            return Err(Error::config(
                "means may be negative; a \"vae\" has the code \"linear\"",
            ));
        }
        if !self.0.corruption.is_none() {
            return Err(Error::config("a corruption is for the family \"ae\"; leave it out"));
        }
        self.build().network.check()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(self.build())
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }
}

/// A variational autoencoder.
#[derive(Clone, Debug)]
struct Vae {
    network: Autoencoder,
    latent: usize,
}

impl Model for Vae {
    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn is_variational(&self) -> bool {
        true
    }

    fn noise(&self) -> Noise {
        Noise::Normal(self.latent)
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        let both = self.network.encode(weights, images);
        Encoding {
            mean: both.clone().narrow(1, 0, self.latent),
            log_variance: Some(both.narrow(1, self.latent, self.latent)),
        }
    }

    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        noise: Option<Tensor<2>>,
        _step: u64,
    ) -> LossTerms<Tensor<1>> {
        let Encoding { mean, log_variance } = encoding;
        let latents = match (&log_variance, noise) {
            (Some(log_variance), Some(noise)) => reparameterize(mean.clone(), log_variance.clone(), noise),
            _ => mean.clone(),
        };
        LossTerms {
            kl: log_variance.map(|log_variance| kl(mean, log_variance)),
            ..LossTerms::of(self.network.reconstruction(weights, latents, targets))
        }
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        self.network.decode(weights, latents)
    }
}
