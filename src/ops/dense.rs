//! Dense layers and products of matrices.

use burn::tensor::Tensor;
use kernels::dense::Dense;

use super::layer::{self, Kind, Layer};

/// `x W + b`, with ReLU where asked for.
///
/// # Shapes
/// - x: `[batch, inputs]`, weight: `[inputs, outputs]`, bias: `[outputs]`
/// - returns: `[batch, outputs]`
pub fn forward(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
    product(x, weight, Some(bias), relu)
}

/// A product of matrices, or of as many pairs of them.
///
/// # Shapes
/// - a: `[..., rows, depth]`, b: `[..., depth, columns]`
/// - returns: `[..., rows, columns]`
pub fn matmul<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    product(a, b, None, false)
}

fn product<const D: usize>(x: Tensor<D>, weight: Tensor<D>, bias: Option<Tensor<1>>, relu: bool) -> Tensor<D> {
    let (mut shape, outputs) = (x.dims(), weight.dims()[D - 1]);
    let dense = Dense {
        count: shape[..D - 2].iter().product(),
        batch: shape[D - 2],
        inputs: shape[D - 1],
        outputs,
    };
    shape[D - 1] = outputs;
    let layer = Layer {
        kind: Kind::Dense(dense),
        relu,
        shape: shape.to_vec(),
    };
    layer::layer(x, weight, bias, layer)
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation;

    use super::*;
    use crate::ops::compare::{Shapes, assert_same};

    /// A dense layer composed of Burn's operations.
    fn composed(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, relu: bool) -> Tensor<2> {
        let out = x.matmul(weight) + bias.unsqueeze();
        if relu { activation::relu(out) } else { out }
    }

    #[test]
    fn a_dense_layer_and_its_gradients_are_those_of_burn() {
        Shapes::on_each_device(1, |shapes| {
            for _ in 0..60 {
                let [batch, inputs, outputs] = [shapes.up_to(40), shapes.up_to(300), shapes.up_to(70)];
                let relu = shapes.up_to(2) == 1;
                let (x, weight, bias) = (
                    shapes.tensor([batch, inputs]),
                    shapes.tensor([inputs, outputs]),
                    shapes.tensor([outputs]),
                );
                assert_same(
                    &format!("batch {batch}, {inputs} to {outputs}, relu {relu}"),
                    (x, weight, bias),
                    |x, weight, bias| forward(x, weight, bias, relu),
                    |x, weight, bias| composed(x, weight, bias, relu),
                );
            }
        });
    }

    #[test]
    fn products_side_by_side_and_their_gradients_are_those_of_burn() {
        Shapes::on_each_device(6, |shapes| {
            for _ in 0..30 {
                let [count, rows, depth, columns] = [5, 40, 20, 40].map(|most| shapes.up_to(most));
                let (a, b) = (
                    shapes.tensor([count, rows, depth]),
                    shapes.tensor([count, depth, columns]),
                );
                let bias = shapes.tensor([1]);
                // The bias has a part in either, so that it has a gradient.
                assert_same(
                    &format!("{count} of {rows} x {depth} by {columns}"),
                    (a, b, bias),
                    |a, b, bias| matmul(a, b) + bias.reshape([1, 1, 1]),
                    |a, b, bias| a.matmul(b) + bias.reshape([1, 1, 1]),
                );
            }
        });
    }
}
