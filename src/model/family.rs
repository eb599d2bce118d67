//! The one enum that knows all families, as a caller writes it and as a checkpoint keeps it.

use serde::{Deserialize, Serialize};

use super::config::Family;
use super::vae::VaeConfig;
use crate::error::{Error, ErrorKind, Result};

/// Makes [`ModelConfig`] of the list of families.
macro_rules! families {
    ($($(#[$doc:meta])* $name:literal => $variant:ident($config:ty),)*) => {
        /// A model of any family.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "family")]
        pub enum ModelConfig {
            $($(#[$doc])* #[serde(rename = $name)] $variant($config),)*
        }

        /// The names that `family` may take.
        pub const FAMILIES: &[&str] = &[$($name),*];

        impl ModelConfig {
            /// What all families share.
            pub fn family(&self) -> &dyn Family {
                match self {
                    $(Self::$variant(config) => config,)*
                }
            }

            fn family_mut(&mut self) -> &mut dyn Family {
                match self {
                    $(Self::$variant(config) => config,)*
                }
            }
        }
    };
}

// A new family is one line here and a file of its own.
families! {
    /// A variational autoencoder.
    "vae" => Vae(VaeConfig),
}

impl ModelConfig {
    /// Reads a configuration from JSON and resolves it.
    ///
    /// # Errors
    /// [`UnknownName`](ErrorKind::UnknownName) for a family that does not exist, otherwise
    /// [`InvalidConfig`](ErrorKind::InvalidConfig).
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = |e: serde_json::Error| Error::config(format!("the configuration cannot be read: {e}"));
        let value: serde_json::Value = serde_json::from_str(json).map_err(invalid)?;
        match value.get("family").and_then(|family| family.as_str()) {
            Some(family) if !FAMILIES.contains(&family) => {
                return Err(Error::new(
                    ErrorKind::UnknownName,
                    format!("no family is called {family:?}; known: {}", FAMILIES.join(", ")),
                ));
            }
            _ => {}
        }
        let config: Self = serde_json::from_value(value).map_err(invalid)?;
        config.resolved()
    }

    /// The configuration with every default filled in.
    ///
    /// # Errors
    /// As [`Family::resolve`].
    pub fn resolved(mut self) -> Result<Self> {
        self.family_mut().resolve()?;
        Ok(self)
    }

    /// The resolved configuration as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
