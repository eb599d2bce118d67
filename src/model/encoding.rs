//! What an encoder says, on the device, and how it is read.

use burn::tensor::Tensor;

use super::latents::Latents;
use super::scene;
use crate::error::Result;
use crate::transfer::read_answer;

/// What an encoder says about a batch, on the device.
#[derive(Clone, Debug)]
pub enum Encoding {
    /// A point for each image, `[batch, latent]`.
    Point(Tensor<2>),
    /// A Gaussian for each image.
    Gaussian {
        /// `[batch, latent]`.
        mean: Tensor<2>,
        /// Logarithms of the variances, `[batch, latent]`.
        log_variance: Tensor<2>,
    },
    /// Something about each cell of a grid.
    Grid {
        /// The vector near which a code is looked for, or the logits of all codes: `[batch * cells, D or K]`.
        cells: Tensor<2>,
        /// How well each code fits, `[batch * cells, K]`, without a gradient: the highest is chosen.
        scores: Tensor<2>,
    },
    /// Objects.
    Objects(Box<ObjectsEncoding>),
}

/// What an encoder says of the objects of a batch.
#[derive(Clone, Debug)]
pub struct ObjectsEncoding {
    /// How likely each cell holds an object, `[batch, cells]`.
    pub presence: Tensor<2>,
    /// Row and column of each in pixels, `[batch * cells, 2]`.
    pub centres: Tensor<2>,
    /// What each is, `[batch * cells, latent]`.
    pub mean: Tensor<2>,
    /// And how sure that is, `[batch * cells, latent]`.
    pub log_variance: Tensor<2>,
    /// Nats that each says, `[batch * cells, 1]`.
    pub kl: Tensor<2>,
    /// The candidates as ones among the cells, `[batch, candidates, cells]`.
    pub choice: Tensor<3>,
    /// What each candidate paints, `[batch * candidates, pixels]`.
    pub ink: Tensor<2>,
    /// The most objects that are kept.
    pub most: usize,
    /// One of which a larger share of the ink is painted already is not.
    pub painted: f32,
}

impl ObjectsEncoding {
    async fn read(self) -> Result<Latents> {
        let [batch, candidates, cells] = self.choice.dims();
        let choice = read_answer(self.choice).await?;
        let ink = read_answer(self.ink).await?;
        let mut parts = Vec::new();
        for part in [self.presence, self.centres, self.mean, self.log_variance, self.kl] {
            parts.push(read_answer(part).await?);
        }
        let pixels = ink.len() / (batch * candidates);
        let scene = |index: usize| {
            let row = |part: &'_ Vec<f32>| {
                let width = part.len() / batch;
                index * width..(index + 1) * width
            };
            let [presence, centres, mean, log_variance, kl] =
                [0, 1, 2, 3, 4].map(|part| &parts[part][row(&parts[part])]);
            let cells_of_scene = scene::Cells {
                presence,
                centres,
                mean,
                log_variance,
                kl,
            };
            let candidate = |candidate: usize| {
                let at = index * candidates + candidate;
                let cell = highest(&choice[at * cells..(at + 1) * cells]) as usize;
                (cell, &ink[at * pixels..(at + 1) * pixels])
            };
            let all: Vec<_> = (0..candidates).map(candidate).collect();
            cells_of_scene.keep(&all, self.most, self.painted)
        };
        Ok(Latents::Objects((0..batch).map(scene).collect()))
    }
}

impl Encoding {
    /// Reads the latents.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer, [`Diverged`](crate::ErrorKind::Diverged) when
    /// what is said is no number.
    pub async fn read(self) -> Result<Latents> {
        Ok(match self {
            Self::Point(numbers) => Latents::Point(read_answer(numbers).await?),
            Self::Gaussian { mean, log_variance } => {
                let mut mean_and_variance = read_answer(Tensor::cat(vec![mean, log_variance], 0)).await?;
                let log_variance = mean_and_variance.split_off(mean_and_variance.len() / 2);
                Latents::Gaussian {
                    mean: mean_and_variance,
                    log_variance,
                }
            }
            Self::Grid { scores, .. } => {
                let size = scores.dims()[1];
                let scores = read_answer(scores).await?;
                Latents::Codes(scores.chunks_exact(size).map(highest).collect())
            }
            Self::Objects(objects) => objects.read().await?,
        })
    }
}

/// The index of the highest number, the first of equal ones.
fn highest(scores: &[f32]) -> u32 {
    let better = |best: usize, index: usize| if scores[index] > scores[best] { index } else { best };
    (1..scores.len()).fold(0, better) as u32
}
