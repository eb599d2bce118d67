//! The autoencoder: a code for each image, no more and no less. With a corruption it learns to mend:
//! denoising (Vincent et al. 2008) and inpainting.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::autoencoder::{AUTOENCODER_CONTROLS, Autoencoder, AutoencoderConfig, Code};
use super::family::{Common, Family};
use super::layout::{Layout, Weights};
use super::{Batch, Encoding, LatentSpace, Latents, Loss, Model, Network};
use crate::error::Result;
use crate::terms::{RECONSTRUCTION, Terms};

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

    fn controls(&self) -> Vec<&'static str> {
        [
            &AUTOENCODER_CONTROLS[..],
            &["code", "corruption.noise", "corruption.masks"],
        ]
        .concat()
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

impl Ae {
    fn code(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        self.code.forward(self.network.encode(weights, images))
    }
}

impl Network for Ae {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn terms(&self) -> Terms<()> {
        RECONSTRUCTION.into()
    }

    fn loss(&self, weights: &Weights, batch: Batch, _step: Option<u64>) -> Loss {
        let code = self.code(weights, batch.inputs());
        Loss {
            terms: self.network.reconstruction(weights, code.clone(), batch.targets),
            statistics: None,
            encoding: Some(Encoding::Point(code)),
        }
    }
}

impl Model for Ae {
    fn space(&self) -> LatentSpace {
        LatentSpace::Point(self.latent)
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding {
        Encoding::Point(self.code(weights, images))
    }

    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        self.network.decode(weights, latents)
    }
}
