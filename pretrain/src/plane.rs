//! The plane of two latents after the normal CDF: a square, of which each class has a share (E11).

/// Cells along each side.
const CELLS: usize = 100;
const CLASSES: usize = 10;

/// The share of the square that belongs to each class: a cell belongs to the class that has most of the images in
/// it, or in the smallest square around it that has any.
pub fn shares(codes: &[f32], labels: &[u8]) -> [f64; CLASSES] {
    let mut cells = vec![[0_u32; CLASSES]; CELLS * CELLS];
    for (code, &label) in codes.chunks_exact(2).zip(labels) {
        let cell = |z: f32| ((normal_cdf(f64::from(z)) * CELLS as f64) as usize).min(CELLS - 1);
        cells[cell(code[1]) * CELLS + cell(code[0])][usize::from(label)] += 1;
    }
    let mut shares = [0.0; CLASSES];
    for (y, x) in (0..CELLS).flat_map(|y| (0..CELLS).map(move |x| (y, x))) {
        if let Some(owner) = (0..CELLS).find_map(|reach| owner(&cells, x, y, reach)) {
            shares[owner] += 1.0 / (CELLS * CELLS) as f64;
        }
    }
    shares
}

/// The class that has most of the images within a reach of a cell.
fn owner(cells: &[[u32; CLASSES]], x: usize, y: usize, reach: usize) -> Option<usize> {
    let around = |at: usize| at.saturating_sub(reach)..(at + reach + 1).min(CELLS);
    let mut counts = [0; CLASSES];
    for cell in around(y).flat_map(|y| around(x).map(move |x| &cells[y * CELLS + x])) {
        counts.iter_mut().zip(cell).for_each(|(sum, count)| *sum += count);
    }
    (0..CLASSES)
        .filter(|&class| counts[class] > 0)
        .max_by_key(|&class| counts[class])
}

/// Abramowitz & Stegun 1964, formula 7.1.26: within 1.5e-7.
fn normal_cdf(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = [
        0.254_829_592,
        -0.284_496_736,
        1.421_413_741,
        -1.453_152_027,
        1.061_405_429,
    ];
    let sum = series.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let erf = 1.0 - sum * (-x * x).exp();
    0.5 * (1.0 + erf * z.signum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_cdf_has_its_known_values() {
        // scipy.stats.norm.cdf
        for (z, expected) in [
            (0.0, 0.5),
            (1.0, 0.841_344_746),
            (-1.96, 0.024_997_895),
            (3.0, 0.998_650_102),
        ] {
            assert!((normal_cdf(z) - expected).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn two_classes_share_the_square_between_them() {
        let found = shares(&[-1.0, 0.0, 1.0, 0.0], &[3, 7]);
        assert!(
            (found[3] - 0.5).abs() < 0.03 && (found[7] - 0.5).abs() < 0.03,
            "{found:?}"
        );
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
