//! The CPU device, which never waits.

use anyhow::{Context, Result};
use futures_util::FutureExt;

/// The value of a future of it.
pub fn now<T>(future: impl Future<Output = latent_lab::Result<T>>) -> Result<T> {
    Ok(future.now_or_never().context("the CPU device answers at once")??)
}
