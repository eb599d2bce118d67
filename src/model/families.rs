//! The one enum that knows all families, as a caller writes it and as a checkpoint keeps it.

use serde_json::{Map, Value};

use super::ae::AeConfig;
use super::config::check_numbers;
use super::dvae::DvaeConfig;
use super::family::{Common, Family};
use super::multi_entity_vae::ObjectsConfig;
use super::vae::VaeConfig;
use super::vq_vae::VqVaeConfig;
use super::{Layout, Network};
use crate::error::{Error, ErrorKind, Result};

/// The key that names the family; the other keys are the family's own.
const FAMILY: &str = "family";

/// Makes [`ModelConfig`] of the list of families.
macro_rules! families {
    ($($(#[$doc:meta])* $name:literal => $variant:ident($config:ty),)*) => {
        /// A model of any family.
        #[derive(Clone, Debug, PartialEq)]
        pub enum ModelConfig {
            $($(#[$doc])* $variant($config),)*
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

            fn read(family: &str, fields: Value) -> Option<serde_json::Result<Self>> {
                match family {
                    $($name => Some(serde_json::from_value(fields).map(Self::$variant)),)*
                    _ => None,
                }
            }

            fn write(&self) -> (&'static str, serde_json::Result<Value>) {
                match self {
                    $(Self::$variant(config) => ($name, serde_json::to_value(config)),)*
                }
            }
        }
    };
}

// A new family is one line here and a file of its own.
families! {
    /// An autoencoder.
    "ae" => Ae(AeConfig),
    /// A variational autoencoder.
    "vae" => Vae(VaeConfig),
    /// A vector-quantised one.
    "vq_vae" => VqVae(VqVaeConfig),
    /// A discrete one.
    "dvae" => Dvae(DvaeConfig),
    /// A multi-entity one.
    "objects" => Objects(ObjectsConfig),
}

impl ModelConfig {
    /// Reads a configuration from JSON and resolves it.
    ///
    /// # Errors
    /// [`UnknownName`](ErrorKind::UnknownName) for a family that does not exist, otherwise
    /// [`InvalidConfig`](ErrorKind::InvalidConfig).
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = |e: serde_json::Error| Error::config(format!("the configuration cannot be read: {e}"));
        let mut fields: Map<String, Value> = serde_json::from_str(json).map_err(invalid)?;
        let known = FAMILIES.join(", ");
        let family = fields.remove(FAMILY);
        let family = family
            .as_ref()
            .and_then(Value::as_str)
            .ok_or_else(|| Error::config(format!("the configuration names no family; give one of {known}")))?;
        check_numbers(&fields)?;
        let config = Self::read(family, Value::Object(fields)).ok_or_else(|| {
            Error::new(
                ErrorKind::UnknownName,
                format!("no family is called {family:?}; known: {known}"),
            )
        })?;
        config.map_err(invalid)?.resolved()
    }

    /// What all families have.
    pub fn common(&self) -> Common<'_> {
        self.family().common()
    }

    /// The configuration with every default filled in.
    ///
    /// # Errors
    /// As [`Family::resolve`].
    pub fn resolved(mut self) -> Result<Self> {
        self.family_mut().resolve()?;
        Ok(self)
    }

    /// The layouts of all networks of a resolved configuration: of the model, and of its prior where it has one.
    pub fn layouts(&self) -> Vec<Layout> {
        let prior = self.family().prior().map(|(prior, _)| prior.layout().clone());
        std::iter::once(self.family().init().layout().clone())
            .chain(prior)
            .collect()
    }

    /// Whether another configuration is of the same family, with parameters of the same names and shapes.
    pub fn has_parameters_of(&self, other: &Self) -> bool {
        let parameters = |config: &Self| -> Vec<(String, Vec<usize>)> {
            let layouts = config.layouts();
            let all = layouts.iter().flat_map(Layout::parameters);
            all.map(|parameter| (parameter.name.clone(), parameter.shape.clone()))
                .collect()
        };
        std::mem::discriminant(self) == std::mem::discriminant(other) && parameters(self) == parameters(other)
    }

    /// The resolved configuration as JSON.
    pub fn to_json(&self) -> String {
        let (family, fields) = self.write();
        let mut fields = fields.unwrap_or_default();
        fields[FAMILY] = family.into();
        fields.to_string()
    }
}
