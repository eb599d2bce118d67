//! The VQ-VAE (van den Oord, Vinyals & Kavukcuoglu 2017): each cell takes the vector of a codebook that is nearest to what
//! the encoder says of it.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::config::TrainConfig;
use super::family::{Common, Family};
use super::grid::{GRID_CONTROLS, Grid, GridConfig};
use super::layout::{Layout, Weights};
use super::prior::Prior;
use super::{Batch, Choice, Encoding, LatentSpace, Latents, Loss, Model, Network, Place, Statistics};
use crate::error::{Error, Result};
use crate::loss::distance;
use crate::terms::{CODEBOOK, COMMITMENT, PERPLEXITY, RECONSTRUCTION, Terms};

/// Configuration of a VQ-VAE. The weight `beta` of its training is that of the commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VqVaeConfig(pub GridConfig);

impl Family for VqVaeConfig {
    fn resolve(&mut self) -> Result<()> {
        self.0.resolve()?;
        if self.0.relaxation.is_some() {
            return Err(Error::config(
                "the nearest vector is taken, and nothing is relaxed; leave the relaxation out or take the family \"dvae\"",
            ));
        }
        self.0.check_size(Choice::Nearest)
    }

    fn controls(&self) -> Vec<&'static str> {
        [
            &GRID_CONTROLS[..],
            &["codebook.update", "codebook.revive_after", "training.beta"],
        ]
        .concat()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(VqVae::new(self))
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }

    fn prior(&self) -> Option<(Prior, TrainConfig)> {
        self.0.prior()
    }
}

/// A VQ-VAE.
#[derive(Clone, Debug)]
pub struct VqVae(pub Grid);

impl VqVae {
    /// Builds a resolved configuration.
    pub fn new(config: &VqVaeConfig) -> Self {
        Self(Grid::new(&config.0, Choice::Nearest))
    }

    /// Equation 3, of what the encoder says. Where the codebook follows by running averages, its own term is left out.
    ///
    /// # Shapes
    /// - z_e: `[batch * cells, D]`; targets: `[batch, pixels]`
    pub fn loss_terms(&self, weights: &Weights, z_e: Tensor<2>, targets: Tensor<2>) -> Terms<Tensor<1>> {
        let grid = &self.0;
        let batch = targets.dims()[0];
        let choices = grid.choose(weights, z_e.clone());
        let z_q = grid.vectors(weights, choices);
        // The decoder sees the vectors; its gradient passes to the encoder as if it had seen z_e.
        let straight_through = z_e.clone() + (z_q.clone() - z_e.clone()).detach();
        let mut terms = grid.reconstruction(weights, straight_through, targets);
        if grid.codebook.learns() {
            terms = terms.and(CODEBOOK.of(distance(z_q.clone(), z_e.clone().detach(), batch)));
        }
        terms.and(COMMITMENT.of(distance(z_e, z_q.detach(), batch)))
    }

    fn statistics(&self, weights: &Weights, z_e: Tensor<2>, place: Place) -> Statistics {
        let choices = self.0.choose(weights, z_e.clone());
        let z_q = self.0.vectors(weights, choices.clone());
        self.0.codebook.statistics(z_e, z_q, choices, place)
    }
}

impl Network for VqVae {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        self.0.layout()
    }

    fn terms(&self) -> Terms<()> {
        let terms = Terms::from(RECONSTRUCTION);
        let terms = if self.0.codebook.learns() {
            terms.and(CODEBOOK)
        } else {
            terms
        };
        terms.and(COMMITMENT).and(PERPLEXITY)
    }

    fn averages(&self) -> Vec<usize> {
        let codebook = &self.0.codebook;
        vec![codebook.size(), codebook.size() * codebook.dimension()]
    }

    fn measured(&self, parts: Terms<Tensor<1>>, statistics: Option<&Statistics>) -> Terms<Tensor<1>> {
        self.0.with_perplexity(parts, statistics)
    }

    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        let z_e = self.0.encode(weights, batch.inputs());
        Loss {
            terms: self.loss_terms(weights, z_e.clone(), batch.targets),
            statistics: step.map(|_| self.statistics(weights, z_e.clone().detach(), batch.place)),
            encoding: step.is_none().then(|| self.0.encoding(weights, z_e)),
        }
    }

    fn follow(&self, weights: Tensor<1>, statistics: Statistics) -> Tensor<1> {
        self.0.codebook.follow(self.0.layout(), weights, statistics)
    }
}

impl Model for VqVae {
    fn space(&self) -> LatentSpace {
        self.0.space()
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding {
        self.0.encoding(weights, self.0.encode(weights, images))
    }

    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        self.0.decode(weights, latents)
    }

    fn codebook(&self, weights: &Weights) -> Option<Tensor<2>> {
        Some(self.0.codebook.vectors(weights))
    }
}
