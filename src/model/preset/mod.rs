//! Presets: each experiment of the lab and its variants.

#[macro_use]
mod shapes;
mod codes;
mod row;
mod table;

use super::ModelConfig;
use crate::error::{Error, ErrorKind, Result};

pub use table::PRESETS;

/// An experiment. How long it is trained and what proves it is in the plans of `pretrain`.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name, which is that of its first variant too.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it is trained on.
    pub data: Data,
    /// The models that are compared; the first one is what the name alone stands for.
    pub variants: &'static [Variant],
    /// The views of the page that show its point, in this order.
    pub views: &'static [&'static str],
}

/// A model of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name that [`find`] takes.
    pub id: &'static str,
    /// What sets it apart from the others.
    pub title: &'static str,
    /// Where its weights come from.
    pub weights: Source,
    /// Its configuration as a caller would write it.
    config: &'static str,
}

/// Where the weights of a variant come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Training.
    Training,
    /// The principal components of the training images.
    Components,
}

/// A data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// Digits of 28 x 28.
    Mnist,
    /// Garments, padded to 32 x 32.
    Fashion,
}

impl Data {
    /// Its name as it crosses to JavaScript.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::Fashion => "fashion",
        }
    }
}

impl Variant {
    /// The resolved configuration.
    ///
    /// # Errors
    /// None for the presets of this table, which a test holds to it.
    pub fn config(&self) -> Result<ModelConfig> {
        ModelConfig::from_json(self.config)
    }
}

/// The variant of a name.
///
/// # Errors
/// [`UnknownName`](ErrorKind::UnknownName) with the list of known ones.
pub fn find(id: &str) -> Result<&'static Variant> {
    let mut variants = PRESETS.iter().flat_map(|preset| preset.variants);
    variants.clone().find(|variant| variant.id == id).ok_or_else(|| {
        let known: Vec<_> = variants.by_ref().map(|variant| variant.id).collect();
        Error::new(
            ErrorKind::UnknownName,
            format!("no preset is called {id:?}; known: {}", known.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_can_be_built_and_has_a_name_of_its_own() {
        let mut names = std::collections::BTreeSet::new();
        for preset in PRESETS {
            assert_eq!(preset.variants[0].id, preset.id);
            assert!(!preset.views.is_empty(), "{}", preset.id);
            for variant in preset.variants {
                assert!(names.insert(variant.id), "{} stands twice", variant.id);
                variant.config().unwrap_or_else(|e| panic!("{}: {e}", variant.id));
            }
        }
    }
}
