//! A prior over a grid of codes: a gated PixelCNN (van den Oord et al. 2016). One stack of layers looks at the rows above a
//! cell, another one at what is left of it, so that a cell depends on all that come before it and on nothing else.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
};
use serde::{Deserialize, Serialize};

use super::blocks::Linear;
use super::causal::Causal;
use super::config::{check_rate, check_size};
use super::layout::{Init, Layout, Slot, Weights};
use super::{Examples, Loss, Network, Place, Tensors};
use crate::error::Result;
use crate::loss::cross_entropy;
use crate::ops::dense::matmul;
use crate::terms::{PRIOR, Terms};

/// The widest and deepest prior.
const MAX_CHANNELS: usize = 256;
const MAX_LAYERS: usize = 16;
/// The most classes that a prior can tell.
pub const MAX_CLASSES: usize = 100;

/// A prior as a caller writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriorConfig {
    /// Channels of each stack.
    pub channels: usize,
    /// Gated layers.
    pub layers: usize,
    /// Classes that a grid can be asked for.
    pub classes: usize,
    /// Adam's step size.
    pub learning_rate: f64,
}

impl Default for PriorConfig {
    fn default() -> Self {
        Self {
            channels: 32,
            layers: 6,
            classes: 10,
            learning_rate: 6e-3,
        }
    }
}

impl PriorConfig {
    /// Checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self) -> Result<()> {
        check_size("prior.channels", self.channels, MAX_CHANNELS)?;
        check_size("prior.layers", self.layers, MAX_LAYERS)?;
        check_size("prior.classes", self.classes, MAX_CLASSES)?;
        check_rate("prior.learning_rate", self.learning_rate)
    }
}

/// A layer of both stacks (van den Oord et al. 2016, figure 2).
#[derive(Clone, Debug)]
struct Layer {
    vertical: Causal,
    across: Linear,
    horizontal: Causal,
    residual: Linear,
    class: Linear,
}

/// A prior over grids of K codes: a network of its own, which learns what another one encodes.
#[derive(Clone, Debug)]
pub struct Prior {
    layout: Layout,
    embedding: Slot<2>,
    layers: Vec<Layer>,
    hidden: Linear,
    output: Linear,
    sides: [usize; 2],
    size: usize,
    classes: usize,
}

/// A batch of grids of codes on the device.
#[derive(Clone, Debug)]
pub struct CodeBatch {
    /// The codes as ones among K, `[batch * cells, K]`.
    pub choices: Tensor<2>,
    /// Classes as ones, `[batch, classes + 1]`, the last of which stands for any class.
    pub classes: Tensor<2>,
}

impl Examples for CodeBatch {
    fn count(&self) -> usize {
        self.classes.dims()[0]
    }

    fn tensors(&self) -> Tensors {
        vec![Some(self.choices.clone()), Some(self.classes.clone())]
    }

    fn of(tensors: Tensors, _place: Place) -> Option<Self> {
        let [choices, classes] = tensors.try_into().ok()?;
        Some(Self {
            choices: choices?,
            classes: classes?,
        })
    }

    fn autodiff(self) -> Self {
        Self {
            choices: self.choices.autodiff(),
            classes: self.classes.autodiff(),
        }
    }
}

impl Network for Prior {
    type Batch = CodeBatch;

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn terms(&self) -> Terms<()> {
        PRIOR.into()
    }

    /// The negative log-likelihood of the codes.
    fn loss(&self, weights: &Weights, batch: CodeBatch, _step: Option<u64>) -> Loss {
        let CodeBatch { choices, classes } = batch;
        let count = classes.dims()[0];
        let logits = self.forward(weights, choices.clone(), &classes);
        Loss {
            terms: PRIOR.of(cross_entropy(logits, choices, count)).into(),
            statistics: None,
            encoding: None,
        }
    }
}

impl Prior {
    /// A prior over grids of `size` codes.
    pub fn new(config: &PriorConfig, size: usize, sides: [usize; 2]) -> Self {
        let mut layout = Layout::default();
        let channels = config.channels;
        // What is above and left of a cell, what comes across, and the gates of both stacks.
        let layer = 10 * channels;
        layout.add_activations(&[sides[0], sides[1], 2 * size + 3 * channels + config.layers * layer]);
        let init = Init::Glorot {
            fan_in: size,
            fan_out: channels,
        };
        let embedding = layout.add("prior.embedding".into(), [size, channels], init);
        let layers = (0..config.layers)
            .map(|index| {
                let name = |part: &str| format!("prior.{index}.{part}");
                // The first layer must not see its own cell, the others see what that made of those before it.
                let before = usize::from(index == 0);
                Layer {
                    vertical: Causal::above(&mut layout, &name("vertical"), [channels, 2 * channels], before),
                    across: Linear::new(&mut layout, &name("across"), 2 * channels, 2 * channels),
                    horizontal: Causal::left(&mut layout, &name("horizontal"), [channels, 2 * channels], before),
                    residual: Linear::new(&mut layout, &name("residual"), channels, channels),
                    class: Linear::new(&mut layout, &name("class"), config.classes + 1, 2 * channels),
                }
            })
            .collect();
        let hidden = Linear::new(&mut layout, "prior.hidden", channels, channels);
        let output = Linear::new(&mut layout, "prior.output", channels, size);
        Self {
            layout,
            embedding,
            layers,
            hidden,
            output,
            sides,
            size,
            classes: config.classes,
        }
    }

