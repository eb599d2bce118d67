//! What a family of models is: a configuration that is checked, and builds a model and its prior.

use super::config::TrainConfig;
use super::network::Model;
use super::prior::Prior;
use crate::data::Corruption;
use crate::error::Result;

/// What every family's configuration can do.
pub trait Family {
    /// Fills what was left to defaults and checks the rest.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    fn resolve(&mut self) -> Result<()>;
    /// Builds the model of a resolved configuration.
    fn init(&self) -> Box<dyn Model>;
    /// What all families have.
    fn common(&self) -> Common<'_>;
    /// The parts of a configuration of the family that can be chosen, by their paths in it.
    fn controls(&self) -> Vec<&'static str>;
    /// What learns the latents of a resolved configuration, and how it is trained; nothing where they have no such prior.
    fn prior(&self) -> Option<(Prior, TrainConfig)> {
        None
    }
}

/// What the configurations of all families have.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    /// Height and width of an image.
    pub image: [usize; 2],
    /// What is done to the images that the encoder sees while training.
    pub corruption: &'a Corruption,
    /// The defaults of training.
    pub training: &'a TrainConfig,
}
