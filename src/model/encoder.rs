//! Encoders: an image to a few numbers.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::blocks::{Conv, Linear, Padding};
use super::config::{Body, check_layers, check_maps};
use super::layout::{Layout, Weights};
use crate::error::{Error, Result};

/// An encoder's body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Body", into = "Body")]
pub enum EncoderConfig {
    /// Dense layers with ReLU.
    Dense {
        /// Units of each layer.
        hidden: Vec<usize>,
    },
    /// 3 x 3 convolutions of stride 2 with ReLU.
    Conv {
        /// Channels of each convolution.
        channels: Vec<usize>,
        /// Zeros around each image; "same" unless given.
        padding: Padding,
    },
}

impl TryFrom<Body> for EncoderConfig {
    type Error = &'static str;

    fn try_from(body: Body) -> std::result::Result<Self, Self::Error> {
        match (
            body.kind.as_str(),
            body.hidden,
            body.channels,
            body.padding,
            body.upsample,
        ) {
            ("dense", Some(hidden), None, None, None) => Ok(Self::Dense { hidden }),
            ("conv", None, Some(channels), padding, None) => Ok(Self::Conv {
                channels,
                padding: padding.unwrap_or(Padding::Same),
            }),
            _ => Err("an encoder of kind \"dense\" has hidden, one of kind \"conv\" has channels and may have padding"),
        }
    }
}

impl From<EncoderConfig> for Body {
    fn from(config: EncoderConfig) -> Self {
        match config {
            EncoderConfig::Dense { hidden } => Self::dense(hidden),
            EncoderConfig::Conv { channels, padding } => Self::conv(channels, Some(padding), None),
        }
    }
}

impl EncoderConfig {
    /// The sides of the last feature map; none with dense layers.
    pub(super) fn cells(&self, image: [usize; 2]) -> Option<[usize; 2]> {
        match self {
            Self::Dense { .. } => None,
            Self::Conv { channels, padding } => Some(image.map(|side| shrunk(side, channels, *padding))),
        }
    }

    /// Checks every number against the limits and against the image.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self, image: [usize; 2], head: Head) -> Result<()> {
        match self {
            Self::Dense { hidden } => {
                let what = match head {
                    Head::Dense => return check_layers("encoder.hidden", hidden),
                    Head::Pooled => {
                        "the head \"pooled\" averages feature maps; give an encoder of kind \"conv\" or the head \"dense\""
                    }
                    Head::Cells => "codes are those of a feature map's cells; give an encoder of kind \"conv\"",
                };
                Err(Error::config(what))
            }
            Self::Conv { channels, padding } => {
                check_maps("encoder.channels", channels)?;
                if image.map(|side| shrunk(side, channels, *padding)).contains(&0) {
                    return Err(Error::config(format!(
                        "encoder.channels has {} convolutions, more than an image of {image:?} can be halved; take fewer",
                        channels.len()
                    )));
                }
                Ok(())
            }
        }
    }
}

/// What makes a few numbers of the encoder's features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Head {
    /// A dense layer over all of them: it knows where each feature is.
    #[default]
    Dense,
    /// A 1 x 1 convolution, averaged over the feature map (Lin et al. 2014, section 3.2): no dense layer at all.
    Pooled,
    /// A 3 x 3 convolution: so many numbers of each cell of the feature map. Of the families with codes alone.
    #[serde(skip)]
    Cells,
}

/// The side that is left after all convolutions.
fn shrunk(side: usize, channels: &[usize], padding: Padding) -> usize {
    channels.iter().fold(side, |side, _| Conv::side(side, 2, padding))
}

/// An encoder: a body of dense layers or of convolutions, and a head.
#[derive(Clone, Debug)]
pub struct Encoder {
    image: [usize; 2],
    dense: Vec<Linear>,
    conv: Vec<Conv>,
    head: Ending,
}

/// A head, as it is built.
#[derive(Clone, Debug)]
enum Ending {
    Dense(Linear),
    Pooled(Linear),
    Cells(Conv),
}

impl Encoder {
    /// Declares `encoder.*`: the body and a head of `outputs` numbers, for each cell with [`Head::Cells`].
    pub fn new(layout: &mut Layout, config: &EncoderConfig, head: Head, image: [usize; 2], outputs: usize) -> Self {
        let [mut height, mut width] = image;
        let (mut dense, mut conv) = (Vec::new(), Vec::new());
        layout.add_activations(&[height, width]);
        let features = match config {
            EncoderConfig::Dense { hidden } => hidden.iter().enumerate().fold(height * width, |inputs, (i, &units)| {
                dense.push(Linear::new(layout, &format!("encoder.{i}"), inputs, units));
                layout.add_activations(&[units]);
                units
            }),
            EncoderConfig::Conv { channels, padding } => {
                let mut inputs = 1;
                for (i, &outputs) in channels.iter().enumerate() {
                    let name = format!("encoder.{i}");
                    conv.push(Conv::new(layout, &name, [inputs, outputs], 2, *padding));
                    [height, width] = [height, width].map(|side| Conv::side(side, 2, *padding));
                    layout.add_activations(&[outputs, height, width]);
                    inputs = outputs;
                }
                inputs * if head == Head::Dense { height * width } else { 1 }
            }
        };
        let cells = if head == Head::Cells { height * width } else { 1 };
        layout.add_activations(&[outputs, cells]);
        let name = "encoder.head";
        let head = match head {
            Head::Dense => Ending::Dense(Linear::new(layout, name, features, outputs)),
            Head::Pooled => Ending::Pooled(Linear::new(layout, name, features, outputs)),
            Head::Cells => Ending::Cells(Conv::new(layout, name, [features, outputs], 1, Padding::Same)),
        };
        Self {
            image,
            dense,
            conv,
            head,
        }
    }

    /// Images `[batch, pixels]` to `[batch, outputs]`, or `[batch, cells * outputs]`.
    pub fn forward(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        let mut x = images;
        if !self.conv.is_empty() {
            let [height, width] = self.image;
            let batch = x.dims()[0];
            let mut maps = x.reshape([batch, 1, height, width]);
            for conv in &self.conv {
                maps = conv.relu(weights, maps);
            }
            let [batch, channels, height, width] = maps.dims();
            x = match &self.head {
                Ending::Dense(_) => maps.flatten(1, 3),
                // Averaging and a 1 x 1 convolution may change places, and the average first is less work.
                Ending::Pooled(_) => maps
                    .reshape([batch, channels, height * width])
                    .mean_dim(2)
                    .reshape([batch, channels]),
                Ending::Cells(conv) => {
                    let outputs = conv.forward(weights, maps).permute([0, 2, 3, 1]);
                    return outputs.flatten(1, 3);
                }
            };
        }
        for dense in &self.dense {
            x = dense.relu(weights, x);
        }
        match &self.head {
            Ending::Dense(linear) | Ending::Pooled(linear) => linear.forward(weights, x),
            Ending::Cells(_) => x,
        }
    }
}
