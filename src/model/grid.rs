//! What the families with codes share: an encoder that says something of each cell of a grid, a codebook whose vectors
//! the cells may take, a decoder of those, and a prior over the codes.

use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Serialize};

use super::autoencoder::mnist_image;
use super::codebook::{Codebook, CodebookConfig};
use super::config::{Common, TrainConfig, check_image, check_positive, check_size_of_model};
use super::decoder::{Decoder, DecoderConfig, Inputs, OutputBias};
use super::encoder::{Encoder, EncoderConfig, Head};
use super::layout::{Layout, Weights};
use super::prior::{Prior, PriorConfig};
use crate::data::Corruption;
use crate::error::{Error, Result};
use crate::loss::{LossTerms, bernoulli, highest};

static NO_CORRUPTION: Corruption = Corruption {
    noise: 0.0,
    masks: Vec::new(),
};

/// Configuration of a family with codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridConfig {
    /// The encoder's body: convolutions, whose last feature map is the grid.
    pub encoder: EncoderConfig,
    /// The decoder's body, which begins at the grid; the encoder's mirror image unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<DecoderConfig>,
    /// The vectors that cells may take.
    #[serde(default)]
    pub codebook: CodebookConfig,
    /// How choices are relaxed while training: of a dVAE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relaxation: Option<Relaxation>,
    /// Height and width of an image.
    #[serde(default = "mnist_image")]
    pub image: [usize; 2],
    /// Bias of the output.
    #[serde(default)]
    pub output_bias: OutputBias,
    /// The defaults of training.
    #[serde(default)]
    pub training: TrainConfig,
    /// What learns the codes themselves, once they are trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<PriorConfig>,
}

/// The temperature of relaxed choices, which falls from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Relaxation {
    /// At the first step.
    pub first: f64,
    /// After all of them.
    pub last: f64,
    /// Steps of the fall.
    pub steps: u64,
}

impl Default for Relaxation {
    fn default() -> Self {
        Self {
            first: 1.0,
            last: 0.5,
            steps: 2000,
        }
    }
}

impl Relaxation {
    /// The temperature at a step: it falls by the same share each step.
    pub fn temperature(&self, step: u64) -> f32 {
        let done = (step as f64 / self.steps.max(1) as f64).min(1.0);
        (self.first * (self.last / self.first).powf(done)) as f32
    }
}

impl GridConfig {
    /// Fills in the decoder and checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn resolve(&mut self) -> Result<()> {
        check_image(self.image)?;
        self.training.check()?;
        self.codebook.check()?;
        self.encoder.check(self.image, Head::Cells)?;
        let mirror = || DecoderConfig::mirror(&self.encoder);
        let decoder = self.decoder.get_or_insert_with(mirror);
        decoder.check(self.image)?;
        let (said, taken) = (self.encoder.cells(self.image), decoder.cells(self.image));
        if said != taken {
            let grid = |sides: Option<[usize; 2]>| sides.map_or("none".into(), |[y, x]| format!("{y} x {x}"));
            return Err(Error::config(format!(
                "the encoder ends at a grid of {} and the decoder begins at one of {}; give both as many halvings of an \
                 image whose sides can be halved so often",
                grid(said),
                grid(taken)
            )));
        }
        if let Some(Relaxation { first, last, .. }) = self.relaxation {
            check_positive("relaxation.first", first)?;
            check_positive("relaxation.last", last)?;
        }
        self.prior.iter().try_for_each(PriorConfig::check)
    }

    /// What it has in common with every family.
    pub fn common(&self) -> Common<'_> {
        Common {
            image: self.image,
            corruption: &NO_CORRUPTION,
            training: &self.training,
            prior_rate: self.prior.as_ref().map(|prior| prior.learning_rate),
        }
    }
}

/// The network of a family with codes.
#[derive(Clone, Debug)]
pub struct Grid {
    layout: Layout,
    encoder: Encoder,
    decoder: Decoder,
    /// The vectors that cells may take.
    pub codebook: Codebook,
    /// What learned the codes.
    pub prior: Option<Prior>,
    /// Height and width.
    pub sides: [usize; 2],
    /// Whether the encoder says how much it is for each code; otherwise a vector, and the nearest is taken.
    votes: bool,
}

