//! Latent Lab: autoencoders that are trained, drawn into and sampled from in a browser tab.
//!
//! The modules in reading order; imports run one way, from top to bottom.

// Across the boundary nothing panics; tests may.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod checksum;
pub mod error;
pub mod rng;

pub mod data;
pub mod terms;
pub mod transfer;

pub mod ops;

pub mod loss;

pub mod metrics;
pub mod model;
pub mod optim;

pub mod checkpoint;
pub mod train;

pub mod selftest;
#[cfg(target_arch = "wasm32")]
mod web;

pub use error::{Error, ErrorKind, Result};
