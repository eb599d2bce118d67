//! A codebook: the vectors that the cells of a grid may take (van den Oord, Vinyals & Kavukcuoglu 2017).

use burn::tensor::{Tensor, activation::relu};
use serde::{Deserialize, Serialize};

use super::config::check_size;
use super::layout::{Init, Layout, Slot, Weights};
use super::{Place, Statistics};
use crate::error::Result;
use crate::loss::highest;
use crate::ops::dense::matmul;

/// The most vectors, and the most numbers of each.
const MAX_SIZE: usize = 512;
const MAX_DIMENSION: usize = 256;
/// Decay of the running averages (van den Oord et al. 2017, appendix A.1).
const DECAY: f32 = 0.99;
/// The weight of a vector as it was, where nothing was near it.
const INERTIA: f32 = 1e-5;

/// A codebook as a caller writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodebookConfig {
    /// Number of vectors, K.
    pub size: usize,
    /// Numbers of each, D.
    pub dimension: usize,
    /// How the vectors follow what the encoder says.
    pub update: Update,
    /// A vector that so many steps did not use becomes one that the encoder says; 0 for never.
    pub revive_after: u64,
}

impl Default for CodebookConfig {
    fn default() -> Self {
        Self {
            size: 64,
            dimension: 16,
            update: Update::Gradient,
            revive_after: 20,
        }
    }
}

/// How the vectors of a codebook follow what the encoder says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// By the gradient of their distance.
    #[default]
    Gradient,
    /// As its running average.
    Average,
}

impl CodebookConfig {
    /// Checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self) -> Result<()> {
        check_size("codebook.size", self.size, MAX_SIZE)?;
        check_size("codebook.dimension", self.dimension, MAX_DIMENSION)
    }
}

/// The vectors, and what is remembered of their use. All of it lies in the vector of weights, one after the other, so
/// that a checkpoint has it; what is remembered has no gradient.
#[derive(Clone, Debug)]
pub struct Codebook {
    vectors: Slot<2>,
    memory: Option<Memory>,
    config: CodebookConfig,
    /// Where it lies.
    start: usize,
}

#[derive(Clone, Copy, Debug)]
struct Memory {
    /// Running average of how often each is used by an image, `[K]`.
    uses: Slot<1>,
    /// And of the sum of what is near it, `[K, D]`.
    sums: Slot<2>,
    /// Steps since it was used, `[K]`.
    idle: Slot<1>,
}

impl Codebook {
    /// Declares `codebook.*`; what follows the encoder by averages or comes back to life remembers its use.
    pub fn new(layout: &mut Layout, config: &CodebookConfig, remembers: bool) -> Self {
        let shape = [config.size, config.dimension];
        let start = layout.len();
        let init = Init::Glorot {
            fan_in: config.size,
            fan_out: config.dimension,
        };
        let vectors = layout.add("codebook.vectors".into(), shape, init);
        let memory = remembers.then(|| Memory {
            uses: layout.add("codebook.uses".into(), [config.size], Init::Memory),
            sums: layout.add("codebook.sums".into(), shape, Init::Memory),
            idle: layout.add("codebook.idle".into(), [config.size], Init::Memory),
        });
        Self {
            vectors,
            memory,
            config: config.clone(),
            start,
        }
    }

    /// Number of vectors, K.
    pub fn size(&self) -> usize {
        self.config.size
    }

    /// Numbers of each, D.
    pub fn dimension(&self) -> usize {
        self.config.dimension
    }

    /// Whether it learns by the gradient of its distance.
    pub fn learns(&self) -> bool {
        self.config.update == Update::Gradient
    }

    /// The vectors, `[K, D]`.
    pub fn vectors(&self, weights: &Weights) -> Tensor<2> {
        weights.get(self.vectors)
    }

    /// How near each row is to each vector, `[rows, D]` to `[rows, K]`: the nearest has the highest number. It is half
    /// the squared distance but for its sign and for what all vectors have in common.
    pub fn nearness(&self, weights: &Weights, rows: Tensor<2>) -> Tensor<2> {
        let vectors = self.vectors(weights).detach();
        let lengths = (vectors.clone() * vectors.clone()).sum_dim(1).transpose() * 0.5;
        matmul(rows.detach(), vectors.transpose()) - lengths
    }