impl Grid {
    /// Builds a resolved configuration. With votes the encoder says K numbers of each cell, otherwise D.
    pub fn new(config: &GridConfig, votes: bool) -> Self {
        let mut layout = Layout::default();
        let mirror = DecoderConfig::mirror(&config.encoder);
        let decoder = config.decoder.as_ref().unwrap_or(&mirror);
        let CodebookConfig { size, dimension, .. } = config.codebook;
        let said = if votes { size } else { dimension };
        let encoder = Encoder::new(&mut layout, &config.encoder, Head::Cells, config.image, said);
        let codebook = Codebook::new(&mut layout, &config.codebook, !votes);
        let sides = config.encoder.cells(config.image).unwrap_or_default();
        // Of each cell what is said for each code, the choice and the vector.
        layout.add_activations(&[sides[0], sides[1], 2 * size + dimension]);
        let inputs = Inputs::Cells(dimension);
        let decoder = Decoder::new(&mut layout, decoder, config.output_bias, inputs, config.image);
        layout.begin_prior();
        let prior = config
            .prior
            .as_ref()
            .map(|prior| Prior::new(&mut layout, prior, size, sides));
        Self {
            layout,
            encoder,
            decoder,
            codebook,
            prior,
            sides,
            votes,
        }
    }

    /// The parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Checks that a page can train it.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the number of parameters or the bytes of a step, and the limit.
    pub fn check(&self) -> Result<()> {
        check_size_of_model(&self.layout)
    }

    /// Cells of a grid.
    pub fn cells(&self) -> usize {
        self.sides.iter().product()
    }

    /// Numbers of a grid of vectors.
    pub fn numbers(&self) -> usize {
        self.cells() * self.codebook.dimension()
    }

    /// Images `[batch, pixels]` to what is said of each cell, `[batch, cells * numbers]`.
    pub fn encode(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(weights, images)
    }

    /// What is said of each cell, one to a row: `[batch, cells * numbers]` to `[batch * cells, numbers]`.
    pub fn rows(&self, said: Tensor<2>) -> Tensor<2> {
        let [batch, numbers] = said.dims();
        said.reshape([batch * self.cells(), numbers / self.cells()])
    }

    /// The code of each cell as a one among K: `[batch, cells * numbers]` to `[batch * cells, K]`, without a gradient.
    pub fn choose(&self, weights: &Weights, said: Tensor<2>) -> Tensor<2> {
        highest(self.scores(weights, said))
    }

    /// How much what is said is for each code, `[batch * cells, K]`, without a gradient.
    pub fn scores(&self, weights: &Weights, said: Tensor<2>) -> Tensor<2> {
        let rows = self.rows(said);
        if self.votes {
            rows
        } else {
            self.codebook.nearness(weights, rows)
        }
    }

    /// The vectors of codes, which may be shares of several: `[batch * cells, K]` to `[batch, cells * D]`.
    pub fn vectors(&self, weights: &Weights, choices: Tensor<2>) -> Tensor<2> {
        let batch = choices.dims()[0] / self.cells();
        choices
            .matmul(self.codebook.vectors(weights))
            .reshape([batch, self.numbers()])
    }

    /// Vectors `[batch, cells * D]` to pixels `[batch, pixels]`.
    pub fn decode(&self, weights: &Weights, vectors: Tensor<2>) -> Tensor<2> {
        sigmoid(self.decoder.forward(weights, vectors))
    }

    /// What vectors `[batch, cells * D]` fail to say about the targets `[batch, pixels]`, with the perplexity of the choices.
    pub fn reconstruction(
        &self,
        weights: &Weights,
        vectors: Tensor<2>,
        targets: Tensor<2>,
        choices: Tensor<2>,
    ) -> LossTerms<Tensor<1>> {
        let shares = choices.mean_dim(0);
        // The logarithm by a kernel that is there already; a share is 1 / rows at least, or nothing.
        let entropy = ((shares.clone() + (1e-6 - 1.0)).log1p() * shares).sum().neg();
        LossTerms {
            perplexity: Some(entropy.exp()),
            ..LossTerms::of(bernoulli(self.decoder.forward(weights, vectors), targets))
        }
    }
}
