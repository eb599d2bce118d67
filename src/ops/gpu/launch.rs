//! What all kernels need: how many units, and tensors as they take them.

use burn::backend::cubecl::dtype_to_storage_type;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::CubeTensor;
use burn::backend::{BackendTensor, Cube, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind, TensorMetadata};
use burn::cubecl::std::tensor::into_contiguous;
use burn::cubecl::{self, prelude::*};
use burn::tensor::{FloatDType, Shape, Tensor};

/// Units of a cube: what WebGPU grants everywhere.
pub const UNITS: u32 = 256;
/// Cubes along an axis: what WebGPU grants.
const CUBES: u32 = 65_535;

/// So many cubes that each of so many units has its own place.
pub fn cubes(units: usize) -> CubeCount {
    let cubes = units.div_ceil(UNITS as usize) as u32;
    let lines = cubes.div_ceil(CUBES).max(1);
    CubeCount::new_2d(cubes.div_ceil(lines), lines)
}

/// What is below zero becomes zero. `max` would make zero of what is no number, and a run that diverges would not be noticed.
#[cube]
pub fn relu(value: f32) -> f32 {
    select(value < 0.0f32, 0.0f32, value)
}

/// Where a place of a channel lies once four channels are a square of four pixels (Shi et al. 2016, eq. 4). `plane` counts the channels of all
/// images.
#[cube]
pub fn shuffled_place(plane: usize, row: usize, column: usize, rows: usize, columns: usize) -> usize {
    let (corner, square) = (plane % 4, plane / 4);
    ((square * rows + row) * 2 + corner / 2) * 2 * columns + 2 * column + corner % 2
}

/// Numbers of a tensor.
pub fn length(tensor: &FloatTensor<Cube>) -> usize {
    tensor.shape().num_elements()
}

/// A tensor as a kernel takes it.
pub fn argument(tensor: &FloatTensor<Cube>) -> BufferArg {
    tensor.clone().into_buffer_arg()
}

/// A tensor on the device of another, whose numbers are still to be written.
pub fn empty(like: &FloatTensor<Cube>, shape: &[usize]) -> FloatTensor<Cube> {
    Cube::float_empty(Shape::from(shape.to_vec()), &like.device(), FloatDType::F32)
}

/// The numbers of a tensor that is on the GPU.
pub fn inside(tensor: &Tensor<1>) -> Option<FloatTensor<Cube>> {
    match tensor.clone().into_dispatch().kind {
        DispatchTensorKind::Cube(BackendTensor::Float(tensor)) => Some(tensor),
        _ => None,
    }
}

/// The other way round.
pub fn outside(tensor: FloatTensor<Cube>) -> Tensor<1> {
    Tensor::from_dispatch(DispatchTensor {
        kind: DispatchTensorKind::Cube(BackendTensor::Float(tensor)),
        autodiff: DispatchAutodiffContext::Disabled,
    })
}

/// The same tensor with its numbers one after the other.
pub fn contiguous(tensor: FloatTensor<Cube>) -> FloatTensor<Cube> {
    if tensor.is_contiguous() {
        return tensor;
    }
    let (client, device, dtype) = (tensor.client.clone(), tensor.device.clone(), tensor.dtype);
    let handle = into_contiguous(&client, tensor.binding(), dtype_to_storage_type(dtype));
    CubeTensor::new(client, handle.handle, *handle.metadata, device, dtype)
}
