//! A drawing, prepared as MNIST prepared its digits: scaled to a 20 x 20 box and put with its
//! centre of mass in the centre of a 28 x 28 field (LeCun et al. 1998, section III.A).

use crate::error::{Error, Result};

/// Side of the field.
const FIELD: usize = 28;
/// Longer side of the box that the ink is scaled to.
const BOX: f32 = 20.0;
/// Ink below this is paper.
const FAINTEST: u8 = 64;
/// The largest side of a drawing.
const MAX_SIDE: usize = 2048;

/// Centres a drawing.
///
/// # Shapes
/// - ink: `height * width` bytes, row-major, 0 is paper
/// - returns: 784 values in `[0, 1]`, or `None` where there is no ink
///
/// # Errors
/// When the length is not `height * width`, or a side is zero or above 2048.
pub fn center_digit(ink: &[u8], height: usize, width: usize) -> Result<Option<Vec<f32>>> {
    let sides = 1..=MAX_SIDE;
    if !sides.contains(&height) || !sides.contains(&width) || ink.len() != height * width {
        return Err(Error::input(format!(
            "a drawing of {height} x {width} has {} values; give height * width bytes, sides of 1 to {MAX_SIDE}",
            ink.len()
        )));
    }
    let Some([top, left, bottom, right]) = bounding_box(ink, width) else {
        return Ok(None);
    };
    let (box_height, box_width) = ((bottom - top) as f32, (right - left) as f32);
    let scale = BOX / box_height.max(box_width);
    let rows = coverage(top, box_height, scale);
    let columns = coverage(left, box_width, scale);

    // One axis after the other: the area of each source pixel inside each target pixel.
    let mut narrow = vec![0.0; height * columns.len()];
    for y in top..bottom {
        for (x, weights) in columns.iter().enumerate() {
            narrow[y * columns.len() + x] = weights
                .iter()
                .map(|&(source, weight)| weight * f32::from(ink[y * width + source]) / 255.0)
                .sum();
        }
    }
    let mut digit = vec![0.0; rows.len() * columns.len()];
    for (y, weights) in rows.iter().enumerate() {
        for &(source, weight) in weights {
            for x in 0..columns.len() {
                digit[y * columns.len() + x] += weight * narrow[source * columns.len() + x];
            }
        }
    }
    Ok(Some(place(&digit, rows.len(), columns.len())))
}

/// Top, left, bottom and right (exclusive) of the ink.
fn bounding_box(ink: &[u8], width: usize) -> Option<[usize; 4]> {
    let mut found: Option<[usize; 4]> = None;
    for (index, &value) in ink.iter().enumerate() {
        if value >= FAINTEST {
            let (y, x) = (index / width, index % width);
            let [top, left, bottom, right] = found.unwrap_or([y, x, y + 1, x + 1]);
            found = Some([top.min(y), left.min(x), bottom.max(y + 1), right.max(x + 1)]);
        }
    }
    found
}

/// For each target pixel of one axis: the source pixels it covers, with weights that sum to the
/// covered share of the target pixel. The box is centred on whole target pixels.
fn coverage(start: usize, length: f32, scale: f32) -> Vec<Vec<(usize, f32)>> {
    let size = ((length * scale).round() as usize).max(1);
    let step = 1.0 / scale;
    let offset = (length - size as f32 * step) / 2.0;
    (0..size)
        .map(|target| {
            let low = (offset + target as f32 * step).max(0.0);
            let high = (offset + (target + 1) as f32 * step).min(length);
            (low.floor() as usize..high.ceil() as usize)
                .map(|source| {
                    let overlap = high.min((source + 1) as f32) - low.max(source as f32);
                    (start + source, overlap.max(0.0) / step)
                })
                .collect()
        })
        .collect()
}

/// Puts a digit into the field, its centre of mass as near to the centre as whole pixels allow.
fn place(digit: &[f32], height: usize, width: usize) -> Vec<f32> {
    let (mut mass, mut moment_y, mut moment_x) = (0.0, 0.0, 0.0);
    for (index, &value) in digit.iter().enumerate() {
        mass += value;
        moment_y += value * ((index / width) as f32 + 0.5);
        moment_x += value * ((index % width) as f32 + 0.5);
    }
    let shift = |moment: f32, size: usize| {
        // In MNIST itself the centre of mass lies between 14 and 15 on both axes.
        let wanted = FIELD as f32 / 2.0 - (moment / mass).floor();
        wanted.clamp(0.0, (FIELD - size) as f32) as usize
    };
    let (down, across) = (shift(moment_y, height), shift(moment_x, width));
    let mut field = vec![0.0; FIELD * FIELD];
    for (y, row) in digit.chunks_exact(width).enumerate() {
        let start = (y + down) * FIELD + across;
        for (target, &value) in field[start..start + width].iter_mut().zip(row) {
            *target = value.clamp(0.0, 1.0);
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(top: usize, left: usize, height: usize, width: usize) -> Vec<u8> {
        let mut ink = vec![0; 280 * 280];
        for y in top..top + height {
            ink[y * 280 + left..y * 280 + left + width].fill(255);
        }
        ink
    }

    #[test]
    fn paper_is_no_digit() {
        assert_eq!(center_digit(&[FAINTEST - 1; 100], 10, 10).unwrap(), None);
    }

    #[test]
    fn a_square_anywhere_fills_the_middle_box() {
        let digit = center_digit(&rectangle(3, 170, 100, 100), 280, 280).unwrap().unwrap();
        for (index, value) in digit.iter().enumerate() {
            let inside = [index / 28, index % 28].iter().all(|i| (4..24).contains(i));
            assert!((value - f32::from(u8::from(inside))).abs() < 1e-4, "{index}: {value}");
        }
    }

    #[test]
    fn the_longer_side_decides_the_scale() {
        let digit = center_digit(&rectangle(40, 40, 200, 20), 280, 280).unwrap().unwrap();
        let rows = digit.chunks(28).filter(|row| row.iter().any(|v| *v > 0.5)).count();
        let columns = (0..28).filter(|x| digit[14 * 28 + x] > 0.5).count();
        assert_eq!((rows, columns), (20, 2));
    }

    #[test]
    fn a_dot_becomes_a_blot_and_does_not_fail() {
        let mut ink = vec![0; 9];
        ink[8] = 255;
        assert!(center_digit(&ink, 3, 3).unwrap().is_some());
    }

    #[test]
    fn wrong_sizes_are_refused() {
        assert!(center_digit(&[0; 10], 3, 3).is_err());
        assert!(center_digit(&[], 0, 0).is_err());
        assert!(center_digit(&[0; 4096], 1, 4096).is_err());
    }
}
