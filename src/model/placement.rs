//! Square patches at places of a square canvas, by products of matrices: bilinear, with a gradient by the place, and without
//! a gather (Jaderberg et al. 2015, section 3, for translations alone).

use burn::tensor::{Tensor, activation::relu};

use super::layout::Weights;
use crate::ops::dense::matmul;

/// Patches of one size on canvases of one size.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    /// Height and width of the canvas.
    pub canvas: usize,
    /// Height and width of a patch.
    pub patch: usize,
}

impl Placement {
    /// How much each row of the canvas sees of each row of a patch: `relu(1 - |i - (centre + j - (patch - 1) / 2)|)`.
    ///
    /// # Shapes
    /// - centres: `[count, 1]`
    /// - returns: `[count, canvas, patch]`
    fn rows(&self, weights: &Weights, centres: Tensor<2>) -> Tensor<3> {
        let middle = (self.patch - 1) as f32 / 2.0;
        let offset = |index: usize| (index / self.patch) as f32 - (index % self.patch) as f32 + middle;
        let offsets: Vec<f32> = (0..self.canvas * self.patch).map(offset).collect();
        let offsets = weights.rows(&offsets, self.patch).reshape([1, self.canvas, self.patch]);
        let count = centres.dims()[0];
        let distance = offsets - centres.reshape([count, 1, 1]);
        relu(distance.abs().neg() + 1.0)
    }

    fn axes(&self, weights: &Weights, centres: Tensor<2>) -> [Tensor<3>; 2] {
        [0, 1].map(|axis| self.rows(weights, centres.clone().narrow(1, axis, 1)))
    }

    /// Patches on empty canvases.
    ///
    /// # Shapes
    /// - patches: `[count, patch * patch]`; centres: `[count, 2]`, row and column of a patch's centre
    /// - returns: `[count, canvas * canvas]`
    pub fn place(&self, weights: &Weights, patches: Tensor<2>, centres: Tensor<2>) -> Tensor<2> {
        let count = patches.dims()[0];
        let [rows, columns] = self.axes(weights, centres);
        let patches = patches.reshape([count, self.patch, self.patch]);
        let canvases = matmul(matmul(rows, patches), columns.swap_dims(1, 2));
        canvases.reshape([count, self.canvas * self.canvas])
    }

    /// What canvases show at places, so many of each canvas.
    ///
    /// # Shapes
    /// - canvases: `[batch, canvas * canvas]`; centres: `[batch * each, 2]`
    /// - returns: `[batch * each, patch * patch]`
    pub fn crop(&self, weights: &Weights, canvases: Tensor<2>, centres: Tensor<2>) -> Tensor<2> {
        let Self { canvas, patch } = *self;
        let (batch, count) = (canvases.dims()[0], centres.dims()[0]);
        let [rows, columns] = self.axes(weights, centres);
        // All places of a canvas at once: the canvas is not repeated for each.
        let rows = rows.swap_dims(1, 2).reshape([batch, count / batch * patch, canvas]);
        let stripes = matmul(rows, canvases.reshape([batch, canvas, canvas]));
        let crops = matmul(stripes.reshape([count, patch, canvas]), columns);
        crops.reshape([count, patch * patch])
    }
}
