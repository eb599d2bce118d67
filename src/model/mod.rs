//! The models: pure functions of a vector of weights.

pub mod ae;
pub mod autoencoder;
pub mod blocks;
pub mod candidates;
pub mod causal;
pub mod codebook;
pub mod config;
pub mod decoder;
pub mod description;
pub mod dvae;
pub mod encoder;
pub mod encoding;
pub mod families;
pub mod family;
pub mod grid;
pub mod latents;
pub mod layout;
pub mod memory;
pub mod multi_entity_vae;
pub mod network;
pub mod objects;
pub mod placement;
pub mod preset;
pub mod prior;
pub mod scene;
pub mod vae;
pub mod vq_vae;

pub use description::Description;
pub use encoding::Encoding;
pub use families::ModelConfig;
pub use family::Family;
pub use latents::{Choice, LatentSpace, Latents, Noise};
pub use layout::{Layout, Weights};
pub use network::{Batch, Examples, Loss, Model, Network, Place, Statistics, Tensors};
