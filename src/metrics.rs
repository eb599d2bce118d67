//! Numbers that say how well a model does, besides its loss.

/// A latent whose means vary by more than this over images is active (Burda et al. 2016, section 5.2).
const ACTIVE: f64 = 0.01;

/// How a variational model uses its latents.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentUse {
    /// KL of each latent, `[latent]`, averaged over the images, in nats.
    pub kl_by_dimension: Vec<f32>,
    /// Latents whose means vary over the images by more than 0.01.
    pub active_units: usize,
}

impl LatentUse {
    /// Of Gaussians over `latent` numbers, `[batch, latent]` each.
    pub fn of(mean: &[f32], log_variance: &[f32], latent: usize) -> Self {
        let count = (mean.len() / latent) as f64;
        let column = |index| mean.iter().skip(index).step_by(latent).map(|&m| f64::from(m));
        let kl = |index| {
            let variances = log_variance.iter().skip(index).step_by(latent);
            let terms = column(index).zip(variances).map(|(m, &v)| {
                let v = f64::from(v);
                0.5 * (m * m + v.exp() - v - 1.0)
            });
            (terms.sum::<f64>() / count) as f32
        };
        let is_active = |index: &usize| {
            let average = column(*index).sum::<f64>() / count;
            column(*index).map(|m| (m - average).powi(2)).sum::<f64>() / count > ACTIVE
        };
        Self {
            kl_by_dimension: (0..latent).map(kl).collect(),
            active_units: (0..latent).filter(is_active).count(),
        }
    }
}

/// How a model uses its codebook.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeUse {
    /// The share of all cells that each code has, `[K]`.
    pub shares: Vec<f32>,
    /// The exponential of their entropy: so many codes, if all were used alike.
    pub perplexity: f32,
    /// Codes that no cell has.
    pub dead: usize,
}

impl CodeUse {
    /// Of the codes of cells.
    pub fn of(codes: &[u32], size: usize) -> Self {
        let mut counts = vec![0usize; size];
        for &code in codes {
            counts[code as usize] += 1;
        }
        let share = |count: &usize| *count as f64 / codes.len().max(1) as f64;
        let entropy: f64 = counts.iter().map(share).filter(|p| *p > 0.0).map(|p| -p * p.ln()).sum();
        Self {
            shares: counts.iter().map(|count| share(count) as f32).collect(),
            perplexity: entropy.exp() as f32,
            dead: counts.iter().filter(|count| **count == 0).count(),
        }
    }
}

/// Mean squared difference of two arrays of one length.
pub fn mean_squared_error(a: &[f32], b: &[f32]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    sum / a.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latent_that_says_nothing_is_not_active() {
        let LatentUse {
            kl_by_dimension,
            active_units,
        } = LatentUse::of(&[1.0, 0.05, -1.0, -0.05], &[-1.0, 0.0, -1.0, 0.0], 2);
        // In Python: (1 + exp(-1) + 1 - 1) / 2 and 0.05 ** 2 / 2.
        assert!((kl_by_dimension[0] - 0.683_940).abs() < 1e-6, "{kl_by_dimension:?}");
        assert!((kl_by_dimension[1] - 0.00125).abs() < 1e-6, "{kl_by_dimension:?}");
        assert_eq!(active_units, 1);
    }

    #[test]
    fn codes_that_are_used_alike_have_a_perplexity_of_their_number() {
        let use_of = CodeUse::of(&[0, 2, 2, 0], 4);
        assert_eq!(use_of.shares, [0.5, 0.0, 0.5, 0.0]);
        assert!((use_of.perplexity - 2.0).abs() < 1e-6);
        assert_eq!(use_of.dead, 2);
    }

    #[test]
    fn the_mean_squared_error_is_that_of_its_name() {
        assert_eq!(mean_squared_error(&[1.0, 2.0], &[1.0, 4.0]), 2.0);
    }
}
