//! What the families with codes share: an encoder that says something of each cell of a grid, a codebook whose vectors
//! the cells may take, a decoder of those, and a prior over the codes.

use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Serialize};

use super::autoencoder::mnist_image;
use super::codebook::{Codebook, CodebookConfig};
use super::config::{TrainConfig, check_image, check_positive, check_size_of_model};
use super::decoder::{Decoder, DecoderConfig, Inputs, OutputBias};
use super::encoder::{Encoder, EncoderConfig, Head};
use super::encoding::Encoding;
use super::family::Common;
use super::latents::{Choice, LatentSpace, Latents};
use super::layout::{Layout, Weights};
use super::prior::{Prior, PriorConfig};
use super::{Network, Statistics};
use crate::data::NO_CORRUPTION;
use crate::error::{Error, Result};
use crate::loss::{bernoulli, highest};
use crate::ops::dense::matmul;
use crate::terms::{PERPLEXITY, RECONSTRUCTION, Terms};

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

/// What can be chosen about a model with codes.
pub const GRID_CONTROLS: [&str; 6] = [
    "encoder",
    "decoder",
    "codebook.size",
    "codebook.dimension",
    "output_bias",
    "prior",
];

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
        let (encoded, decoded) = (self.encoder.cells(self.image), decoder.cells(self.image));
        if encoded != decoded {
            let grid = |sides: Option<[usize; 2]>| sides.map_or("none".into(), |[y, x]| format!("{y} x {x}"));
            return Err(Error::config(format!(
                "the encoder ends at a grid of {} and the decoder begins at one of {}; give both as many halvings of an \
                 image whose sides can be halved so often",
                grid(encoded),
                grid(decoded)
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
        }
    }

    /// The prior of a resolved configuration, with its settings: what it does not choose is as for the codes.
    pub fn prior(&self) -> Option<(Prior, TrainConfig)> {
        let prior = self.prior.as_ref()?;
        let training = TrainConfig {
            learning_rate: prior.learning_rate,
            ..self.training.clone()
        };
        let sides = self.encoder.cells(self.image).unwrap_or_default();
        Some((Prior::new(prior, self.codebook.size, sides), training))
    }

    /// Checks that a page can train it.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the number of parameters or the bytes of a step, and the limit.
    pub fn check_size(&self, choice: Choice) -> Result<()> {
        let grid = Grid::new(self, choice);
        let prior = self.prior();
        let prior = prior.iter().map(|(prior, _)| prior.layout());
        check_size_of_model(&std::iter::once(grid.layout()).chain(prior).collect::<Vec<_>>())
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
    /// Height and width.
    sides: [usize; 2],
    choice: Choice,
}

impl Grid {
    /// Builds a resolved configuration. The encoder says D numbers of each cell, near which a vector is looked for, or the
    /// logits of K codes.
    pub fn new(config: &GridConfig, choice: Choice) -> Self {
        let mut layout = Layout::default();
        let mirror = DecoderConfig::mirror(&config.encoder);
        let decoder = config.decoder.as_ref().unwrap_or(&mirror);
        let CodebookConfig { size, dimension, .. } = config.codebook;
        let outputs = match choice {
            Choice::Nearest => dimension,
            Choice::Categorical => size,
        };
        let encoder = Encoder::new(&mut layout, &config.encoder, Head::Cells, config.image, outputs);
        let codebook = Codebook::new(&mut layout, &config.codebook, choice == Choice::Nearest);
        let sides = config.encoder.cells(config.image).unwrap_or_default();
        // Of each cell the score of each code, the choice and the vector.
        layout.add_activations(&[sides[0], sides[1], 2 * size + dimension]);
        let inputs = Inputs::Cells(dimension);
        let decoder = Decoder::new(&mut layout, decoder, config.output_bias, inputs, config.image);
        Self {
            layout,
            encoder,
            decoder,
            codebook,
            sides,
            choice,
        }
    }

    /// The parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What images are encoded to.
    pub fn space(&self) -> LatentSpace {
        LatentSpace::Grid {
            sides: self.sides,
            codes: self.codebook.size(),
            dimension: self.codebook.dimension(),
            choice: self.choice,
        }
    }

    fn cells(&self) -> usize {
        self.sides.iter().product()
    }

    /// Images `[batch, pixels]` to what the encoder says of each cell: z_e or logits, `[batch * cells, D or K]`.
    pub fn encode(&self, weights: &Weights, images: Tensor<2>) -> Tensor<2> {
        let maps = self.encoder.forward(weights, images);
        let [batch, numbers] = maps.dims();
        maps.reshape([batch * self.cells(), numbers / self.cells()])
    }

    /// Of cells what the encoder says and the scores of all codes.
    pub fn encoding(&self, weights: &Weights, cells: Tensor<2>) -> Encoding {
        Encoding::Grid {
            scores: self.scores(weights, cells.clone()),
            cells,
        }
    }

    /// How well each code fits a cell, `[batch * cells, K]`, without a gradient.
    pub fn scores(&self, weights: &Weights, cells: Tensor<2>) -> Tensor<2> {
        match self.choice {
            Choice::Nearest => self.codebook.nearness(weights, cells),
            Choice::Categorical => cells.detach(),
        }
    }

    /// The code of each cell as a one among K, `[batch * cells, K]`, without a gradient.
    pub fn choose(&self, weights: &Weights, cells: Tensor<2>) -> Tensor<2> {
        highest(self.scores(weights, cells))
    }

    /// The vectors of codes, which may be shares of several: `[batch * cells, K]` to `[batch * cells, D]`.
    pub fn vectors(&self, weights: &Weights, choices: Tensor<2>) -> Tensor<2> {
        matmul(choices, self.codebook.vectors(weights))
    }

    /// Codes, or the vectors of cells, to pixels `[batch, pixels]`.
    pub fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        let vectors = match latents {
            Latents::Codes(codes) => {
                let size = self.codebook.size();
                self.vectors(weights, weights.rows(&one_hot(codes, size), size))
            }
            _ => weights.rows(latents.numbers(), self.codebook.dimension()),
        };
        sigmoid(self.logits(weights, vectors))
    }

    /// The negative log-likelihood of the targets `[batch, pixels]` given the vectors of cells, `[batch * cells, D]`.
    pub fn reconstruction(&self, weights: &Weights, vectors: Tensor<2>, targets: Tensor<2>) -> Terms<Tensor<1>> {
        RECONSTRUCTION
            .of(bernoulli(self.logits(weights, vectors), targets))
            .into()
    }

    /// The parts of a loss, and beside them how many codes the batch uses, as if all were used alike: the exponential of the
    /// entropy of their shares.
    pub fn with_perplexity(&self, parts: Terms<Tensor<1>>, statistics: Option<&Statistics>) -> Terms<Tensor<1>> {
        let Some(uses) = statistics.and_then(|statistics| statistics.averages.first()) else {
            return parts;
        };
        let shares = uses.clone() / self.cells() as f32;
        // The logarithm by a kernel that is there already; a share is 1 / rows at least, or nothing.
        let entropy = ((shares.clone() + (1e-6 - 1.0)).log1p() * shares).sum().neg();
        parts.and(PERPLEXITY.of(entropy.exp()))
    }

    fn logits(&self, weights: &Weights, vectors: Tensor<2>) -> Tensor<2> {
        let [rows, dimension] = vectors.dims();
        let vectors = vectors.reshape([rows / self.cells(), self.cells() * dimension]);
        self.decoder.forward(weights, vectors)
    }
}

/// Codes as ones among `size`, `[codes, size]`.
pub fn one_hot(codes: &[u32], size: usize) -> Vec<f32> {
    let mut ones = vec![0.0; codes.len() * size];
    for (row, &code) in ones.chunks_exact_mut(size).zip(codes) {
        row[code as usize] = 1.0;
    }
    ones
}
