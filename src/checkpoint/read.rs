//! Reading a checkpoint. What a file declares is checked before anything of that size is allocated.

use safetensors::tensor::{Dtype, Metadata, SafeTensors};

use super::{
    ADAM_FIRST, ADAM_SECOND, AdamState, Checkpoint, FORMAT, MAX_COUNT, MAX_HEADER, Run, VERSION, check_notes, checksum,
    moment_of, quantise, scale_of,
};
use crate::error::{Error, Result};
use crate::model::{Layout, ModelConfig};
use crate::rng::{Rng, Stream};

impl Checkpoint {
    /// Reads a file. Where another program saved it in another type of floats, the optimiser begins anew.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) for a file that is truncated, foreign, newer,
    /// damaged, or whose tensors do not fit its configuration.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let file = File::open(bytes)?;
        if file.entry("format") != FORMAT {
            return Err(Error::checkpoint(
                "the file does not say which model its weights are of, as where another program saved it; choose a file \
                 that Latent Lab saved, or give the model's configuration with it: Lab.open(file, { config })",
            ));
        }
        let version = file.entry("version");
        match version.parse::<u32>() {
            Ok(1..=VERSION) => {}
            Ok(newer) if newer > VERSION => {
                return Err(Error::checkpoint(format!(
                    "the file has format version {newer} and this page reads up to {VERSION}; reload the page to get a newer one"
                )));
            }
            _ => {
                return Err(Error::checkpoint(format!(
                    "the file has format version {version:?}, which there never was: it is damaged; choose another copy"
                )));
            }
        }
        let is_converted = file.is_converted();
        let checksum = file.entry("checksum");
        if !is_converted && (version != "1" || !checksum.is_empty()) && checksum != file.checksum() {
            return Err(Error::checkpoint(
                "the file's numbers are not those that were saved: it is damaged; choose another copy, or, where a program \
                 changed them on purpose, save it without our metadata and give { config } with it",
            ));
        }
        let config = ModelConfig::from_json(file.entry("config"))
            .map_err(|e| Error::checkpoint(format!("the file's configuration is refused: {e}")))?;
        let run: Run = serde_json::from_str(file.entry("run"))
            .map_err(|e| Error::checkpoint(format!("the file's run cannot be read: {e}")))?;
        run.check()?;
        let model = config.family().init();
        let layout = model.layout();
        let adam = match (file.moments(ADAM_FIRST, layout)?, file.moments(ADAM_SECOND, layout)?) {
            // Small squares are zero in few bits, and the steps that they divide beyond all measure.
            (Some(_), Some(_)) if is_converted => None,
            (Some(first), Some(second)) => Some((first, second)),
            (None, None) => None,
            _ => {
                return Err(Error::checkpoint(format!(
                    "the file has but one of {ADAM_FIRST} and {ADAM_SECOND}; it is damaged: choose another copy"
                )));
            }
        };
        if adam.iter().any(|(_, second)| second.iter().any(|v| *v < 0.0)) {
            return Err(Error::checkpoint(format!(
                "{ADAM_SECOND} holds a negative number; the file is damaged"
            )));
        }
        let noise = run.noise.unwrap_or_else(|| Rng::new(run.seed, Stream::Noise).state());
        Rng::resume(&noise)?;
        let notes = file.entry("notes").to_string();
        check_notes(&notes)?;
        Ok(Self {
            step: run.step,
            prior_step: run.prior_step,
            seed: run.seed,
            noise,
            bias_pending: run.bias_pending,
            weights: file.weights(layout)?,
            adam: adam.map(|(first, second)| AdamState {
                first,
                second,
                updates: [run.updates, run.prior_updates],
            }),
            notes,
            config,
        })
    }

    /// The weights of a model whose configuration is known, from a safetensors file of any program. The optimiser begins
    /// anew, and warm-ups are over.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) for a file that is truncated or damaged, or whose
    /// tensors do not fit the configuration.
    pub fn of_weights(bytes: &[u8], config: ModelConfig) -> Result<Self> {
        let file = File::open(bytes)?;
        if file.entry("format") == FORMAT {
            let own = Self::from_bytes(bytes)?;
            if own.config == config {
                return Ok(own);
            }
            return Err(Error::checkpoint(
                "the file says itself which model its weights are of, and that is another one; leave the configuration out",
            ));
        }
        let model = config.family().init();
        // They were trained for a while: one step at least, after which an optimiser that begins anew is gentle.
        let step = config.common().training.kl_warm_up.max(1);
        let seed = 1;
        Ok(Self {
            weights: file.weights(model.layout())?,
            step,
            prior_step: u64::from(config.common().prior_rate.is_some()),
            seed,
            noise: Rng::new(seed, Stream::Noise).state(),
            bias_pending: false,
            adam: None,
            notes: String::new(),
            config,
        })
    }
}

