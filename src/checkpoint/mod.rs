//! Checkpoints: safetensors with each parameter by name, Adam's two vectors, and the run in the
//! metadata. A file of weights alone (no `adam.*`, in whichever type) is one too.

mod quantise;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use self::quantise::Stored;
use crate::error::{Error, Result};
use crate::model::config::MAX_PARAMETERS;
use crate::model::{Layout, ModelConfig};
use crate::rng::{Rng, RngState, Stream};

/// The name in the metadata by which a file is ours.
const FORMAT: &str = "latent-lab";
/// The newest version that this build writes and reads.
const VERSION: u32 = 1;
/// The largest header, notes included.
const MAX_HEADER: usize = 1 << 20;
/// The largest file: weights and Adam's two vectors of the largest model, and the header.
pub const MAX_BYTES: usize = 3 * 4 * MAX_PARAMETERS + MAX_HEADER + 8;
/// The longest notes, as JSON.
pub const MAX_NOTES: usize = 256 << 10;

/// The largest step or seed: the largest whole number that JavaScript holds exactly.
pub(crate) const MAX_COUNT: u64 = (1 << 53) - 1;

const ADAM_FIRST: &str = "adam.first";
const ADAM_SECOND: &str = "adam.second";

/// All of a run, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The resolved configuration.
    pub config: ModelConfig,
    /// Training steps done.
    pub step: u64,
    /// Training steps of a prior over codes.
    pub prior_step: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Where the generator of the noise stands.
    pub noise: RngState,
    /// Whether the output bias map still waits for a mean image.
    pub bias_pending: bool,
    /// All weights in the order of the layout.
    pub weights: Vec<f32>,
    /// The optimiser's state; `None` begins afresh.
    pub adam: Option<AdamState>,
    /// Free text.
    pub notes: String,
}

/// Adam's state.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamState {
    /// Running mean of the gradients.
    pub first: Vec<f32>,
    /// Running mean of their squares.
    pub second: Vec<f32>,
    /// Updates so far: of the model, and of a prior over its codes.
    pub updates: [u64; 2],
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
}

impl Checkpoint {
    /// The file.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) when the notes are longer than [`MAX_NOTES`].
    pub fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>> {
        check_notes(&self.notes)?;
        let layout = self.config.family().init();
        let layout = layout.layout();
        let adam = self.adam.as_ref().filter(|_| precision == Precision::Full);
        let mut tensors = Vec::new();
        for parameter in layout.parameters() {
            let values = &self.weights[parameter.range.clone()];
            let Stored { dtype, bytes, scales } = quantise::store(values, &parameter.shape, precision);
            if let Some(scales) = scales {
                let kind = quantise::scale_type(dtype);
                let name = scale_of(&parameter.name);
                tensors.push((name, vec![scales.len()], kind, quantise::plain(&scales, kind)));
            }
            tensors.push((parameter.name.clone(), parameter.shape.clone(), dtype, bytes));
        }
        if let Some(adam) = adam {
            for (name, values) in [(ADAM_FIRST, &adam.first), (ADAM_SECOND, &adam.second)] {
                tensors.push((
                    name.into(),
                    vec![values.len()],
                    Dtype::F32,
                    quantise::plain(values, Dtype::F32),
                ));
            }
        }
        let [updates, prior_updates] = adam.map_or([0; 2], |adam| adam.updates);
        let run = Run {
            step: self.step,
            prior_step: self.prior_step,
            prior_updates,
            seed: self.seed,
            noise: Some(self.noise.clone()),
            bias_pending: self.bias_pending,
            updates,
        };
        let run = serde_json::to_string(&run).map_err(unwritable)?;
        let metadata = [
            ("format".to_string(), FORMAT.to_string()),
            ("version".to_string(), VERSION.to_string()),
            ("config".to_string(), self.config.to_json()),
            ("run".to_string(), run),
            ("notes".to_string(), self.notes.clone()),
        ];
        let views = tensors
            .iter()
            .map(|(name, shape, dtype, bytes)| {
                Ok((name, TensorView::new(*dtype, shape.clone(), bytes).map_err(unwritable)?))
            })
            .collect::<Result<Vec<_>>>()?;
        let file = safetensors::serialize(views, Some(metadata.into_iter().collect())).map_err(unwritable)?;
        in_order(&file)
    }

