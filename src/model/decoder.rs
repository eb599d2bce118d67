//! Decoders: a few numbers to the logits of an image.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::blocks::{Conv, Linear, Padding, TransposedConv, Upsample};
use super::config::{Body, check_layers, check_maps};
use super::encoder::EncoderConfig;
use super::layout::{Init, Layout, Slot, Weights};
use crate::error::{Error, Result};

/// A decoder's body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Body", into = "Body")]
pub enum DecoderConfig {
    /// Dense layers with ReLU.
    Dense {
        /// Units of each layer.
        hidden: Vec<usize>,
    },
    /// A dense layer to a small feature map, then layers that double its side, with ReLU.
    Conv {
        /// Channels of the feature map, then of each doubling.
        channels: Vec<usize>,
        /// How the side is doubled; "shuffle" unless given.
        upsample: Upsample,
    },
}

impl TryFrom<Body> for DecoderConfig {
    type Error = &'static str;

    fn try_from(body: Body) -> std::result::Result<Self, Self::Error> {
        match (
            body.kind.as_str(),
            body.hidden,
            body.channels,
            body.upsample,
            body.padding,
        ) {
            ("dense", Some(hidden), None, None, None) => Ok(Self::Dense { hidden }),
            ("conv", None, Some(channels), upsample, None) => Ok(Self::Conv {
                channels,
                upsample: upsample.unwrap_or(Upsample::Shuffle),
            }),
            _ => Err("a decoder of kind \"dense\" has hidden, one of kind \"conv\" has channels and may have upsample"),
        }
    }
}

impl From<DecoderConfig> for Body {
    fn from(config: DecoderConfig) -> Self {
        match config {
            DecoderConfig::Dense { hidden } => Self::dense(hidden),
            DecoderConfig::Conv { channels, upsample } => Self::conv(channels, None, Some(upsample)),
        }
    }
}

/// The bias of a convolutional decoder's last layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputBias {
    /// One number for all pixels, from zero.
    #[default]
    Shared,
    /// A number for each pixel, from the logit of the mean image.
    Map,
}

impl DecoderConfig {
    /// The mirror image of an encoder.
    pub fn mirror(encoder: &EncoderConfig) -> Self {
        let reversed = |sizes: &[usize]| sizes.iter().rev().copied().collect();
        match encoder {
            EncoderConfig::Dense { hidden } => Self::Dense {
                hidden: reversed(hidden),
            },
            EncoderConfig::Conv { channels, .. } => Self::Conv {
                channels: reversed(channels),
                upsample: Upsample::Shuffle,
            },
        }
    }

    /// The sides of the first feature map; none with dense layers alone.
    pub(super) fn cells(&self, image: [usize; 2]) -> Option<[usize; 2]> {
        match self {
            Self::Dense { .. } => None,
            Self::Conv { channels, upsample } => Some(image.map(|side| side >> doublings(channels, *upsample))),
        }
    }

    /// Checks every number against the limits and against the image.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self, image: [usize; 2]) -> Result<()> {
        match self {
            Self::Dense { hidden } => check_layers("decoder.hidden", hidden),
            Self::Conv { channels, upsample } => {
                check_maps("decoder.channels", channels)?;
                let factor = 1 << doublings(channels, *upsample);
                if image.iter().any(|side| side % factor != 0) {
                    return Err(Error::config(format!(
                        "decoder.channels doubles the side to {factor} times, which does not divide an image of {image:?}; take fewer channels"
                    )));
                }
                Ok(())
            }
        }
    }
}

/// How often a convolutional decoder doubles the side.
fn doublings(channels: &[usize], upsample: Upsample) -> usize {
    match upsample {
        Upsample::Shuffle => channels.len(),
        Upsample::Transposed => channels.len() - 1,
    }
}

/// What a decoder is given.
#[derive(Clone, Copy, Debug)]
pub enum Inputs {
    /// A few numbers.
    Latents(usize),
    /// So many numbers for each cell of its first feature map.
    Cells(usize),
}

/// A decoder: dense layers, then logits straight away or by way of feature maps.
#[derive(Clone, Debug)]
pub struct Decoder {
    dense: Vec<Linear>,
    output: Output,
}

#[derive(Clone, Debug)]
enum Output {
    Dense(Linear),
    Conv {
        /// Channels, height and width of the first feature map.
        map: [usize; 3],
        /// What makes it of cells; a dense layer makes it of a few numbers.
        cells: Option<Linear>,
        doubling: Vec<Doubling>,
        last: Conv,
        bias_map: Option<Slot<1>>,
    },
}

#[derive(Clone, Debug)]
enum Doubling {
    Shuffle(Conv),
    Transposed(TransposedConv),
}

