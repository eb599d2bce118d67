//! The networks of a multi-entity VAE: each cell of a feature map says how likely it holds an object and where; the canvas is
//! looked at there, and that glimpse says what the object is (Eslami et al. 2016; Crawford & Pineau 2019).

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
};

use super::blocks::{Conv, Linear, Padding};
use super::layout::{Init, Layout, Weights};
use super::placement::Placement;
use super::scene::PATCH;
use crate::loss::{draw_of, highest, kl_of_rows};
use crate::ops::dense::matmul;

/// Side of a cell: of three convolutions that halve the canvas.
pub const CELL: usize = 8;
/// The convolutions that do so.
pub const HALVINGS: usize = 3;
/// Cells that are looked at closely: those that are likeliest to hold an object.
pub const CANDIDATES: usize = 6;
/// Bound of the logits of presence, and middle and reach of logarithms of variances.
const LARGEST_LOGIT: f32 = 8.0;
const LOG_VARIANCE: [f32; 2] = [-3.0, 7.0];
/// How far an offset goes with its latent.
const SLOPE: f32 = 0.7;
/// Biases that weights begin with: few objects, whose places are certain; patches with little ink.
const FEW: f32 = -1.0;
const CERTAIN: f32 = -4.0;
const LITTLE_INK: f32 = -2.0;

/// What the networks are made of.
#[derive(Clone, Debug)]
pub struct ObjectSizes<'a> {
    /// Channels of the encoder's convolutions.
    pub channels: &'a [usize],
    /// Units of the layers that look at a glimpse.
    pub glimpse: &'a [usize],
    /// Units of the layers that paint an object.
    pub hidden: &'a [usize],
    /// Numbers that say what an object is.
    pub latent: usize,
    /// Height and width of the canvas.
    pub side: usize,
    /// Pixels that an object may be from the middle of its cell.
    pub reach: f32,
}

/// The networks of a multi-entity VAE.
#[derive(Clone, Debug)]
pub struct ObjectNetworks {
    layout: Layout,
    convolutions: Vec<Conv>,
    presence: Linear,
    place_mean: Linear,
    place_log_variance: Linear,
    glimpse: Vec<Linear>,
    /// What the cell's features add to its glimpse.
    context: Linear,
    mean: Linear,
    log_variance: Linear,
    hidden: Vec<Linear>,
    output: Linear,
    placement: Placement,
    latent: usize,
    reach: f32,
}

/// What the encoder says of each cell, `[batch * cells, width]`, but for presence, `[batch, cells]`.
#[derive(Clone)]
pub struct Cells {
    /// Logits.
    pub presence: Tensor<2>,
    /// What says how far it is from the middle of its cell, `[batch * cells, 2]`.
    pub place_mean: Tensor<2>,
    /// And how sure that is.
    pub place_log_variance: Tensor<2>,
    /// The last feature map.
    pub features: Tensor<2>,
    /// The middle of each cell, in pixels.
    pub middle: Tensor<2>,
}

impl Cells {
    /// Those that `choice` picks, `[batch, chosen, cells]`, a one in each row.
    pub fn select(&self, choice: &Tensor<3>) -> Self {
        Self {
            presence: self.presence.clone(),
            place_mean: select(&self.place_mean, choice),
            place_log_variance: select(&self.place_log_variance, choice),
            features: select(&self.features, choice),
            middle: select(&self.middle, choice),
        }
    }
}

/// Objects, one to a row.
pub struct Objects {
    /// Row and column, `[objects, 2]`, in pixels.
    pub centres: Tensor<2>,
    /// Nats that say where, `[objects, 1]`.
    pub place_kl: Tensor<2>,
    /// What it is, `[objects, latent]`.
    pub mean: Tensor<2>,
    /// And how sure that is, `[objects, latent]`.
    pub log_variance: Tensor<2>,
    /// Drawn of it, `[objects, latent]`.
    pub z: Tensor<2>,
}

impl Objects {
    /// Nats of each, of what it is and where: `[objects, 1]`.
    pub fn kl(&self) -> Tensor<2> {
        kl_of_rows(self.mean.clone(), self.log_variance.clone()) + self.place_kl.clone()
    }
}

