//! Encoders: an image to a few numbers.

use burn::tensor::{Tensor, activation::relu};
use serde::{Deserialize, Serialize};

use super::blocks::{Conv, Linear, Padding};
use super::config::{Body, check_layers};
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
    /// Checks every number against the limits and against the image.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self, image: [usize; 2]) -> Result<()> {
        match self {
            Self::Dense { hidden } => check_layers("encoder.hidden", hidden),
            Self::Conv { channels, padding } => {
                check_layers("encoder.channels", channels)?;
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

/// The side that is left after all convolutions.
fn shrunk(side: usize, channels: &[usize], padding: Padding) -> usize {
    channels.iter().fold(side, |side, _| Conv::side(side, 2, padding))
}

/// An encoder: a body of dense layers or of convolutions, and a dense head.
#[derive(Clone, Debug)]
pub struct Encoder {
    image: [usize; 2],
    dense: Vec<Linear>,
    conv: Vec<Conv>,
    head: Linear,
}

impl Encoder {
    /// Declares `encoder.*`: the body and a dense head of `outputs` numbers.
    pub fn new(layout: &mut Layout, config: &EncoderConfig, image: [usize; 2], outputs: usize) -> Self {
        let [height, width] = image;
        let (mut dense, mut conv) = (Vec::new(), Vec::new());
        let features = match config {
            EncoderConfig::Dense { hidden } => hidden.iter().enumerate().fold(height * width, |inputs, (i, &units)| {
                dense.push(Linear::new(layout, &format!("encoder.{i}"), inputs, units));
                units
            }),
            EncoderConfig::Conv { channels, padding } => {
                let mut inputs = 1;
                for (i, &outputs) in channels.iter().enumerate() {
                    let name = format!("encoder.{i}");
                    conv.push(Conv::new(layout, &name, [inputs, outputs], 2, *padding));
                    inputs = outputs;
                }
                inputs * shrunk(height, channels, *padding) * shrunk(width, channels, *padding)
            }
        };
        let head = Linear::new(layout, "encoder.head", features, outputs);
        Self {
            image,
            dense,
            conv,
            head,
        }
    }

    /// Images `[batch, pixels]` to `[batch, outputs]`.
    pub fn forward(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        let mut x = images;
        if !self.conv.is_empty() {
            let [height, width] = self.image;
            let batch = x.dims()[0];
            let mut maps = x.reshape([batch, 1, height, width]);
            for conv in &self.conv {
                maps = relu(conv.forward(weights, maps));
            }
            x = maps.flatten(1, 3);
        }
        for dense in &self.dense {
            x = relu(dense.forward(weights, x));
        }
        self.head.forward(weights, x)
    }
}
