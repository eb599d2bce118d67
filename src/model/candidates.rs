//! The cells of a multi-entity VAE that are decoded while it trains, and what their paintings say of a canvas.

use burn::tensor::{Tensor, activation::sigmoid};

use super::objects::{highest_few, select};

/// Temperature of the relaxed presence (Maddison et al. 2017).
const TEMPERATURE: f32 = 0.7;
/// Noise from N(0, 1) times this is nearly that of a logistic distribution (Bowling et al. 2009).
const LOGISTIC: f32 = 1.7;
/// How likely a pixel is ink that no object paints.
const BACKGROUND: f32 = 0.005;

/// The cells whose objects are decoded while it trains.
pub struct Chosen {
    /// As ones among the cells, `[batch, candidates, cells]`.
    pub choice: Tensor<3>,
    /// How strongly each is painted, and how likely it is there, `[batch * candidates, 1]`; nothing where all are there.
    presence: Option<[Tensor<2>; 2]>,
}

impl Chosen {
    /// The likeliest by a draw of which are there, relaxed (Maddison et al. 2017).
    pub fn by_presence(logits: &Tensor<2>, noise: Option<Tensor<2>>, candidates: usize) -> Self {
        let drawn = match noise {
            Some(noise) => logits.clone() + noise * LOGISTIC,
            None => logits.clone(),
        };
        let relaxed = sigmoid(drawn / TEMPERATURE);
        let choice = highest_few(relaxed.clone(), candidates);
        let [batch, cells] = logits.dims();
        let of_chosen = |values: Tensor<2>| select(&values.reshape([batch * cells, 1]), &choice);
        let presence = Some([of_chosen(relaxed), of_chosen(sigmoid(logits.clone()))]);
        Self { choice, presence }
    }

    /// Those that say most.
    pub fn by_kl(kl: Tensor<2>, candidates: usize) -> Self {
        Self {
            choice: highest_few(kl, candidates),
            presence: None,
        }
    }

    /// Ink as it is painted.
    pub fn paints(&self, ink: Tensor<2>) -> Tensor<2> {
        match &self.presence {
            Some([relaxed, _]) => ink * relaxed.clone(),
            None => ink,
        }
    }

    /// Nats as far as their objects are there.
    pub fn expects(&self, nats: Tensor<2>) -> Tensor<2> {
        match &self.presence {
            Some([_, likely]) => nats * likely.clone(),
            None => nats,
        }
    }
}

/// Log of the probability of each pixel where any of some objects, or the background, may have painted it: ink
/// `[batch, objects, pixels]`, targets `[batch, pixels]`.
pub fn log_likelihood(ink: &Tensor<3>, targets: Tensor<2>) -> Tensor<2> {
    let blank = ink.clone().neg().log1p().sum_dim(1).reshape(targets.dims()) + (1.0 - BACKGROUND).ln();
    let inked = blank.clone().exp().neg().log1p();
    targets * (inked - blank.clone()) + blank
}

/// Ink that two objects paint, over all pairs, pixels and images.
pub fn painted_twice(ink: Tensor<3>) -> Tensor<1> {
    let all = ink.clone().sum_dim(1);
    ((all.clone() * all).sum() - (ink.clone() * ink).sum()) * 0.5
}
