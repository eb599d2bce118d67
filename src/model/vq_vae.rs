//! The VQ-VAE (van den Oord, Vinyals & Kavukcuoglu 2017): each cell takes the vector of a codebook that is nearest to what
//! the encoder says of it.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::codebook::Uses;
use super::config::{Common, Family};
use super::grid::{Grid, GridConfig};
use super::layout::{Layout, Weights};
use super::{Encoding, Model};
use crate::error::{Error, Result};
use crate::loss::{LossTerms, distance};

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
        Grid::new(&self.0, false).check()
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(VqVae(Grid::new(&self.0, false)))
    }

    fn common(&self) -> Common<'_> {
        self.0.common()
    }
}

/// A VQ-VAE.
#[derive(Clone, Debug)]
struct VqVae(Grid);

impl Model for VqVae {
    fn layout(&self) -> &Layout {
        self.0.layout()
    }

    fn latent(&self) -> usize {
        self.0.numbers()
    }

    fn grid(&self) -> Option<&Grid> {
        Some(&self.0)
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        Encoding::point(self.0.encode(weights, images))
    }

    /// Equation 3. Where the codebook follows by running averages, its own term is left out.
    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        _noise: Option<Tensor<2>>,
        _step: u64,
    ) -> LossTerms<Tensor<1>> {
        let grid = &self.0;
        let said = encoding.mean;
        let batch = said.dims()[0];
        let choices = grid.choose(weights, said.clone());
        let chosen = grid.vectors(weights, choices.clone());
        // The decoder sees the vectors; its gradient passes to the encoder as if it had seen what that said.
        let seen = said.clone() + (chosen.clone() - said.clone()).detach();
        let learns = grid.codebook.learns();
        LossTerms {
            codebook: learns.then(|| distance(chosen.clone(), said.clone().detach(), batch)),
            commitment: Some(distance(said, chosen.detach(), batch)),
            ..grid.reconstruction(weights, seen, targets, choices)
        }
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        self.0.decode(weights, latents)
    }

    fn uses(&self, weights: &Weights, encoding: Encoding<Tensor<2>>) -> Option<Uses> {
        let said = encoding.mean;
        let batch = said.dims()[0];
        let choices = self.0.choose(weights, said.clone());
        let chosen = self.0.rows(self.0.vectors(weights, choices.clone()));
        Some(Uses::of(self.0.rows(said), chosen, choices, batch))
    }
}
