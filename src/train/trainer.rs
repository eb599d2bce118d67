//! A network in training on one device: its weights, its optimiser, and the way back to the last sound state.

use burn::tensor::{Device, Tensor};

use crate::error::{Error, ErrorKind, Result};
use crate::model::config::TrainConfig;
use crate::model::{Network, Statistics, Weights};
use crate::optim::Adam;
use crate::rng::Rng;
use crate::terms::Terms;
use crate::transfer::{read, read_terms, upload};

/// A state is sound while its loss is at most this many times the lowest of late: on the way to no number
/// at all, weights are ruined before the loss overflows.
const SOUND: f32 = 10.0;
/// The lowest loss is forgotten by this factor with each step, for other data may cost more.
const FORGET: f32 = 1.05;

/// The gradient of a loss in the order of all weights, and what the batch shows about weights that have none. Those of
/// several parts of a batch are added.
#[derive(Clone, Debug)]
pub struct Gradients {
    vector: Tensor<1>,
    statistics: Option<Statistics>,
}

impl std::ops::Add for Gradients {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            vector: self.vector + other.vector,
            statistics: self.statistics.zip(other.statistics).map(|(a, b)| a + b),
        }
    }
}

impl Gradients {
    /// The gradient times a number, such as the share of a batch.
    #[must_use]
    pub fn scale(self, factor: f32) -> Self {
        Self {
            vector: self.vector * factor,
            statistics: self.statistics.map(|statistics| statistics.scale(factor)),
        }
    }

    /// The numbers, `[parameters]`.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn read(&self) -> Result<Vec<f32>> {
        read(self.vector.clone()).await
    }
}

/// All that a training step changes. Tensors are shared, so that a copy costs nothing.
#[derive(Clone, Debug)]
pub struct State {
    /// All weights in the order of the layout.
    pub weights: Tensor<1>,
    /// The optimiser.
    pub adam: Adam,
    /// Training steps done.
    pub step: u64,
    /// Where the generator of the noise stands.
    pub noise: Rng,
    /// Whether the output bias map still waits for a mean image.
    pub bias_pending: bool,
}

/// A network in training.
pub struct Trainer<N> {
    /// What is trained.
    pub network: N,
    /// The defaults of its training.
    pub training: TrainConfig,
    /// Where it stands.
    pub state: State,
    /// The last state whose loss was read and was sound.
    good: State,
    /// The lowest loss read of late.
    lowest: f32,
    /// Whether nobody read the loss of the last step.
    unread: bool,
}

impl<N: Network> Trainer<N> {
    /// A network with fresh weights, which are the next ones that `rng` draws.
    pub fn begin(network: N, training: TrainConfig, rng: &mut Rng, noise: Rng, device: &Device) -> Self {
        let layout = network.layout();
        let weights = layout.initialize(rng);
        let state = State {
            weights: upload(weights, [layout.len()], device),
            adam: Adam::new(layout.len(), device),
            step: 0,
            noise,
            bias_pending: layout.bias_map().is_some(),
        };
        Self::resume(network, training, state)
    }

    /// A network that goes on from a state.
    pub fn resume(network: N, training: TrainConfig, state: State) -> Self {
        Self {
            network,
            training,
            good: state.clone(),
            state,
            lowest: f32::INFINITY,
            unread: false,
        }
    }

    /// The weights for inference.
    pub fn frozen(&self) -> Weights {
        Weights::frozen(self.network.layout(), &self.state.weights)
    }

    /// The gradient of a batch whose tensors are those of [`autodiff`](Tensor::autodiff), and the terms of its loss, not
    /// yet read.
    pub fn gradients(&self, batch: N::Batch, beta: f32) -> (Gradients, Terms<Tensor<1>>) {
        let weights = Weights::trainable(self.network.layout(), &self.state.weights);
        let loss = self.network.loss(&weights, batch, Some(self.state.step));
        let gradients = Gradients {
            vector: weights.gradient(&loss.terms.loss(beta)),
            statistics: loss.statistics.map(Statistics::inner),
        };
        (gradients, loss.terms.map(Tensor::inner))
    }

