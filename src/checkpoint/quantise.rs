//! Weights in few bits, as safetensors types them.

use half::{bf16, f16};
use safetensors::tensor::Dtype;

use super::Precision;

/// The magnitudes of four bits: one of sign, two of exponent, one of mantissa (OCP Microscaling Formats 1.0, E2M1).
const MAGNITUDES: [f32; 8] = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];
/// A scale for values that are all zero.
const TINY: f32 = 1e-6;
/// Values that share a scale.
const BLOCK: usize = 64;
/// Fewer values than these stay bytes.
const LARGE: usize = 4096;
/// A block's largest value may be cut to these shares, where the others come nearer by it.
const CUTS: [f32; 6] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];

/// A parameter as a file has it.
pub struct Stored {
    pub dtype: Dtype,
    pub bytes: Vec<u8>,
    pub scales: Option<Vec<f32>>,
}

/// The type of the scales of a type.
pub fn scale_type(dtype: Dtype) -> Dtype {
    if dtype == Dtype::F4 { Dtype::F16 } else { Dtype::F32 }
}

/// Writes a parameter.
pub fn store(values: &[f32], shape: &[usize], precision: Precision) -> Stored {
    let plain = |dtype, bytes| Stored {
        dtype,
        bytes,
        scales: None,
    };
    match precision {
        Precision::Full => plain(Dtype::F32, full(values)),
        _ if shape.len() == 1 => plain(Dtype::F16, half(values)),
        Precision::Nibbles if values.len() >= LARGE && values.len().is_multiple_of(2) => nibbles(values),
        _ => bytes(values, values.len() / shape[0]),
    }
}

/// How many scales a parameter of this type and shape has.
pub fn scales(dtype: Dtype, shape: &[usize]) -> Option<usize> {
    match dtype {
        Dtype::I8 if shape.len() > 1 => Some(shape[0]),
        Dtype::F4 => Some(shape.iter().product::<usize>().div_ceil(BLOCK)),
        _ => None,
    }
}

/// Reads a parameter of any type of floats, or of ours; nothing where it is of another one.
pub fn load(dtype: Dtype, data: &[u8], scales: &[f32]) -> Option<Vec<f32>> {
    let values = match dtype {
        Dtype::F32 => data
            .as_chunks()
            .0
            .iter()
            .map(|word| f32::from_le_bytes(*word))
            .collect(),
        Dtype::F64 => data
            .as_chunks()
            .0
            .iter()
            .map(|word| f64::from_le_bytes(*word) as f32)
            .collect(),
        Dtype::F16 => data
            .as_chunks()
            .0
            .iter()
            .map(|word| f16::from_le_bytes(*word).to_f32())
            .collect(),
        Dtype::BF16 => data
            .as_chunks()
            .0
            .iter()
            .map(|word| bf16::from_le_bytes(*word).to_f32())
            .collect(),
        Dtype::I8 if !scales.is_empty() => {
            let rows = data.chunks(data.len() / scales.len());
            let row = |(row, scale): (&[u8], &f32)| row.iter().map(|&byte| f32::from(byte as i8) * scale).collect();
            rows.zip(scales).flat_map::<Vec<f32>, _>(row).collect()
        }
        Dtype::F4 => {
            let codes = data.iter().flat_map(|byte| [byte & 15, byte >> 4]);
            codes
                .enumerate()
                .map(|(index, code)| of_code(code) * scales[index / BLOCK])
                .collect()
        }
        _ => return None,
    };
    Some(values)
}

/// Numbers in one of the two plain types.
pub fn plain(values: &[f32], dtype: Dtype) -> Vec<u8> {
    if dtype == Dtype::F16 {
        half(values)
    } else {
        full(values)
    }
}

fn full(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn half(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|&value| f16::from_f32(value).to_le_bytes())
        .collect()
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(TINY, |largest, value| largest.max(value.abs()))
}

/// From -127 to 127, times a scale for each row.
fn bytes(values: &[f32], row: usize) -> Stored {
    let mut bytes = Vec::with_capacity(values.len());
    let mut scales = Vec::new();
    for row in values.chunks(row) {
        let scale = largest(row) / 127.0;
        bytes.extend(row.iter().map(|value| (value / scale).round() as i8 as u8));
        scales.push(scale);
    }
    Stored {
        dtype: Dtype::I8,
        bytes,
        scales: Some(scales),
    }
}

/// The first of two values is in the lower half of a byte.
fn nibbles(values: &[f32]) -> Stored {
    let mut codes = Vec::with_capacity(values.len());
    let mut scales = Vec::new();
    for block in values.chunks(BLOCK) {
        let error = |scale: f32| -> f32 {
            let distance = |value: &f32| (of_code(code_of(value / scale)) * scale - value).powi(2);
            block.iter().map(distance).sum()
        };
        let candidates = CUTS.map(|cut| f16::from_f32(largest(block) * cut / 6.0).to_f32());
        let best = candidates.into_iter().min_by(|a, b| error(*a).total_cmp(&error(*b)));
        let scale = best.unwrap_or(candidates[0]);
        codes.extend(block.iter().map(|value| code_of(value / scale)));
        scales.push(scale);
    }
    Stored {
        dtype: Dtype::F4,
        bytes: codes.chunks(2).map(|pair| pair[0] | pair[1] << 4).collect(),
        scales: Some(scales),
    }
}

fn of_code(code: u8) -> f32 {
    let magnitude = MAGNITUDES[usize::from(code & 7)];
    if code & 8 == 0 { magnitude } else { -magnitude }
}

/// The nearest.
fn code_of(value: f32) -> u8 {
    let nearest = (0..8_u8).min_by(|a, b| {
        let distance = |code: &u8| (MAGNITUDES[usize::from(*code)] - value.abs()).abs();
        distance(a).total_cmp(&distance(b))
    });
    nearest.unwrap_or(0) | if value < 0.0 { 8 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_bits_are_those_of_e2m1() {
        // OCP Microscaling Formats 1.0, table 5: the largest is 6.0, the smallest but zero 0.5.
        assert_eq!((0..16).map(of_code).collect::<Vec<_>>()[..8], MAGNITUDES);
        assert_eq!([of_code(9), of_code(15)], [-0.5, -6.0]);
        for code in (0..16).filter(|code| *code != 8) {
            assert_eq!(code_of(of_code(code)), code);
        }
    }

    #[test]
    fn four_bits_are_near_and_read_as_they_were_written() {
        let values: Vec<f32> = (0..LARGE)
            .map(|i| ((i * 37) as f32).sin() * (i / 64 + 1) as f32)
            .collect();
        let Stored { dtype, bytes, scales } = store(&values, &[64, LARGE / 64], Precision::Nibbles);
        let scales = scales.unwrap();
        assert_eq!((dtype, bytes.len(), scales.len()), (Dtype::F4, LARGE / 2, LARGE / 64));
        let found = load(dtype, &bytes, &scales).unwrap();
        for (index, (found, value)) in found.iter().zip(&values).enumerate() {
            assert!(
                (found - value).abs() <= 0.17 * (index / 64 + 1) as f32,
                "{found} for {value}"
            );
        }
    }
}
