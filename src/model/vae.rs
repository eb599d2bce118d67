//! The variational autoencoder (Kingma & Welling 2014): a Gaussian encoder, a Bernoulli decoder.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
};
use serde::{Deserialize, Serialize};

use super::blocks::{Conv, Linear, Padding, TransposedConv, pixel_shuffle};
use super::config::{
    DecoderConfig, EncoderConfig, Family, OutputBias, TrainConfig, Upsample, check_image, check_latent, check_layers,
    check_parameters,
};
use super::layout::{Init, Layout, Slot, Weights};
use super::{Encoding, Model};
use crate::error::{Error, Result};
use crate::loss::{LossTerms, bernoulli, kl, reparameterize};

/// Configuration of a [`Vae`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaeConfig {
    /// The encoder's body; a dense layer to means and log variances follows it.
    pub encoder: EncoderConfig,
    /// The decoder's body; the encoder's mirror image unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<DecoderConfig>,
    /// Number of latents.
    pub latent: usize,
    /// Height and width of an image.
    #[serde(default = "mnist_image")]
    pub image: [usize; 2],
    /// Bias of the output.
    #[serde(default)]
    pub output_bias: OutputBias,
    /// The defaults of training.
    #[serde(default)]
    pub training: TrainConfig,
}

fn mnist_image() -> [usize; 2] {
    [28, 28]
}

impl VaeConfig {
    fn decoder(&self) -> DecoderConfig {
        self.decoder.clone().unwrap_or_else(|| match &self.encoder {
            EncoderConfig::Dense { hidden } => DecoderConfig::Dense {
                hidden: hidden.iter().rev().copied().collect(),
            },
            EncoderConfig::Conv { channels, .. } => DecoderConfig::Conv {
                channels: channels.iter().rev().copied().collect(),
                upsample: Upsample::Shuffle,
            },
        })
    }

    fn build(&self) -> Vae {
        let mut layout = Layout::default();
        let encoder = Encoder::new(&mut layout, self);
        let decoder = Decoder::new(&mut layout, self);
        Vae {
            layout,
            latent: self.latent,
            image: self.image,
            encoder,
            decoder,
        }
    }
}

impl Family for VaeConfig {
    fn resolve(&mut self) -> Result<()> {
        check_image(self.image)?;
        check_latent(self.latent)?;
        self.training.check()?;
        match &self.encoder {
            EncoderConfig::Dense { hidden } => check_layers("encoder.hidden", hidden)?,
            EncoderConfig::Conv { channels, padding } => {
                check_layers("encoder.channels", channels)?;
                let shrunk = |side| channels.iter().fold(side, |side, _| Conv::side(side, 2, *padding));
                if self.image.map(shrunk).contains(&0) {
                    return Err(Error::config(format!(
                        "encoder.channels has {} convolutions, more than an image of {:?} can be halved; take fewer",
                        channels.len(),
                        self.image
                    )));
                }
            }
        }
        let decoder = self.decoder();
        match &decoder {
            DecoderConfig::Dense { hidden } => check_layers("decoder.hidden", hidden)?,
            DecoderConfig::Conv { channels, upsample } => {
                check_layers("decoder.channels", channels)?;
                let factor = 1 << doublings(channels, *upsample);
                if self.image.iter().any(|side| side % factor != 0) {
                    return Err(Error::config(format!(
                        "decoder.channels doubles the side to {factor} times, which does not divide an image of {:?}; take fewer channels",
                        self.image
                    )));
                }
            }
        }
        self.decoder = Some(decoder);
        check_parameters(self.build().layout.len())
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(self.build())
    }

    fn image(&self) -> [usize; 2] {
        self.image
    }

    fn training(&self) -> &TrainConfig {
        &self.training
    }
}

/// How often a convolutional decoder doubles the side.
fn doublings(channels: &[usize], upsample: Upsample) -> usize {
    match upsample {
        Upsample::Shuffle => channels.len(),
        Upsample::Transposed => channels.len() - 1,
    }
}

/// A variational autoencoder.
#[derive(Clone, Debug)]
struct Vae {
    layout: Layout,
    latent: usize,
    image: [usize; 2],
    encoder: Encoder,
    decoder: Decoder,
}

impl Vae {
    fn logits(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(weights, latents)
    }
}

impl Model for Vae {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn latent(&self) -> usize {
        self.latent
    }

