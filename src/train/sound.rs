//! Which state is sound, and the way back to it.

use super::state::State;
use super::{Stage, Trainer};
use crate::error::{Error, ErrorKind, Result};
use crate::loss::LossTerms;

/// A state is sound while its loss is at most this many times the lowest of late: on the way to no number
/// at all, weights are ruined before the loss overflows.
const SOUND: f32 = 10.0;
/// The lowest loss is forgotten by this factor with each step, for other data may cost more.
const FORGET: f32 = 1.05;

impl Trainer {
    /// What becomes of a step whose loss was read, or could not be.
    pub(super) fn conclude(
        &mut self,
        before: State,
        terms: Result<LossTerms>,
        stage: Stage,
        learning_rate: f64,
    ) -> Result<LossTerms> {
        let terms = match terms {
            Ok(terms) => terms,
            Err(error) => {
                self.state = before;
                return Err(error);
            }
        };
        if !terms.is_finite() {
            let step = self.state.of(stage).step;
            let what = format!("the loss of step {step} is not a number");
            return Err(self.diverged(&what, stage, &format!("take a learning rate below {learning_rate}")));
        }
        let lowest = if self.lowest.0 == stage {
            self.lowest.1
        } else {
            f32::INFINITY
        };
        self.lowest = (stage, (lowest * FORGET).min(terms.total()));
        if terms.total() <= SOUND * self.lowest.1 {
            self.good = before;
        }
        Ok(terms)
    }

    /// Goes back to the newest sound state, and says so.
    pub(super) fn diverged(&mut self, what: &str, stage: Stage, remedy: &str) -> Error {
        self.state = self.good.clone();
        let step = self.state.of(stage).step;
        let words = format!("{what}; the weights of step {step} are back: {remedy}");
        Error::new(ErrorKind::Diverged, words)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use burn::tensor::Device;

    use super::super::StepSettings;
    use super::*;
    use crate::model::preset;

    #[test]
    fn other_data_may_cost_more_and_what_is_sound_then_comes_back() {
        let config = preset::find("E2").unwrap().config().unwrap();
        let mut trainer = Trainer::new(config, 1, None, &Device::flex()).unwrap();
        let mut read = |loss: f32, step: u64| {
            let mut before = trainer.state.clone();
            before.codes.step = step;
            let concluded = trainer.conclude(before, Ok(LossTerms::of(loss)), Stage::Codes, 0.1);
            (concluded.is_ok(), trainer.state.codes.step)
        };
        assert!(read(0.5, 0).0);
        for step in 1..200 {
            assert!(read(400.0, step).0);
        }
        assert_eq!(read(f32::NAN, 200), (false, 199));
    }

    #[test]
    fn a_device_that_fails_after_the_update_leaves_all_as_it_was() {
        let config = preset::find("tiny").unwrap().config().unwrap();
        let mut trainer = Trainer::new(config, 1, None, &Device::flex()).unwrap();
        let checkpoint = |trainer: &Trainer| trainer.checkpoint().now_or_never().unwrap().unwrap();
        let (fresh, before) = (checkpoint(&trainer), trainer.state.clone());
        let (gradients, _) = trainer.gradients(&[0.5; 784], &StepSettings::default()).unwrap();
        trainer.apply(gradients, 0.1);
        assert_ne!(checkpoint(&trainer), fresh);
        let failed = trainer.conclude(before, Err(Error::device("gone")), Stage::Codes, 0.1);
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Device);
        assert_eq!(checkpoint(&trainer), fresh);
    }
}
