//! The one error of the crate: a stable kind for programs, a message for people.

use std::fmt;

/// What went wrong, as a word that callers may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// An array, number or setting that a call was given.
    InvalidInput,
    /// A model configuration that cannot be built.
    InvalidConfig,
    /// A preset, family or device that does not exist.
    UnknownName,
    /// A checkpoint that is truncated, foreign, newer or does not fit.
    InvalidCheckpoint,
    /// A data file that is truncated, of another type or of another size.
    InvalidData,
    /// A device that is absent, lost or computes wrongly.
    Device,
    /// Training left the finite numbers; the last good state was restored.
    Diverged,
}

impl ErrorKind {
    /// The kind as it crosses to JavaScript.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::InvalidConfig => "invalid_config",
            Self::UnknownName => "unknown_name",
            Self::InvalidCheckpoint => "invalid_checkpoint",
            Self::InvalidData => "invalid_data",
            Self::Device => "device",
            Self::Diverged => "diverged",
        }
    }
}

/// A refusal: nothing was changed, and the message says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    /// An error of `kind`; `message` names the value, the limit and the remedy.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What went wrong, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidConfig, message)
    }

    pub(crate) fn checkpoint(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidCheckpoint, message)
    }

    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidData, message)
    }

    pub(crate) fn device(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Device, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A result with the crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;
