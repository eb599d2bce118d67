//! The output bias map, which begins at the logit of the mean image.

use super::Trainer;
use super::transfer::upload;

/// The mean image is clipped to this and one minus this before its logit is taken.
const MEAN_CLIP: f32 = 0.002;

impl Trainer {
    /// Sets the map from the mean of the first batch.
    pub(super) fn set_bias_map(&mut self, images: &[f32], batch: usize) {
        let mut mean = vec![0.0; self.pixels()];
        for image in images.chunks_exact(mean.len()) {
            mean.iter_mut()
                .zip(image)
                .for_each(|(sum, pixel)| *sum += pixel / batch as f32);
        }
        if let Some(range) = self.model.layout().bias_map() {
            let map = upload(logit(&mean), [mean.len()], &self.device);
            let weights = self.state.weights.clone().slice_assign([range], map);
            self.state.weights = weights;
        }
        self.state.bias_pending = false;
    }
}

/// Logits of a mean image `[pixels]`.
pub(super) fn logit(mean: &[f32]) -> Vec<f32> {
    mean.iter()
        .map(|p| {
            let p = p.clamp(MEAN_CLIP, 1.0 - MEAN_CLIP);
            (p / (1.0 - p)).ln()
        })
        .collect()
}
