//! Writing a checkpoint.

use safetensors::tensor::{Dtype, TensorView};

use super::quantise::{self, Stored};
use super::{
    ADAM_FIRST, ADAM_SECOND, Checkpoint, FORMAT, Precision, Run, Trained, VERSION, check_notes, checksum, moment_of,
    scale_of,
};
use crate::error::{Error, Result};
use crate::model::Layout;

/// A tensor as it is written.
struct Tensor {
    name: String,
    shape: Vec<usize>,
    dtype: Dtype,
    bytes: Vec<u8>,
}

impl Checkpoint {
    /// The file.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) when a number is not finite, for such a file could not
    /// be opened; [`InvalidInput`](crate::ErrorKind::InvalidInput) when the notes are longer than
    /// [`MAX_NOTES`](super::MAX_NOTES).
    pub fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>> {
        check_notes(&self.notes)?;
        if !self.is_finite() {
            return Err(Error::checkpoint(
                "the weights are not all finite numbers; save an earlier state",
            ));
        }
        let tensors = self.tensors(precision);
        let updates = |trained: &Trained| match (&trained.adam, precision) {
            (Some(adam), Precision::Full) => adam.updates,
            _ => 0,
        };
        let (model, prior) = (&self.model, self.prior.as_ref());
        let run = Run {
            step: model.step,
            updates: updates(model),
            noise: Some(model.noise.clone()),
            prior_step: prior.map_or(0, |prior| prior.step),
            prior_updates: prior.map_or(0, updates),
            prior_noise: prior.map(|prior| prior.noise.clone()),
            seed: self.seed,
            bias_pending: self.bias_pending,
        };
        let run = serde_json::to_string(&run).map_err(unwritable)?;
        let config = self.config.to_json();
        let named = tensors.iter().map(|tensor| (tensor.name.as_str(), &tensor.bytes[..]));
        let checksum = checksum([&config, &run, &self.notes], named);
        let metadata = [
            ("format", FORMAT.to_string()),
            ("version", VERSION.to_string()),
            ("config", config),
            ("run", run),
            ("notes", self.notes.clone()),
            ("checksum", checksum),
        ];
        let views = tensors.iter().map(|tensor| {
            let view = TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes).map_err(unwritable)?;
            Ok((&tensor.name, view))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        let metadata = metadata.map(|(key, value)| (key.to_string(), value));
        let file = safetensors::serialize(views, Some(metadata.into())).map_err(unwritable)?;
        in_order(&file)
    }

    /// Each parameter with its scales, and with its moments where these are kept.
    fn tensors(&self, precision: Precision) -> Vec<Tensor> {
        let mut tensors = Vec::new();
        for (trained, layout) in self.networks() {
            tensors.extend(network_tensors(trained, &layout, precision));
        }
        tensors
    }
}

fn network_tensors(trained: &Trained, layout: &Layout, precision: Precision) -> Vec<Tensor> {
    let adam = trained.adam.as_ref().filter(|_| precision == Precision::Full);
    let mut tensors = Vec::new();
    for parameter in layout.parameters() {
        let values = &trained.weights[parameter.range.clone()];
        let Stored { dtype, bytes, scales } = quantise::store(values, &parameter.shape, precision);
        if let Some(scales) = scales {
            let dtype = quantise::scale_type(dtype);
            tensors.push(Tensor {
                name: scale_of(&parameter.name),
                shape: vec![scales.len()],
                dtype,
                bytes: quantise::plain(&scales, dtype),
            });
        }
        tensors.push(Tensor {
            name: parameter.name.clone(),
            shape: parameter.shape.clone(),
            dtype,
            bytes,
        });
        let moments = adam.map(|adam| [(ADAM_FIRST, &adam.first), (ADAM_SECOND, &adam.second)]);
        for (moment, values) in moments.into_iter().flatten() {
            tensors.push(Tensor {
                name: moment_of(moment, &parameter.name),
                shape: parameter.shape.clone(),
                dtype: Dtype::F32,
                bytes: quantise::plain(&values[parameter.range.clone()], Dtype::F32),
            });
        }
    }
    tensors
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

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::checkpoint(format!("the checkpoint cannot be written: {error}"))
}
