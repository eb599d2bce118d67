//! Adam whose state is two tensors that can be saved.

use burn::tensor::{Device, Tensor};

use crate::ops::adam::{Update, adam};

/// Decay of the mean of the gradients.
const BETA_1: f64 = 0.9;
/// Decay of the mean of their squares.
const BETA_2: f64 = 0.999;

/// Adam (Kingma & Ba 2015, algorithm 1) over one vector of weights.
#[derive(Clone, Debug)]
pub struct Adam {
    /// Running mean of the gradients, `[parameters]`.
    pub first: Tensor<1>,
    /// Running mean of their squares, `[parameters]`.
    pub second: Tensor<1>,
    /// Updates so far.
    pub updates: u64,
}

impl Adam {
    /// A fresh state for `count` weights.
    pub fn new(count: usize, device: &Device) -> Self {
        Self {
            first: Tensor::zeros([count], device),
            second: Tensor::zeros([count], device),
            updates: 0,
        }
    }

    /// The weights after one update.
    ///
    /// # Shapes
    /// - weights, gradient: `[parameters]`
    pub fn update(&mut self, weights: Tensor<1>, gradient: Tensor<1>, learning_rate: f64, epsilon: f64) -> Tensor<1> {
        self.updates += 1;
        let t = i32::try_from(self.updates).unwrap_or(i32::MAX);
        let update = Update {
            beta_1: BETA_1,
            beta_2: BETA_2,
            step: (learning_rate / (1.0 - BETA_1.powi(t))) as f32,
            scale: (1.0 - BETA_2.powi(t)).sqrt().recip() as f32,
            epsilon: epsilon as f32,
        };
        let means = [self.first.clone(), self.second.clone()];
        let (weights, means) = adam(weights, gradient, means, update);
        [self.first, self.second] = means;
        weights
    }
}