impl ObjectNetworks {
    /// Builds a resolved configuration.
    pub fn new(sizes: &ObjectSizes) -> Self {
        let mut layout = Layout::default();
        let side = sizes.side;
        let (cells, pixels) = ((side / CELL) * (side / CELL), side * side);
        layout.add_activations(&[pixels]);
        let mut inputs = 1;
        let mut convolutions = Vec::new();
        for (index, &channels) in sizes.channels.iter().enumerate() {
            let stride = if index < HALVINGS { 2 } else { 1 };
            let name = format!("encoder.{index}");
            convolutions.push(Conv::new(&mut layout, &name, [inputs, channels], stride, Padding::Same));
            let side = side >> HALVINGS.min(index + 1);
            layout.add_activations(&[channels, side, side]);
            inputs = channels;
        }
        let linear = |layout: &mut Layout, name: &str, inputs, outputs, bias| {
            Linear::with_bias(layout, name, inputs, outputs, Init::Constant(bias))
        };
        let presence = linear(&mut layout, "encoder.presence", inputs, 1, FEW);
        let place_mean = linear(&mut layout, "encoder.place.mean", inputs, 2, 0.0);
        let place_log_variance = linear(&mut layout, "encoder.place.log_variance", inputs, 2, CERTAIN);
        let stack = |layout: &mut Layout, name: &str, mut inputs: usize, sizes: &[usize]| -> Vec<Linear> {
            let layer = |(index, &size): (usize, &usize)| {
                let layer = Linear::new(layout, &format!("{name}.{index}"), inputs, size);
                inputs = size;
                layer
            };
            sizes.iter().enumerate().map(layer).collect()
        };
        let glimpse = stack(&mut layout, "glimpse", PATCH * PATCH, sizes.glimpse);
        let context = Linear::new(&mut layout, "glimpse.context", inputs, sizes.glimpse[0]);
        let last = sizes.glimpse[sizes.glimpse.len() - 1];
        let mean = Linear::new(&mut layout, "glimpse.mean", last, sizes.latent);
        let log_variance = Linear::new(&mut layout, "glimpse.log_variance", last, sizes.latent);
        let hidden = stack(&mut layout, "decoder", sizes.latent, sizes.hidden);
        let last = sizes.hidden[sizes.hidden.len() - 1];
        let output = linear(&mut layout, "decoder.output", last, PATCH * PATCH, LITTLE_INK);
        // Of each candidate the two products of its glimpse and of its place, and its canvas several times.
        let units = sizes.glimpse.iter().chain(sizes.hidden).sum::<usize>();
        let of_object = 4 * PATCH * side + 3 * PATCH * PATCH + units + 6 * pixels;
        layout.add_activations(&[CANDIDATES, of_object]);
        layout.add_activations(&[cells, 4 * sizes.latent]);
        Self {
            layout,
            convolutions,
            presence,
            place_mean,
            place_log_variance,
            glimpse,
            context,
            mean,
            log_variance,
            hidden,
            output,
            placement: Placement {
                canvas: side,
                patch: PATCH,
            },
            latent: sizes.latent,
            reach: sizes.reach,
        }
    }

    /// The parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Height and width of the grid of cells.
    pub fn sides(&self) -> [usize; 2] {
        [self.placement.canvas / CELL; 2]
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.sides().iter().product()
    }

