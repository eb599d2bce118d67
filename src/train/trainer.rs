//! A network in training on one device: its weights, its optimiser, and the way back to the last sound state.

use burn::tensor::{Device, Tensor};

use super::gradients::{Gradients, Slope, slope, sum};
use super::parts::{Contribution, Due, Unread, part, places};
use crate::error::{Error, ErrorKind, Result};
use crate::model::config::TrainConfig;
use crate::model::{Examples, Network, Place, Weights};
use crate::optim::Adam;
use crate::rng::Rng;
use crate::terms::Terms;
use crate::transfer::{read_terms, upload};

/// A state is sound while its loss is at most this many times the lowest of late: on the way to no number
/// at all, weights are ruined before the loss overflows.
const SOUND: f32 = 10.0;
/// The lowest loss is forgotten by this factor with each step, for other data may cost more.
const FORGET: f32 = 1.05;

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
    /// The step that replicas are computing.
    begun: Option<Begun>,
}

/// A step that is begun.
struct Begun {
    /// The state that it changes.
    ready: State,
    learning_rate: f64,
    parts: usize,
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
            begun: None,
        }
    }

    /// The weights for inference.
    pub fn frozen(&self) -> Weights {
        Weights::frozen(self.network.layout(), &self.state.weights)
    }

    /// The gradient of a batch, and the terms of its loss, not yet read.
    pub(super) fn gradients(&self, batch: &N::Batch, beta: f32) -> Result<Slope> {
        let State { weights, step, .. } = &self.state;
        let tensors = batch.tensors();
        let parts = self
            .places(batch)
            .into_iter()
            .map(|place| slope(&self.network, weights, (part(&tensors, place), place), (*step, beta)));
        sum(&self.network, parts).ok_or_else(empty)
    }

    fn places(&self, batch: &N::Batch) -> Vec<Place> {
        places(batch.count(), self.network.layout(), &self.state.weights.device())
    }

    /// Begins a step that replicas of the network compute, from a state that is made ready for it. Nothing changes until it
    /// is ended.
    pub(super) fn begin_step(&mut self, ready: State, batch: &N::Batch, beta: f32, learning_rate: f64) -> Unread {
        let tensors = batch.tensors();
        let places = self.places(batch).into_iter();
        let work = Unread {
            step: ready.step,
            beta,
            weights: ready.weights.clone(),
            parts: places.map(|place| (place, part(&tensors, place))).collect(),
        };
        self.begun = Some(Begun {
            ready,
            learning_rate,
            parts: work.parts.len(),
        });
        work
    }

    /// Ends the step that was begun last, by what replicas computed of its parts, in their order.
    ///
    /// # Errors
    /// As [`Session::step`](super::Session::step); [`InvalidInput`](crate::ErrorKind::InvalidInput) where no step is begun, or
    /// where these are no contributions of its parts.
    pub async fn end_step(&mut self, contributions: Vec<Contribution>) -> Result<Terms> {
        let begun = self.begun.as_ref().filter(|begun| begun.ready.step == self.state.step);
        let begun =
            begun.ok_or_else(|| Error::input("no step is begun; begin one, and end it before another is taken"))?;
        if contributions.len() != begun.parts {
            return Err(Error::input(format!(
                "{} contributions for a batch of {} parts; give one of each, in their order",
                contributions.len(),
                begun.parts
            )));
        }
        let device = self.state.weights.device();
        let due = Due {
            weights: self.network.layout().len(),
            terms: self.network.terms(),
            averages: self.network.averages(),
        };
        let slopes = contributions.into_iter().map(|one| one.upload(&due, &device));
        let slopes = slopes.collect::<Result<Vec<_>>>()?;
        let slope = sum(&self.network, slopes.into_iter().map(Some)).ok_or_else(empty)?;
        let learning_rate = begun.learning_rate;
        let before = self.state.clone();
        if let Some(begun) = self.begun.take() {
            self.state = begun.ready;
        }
        let terms = self.update(before, slope, learning_rate, false).await?;
        terms.ok_or_else(empty)
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
        (gradients, terms): Slope,
        learning_rate: f64,
        unread: bool,
    ) -> Result<Option<Terms>> {
        self.begun = None;
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

fn empty() -> Error {
    Error::input("the batch is empty; give one image at least")
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