impl Run {
    fn check(&self) -> Result<()> {
        let counts = [
            ("step", self.step),
            ("seed", self.seed),
            ("updates", self.updates),
            ("prior_step", self.prior_step),
            ("prior_updates", self.prior_updates),
        ];
        match counts.into_iter().find(|(_, value)| *value > MAX_COUNT) {
            Some((name, value)) => Err(Error::checkpoint(format!(
                "the run's {name} is {value}; at most {MAX_COUNT} are counted: the file is damaged"
            ))),
            None => Ok(()),
        }
    }
}

/// A safetensors file.
struct File<'a> {
    tensors: SafeTensors<'a>,
    header: Metadata,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self> {
        let declared = bytes
            .first_chunk::<8>()
            .map_or(u64::MAX, |length| u64::from_le_bytes(*length));
        if declared > MAX_HEADER.min(bytes.len()) as u64 {
            return Err(Error::checkpoint(
                "the file is no safetensors file or is truncated; choose a file that Latent Lab saved",
            ));
        }
        let damaged = |e: safetensors::SafeTensorError| {
            Error::checkpoint(format!("the file is damaged ({e}); choose another copy"))
        };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        Ok(Self {
            tensors: SafeTensors::deserialize(bytes).map_err(damaged)?,
            header,
        })
    }

    /// An entry of the metadata; empty where there is none.
    fn entry(&self, key: &str) -> &str {
        let entry = self.header.metadata().as_ref().and_then(|entries| entries.get(key));
        entry.map_or("", String::as_str)
    }

    fn checksum(&self) -> String {
        let texts = ["config", "run", "notes"].map(|key| self.entry(key));
        checksum(texts, self.tensors.iter().map(|(name, view)| (name, view.data())))
    }

    /// Whether another program saved the numbers in a type of its own, so that they are not those of the checksum. We write
    /// matrices as F32 or in few bits with scales, and F16 for vectors alone.
    fn is_converted(&self) -> bool {
        self.tensors.iter().any(|(_, view)| match view.dtype() {
            Dtype::F64 | Dtype::BF16 => true,
            Dtype::F16 => view.shape().len() > 1,
            _ => false,
        })
    }

    fn has(&self, name: &str) -> bool {
        self.tensors.tensor(name).is_ok()
    }

    /// All weights in the order of the layout.
    fn weights(&self, layout: &Layout) -> Result<Vec<f32>> {
        self.in_order(layout, |name| name.to_string())
    }

    /// A moment of all weights in the order of the layout; nothing where the file has none.
    fn moments(&self, moment: &str, layout: &Layout) -> Result<Option<Vec<f32>>> {
        // Version 1.
        if self.has(moment) {
            return self.tensor(moment, &[layout.len()]).map(Some);
        }
        let name = |parameter: &str| moment_of(moment, parameter);
        if layout
            .parameters()
            .iter()
            .all(|parameter| !self.has(&name(&parameter.name)))
        {
            return Ok(None);
        }
        self.in_order(layout, name).map(Some)
    }

    fn in_order(&self, layout: &Layout, name: impl Fn(&str) -> String) -> Result<Vec<f32>> {
        let mut values = Vec::with_capacity(layout.len());
        for parameter in layout.parameters() {
            values.extend(self.tensor(&name(&parameter.name), &parameter.shape)?);
        }
        Ok(values)
    }

    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let view = self.tensors.tensor(name).map_err(|_| {
            Error::checkpoint(format!(
                "the file has no tensor {name:?}, which its configuration needs; choose another copy or configuration"
            ))
        })?;
        if view.shape() != shape {
            return Err(Error::checkpoint(format!(
                "{name} has the shape {:?} where the configuration needs {shape:?}; choose another copy or configuration",
                view.shape()
            )));
        }
        let scales = match quantise::scales(view.dtype(), shape) {
            Some(count) => self.tensor(&scale_of(name), &[count])?,
            None => Vec::new(),
        };
        let values = quantise::load(view.dtype(), view.data(), &scales).ok_or_else(|| {
            Error::checkpoint(format!(
                "{name} has the type {:?}, which is not read; save it as F32",
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
}