impl Decoder {
    /// Declares `decoder.*`: from what it is given to the logits of an image. Cells need convolutions.
    pub fn new(
        layout: &mut Layout,
        config: &DecoderConfig,
        output_bias: OutputBias,
        inputs: Inputs,
        [height, width]: [usize; 2],
    ) -> Self {
        let pixels = height * width;
        layout.add_activations(&[pixels]);
        match config {
            DecoderConfig::Dense { hidden } => {
                let (Inputs::Latents(mut inputs) | Inputs::Cells(mut inputs)) = inputs;
                let mut dense = Vec::new();
                for (i, &units) in hidden.iter().enumerate() {
                    dense.push(Linear::new(layout, &format!("decoder.{i}"), inputs, units));
                    layout.add_activations(&[units]);
                    inputs = units;
                }
                let bias = match output_bias {
                    OutputBias::Shared => Init::Zeros,
                    OutputBias::Map => Init::MeanImage,
                };
                let output = Linear::with_bias(layout, "decoder.output", inputs, pixels, bias);
                Self {
                    dense,
                    output: Output::Dense(output),
                }
            }
            DecoderConfig::Conv { channels, upsample } => {
                let factor = 1 << doublings(channels, *upsample);
                let map = [channels[0], height / factor, width / factor];
                layout.add_activations(&map);
                let mut dense = Vec::new();
                let mut cells = None;
                match inputs {
                    Inputs::Latents(count) => {
                        dense.push(Linear::new(layout, "decoder.0", count, map.iter().product()));
                    }
                    Inputs::Cells(count) => cells = Some(Linear::new(layout, "decoder.0", count, map[0])),
                }
                let mut doubling = Vec::new();
                for (i, pair) in channels.windows(2).enumerate() {
                    let name = format!("decoder.{}", i + 1);
                    layout.add_activations(&[pair[1], map[1] << (i + 1), map[2] << (i + 1)]);
                    doubling.push(match upsample {
                        Upsample::Shuffle => {
                            Doubling::Shuffle(same(layout, &name, [pair[0], 4 * pair[1]], true).shuffled())
                        }
                        Upsample::Transposed => {
                            Doubling::Transposed(TransposedConv::new(layout, &name, [pair[0], pair[1]]))
                        }
                    });
                }
                let shuffle = *upsample == Upsample::Shuffle;
                let shared = output_bias == OutputBias::Shared;
                let features = channels[channels.len() - 1];
                let outputs = if shuffle { 4 } else { 1 };
                let last = same(layout, "decoder.output", [features, outputs], shared);
                let last = if shuffle { last.shuffled() } else { last };
                let bias_map = (!shared).then(|| layout.add("decoder.bias_map".into(), [pixels], Init::MeanImage));
                Self {
                    dense,
                    output: Output::Conv {
                        map,
                        cells,
                        doubling,
                        last,
                        bias_map,
                    },
                }
            }
        }
    }

    /// `[batch, latents]` or `[batch, cells * numbers]` to logits `[batch, pixels]`.
    pub fn forward(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        let mut x = latents;
        for dense in &self.dense {
            x = dense.relu(weights, x);
        }
        match &self.output {
            Output::Dense(linear) => linear.forward(weights, x),
            Output::Conv {
                map: [channels, height, width],
                cells,
                doubling,
                last,
                bias_map,
            } => {
                let batch = x.dims()[0];
                let mut maps = match cells {
                    None => x.reshape([batch, *channels, *height, *width]),
                    // A 1 x 1 convolution.
                    Some(linear) => {
                        let (places, numbers) = (height * width, x.dims()[1] / (height * width));
                        let rows = linear.relu(weights, x.reshape([batch * places, numbers]));
                        let maps = rows.reshape([batch, *height, *width, *channels]);
                        maps.permute([0, 3, 1, 2])
                    }
                };
                for layer in doubling {
                    maps = match layer {
                        Doubling::Shuffle(conv) => conv.relu(weights, maps),
                        Doubling::Transposed(conv) => conv.relu(weights, maps),
                    };
                }
                let logits = last.forward(weights, maps).flatten(1, 3);
                match bias_map {
                    Some(bias) => logits + weights.get(*bias).unsqueeze(),
                    None => logits,
                }
            }
        }
    }
}

/// A convolution of stride 1 that keeps the side.
fn same(layout: &mut Layout, name: &str, channels: [usize; 2], bias: bool) -> Conv {
    if bias {
        Conv::new(layout, name, channels, 1, Padding::Same)
    } else {
        Conv::without_bias(layout, name, channels, 1, Padding::Same)
    }
}
