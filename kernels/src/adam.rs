//! One update of Adam in one pass.

/// The numbers of an update.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// Decay of the mean of the gradients.
    pub beta_1: f64,
    /// Decay of the mean of their squares.
    pub beta_2: f64,
    /// The step size over one minus the first decay to the power of the updates.
    pub step: f32,
    /// One over the root of one minus the second decay to that power.
    pub scale: f32,
    /// What is added to the root of the mean square.
    pub epsilon: f32,
}

impl Update {
    /// Updates weights and both means (Kingma & Ba 2015, algorithm 1).
    pub fn apply(&self, weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        // One less a decay is rounded last: of 0.999 it would be off by a twenty thousandth.
        let [(keep_1, take_1), (keep_2, take_2)] =
            [self.beta_1, self.beta_2].map(|beta| (beta as f32, (1.0 - beta) as f32));
        let all = weights.iter_mut().zip(gradient).zip(first).zip(second);
        for (((weight, gradient), first), second) in all {
            *first = *first * keep_1 + gradient * take_1;
            *second = *second * keep_2 + gradient * gradient * take_2;
            *weight -= *first * self.step / (second.sqrt() * self.scale + self.epsilon);
        }
    }
}