    /// Reads a file. What it declares is checked before anything of that size is allocated.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) for a file that is truncated, foreign, newer,
    /// damaged, or whose tensors do not fit its configuration.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let declared = bytes
            .first_chunk::<8>()
            .map_or(u64::MAX, |length| u64::from_le_bytes(*length));
        if declared > MAX_HEADER.min(bytes.len()) as u64 {
            return Err(Error::checkpoint(
                "the file is no safetensors file or is truncated; choose a file that Latent Lab saved",
            ));
        }
        let file = SafeTensors::deserialize(bytes)
            .map_err(|e| Error::checkpoint(format!("the file is damaged ({e}); choose another copy")))?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| Error::checkpoint(format!("{e}")))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let entry = |key: &str| metadata.get(key).map_or("", String::as_str);
        if entry("format") != FORMAT {
            return Err(Error::checkpoint(
                "the file is a safetensors file of another program; choose a file that Latent Lab saved",
            ));
        }
        let version: u32 = entry("version").parse().unwrap_or(u32::MAX);
        if version > VERSION {
            return Err(Error::checkpoint(format!(
                "the file has format version {:?} and this page reads up to {VERSION}; reload the page to get a newer one",
                entry("version")
            )));
        }
        let config = ModelConfig::from_json(entry("config"))
            .map_err(|e| Error::checkpoint(format!("the file's configuration is refused: {e}")))?;
        let run: Run = serde_json::from_str(entry("run"))
            .map_err(|e| Error::checkpoint(format!("the file's run cannot be read: {e}")))?;
        let counts = [
            ("step", run.step),
            ("seed", run.seed),
            ("updates", run.updates),
            ("prior_step", run.prior_step),
            ("prior_updates", run.prior_updates),
        ];
        for (name, value) in counts {
            if value > MAX_COUNT {
                return Err(Error::checkpoint(format!(
                    "the run's {name} is {value}; at most {MAX_COUNT} are counted: the file is damaged"
                )));
            }
        }
        let model = config.family().init();
        let layout = model.layout();
        let weights = read_weights(&file, layout)?;
        let adam = if file.tensor(ADAM_FIRST).is_ok() {
            let count = [layout.len()];
            Some(AdamState {
                first: read_tensor(&file, ADAM_FIRST, &count)?,
                second: read_tensor(&file, ADAM_SECOND, &count)?,
                updates: [run.updates, run.prior_updates],
            })
        } else {
            None
        };
        if adam.as_ref().is_some_and(|adam| adam.second.iter().any(|v| *v < 0.0)) {
            return Err(Error::checkpoint(format!(
                "{ADAM_SECOND} holds a negative number; the file is damaged"
            )));
        }
        let noise = run.noise.unwrap_or_else(|| Rng::new(run.seed, Stream::Noise).state());
        Rng::resume(&noise)?;
        let notes = entry("notes").to_string();
        check_notes(&notes)?;
        Ok(Self {
            config,
            step: run.step,
            prior_step: run.prior_step,
            seed: run.seed,
            noise,
            bias_pending: run.bias_pending,
            weights,
            adam,
            notes,
        })
    }
}

/// The file with the header's entries in the order of their names: runs that are equal are equal files.
fn in_order(file: &[u8]) -> Result<Vec<u8>> {
    let (length, rest) = file.split_at(8);
    let length = length.try_into().map_or(0, u64::from_le_bytes) as usize;
    let (header, tensors) = rest.split_at(length);
    let header: serde_json::Value = serde_json::from_slice(header).map_err(unwritable)?;
    let mut header = serde_json::to_vec(&header).map_err(unwritable)?;
    // As long as it was: the tensors stay where they are, at a multiple of eight bytes.
    header.resize(length, b' ');
    Ok([&(length as u64).to_le_bytes(), header.as_slice(), tensors].concat())
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

fn read_weights(file: &SafeTensors, layout: &Layout) -> Result<Vec<f32>> {
    let mut weights = Vec::with_capacity(layout.len());
    for parameter in layout.parameters() {
        weights.extend(read_tensor(file, &parameter.name, &parameter.shape)?);
    }
    Ok(weights)
}

fn read_tensor(file: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
    let view = file.tensor(name).map_err(|_| {
        Error::checkpoint(format!(
            "the file has no tensor {name:?}, which its configuration needs; it is damaged"
        ))
    })?;
    if view.shape() != shape {
        return Err(Error::checkpoint(format!(
            "{name} has the shape {:?} where the configuration needs {shape:?}; the file is damaged",
            view.shape()
        )));
    }
    let scales = match quantise::scales(view.dtype(), shape) {
        Some(count) => read_tensor(file, &scale_of(name), &[count])?,
        None => Vec::new(),
    };
    let values = quantise::load(view.dtype(), view.data(), &scales).ok_or_else(|| {
        Error::checkpoint(format!(
            "{name} has the type {:?}, which a Latent Lab file does not hold; choose another",
            view.dtype()
        ))
    })?;
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(Error::checkpoint(format!(
            "{name} holds numbers that are not finite; take an earlier file"
        )))
    }
}

/// The name of the scales of a quantised parameter.
fn scale_of(name: &str) -> String {
    format!("{name}.scale")
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::checkpoint(format!("the checkpoint cannot be written: {error}"))
}