    /// The cells of a grid and the codes that each chooses from.
    pub fn grid(&self) -> [usize; 2] {
        [self.sides.iter().product(), self.size]
    }

    /// Classes that a grid can be asked for; one more stands for any.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Codes that a cell chooses from.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Height and width of a grid.
    pub fn sides(&self) -> [usize; 2] {
        self.sides
    }

    /// Cells of a grid.
    pub fn cells(&self) -> usize {
        self.sides.iter().product()
    }

    /// Codes as ones among K to what the stacks look at: `[batch * height * width, K]` to
    /// `[batch, channels, height, width]`, where the height may be that of a few rows.
    pub fn embed(&self, weights: &Weights, choices: Tensor<2>, height: usize) -> Tensor<4> {
        let width = self.sides[1];
        let rows = matmul(choices, weights.get(self.embedding));
        let [cells, channels] = rows.dims();
        let maps = rows.reshape([cells / (height * width), height, width, channels]);
        maps.permute([0, 3, 1, 2])
    }

    /// What each layer makes of the rows above each cell, `[batch, 2 channels, height, width]` each.
    ///
    /// # Shapes
    /// - embedded: `[batch, channels, height, width]`, of all rows or of the first ones
    /// - classes: `[batch, classes + 1]`, a one in each row, the last of which stands for any class
    pub fn above(&self, weights: &Weights, embedded: Tensor<4>, classes: &Tensor<2>) -> Vec<Tensor<4>> {
        let mut x = embedded;
        let mut all = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let seen = layer.vertical.forward(weights, x);
            all.push(pointwise(&layer.across, weights, seen.clone()));
            x = gated(seen + layer.of_class(weights, classes));
        }
        all
    }

    /// Logits of the code of each cell, `[batch, height, width, K]`, of what is left of it and of what is above.
    ///
    /// # Shapes
    /// - embedded, classes: as in [`above`](Self::above); the rows are those of what is above
    pub fn logits(
        &self,
        weights: &Weights,
        embedded: Tensor<4>,
        above: &[Tensor<4>],
        classes: &Tensor<2>,
    ) -> Tensor<4> {
        let mut x = embedded;
        for (index, (layer, above)) in self.layers.iter().zip(above).enumerate() {
            let seen = layer.horizontal.forward(weights, x.clone()) + above.clone();
            let made = pointwise(&layer.residual, weights, gated(seen + layer.of_class(weights, classes)));
            // The first layer's input is the cell itself.
            x = if index == 0 { made } else { x + made };
        }
        let features = relu(pointwise(&self.hidden, weights, relu(x)));
        pointwise(&self.output, weights, features).permute([0, 2, 3, 1])
    }

    /// Logits of every cell's code, `[batch * cells, K]`, of the codes themselves as ones among K.
    pub fn forward(&self, weights: &Weights, choices: Tensor<2>, classes: &Tensor<2>) -> Tensor<2> {
        let shape = choices.dims();
        let embedded = self.embed(weights, choices, self.sides[0]);
        let above = self.above(weights, embedded.clone(), classes);
        self.logits(weights, embedded, &above, classes).reshape(shape)
    }
}

impl Layer {
    /// What a class adds to every cell, `[batch, 2 channels, 1, 1]`.
    fn of_class(&self, weights: &Weights, classes: &Tensor<2>) -> Tensor<4> {
        let added = self.class.forward(weights, classes.clone());
        let [batch, channels] = added.dims();
        added.reshape([batch, channels, 1, 1])
    }
}

/// A 1 x 1 convolution.
fn pointwise(linear: &Linear, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let rows = x.permute([0, 2, 3, 1]).reshape([batch * height * width, channels]);
    let made = linear.forward(weights, rows);
    let outputs = made.dims()[1];
    made.reshape([batch, height, width, outputs]).permute([0, 3, 1, 2])
}

/// Half of the channels as a gate for the other half (van den Oord et al. 2016, eq. 2).
fn gated(x: Tensor<4>) -> Tensor<4> {
    let channels = x.dims()[1] / 2;
    // tanh a = 2 sigmoid(2 a) - 1, whose kernels are there already.
    let open = sigmoid(x.clone().narrow(1, 0, channels) * 2.0) * 2.0 - 1.0;
    open * sigmoid(x.narrow(1, channels, channels))
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn the_first_half_is_opened_by_the_second() {
        let x = TensorData::new(vec![0.3_f32, -2.0, -1.2, 0.5], [1, 4, 1, 1]);
        let found = gated(Tensor::from_data(x, &Device::flex())).into_data();
        // Python: math.tanh(a) / (1 + math.exp(-b)) of (0.3, -1.2) and (-2.0, 0.5).
        let expected = [0.067_431_65_f32, -0.600_068];
        for (found, expected) in found.try_into_vec::<f32>().unwrap().into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
        }
    }
}
