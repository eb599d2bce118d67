//! The dVAE (Ramesh et al. 2021, section 2.1): each cell is a categorical latent, relaxed while training
//! (Jang, Gu & Poole 2017; Maddison, Mnih & Teh 2017).

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::codebook::{Update, uses};
use super::config::TrainConfig;
use super::family::{Common, Family};
use super::grid::{GRID_CONTROLS, Grid, GridConfig, Relaxation};
use super::layout::{Layout, Weights};
use super::prior::Prior;
use super::{Batch, Choice, Encoding, LatentSpace, Latents, Loss, Model, Network, Statistics};
use crate::error::{Error, Result};
use crate::loss::{gumbel_softmax, kl_from_uniform};
use crate::terms::{KL, PERPLEXITY, RECONSTRUCTION, Terms};

/// Configuration of a dVAE. Its codebook has neither averages nor revival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DvaeConfig(pub GridConfig);

impl Family for DvaeConfig {
    fn resolve(&mut self) -> Result<()> {
        self.0.relaxation.get_or_insert_default();
        if self.0.codebook.update == Update::Average {
            return Err(Error::config(
                "codebook.update is \"average\"; the codebook of a dVAE learns by its gradient: leave it out",
            ));
        }
        self.0.codebook.revive_after = 0;
        self.0.resolve()?;
        self.0.check_size(Choice::Categorical)
    }

    fn controls(&self) -> Vec<&'static str> {
        [&GRID_CONTROLS[..], &["relaxation", "training.beta"]].concat()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(Dvae {
            grid: Grid::new(&self.0, Choice::Categorical),
            relaxation: self.0.relaxation.unwrap_or_default(),
        })
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }

    fn prior(&self) -> Option<(Prior, TrainConfig)> {
        self.0.prior()
    }
}

/// A dVAE.
#[derive(Clone, Debug)]
struct Dvae {
    grid: Grid,
    relaxation: Relaxation,
}

impl Network for Dvae {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        self.grid.layout()
    }

    fn terms(&self) -> Terms<()> {
        Terms::from(RECONSTRUCTION).and(KL).and(PERPLEXITY)
    }

    fn averages(&self) -> Vec<usize> {
        vec![self.grid.codebook.size()]
    }

    fn measured(&self, parts: Terms<Tensor<1>>, statistics: Option<&Statistics>) -> Terms<Tensor<1>> {
        self.grid.with_perplexity(parts, statistics)
    }

    /// With noise the relaxed choice, at the temperature of the step; without it the code that has most.
    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        let grid = &self.grid;
        let count = batch.targets.dims()[0];
        let logits = grid.encode(weights, batch.inputs());
        let choices = grid.choose(weights, logits.clone());
        let relaxed = match batch.noise {
            Some(noise) => {
                let temperature = self.relaxation.temperature(step.unwrap_or(u64::MAX));
                let noise = noise.reshape(logits.shape());
                gumbel_softmax(logits.clone(), noise, temperature)
            }
            None => choices.clone(),
        };
        let vectors = grid.vectors(weights, relaxed);
        let terms = grid.reconstruction(weights, vectors, batch.targets);
        Loss {
            terms: terms.and(KL.of(kl_from_uniform(logits.clone(), count))),
            statistics: step.map(|_| Statistics {
                averages: vec![uses(choices, count)],
                examples: Vec::new(),
            }),
            encoding: step.is_none().then(|| grid.encoding(weights, logits)),
        }
    }
}

impl Model for Dvae {
    fn space(&self) -> LatentSpace {
        self.grid.space()
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding {
        self.grid.encoding(weights, self.grid.encode(weights, images))
    }

    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        self.grid.decode(weights, latents)
    }

    fn codebook(&self, weights: &Weights) -> Option<Tensor<2>> {
        Some(self.grid.codebook.vectors(weights))
    }
}