    /// What a batch shows about the codebook: how often an image uses each vector, `[K]`; the sum of what is near each,
    /// `[K * D]`; and for each vector an example of what the encoder said that no vector is near to, `[K, D]`.
    ///
    /// # Shapes
    /// - z_e, z_q: `[rows, D]`; choices: `[rows, K]`, a one in each row
    pub fn statistics(&self, z_e: Tensor<2>, z_q: Tensor<2>, choices: Tensor<2>, place: Place) -> Statistics {
        let [rows, dimension] = z_e.dims();
        let size = choices.dims()[1];
        // A part of a batch gives examples for its part of the vectors.
        let wanted = place.part_of(size).len();
        let each = rows.checked_div(wanted).unwrap_or(0);
        let examples = (each > 0).then(|| {
            // The rows in as many parts, and of each the row that is farthest off: most cells are blank, and need no more vectors.
            let parts = |rows: Tensor<2>| rows.narrow(0, 0, each * wanted);
            let difference = z_e.clone() - z_q;
            let distances = parts((difference.clone() * difference).sum_dim(1)).reshape([wanted, each]);
            let farthest = highest(distances).reshape([wanted, 1, each]);
            let rows = parts(z_e.clone()).reshape([wanted, each, dimension]);
            matmul(farthest, rows).reshape([wanted, dimension])
        });
        let uses = uses(choices.clone(), place.count);
        let sums = matmul(choices.transpose(), z_e).reshape([size * dimension]) / place.count as f32;
        Statistics {
            averages: vec![uses, sums],
            examples: examples.into_iter().collect(),
        }
    }

    /// The weights after a step whose batch used the codebook so: running averages, and new life for idle vectors.
    ///
    /// # Shapes
    /// - weights: `[parameters]`
    pub fn follow(&self, layout: &Layout, weights: Tensor<1>, statistics: Statistics) -> Tensor<1> {
        let Some(memory) = self.memory else { return weights };
        let CodebookConfig { size, dimension, .. } = self.config;
        let Statistics { averages, examples } = statistics;
        let Ok([counts, seen_sums]) = <[Tensor<1>; 2]>::try_from(averages) else {
            return weights;
        };
        let now = Weights::frozen(layout, &weights);
        let column = |values: Tensor<1>| values.reshape([size, 1]);
        let mut vectors = self.vectors(&now);
        let mut uses = now.get(memory.uses) * DECAY + counts.clone() * (1.0 - DECAY);
        let mut sums = now.get(memory.sums) * DECAY + seen_sums.reshape([size, dimension]) * (1.0 - DECAY);
        if self.config.update == Update::Average {
            vectors = (sums.clone() + vectors * INERTIA) / (column(uses.clone()) + INERTIA);
        }
        // One step more, unless a row chose it: counts are whole numbers over the batch's size.
        let unused = relu(counts * -1e6 + 1.0);
        let mut idle = (now.get(memory.idle) + 1.0) * unused;
        let found: usize = examples.iter().map(|rows| rows.dims()[0]).sum();
        if let (true, after @ 1..) = (found == size, self.config.revive_after) {
            let candidates = Tensor::cat(examples, 0);
            let dead = clipped(idle.clone() - (after as f32 - 1.0));
            let alive = dead.clone().neg() + 1.0;
            let (dead_rows, alive_rows) = (column(dead.clone()), column(alive.clone()));
            // It begins with a fair share of what the others have.
            let share = uses.clone().mean();
            vectors = vectors * alive_rows.clone() + candidates.clone() * dead_rows.clone();
            sums = sums * alive_rows + candidates * dead_rows * share.clone().reshape([1, 1]);
            uses = uses * alive.clone() + dead * share;
            idle = idle * alive;
        }
        let numbers = size * dimension;
        let parts = vec![vectors.reshape([numbers]), uses, sums.reshape([numbers]), idle];
        let all = Tensor::cat(parts, 0);
        let range = self.start..self.start + all.dims()[0];
        weights.slice_assign([range], all)
    }
}

/// How often an image uses each code, `[K]`, of choices `[batch * cells, K]`.
pub fn uses(choices: Tensor<2>, batch: usize) -> Tensor<1> {
    let size = choices.dims()[1];
    choices.sum_dim(0).reshape([size]) / batch as f32
}

/// What is below 0 is 0, and above 1 is 1; by kernels that are there already.
fn clipped(x: Tensor<1>) -> Tensor<1> {
    relu(x.clone()) - relu(x - 1.0)
}
