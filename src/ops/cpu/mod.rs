//! Tensors of the CPU as slices.

mod layer;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{DispatchDevice, Flex};
use burn::tensor::{Device, TensorData};

/// Whether a device is the CPU, with or without gradients. A flavour without another has no code for one.
pub fn is_cpu(device: &Device) -> bool {
    cfg!(not(feature = "webgpu")) || matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// The same tensor with its numbers one after the other; a part of a larger one may stay where it is.
pub fn contiguous(tensor: &FloatTensor<Flex>) -> FloatTensor<Flex> {
    match tensor.as_slice::<f32>() {
        Some(_) => tensor.clone(),
        None => tensor.to_contiguous(),
    }
}

/// The numbers of a contiguous tensor.
pub fn numbers(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice::<f32>().unwrap_or_default()
}

/// Numbers as a tensor.
pub fn tensor(values: Vec<f32>, shape: Vec<usize>) -> FloatTensor<Flex> {
    Flex::float_from_data(TensorData::new(values, shape), &Default::default())
}
