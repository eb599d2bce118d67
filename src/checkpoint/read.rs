//! Reading a checkpoint. What a file declares is checked before anything of that size is allocated.

use std::ops::Range;

use safetensors::tensor::{Dtype, Metadata, SafeTensors};

use super::{
    ADAM_FIRST, ADAM_SECOND, AdamState, Checkpoint, FORMAT, MAX_COUNT, MAX_HEADER, Run, Trained, VERSION, check_notes,
    checksum, moment_of, quantise, scale_of,
};
use crate::error::{Error, Result};
use crate::model::{Layout, ModelConfig, Network};
use crate::rng::{Rng, RngState, Stream};

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
        let noise = run
            .noise
            .clone()
            .unwrap_or_else(|| Rng::new(run.seed, Stream::Noise).state());
        let prior_noise = run.prior_noise.clone().unwrap_or_else(|| noise.clone());
        let notes = file.entry("notes").to_string();
        check_notes(&notes)?;
        let family = config.family();
        let model = family.init();
        let prior = family.prior().map(|(prior, _)| prior);
        // Version 1 has the moments of both as one vector.
        let end = model.layout().len();
        let total = end + prior.as_ref().map_or(0, |prior| prior.layout().len());
        let trained = |layout: &Layout, range, step, updates, noise: RngState| {
            Rng::resume(&noise)?;
            Ok(Trained {
                step,
                weights: file.weights(layout)?,
                // In fewer bits small mean squares become zero, and Adam divides by their roots: it begins anew instead.
                adam: file.adam(layout, range, total, updates)?.filter(|_| !is_converted),
                noise,
            })
        };
        Ok(Self {
            model: trained(model.layout(), 0..end, run.step, run.updates, noise)?,
            prior: prior
                .map(|prior| {
                    trained(
                        prior.layout(),
                        end..total,
                        run.prior_step,
                        run.prior_updates,
                        prior_noise,
                    )
                })
                .transpose()?,
            seed: run.seed,
            bias_pending: run.bias_pending,
            notes,
            config,
        })
    }

    /// The weights of a model whose configuration is known, from a safetensors file of any program. The optimiser begins
    /// anew, and warm-ups are over. A file of ours goes on as it was saved, under another configuration of the same family
    /// with parameters of the same names and shapes: costs and defaults of training may differ, and so may what is computed with them.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) for a file that is truncated or damaged, or whose
    /// tensors do not fit the configuration.
    pub fn of_weights(bytes: &[u8], config: ModelConfig) -> Result<Self> {
        let file = File::open(bytes)?;
        if file.entry("format") == FORMAT {
            let own = Self::from_bytes(bytes)?;
            if own.config.has_parameters_of(&config) {
                return Ok(Self { config, ..own });
            }
            return Err(Error::checkpoint(
                "the file says itself which model its weights are of, and they do not fit the configuration that is given; \
                 leave it out",
            ));
        }
        let seed = 1;
        let trained = |layout: &Layout, step| {
            Ok(Trained {
                step,
                noise: Rng::new(seed, Stream::Noise).state(),
                weights: file.weights(layout)?,
                adam: None,
            })
        };
        let family = config.family();
        // They were trained for a while: one step at least, after which an optimiser that begins anew is gentle.
        let step = config.common().training.kl_warm_up.max(1);
        Ok(Self {
            model: trained(family.init().layout(), step)?,
            prior: family
                .prior()
                .map(|(prior, _)| trained(prior.layout(), 1))
                .transpose()?,
            seed,
            bias_pending: false,
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

    /// Adam's state of a network; nothing where the file has none. In version 1 it is a `range` of two vectors of `total`
    /// numbers.
    fn adam(&self, layout: &Layout, range: Range<usize>, total: usize, updates: u64) -> Result<Option<AdamState>> {
        let moment = |moment: &str| self.moments(moment, layout, range.clone(), total);
        let (first, second) = match (moment(ADAM_FIRST)?, moment(ADAM_SECOND)?) {
            (Some(first), Some(second)) => (first, second),
            (None, None) => return Ok(None),
            _ => {
                return Err(Error::checkpoint(format!(
                    "the file has but one of {ADAM_FIRST} and {ADAM_SECOND}; it is damaged: choose another copy"
                )));
            }
        };
        if second.iter().any(|value| *value < 0.0) {
            return Err(Error::checkpoint(format!(
                "{ADAM_SECOND} holds a negative number; the file is damaged"
            )));
        }
        Ok(Some(AdamState { first, second, updates }))
    }

    /// A moment of all weights in the order of the layout; nothing where the file has none.
    fn moments(&self, moment: &str, layout: &Layout, range: Range<usize>, total: usize) -> Result<Option<Vec<f32>>> {
        if self.has(moment) {
            let all = self.tensor(moment, &[total])?;
            return Ok(Some(all[range].to_vec()));
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
