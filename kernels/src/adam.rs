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

/// Numbers that are updated while they are in the nearest cache.
const CHUNK: usize = 1024;

impl Update {
    /// Weights and both means after the update. What is given stays: a step may have to be taken back.
    ///
    /// # Panics
    /// Where not all are of one length.
    pub fn updated(&self, weights: &[f32], gradient: &[f32], first: &[f32], second: &[f32]) -> [Vec<f32>; 3] {
        assert!(
            [gradient, first, second]
                .iter()
                .all(|numbers| numbers.len() == weights.len())
        );
        let mut found = [(); 3].map(|()| Vec::with_capacity(weights.len()));
        for (start, gradient) in (0..).step_by(CHUNK).zip(gradient.chunks(CHUNK)) {
            for (found, before) in found.iter_mut().zip([weights, first, second]) {
                found.extend_from_slice(&before[start..start + gradient.len()]);
            }
            let [weights, first, second] = found.each_mut().map(|found| &mut found[start..]);
            self.apply(weights, gradient, first, second);
        }
        found
    }

    /// How much of each mean is kept, and how much of what is new is taken. One less a decay is rounded last: of 0.999 it would be off by a
    /// twenty thousandth.
    pub fn decays(&self) -> [(f32, f32); 2] {
        [self.beta_1, self.beta_2].map(|beta| (beta as f32, (1.0 - beta) as f32))
    }

    /// Updates weights and both means (Kingma & Ba 2015, algorithm 1).
    fn apply(&self, weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        let [(keep_1, take_1), (keep_2, take_2)] = self.decays();
        let all = weights.iter_mut().zip(gradient).zip(first).zip(second);
        for (((weight, gradient), first), second) in all {
            *first = *first * keep_1 + gradient * take_1;
            *second = *second * keep_2 + gradient * gradient * take_2;
            *weight -= *first * self.step / (second.sqrt() * self.scale + self.epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_that_of_the_paper_and_reaches_every_number() {
        let update = Update {
            beta_1: 0.9,
            beta_2: 0.999,
            step: 0.01,
            scale: 1.5,
            epsilon: 1e-7,
        };
        let numbers = |from: f32| -> Vec<f32> { (0..2 * CHUNK + 7).map(|i| from + (i % 13) as f32 * 0.1).collect() };
        let (weights, gradient, first, second) = (numbers(-0.6), numbers(-0.5), numbers(-0.4), numbers(0.1));
        let found = update.updated(&weights, &gradient, &first, &second);
        for (at, &slope) in gradient.iter().enumerate() {
            let slope = f64::from(slope);
            let mean = f64::from(first[at]) * 0.9 + slope * 0.1;
            let square = f64::from(second[at]) * 0.999 + slope * slope * 0.001;
            let weight = f64::from(weights[at]) - 0.01 * mean / (square.sqrt() * 1.5 + 1e-7);
            for (found, expected) in found.iter().zip([weight, mean, square]) {
                assert!(
                    (f64::from(found[at]) - expected).abs() < 1e-6,
                    "{at}: {} for {expected}",
                    found[at]
                );
            }
        }
    }
}
