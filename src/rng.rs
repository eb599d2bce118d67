//! The one source of randomness: a seeded generator on the host.
//!
//! Weights, noise and shuffles are all drawn here and uploaded, because the random streams of
//! the devices differ: one seed is one run, natively and in each browser.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What a stream of numbers is for. Streams of one seed are independent of each other.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// Initial weights.
    Weights,
    /// Noise of the training steps.
    Noise,
    /// Noise of evaluations, begun anew for each of them.
    Evaluation,
    /// Samples from the prior.
    Sample,
    /// What the training steps of a prior draw.
    Prior,
    /// The order of the data in one epoch.
    Shuffle {
        /// Epoch, counted from zero.
        epoch: u64,
    },
    /// The scenes of one step.
    Scenes {
        /// Step, counted from zero.
        step: u64,
    },
}

impl Stream {
    fn number(self) -> u64 {
        match self {
            Self::Weights => 0,
            Self::Noise => 1,
            Self::Evaluation => 2,
            Self::Sample => 3,
            Self::Prior => 4,
            Self::Shuffle { epoch } => 1000 + epoch,
            Self::Scenes { step } => (1 << 40) + step,
        }
    }
}

/// A position in a stream, as a checkpoint keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RngState {
    /// Seed of the run.
    pub seed: u64,
    /// Number of the stream.
    pub stream: u64,
    /// 32-bit words drawn so far (a string: JSON numbers end at 2^53).
    pub position: String,
}

/// A seeded generator (ChaCha8).
#[derive(Clone, Debug)]
pub struct Rng {
    seed: u64,
    generator: ChaCha8Rng,
}

impl Rng {
    /// The beginning of a stream.
    pub fn new(seed: u64, stream: Stream) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream.number());
        Self { seed, generator }
    }

    /// Where this generator stands.
    pub fn state(&self) -> RngState {
        RngState {
            seed: self.seed,
            stream: self.generator.get_stream(),
            position: self.generator.get_word_pos().to_string(),
        }
    }

    /// A generator that continues at `state`.
    ///
    /// # Errors
    /// When the position is not a number that a stream can reach.
    pub fn resume(state: &RngState) -> Result<Self> {
        let position: u128 = state.position.parse().ok().filter(|p| *p < 1 << 68).ok_or_else(|| {
            Error::checkpoint(format!(
                "generator position {:?} is not a number below 2^68; the file is damaged",
                state.position
            ))
        })?;
        let mut generator = ChaCha8Rng::seed_from_u64(state.seed);
        generator.set_stream(state.stream);
        generator.set_word_pos(position);
        Ok(Self {
            seed: state.seed,
            generator,
        })
    }

    /// `count` numbers from N(0, 1), by Marsaglia's polar method: the usual tables of a ziggurat are
    /// a hundredth of what the page loads first.
    pub fn normal(&mut self, count: usize) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(count + 1);
        while numbers.len() < count {
            let [x, y] = [(); 2].map(|()| 2.0 * self.generator.random::<f64>() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                numbers.extend([(x * scale) as f32, (y * scale) as f32]);
            }
        }
        numbers.truncate(count);
        numbers
    }

    /// `count` numbers from Gumbel(0, 1).
    pub fn gumbel(&mut self, count: usize) -> Vec<f32> {
        let draw = |_| {
            let u = self.generator.random::<f64>().max(f64::MIN_POSITIVE);
            -(-u.ln()).ln() as f32
        };
        (0..count).map(draw).collect()
    }

    /// A number that is uniform from 0 to 1.
    pub fn uniform(&mut self) -> f32 {
        self.generator.random()
    }

    /// One of the numbers `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.generator.random::<f64>() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// The place of one of some shares, which add up to 1: each as likely as it is large.
    pub fn among(&mut self, shares: &[f32]) -> usize {
        let (at, mut sum) = (self.uniform(), 0.0);
        let found = shares.iter().position(|share| {
            sum += share;
            at < sum
        });
        // They may add up to a little less.
        let last = || shares.iter().rposition(|share| *share > 0.0).unwrap_or(0);
        found.unwrap_or_else(last)
    }

    /// `count` numbers, uniform between `-limit` and `limit`.
    pub fn symmetric(&mut self, count: usize, limit: f32) -> Vec<f32> {
        (0..count)
            .map(|_| limit * (2.0 * self.generator.random::<f32>() - 1.0))
            .collect()
    }

    /// The numbers `0..count` in random order.
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut self.generator);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_stream() {
        let draw = |seed, stream| Rng::new(seed, stream).normal(5);
        assert_eq!(draw(7, Stream::Noise), draw(7, Stream::Noise));
        assert_ne!(draw(7, Stream::Noise), draw(8, Stream::Noise));
        assert_ne!(draw(7, Stream::Noise), draw(7, Stream::Weights));
    }

    #[test]
    fn a_resumed_generator_continues_where_it_stood() {
        let mut rng = Rng::new(3, Stream::Noise);
        rng.normal(101);
        let mut resumed = Rng::resume(&rng.state()).unwrap();
        assert_eq!(resumed.normal(50), rng.normal(50));
    }

    #[test]
    fn a_position_out_of_reach_is_refused() {
        let state = RngState {
            seed: 1,
            stream: 1,
            position: "-4".into(),
        };
        assert!(Rng::resume(&state).is_err());
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let draws = Rng::new(1, Stream::Noise).normal(100_000);
        let mean = draws.iter().sum::<f32>() / 1e5;
        let variance = draws.iter().map(|x| x * x).sum::<f32>() / 1e5;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn gumbel_numbers_have_their_mean_and_variance() {
        let draws = Rng::new(1, Stream::Noise).gumbel(100_000);
        let mean = draws.iter().sum::<f32>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 1e5;
        // Euler's constant and pi^2 / 6.
        assert!(
            (mean - 0.577).abs() < 0.01 && (variance - 1.645).abs() < 0.03,
            "{mean} {variance}"
        );
    }

    #[test]
    fn of_shares_each_is_as_likely_as_it_is_large() {
        let mut rng = Rng::new(1, Stream::Sample);
        let mut counts = [0_u32; 4];
        (0..10_000).for_each(|_| counts[rng.among(&[0.25, 0.0, 0.5, 0.25])] += 1);
        assert_eq!(counts[1], 0);
        assert!(
            counts[2].abs_diff(5000) < 200 && counts[0].abs_diff(2500) < 200,
            "{counts:?}"
        );
        // What is missing is the last one's that has any.
        assert!((0..100).all(|_| rng.among(&[0.0, 1e-9, 0.0]) == 1));
    }

    #[test]
    fn a_permutation_holds_each_number_once() {
        let mut order = Rng::new(1, Stream::Shuffle { epoch: 4 }).permutation(1000);
        assert_ne!(order, (0..1000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<_>>());
    }
}