    /// One update of the weights; counts as a step. The configuration's warm-up of the rate applies.
    pub fn apply(&mut self, gradients: Gradients, learning_rate: f64) {
        let Gradients { vector, statistics } = gradients;
        let State {
            weights, adam, step, ..
        } = &mut self.state;
        // By the optimiser's own count: weights that were opened without its state begin it anew.
        let rate = self
            .training
            .step_size(learning_rate, adam.updates, adam.updates < *step);
        let updated = adam.update(weights.clone(), vector, rate, self.training.epsilon);
        *weights = match statistics {
            Some(statistics) => self.network.follow(updated, statistics),
            None => updated,
        };
        *step += 1;
    }

    /// One update, and the terms of the loss where they are to be read. Gives `before` back where the device fails.
    ///
    /// # Errors
    /// As [`Session::step`](super::Session::step).
    pub(super) async fn update(
        &mut self,
        before: State,
        (gradients, terms): (Gradients, Terms<Tensor<1>>),
        learning_rate: f64,
        unread: bool,
    ) -> Result<Option<Terms>> {
        self.apply(gradients, learning_rate);
        self.unread = unread;
        if unread {
            return Ok(None);
        }
        let terms = read_terms(terms).await;
        self.conclude(before, terms, learning_rate).map(Some)
    }

    /// What becomes of a step whose loss was read, or could not be.
    fn conclude(&mut self, before: State, terms: Result<Terms>, learning_rate: f64) -> Result<Terms> {
        let terms = match terms {
            Ok(terms) => terms,
            Err(error) => {
                self.state = before;
                return Err(error);
            }
        };
        if !terms.is_finite() {
            let what = format!("the loss of step {} is not a number", self.state.step);
            return Err(self.diverged(&what, &format!("take a learning rate below {learning_rate}")));
        }
        self.lowest = (self.lowest * FORGET).min(terms.total());
        if terms.total() <= SOUND * self.lowest {
            self.good = before;
        }
        Ok(terms)
    }

    /// Takes the state for sound though nobody read its loss, for its numbers are known to be finite.
    pub(super) fn trust(&mut self) {
        if self.unread {
            self.good = self.state.clone();
        }
    }

    /// Goes back to the newest sound state, and says so.
    pub(super) fn diverged(&mut self, what: &str, remedy: &str) -> Error {
        self.state = self.good.clone();
        let words = format!("{what}; the weights of step {} are back: {remedy}", self.state.step);
        Error::new(ErrorKind::Diverged, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::preset;
    use crate::terms::RECONSTRUCTION;
    use crate::train::{Session, StepSettings};

    fn session(id: &str) -> Session {
        let config = preset::find(id).unwrap().config().unwrap();
        Session::new(config, 1, None, &Device::flex()).unwrap()
    }

    #[test]
    fn other_data_may_cost_more_and_what_is_sound_then_comes_back() {
        let mut trainer = session("E2").model;
        let mut read = |loss: f32, step: u64| {
            let mut before = trainer.state.clone();
            before.step = step;
            let concluded = trainer.conclude(before, Ok(RECONSTRUCTION.of(loss).into()), 0.1);
            (concluded.is_ok(), trainer.state.step)
        };
        assert!(read(0.5, 0).0);
        for step in 1..200 {
            assert!(read(400.0, step).0);
        }
        assert_eq!(read(f32::NAN, 200), (false, 199));
    }

    #[test]
    fn a_device_that_fails_after_the_update_leaves_all_as_it_was() {
        let mut session = session("tiny");
        let before = session.model.state.clone();
        let (gradients, _) = session.gradients(&[0.5; 784], &StepSettings::default()).unwrap();
        session.model.apply(gradients, 0.1);
        assert_eq!((before.step, session.model.state.step), (0, 1));
        let failed = session.model.conclude(before.clone(), Err(Error::device("gone")), 0.1);
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Device);
        let numbers = |state: &State| state.weights.to_data().try_into_vec::<f32>().unwrap();
        assert_eq!(session.model.state.step, 0);
        assert_eq!(session.model.state.adam.updates, 0);
        assert!(numbers(&session.model.state) == numbers(&before));
    }
}
