//! A copy of a network that computes gradients for somebody else. It holds nothing: weights and examples come with each call.

use burn::tensor::{Device, Tensor};

use super::check::check_step;
use super::draw;
use super::gradients::{Slope, slope};
use super::parts::{Contribution, Part};
use super::prior::no_prior;
use crate::error::{Error, Result};
use crate::model::{Layout, ModelConfig, Network, Place, Tensors};
use crate::transfer::{upload, upload_rows};

/// What a part may be given: the rows of an image in it, the numbers of a row, and whether no part is without it.
type Shape = ([usize; 2], bool);

/// A network without weights of its own.
pub struct Replica {
    network: Box<dyn Differentiable>,
    shapes: Vec<Shape>,
    device: Device,
}

/// A network, whatever it learns from.
trait Differentiable: Send {
    fn layout(&self) -> &Layout;

    /// As [`slope`].
    fn slope(&self, weights: &Tensor<1>, part: (Tensors, Place), how: (u64, f32)) -> Option<Slope>;
}

impl<N: Network> Differentiable for N {
    fn layout(&self) -> &Layout {
        Network::layout(self)
    }

    fn slope(&self, weights: &Tensor<1>, part: (Tensors, Place), how: (u64, f32)) -> Option<Slope> {
        slope(self, weights, part, how)
    }
}

impl Replica {
    /// Of the model of a configuration.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) for a configuration that cannot be built.
    pub fn of_model(config: ModelConfig, device: &Device) -> Result<Self> {
        let config = config.resolved()?;
        let network = config.family().init();
        let pixels = config.common().image.iter().product();
        let noise = draw::noise(&config.common(), network.space()).width();
        Ok(Self {
            network: Box::new(network),
            shapes: vec![([1, pixels], true), ([1, pixels], false), ([1, noise], false)],
            device: device.clone(),
        })
    }

    /// Of the prior of a configuration.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) for a configuration that cannot be built,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for one without a prior.
    pub fn of_prior(config: ModelConfig, device: &Device) -> Result<Self> {
        let (network, _) = config.resolved()?.family().prior().ok_or_else(no_prior)?;
        Ok(Self {
            shapes: vec![(network.grid(), true), ([1, network.classes() + 1], true)],
            network: Box::new(network),
            device: device.clone(),
        })
    }

    /// Weights, `[parameters]`, on its device.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for those of another network.
    pub fn weights(&self, weights: Vec<f32>) -> Result<Tensor<1>> {
        let (found, expected) = (weights.len(), self.network.layout().len());
        if found == expected {
            return Ok(upload(weights, [expected], &self.device));
        }
        Err(Error::input(format!(
            "{found} weights for a network of {expected}; give those of the step that was begun"
        )))
    }

    /// What a part adds to the gradient of its batch, at a step and with the weight of the terms that have one.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a part of another network,
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn contribute(&self, weights: &Tensor<1>, how: (u64, f32), part: &Part) -> Result<Contribution> {
        let tensors = self.tensors(part)?;
        let slope = self.network.slope(weights, (tensors, part.place), how);
        Contribution::of(slope.ok_or_else(foreign)?).await
    }

    fn tensors(&self, part: &Part) -> Result<Tensors> {
        let Place { first, count, of } = part.place;
        check_step(count, self.network.layout().activations())?;
        let end = first.checked_add(count);
        if count == 0 || end.is_none_or(|end| end > of) || part.arrays.len() != self.shapes.len() {
            return Err(foreign());
        }
        let tensor = |(array, ([rows, numbers], is_due)): (&Option<Vec<f32>>, &Shape)| match array {
            Some(array) if array.len() == count * rows * numbers => {
                Ok(Some(upload_rows(array.clone(), count * rows, &self.device)))
            }
            None if !is_due => Ok(None),
            _ => Err(foreign()),
        };
        part.arrays.iter().zip(&self.shapes).map(tensor).collect()
    }
}

fn foreign() -> Error {
    Error::input("this is no part of a batch of this model; give one of the step that was begun")
}
