//! The output bias map, which begins at the logit of the mean image.

use super::Session;
use crate::model::Network;
use crate::transfer::upload;

/// The mean image is clipped to this and one minus this before its logit is taken.
const MEAN_CLIP: f32 = 0.002;

impl Session {
    /// Sets the map from the mean of images `[batch, pixels]`.
    pub(super) fn set_bias_map(&mut self, images: &[f32]) {
        let mut mean = vec![0.0; self.pixels()];
        let count = images.len() / mean.len();
        for image in images.chunks_exact(mean.len()) {
            mean.iter_mut()
                .zip(image)
                .for_each(|(sum, pixel)| *sum += pixel / count as f32);
        }
        let state = &mut self.model.state;
        if let Some(range) = self.model.network.layout().bias_map() {
            let map = upload(logit(&mean), [mean.len()], &self.device);
            state.weights = state.weights.clone().slice_assign([range], map);
        }
        state.bias_pending = false;
    }
}

/// Logits of a mean image `[pixels]`.
fn logit(mean: &[f32]) -> Vec<f32> {
    mean.iter()
        .map(|p| {
            let p = p.clamp(MEAN_CLIP, 1.0 - MEAN_CLIP);
            (p / (1.0 - p)).ln()
        })
        .collect()
}
