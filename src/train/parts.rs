//! A batch in parts, which several may compute at the same time. How many there are follows from the model and the batch alone,
//! and they are added in their order: a run is the same whoever computes them.

use burn::tensor::{Device, Tensor};

use super::gradients::{Gradients, Slope};
use crate::error::{Error, Result};
use crate::model::{Layout, Place, Statistics, Tensors};
use crate::ops::is_cpu;
use crate::terms::Terms;
use crate::transfer::{read, upload, upload_rows};

/// The most parts of a batch.
const MOST_PARTS: usize = 16;
/// The fewest images of a part, and the fewest of one of a dense network. What layers make of few stays in the processor's cache;
/// but each part passes over all weights besides, which in a dense network takes as long as several images.
const IMAGES: [u64; 2] = [16, 128];
const WEIGHT_OF_WEIGHTS: u64 = 2;

/// The parts of a batch. A device that is no CPU computes all of it at once, for it waits for each operation.
pub(super) fn places(count: usize, layout: &Layout, device: &Device) -> Vec<Place> {
    let images = WEIGHT_OF_WEIGHTS * layout.count() / layout.activations().max(1);
    let images = images.clamp(IMAGES[0], IMAGES[1]) as usize;
    let parts = if is_cpu(device) {
        (count / images).clamp(1, MOST_PARTS)
    } else {
        1
    };
    let first = |part: usize| part * count / parts;
    let place = |part: usize| Place {
        first: first(part),
        count: first(part + 1) - first(part),
        of: count,
    };
    (0..parts).map(place).collect()
}

/// Of the tensors of a batch those of a part.
pub(super) fn part(tensors: &Tensors, place: Place) -> Tensors {
    let narrow = |tensor: &Tensor<2>| {
        let each = tensor.dims()[0] / place.of;
        tensor.clone().narrow(0, place.first * each, place.count * each)
    };
    tensors.iter().map(|tensor| tensor.as_ref().map(narrow)).collect()
}

/// A part as numbers of the host: what a network learns from, in the order of [`Examples::tensors`](crate::model::Examples::tensors).
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which images of the batch it has.
    pub place: Place,
    /// Row-major; nothing where the batch has none.
    pub arrays: Vec<Option<Vec<f32>>>,
}

/// A step that is begun: what replicas of the network need for its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Steps done before.
    pub step: u64,
    /// The weight of terms that have one.
    pub beta: f32,
    /// All weights in the order of the layout.
    pub weights: Vec<f32>,
    /// The parts of the batch.
    pub parts: Vec<Part>,
}

/// The same before it is read.
pub(super) struct Unread {
    pub step: u64,
    pub beta: f32,
    pub weights: Tensor<1>,
    pub parts: Vec<(Place, Tensors)>,
}

impl Unread {
    pub(super) async fn read(self) -> Result<Work> {
        let mut parts = Vec::new();
        for (place, tensors) in self.parts {
            let mut arrays = Vec::new();
            for tensor in tensors {
                arrays.push(match tensor {
                    Some(tensor) => Some(read(tensor).await?),
                    None => None,
                });
            }
            parts.push(Part { place, arrays });
        }
        Ok(Work {
            step: self.step,
            beta: self.beta,
            weights: read(self.weights).await?,
            parts,
        })
    }
}

/// What a part adds to the gradient of its batch, as numbers of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// In the order of all weights.
    pub gradient: Vec<f32>,
    /// The parts of the loss.
    pub terms: Vec<f32>,
    /// As in [`Statistics`].
    pub averages: Vec<Vec<f32>>,
    /// As in [`Statistics`], one behind the other.
    pub examples: Vec<f32>,
}

/// What a network's contributions have: so many numbers of the gradient, these terms, and averages so long.
pub(super) struct Due {
    pub weights: usize,
    pub terms: Terms<()>,
    pub averages: Vec<usize>,
}

impl Contribution {
    pub(super) async fn of((gradients, terms): Slope) -> Result<Self> {
        let terms = terms.iter().map(|term| term.value.clone()).collect();
        let (mut averages, mut examples) = (Vec::new(), Vec::new());
        if let Some(statistics) = gradients.statistics {
            for average in statistics.averages {
                averages.push(read(average).await?);
            }
            for rows in statistics.examples {
                examples.extend(read(rows).await?);
            }
        }
        Ok(Self {
            gradient: read(gradients.vector).await?,
            terms: read(Tensor::cat(terms, 0)).await?,
            averages,
            examples,
        })
    }

    /// The same on a device, once it is seen to be what is due.
    pub(super) fn upload(self, due: &Due, device: &Device) -> Result<Slope> {
        let Due {
            weights,
            terms,
            averages: expected,
        } = due;
        let averages: Vec<usize> = self.averages.iter().map(Vec::len).collect();
        let width = width(&averages);
        let fits = self.gradient.len() == *weights
            && self.terms.len() == terms.parts().count()
            && (averages.is_empty() || averages == *expected)
            && self.examples.len().is_multiple_of(width);
        if !fits {
            return Err(Error::input(format!(
                "a contribution has {} numbers of the gradient, {} terms and averages of {averages:?} where {weights}, {} and \
                 {expected:?} are due; give what a replica of this model gave",
                self.gradient.len(),
                self.terms.len(),
                terms.parts().count()
            )));
        }
        let vector = |numbers: Vec<f32>| {
            let length = numbers.len();
            upload(numbers, [length], device)
        };
        let values = self.terms.into_iter().map(|value| vector(vec![value]));
        let terms = terms.of_parts(values).ok_or_else(no_terms)?;
        let rows = self.examples.len() / width;
        let examples = (rows > 0).then(|| upload_rows(self.examples, rows, device));
        let gradients = Gradients {
            vector: vector(self.gradient),
            statistics: (!averages.is_empty()).then(|| Statistics {
                averages: self.averages.into_iter().map(vector).collect(),
                examples: examples.into_iter().collect(),
            }),
        };
        Ok((gradients, terms))
    }
}

fn no_terms() -> Error {
    Error::input("a contribution has no terms of the loss; give what a replica of this model gave")
}

/// How many numbers an example has: as many as belong to each code.
fn width(averages: &[usize]) -> usize {
    match averages {
        [codes, sums] => (sums / codes.max(&1)).max(1),
        _ => usize::MAX,
    }
}
