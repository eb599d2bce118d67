//! The dVAE (Ramesh et al. 2021, section 2.1): each cell is a categorical latent, relaxed while training
//! (Jang, Gu & Poole 2017; Maddison, Mnih & Teh 2017).

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::codebook::Update;
use super::config::{Common, Family};
use super::grid::{Grid, GridConfig, Relaxation};
use super::layout::{Layout, Weights};
use super::{Encoding, Model, Noise};
use crate::error::{Error, Result};
use crate::loss::{LossTerms, gumbel_softmax, kl_from_uniform};

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
        Grid::new(&self.0, true).check()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(Dvae {
            grid: Grid::new(&self.0, true),
            relaxation: self.0.relaxation.unwrap_or_default(),
        })
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }
}

/// A dVAE.
#[derive(Clone, Debug)]
struct Dvae {
    grid: Grid,
    relaxation: Relaxation,
}

impl Model for Dvae {
    fn layout(&self) -> &Layout {
        self.grid.layout()
    }

    fn latent(&self) -> usize {
        self.grid.numbers()
    }

    fn grid(&self) -> Option<&Grid> {
        Some(&self.grid)
    }

    fn noise(&self) -> Noise {
        Noise::Gumbel(self.grid.cells() * self.grid.codebook.size())
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        Encoding::point(self.grid.encode(weights, images))
    }

    /// With noise the relaxed choice, at the temperature of the step; without it the code that has most.
    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        noise: Option<Tensor<2>>,
        step: u64,
    ) -> LossTerms<Tensor<1>> {
        let grid = &self.grid;
        let batch = encoding.mean.dims()[0];
        let choices = grid.choose(weights, encoding.mean.clone());
        let logits = grid.rows(encoding.mean);
        let relaxed = match noise {
            Some(noise) => gumbel_softmax(logits.clone(), grid.rows(noise), self.relaxation.temperature(step)),
            None => choices.clone(),
        };
        let vectors = grid.vectors(weights, relaxed);
        LossTerms {
            kl: Some(kl_from_uniform(logits, batch)),
            ..grid.reconstruction(weights, vectors, targets, choices)
        }
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        self.grid.decode(weights, latents)
    }
}