    /// What the encoder says of the cells of images `[batch, pixels]`.
    pub fn look(&self, weights: &Weights, images: Tensor<2>) -> Cells {
        let side = self.placement.canvas;
        let batch = images.dims()[0];
        let mut maps = images.reshape([batch, 1, side, side]);
        for (index, convolution) in self.convolutions.iter().enumerate() {
            let made = convolution.relu(weights, maps.clone());
            // The last ones add to what is there (He et al. 2016), once it has as many channels.
            let adds = index > HALVINGS && made.dims() == maps.dims();
            maps = if adds { maps + made } else { made };
        }
        let [_, channels, height, width] = maps.dims();
        let features = maps.permute([0, 2, 3, 1]).reshape([batch * height * width, channels]);
        let logits = self.presence.forward(weights, features.clone());
        let [_, columns] = self.sides();
        let middle =
            |cell: usize| [cell / columns, cell % columns].map(|at| (at * CELL) as f32 + (CELL - 1) as f32 / 2.0);
        let middles: Vec<f32> = (0..batch * self.cells())
            .flat_map(|row| middle(row % self.cells()))
            .collect();
        Cells {
            presence: bounded(logits, [0.0, LARGEST_LOGIT]).reshape([batch, self.cells()]),
            place_mean: self.place_mean.forward(weights, features.clone()),
            place_log_variance: bounded(self.place_log_variance.forward(weights, features.clone()), LOG_VARIANCE),
            features,
            middle: weights.rows(&middles, 2),
        }
    }

    /// Looks at the canvas where cells say that they hold an object. Without noise all latents are means.
    pub fn objects(&self, weights: &Weights, images: Tensor<2>, cells: Cells, noise: Option<Tensor<2>>) -> Objects {
        let part = |start, length| noise.clone().map(|noise| noise.narrow(1, start, length));
        let drawn = |mean: &Tensor<2>, log_variance: &Tensor<2>, noise: Option<Tensor<2>>| match noise {
            Some(noise) => draw_of(mean.clone(), log_variance.clone(), noise),
            None => mean.clone(),
        };
        let place = drawn(&cells.place_mean, &cells.place_log_variance, part(0, 2));
        let centres = cells.middle + tanh(place * SLOPE) * self.reach;
        let crops = self.placement.crop(weights, images, centres.clone());
        let mut x = crops;
        for (index, layer) in self.glimpse.iter().enumerate() {
            x = layer.forward(weights, x);
            if index == 0 {
                x = x + self.context.forward(weights, cells.features.clone());
            }
            x = relu(x);
        }
        let mean = self.mean.forward(weights, x.clone());
        let log_variance = bounded(self.log_variance.forward(weights, x), LOG_VARIANCE);
        Objects {
            centres,
            place_kl: kl_of_rows(cells.place_mean, cells.place_log_variance),
            z: drawn(&mean, &log_variance, part(2, self.latent)),
            mean,
            log_variance,
        }
    }

    /// Each object on a canvas of its own, `[objects, pixels]`.
    pub fn paint(&self, weights: &Weights, z: Tensor<2>, centres: Tensor<2>) -> Tensor<2> {
        let mut x = z;
        for layer in &self.hidden {
            x = layer.relu(weights, x);
        }
        let patches = sigmoid(self.output.forward(weights, x));
        self.placement.place(weights, patches, centres)
    }
}

/// The rows that a choice `[batch, chosen, cells]` picks of `[batch * cells, width]`: `[batch * chosen, width]`.
pub fn select(rows: &Tensor<2>, choice: &Tensor<3>) -> Tensor<2> {
    let [batch, chosen, cells] = choice.dims();
    let width = rows.dims()[1];
    let rows = rows.clone().reshape([batch, cells, width]);
    matmul(choice.clone(), rows).reshape([batch * chosen, width])
}

/// The highest `count` of each row, the first of them first, as ones: `[batch, cells]` to `[batch, count, cells]`, without a
/// gradient.
pub fn highest_few(scores: Tensor<2>, count: usize) -> Tensor<3> {
    let mut left = scores.detach();
    let ones = (0..count).map(|_| {
        let one = highest(left.clone());
        left = left.clone() - one.clone() * 1e4;
        one.unsqueeze_dim::<3>(1)
    });
    Tensor::cat(ones.collect(), 1)
}

/// What lies within `reach` of `middle`, and is nearly itself near it.
fn bounded(x: Tensor<2>, [middle, reach]: [f32; 2]) -> Tensor<2> {
    tanh((x - middle) / reach) * reach + middle
}

/// By a kernel that is there already.
fn tanh(x: Tensor<2>) -> Tensor<2> {
    sigmoid(x * 2.0) * 2.0 - 1.0
}
