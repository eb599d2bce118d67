//! Checkpoints: safetensors with each parameter and its two moments by name, and the run in the metadata. A file of
//! weights alone (no `adam.*`, in whichever type) is one too.

mod quantise;
mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::checksum::Checksum;
use crate::error::{Error, Result};
use crate::model::config::MAX_PARAMETERS;
use crate::model::{Layout, ModelConfig};
use crate::rng::RngState;

/// The name in the metadata by which a file is ours.
const FORMAT: &str = "latent-lab";
/// The newest version that this build reads, and the one that it writes. Version 1 had Adam's moments as two vectors in
/// the order of the parameters, and no checksum.
const VERSION: u32 = 2;
/// The largest header, notes included.
const MAX_HEADER: usize = 1 << 20;
/// The largest file: weights and Adam's two vectors of the largest model, and the header.
pub const MAX_BYTES: usize = 3 * 4 * MAX_PARAMETERS + MAX_HEADER + 8;
/// The longest notes, as JSON.
pub const MAX_NOTES: usize = 256 << 10;

/// The largest step or seed: the largest whole number that JavaScript holds exactly.
pub(crate) const MAX_COUNT: u64 = (1 << 53) - 1;

/// The moments of a parameter are called by these and its name.
const ADAM_FIRST: &str = "adam.first";
const ADAM_SECOND: &str = "adam.second";

/// All of a run, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The resolved configuration.
    pub config: ModelConfig,
    /// Seed of the run.
    pub seed: u64,
    /// Free text.
    pub notes: String,
    /// Whether the output bias map still waits for a mean image.
    pub bias_pending: bool,
    /// The model.
    pub model: Trained,
    /// The prior over its codes; of a model that has one.
    pub prior: Option<Trained>,
}

/// A network that was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// Training steps done.
    pub step: u64,
    /// Where the generator of the noise stands.
    pub noise: RngState,
    /// All weights in the order of the layout.
    pub weights: Vec<f32>,
    /// The optimiser's state; `None` begins afresh.
    pub adam: Option<AdamState>,
}

impl Trained {
    /// Whether every number is finite, as it has to be in a file that can be opened.
    pub fn is_finite(&self) -> bool {
        let moments = self.adam.iter().flat_map(|adam| [&adam.first, &adam.second]);
        std::iter::once(&self.weights)
            .chain(moments)
            .flatten()
            .all(|value| value.is_finite())
    }
}

/// Adam's state.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamState {
    /// Running mean of the gradients.
    pub first: Vec<f32>,
    /// Running mean of their squares.
    pub second: Vec<f32>,
    /// Updates so far.
    pub updates: u64,
}

/// How weights are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// As they are; Adam's state too.
    Full,
    /// For shipping, without Adam's state: matrices and kernels as bytes with a scale for each first index,
    /// vectors in half precision.
    Bytes,
    /// Smaller still: large matrices in four bits (E2M1) with a scale for each 64 of them.
    Nibbles,
}

/// The run, as the metadata has it under `run`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    step: u64,
    seed: u64,
    /// Where a file leaves it out, the noise begins anew from the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noise: Option<RngState>,
    #[serde(default)]
    bias_pending: bool,
    #[serde(default)]
    updates: u64,
    #[serde(default)]
    prior_step: u64,
    #[serde(default)]
    prior_updates: u64,
    /// Of the prior; a file of before goes on with the noise of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prior_noise: Option<RngState>,
}

impl Checkpoint {
    /// Whether every number is finite, as it has to be in a file that can be opened.
    pub fn is_finite(&self) -> bool {
        self.networks().all(|(trained, _)| trained.is_finite())
    }

    /// What was trained, each with its layout.
    fn networks(&self) -> impl Iterator<Item = (&Trained, Layout)> {
        let trained = std::iter::once(&self.model).chain(&self.prior);
        trained.zip(self.config.layouts())
    }
}

/// CRC-32 of all tensors and of what the metadata says of them.
fn checksum<'a>(texts: [&str; 3], tensors: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut crc = Checksum::default();
    for text in texts {
        crc.update(text.as_bytes());
    }
    let mut tensors: Vec<_> = tensors.collect();
    tensors.sort_by_key(|(name, _)| *name);
    for (name, bytes) in tensors {
        crc.update(name.as_bytes());
        crc.update(bytes);
    }
    format!("{:08x}", crc.value())
}

/// Notes of a length that a checkpoint can carry.
pub(crate) fn check_notes(notes: &str) -> Result<()> {
    // As the header has them, which what is open must be able to read again.
    let length = serde_json::to_string(notes).map_or(usize::MAX, |json| json.len());
    if length <= MAX_NOTES {
        return Ok(());
    }
    Err(Error::input(format!(
        "the notes have {length} bytes as JSON; at most {MAX_NOTES} are kept: shorten them"
    )))
}

/// The name of a moment of a parameter.
fn moment_of(moment: &str, name: &str) -> String {
    format!("{moment}.{name}")
}

/// The name of the scales of a quantised parameter.
fn scale_of(name: &str) -> String {
    format!("{name}.scale")
}