    fn loss(&self, weights: &Weights, images: Tensor<2>, noise: Tensor<2>) -> LossTerms<Tensor<1>> {
        let Encoding { mean, log_variance } = self.encode(weights, images.clone());
        let latents = reparameterize(mean.clone(), log_variance.clone(), noise);
        LossTerms {
            reconstruction: bernoulli(self.logits(weights, latents), images),
            kl: kl(mean, log_variance),
        }
    }

    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>> {
        let both = self.encoder.forward(weights, images, self.image);
        Encoding {
            mean: both.clone().narrow(1, 0, self.latent),
            log_variance: both.narrow(1, self.latent, self.latent),
        }
    }

    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        sigmoid(self.logits(weights, latents))
    }
}

#[derive(Clone, Debug)]
struct Encoder {
    dense: Vec<Linear>,
    conv: Vec<Conv>,
    head: Linear,
}

impl Encoder {
    fn new(layout: &mut Layout, config: &VaeConfig) -> Self {
        let [height, width] = config.image;
        let (mut dense, mut conv) = (Vec::new(), Vec::new());
        let features = match &config.encoder {
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
                let side = |side| channels.iter().fold(side, |side, _| Conv::side(side, 2, *padding));
                inputs * side(height) * side(width)
            }
        };
        let head = Linear::new(layout, "encoder.head", features, 2 * config.latent);
        Self { dense, conv, head }
    }

    fn forward(&self, weights: &Weights, images: Tensor<2>, [height, width]: [usize; 2]) -> Tensor<2> {
        let mut x = images;
        if !self.conv.is_empty() {
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

#[derive(Clone, Debug)]
struct Decoder {
    dense: Vec<Linear>,
    /// Logits straight from the last dense layer, or from feature maps.
    output: Output,
}

#[derive(Clone, Debug)]
enum Output {
    Dense(Linear),
    Conv {
        /// Channels, height and width of the first feature map.
        map: [usize; 3],
        doubling: Vec<Doubling>,
        last: Conv,
        shuffle: bool,
        bias_map: Option<Slot<1>>,
    },
}

#[derive(Clone, Debug)]
enum Doubling {
    Shuffle(Conv),
    Transposed(TransposedConv),
}

impl Decoder {
    fn new(layout: &mut Layout, config: &VaeConfig) -> Self {
        let [height, width] = config.image;
        let pixels = height * width;
        match config.decoder() {
            DecoderConfig::Dense { hidden } => {
                let mut inputs = config.latent;
                let mut dense = Vec::new();
                for (i, units) in hidden.into_iter().enumerate() {
                    dense.push(Linear::new(layout, &format!("decoder.{i}"), inputs, units));
                    inputs = units;
                }
                let bias = match config.output_bias {
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
                let factor = 1 << doublings(&channels, upsample);
                let map = [channels[0], height / factor, width / factor];
                let dense = vec![Linear::new(layout, "decoder.0", config.latent, map.iter().product())];
                let mut doubling = Vec::new();
                for (i, pair) in channels.windows(2).enumerate() {
                    let name = format!("decoder.{}", i + 1);
                    doubling.push(match upsample {
                        Upsample::Shuffle => Doubling::Shuffle(same(layout, &name, [pair[0], 4 * pair[1]], true)),
                        Upsample::Transposed => {
                            Doubling::Transposed(TransposedConv::new(layout, &name, [pair[0], pair[1]]))
                        }
                    });
                }
                let shuffle = upsample == Upsample::Shuffle;
                let shared = config.output_bias == OutputBias::Shared;
                let inputs = channels[channels.len() - 1];
                let last = same(layout, "decoder.output", [inputs, if shuffle { 4 } else { 1 }], shared);
                let bias_map = (!shared).then(|| layout.add("decoder.bias_map".into(), [pixels], Init::MeanImage));
                Self {
                    dense,
                    output: Output::Conv {
                        map,
                        doubling,
                        last,
                        shuffle,
                        bias_map,
                    },
                }
            }
        }
    }

    /// Latents `[batch, latent]` to logits `[batch, pixels]`.
    fn forward(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2> {
        let mut x = latents;
        for dense in &self.dense {
            x = relu(dense.forward(weights, x));
        }
        match &self.output {
            Output::Dense(linear) => linear.forward(weights, x),
            Output::Conv {
                map: [channels, height, width],
                doubling,
                last,
                shuffle,
                bias_map,
            } => {
                let batch = x.dims()[0];
                let mut maps = x.reshape([batch, *channels, *height, *width]);
                for layer in doubling {
                    maps = relu(match layer {
                        Doubling::Shuffle(conv) => pixel_shuffle(conv.forward(weights, maps)),
                        Doubling::Transposed(conv) => conv.forward(weights, maps),
                    });
                }
                let mut image = last.forward(weights, maps);
                if *shuffle {
                    image = pixel_shuffle(image);
                }
                let logits = image.flatten(1, 3);
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
