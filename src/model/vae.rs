//! The variational autoencoder (Kingma & Welling 2014): the encoder says a Gaussian for each image.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::autoencoder::{AUTOENCODER_CONTROLS, Autoencoder, AutoencoderConfig, Code};
use super::family::{Common, Family};
use super::layout::{Layout, Weights};
use super::{Batch, Encoding, LatentSpace, Latents, Loss, Model, Network};
use crate::error::{Error, Result};
use crate::loss::{draw, halves, kl};
use crate::terms::{KL, RECONSTRUCTION, Terms};

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

    fn controls(&self) -> Vec<&'static str> {
        [&AUTOENCODER_CONTROLS[..], &["training.beta"]].concat()
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

impl Network for Vae {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn terms(&self) -> Terms<()> {
        Terms::from(RECONSTRUCTION).and(KL)
    }

    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        let both = self.network.encode(weights, batch.inputs());
        let z = match batch.noise {
            Some(noise) => draw(both.clone(), noise),
            None => {
                let [mean, _] = halves(both.clone());
                mean
            }
        };
        let kl = kl(both.clone());
        let reconstruction = self.network.reconstruction(weights, z, batch.targets);
        Loss {
            terms: reconstruction.and(KL.of(kl)),
            statistics: None,
            encoding: step.is_none().then(|| encoding(both)),
        }
    }
}

impl Model for Vae {
    fn space(&self) -> LatentSpace {
        LatentSpace::Gaussian(self.latent)
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding {
        encoding(self.network.encode(weights, images))
    }

    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        self.network.decode(weights, latents)
    }
}

/// Means and logarithms of variances side by side, `[batch, 2 latent]`, as an encoding.
fn encoding(both: Tensor<2>) -> Encoding {
    let [mean, log_variance] = halves(both);
    Encoding::Gaussian { mean, log_variance }
}
