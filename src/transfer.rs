//! Between the host and the device.

use burn::backend::{Dispatch, ops::FloatTensorOps};
use burn::tensor::{Device, Tensor, TensorData};

use crate::error::{Error, ErrorKind, Result};
use crate::terms::Terms;

/// Puts numbers on a device. Unlike `Tensor::from_data` this converts no types; the code of all
/// conversions is a tenth of the CPU flavour.
pub fn upload<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    let data = TensorData::new(values, shape);
    Tensor::from_dispatch(Dispatch::float_from_data(data, device.as_dispatch()))
}

/// `[rows, columns]` of as many columns as the numbers fill.
pub fn upload_rows(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let columns = values.len() / rows;
    upload(values, [rows, columns], device)
}

/// The numbers of a tensor, row-major.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor
        .into_data_async()
        .await
        .map_err(|_| Error::device("the device does not answer any more; open the last saved state on another"))?;
    data.try_into_vec()
        .map_err(|_| Error::device("the device answers with numbers that are not f32; use the device \"cpu\""))
}

/// The same of what a model answers, where each number is finite.
pub async fn read_answer<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let values = read(tensor).await?;
    if values.iter().all(|value| value.is_finite()) {
        return Ok(values);
    }
    Err(overflowed())
}

/// Of a model whose answers are no numbers.
pub fn overflowed() -> Error {
    Error::new(
        ErrorKind::Diverged,
        "the model gives no finite numbers any more, for its weights (or these latents) are too large; save, or take a \
         step, which gives the newest sound state back",
    )
}

/// The terms of a loss in one read, whatever they are.
pub async fn read_terms(terms: Terms<Tensor<1>>) -> Result<Terms> {
    let values = terms.iter().map(|term| term.value.clone()).collect();
    let mut values = read(Tensor::cat(values, 0)).await?.into_iter();
    Ok(terms.map(|_| values.next().unwrap_or(f32::NAN)))
}
