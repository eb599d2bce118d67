//! What a model can do, known without building its weights: a page that shows it need not know its family.

use serde::Serialize;

use super::family::Family;
use super::{Choice, LatentSpace, Layout, ModelConfig, Network};
use crate::terms::{Terms, Unit, Weight};

/// What a model can do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// What images are encoded to.
    pub space: SpaceDescription,
    /// The networks that are trained one after the other: the model, and its prior where it has one.
    pub stages: Vec<StageDescription>,
    /// The calls that it answers.
    pub calls: Vec<&'static str>,
    /// The parts of its configuration that can be chosen.
    pub controls: Vec<&'static str>,
    /// The views that show it.
    pub views: Vec<&'static str>,
    /// How many numbers are trained.
    pub parameters: usize,
}

/// A [`LatentSpace`] in names and numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpaceDescription {
    /// Points without a prior.
    Point {
        /// Numbers of each.
        latent: usize,
    },
    /// Gaussians whose prior is N(0, I).
    Gaussian {
        /// Numbers of each.
        latent: usize,
    },
    /// Codes for the cells of a grid.
    Grid {
        /// Height and width.
        sides: [usize; 2],
        /// Codes that a cell chooses from, K.
        codes: usize,
        /// Numbers of a code's vector, D.
        dimension: usize,
        /// How a cell chooses: "nearest" or "categorical".
        choice: &'static str,
    },
    /// Objects of a canvas, each with a Gaussian of its own.
    Objects {
        /// Height and width of the grid whose cells may hold an object.
        sides: [usize; 2],
        /// The most objects that are kept.
        most: usize,
        /// Numbers that say what an object is.
        latent: usize,
    },
}

/// A network that is trained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageDescription {
    /// The name by which calls know it.
    pub name: &'static str,
    /// What its loss consists of.
    pub terms: Vec<TermDescription>,
    /// Its layers from first to last.
    pub layers: Vec<LayerDescription>,
    /// Adam's step size unless one is chosen.
    pub learning_rate: f64,
}

/// A term of a loss.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermDescription {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// How it enters the loss.
    pub weight: Weight,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerDescription {
    /// Its name, such as `encoder.0`.
    pub name: String,
    /// How many numbers it trains.
    pub parameters: usize,
}

impl ModelConfig {
    /// What the model of a resolved configuration can do.
    pub fn describe(&self) -> Description {
        let family = self.family();
        let model = family.init();
        let mut stages = vec![stage("codes", &model, self.common().training.learning_rate)];
        if let Some((prior, training)) = family.prior() {
            stages.push(stage("prior", &prior, training.learning_rate));
        }
        let layouts = self.layouts();
        Description {
            space: space(model.space()),
            calls: calls(&model.space(), stages.len() > 1),
            controls: family.controls(),
            views: views(family, &model.space(), stages.len() > 1),
            parameters: layouts.iter().map(Layout::trained).sum(),
            stages,
        }
    }
}

fn space(space: LatentSpace) -> SpaceDescription {
    match space {
        LatentSpace::Point(latent) => SpaceDescription::Point { latent },
        LatentSpace::Gaussian(latent) => SpaceDescription::Gaussian { latent },
        LatentSpace::Grid {
            sides,
            codes,
            dimension,
            choice,
        } => SpaceDescription::Grid {
            sides,
            codes,
            dimension,
            choice: match choice {
                Choice::Nearest => "nearest",
                Choice::Categorical => "categorical",
            },
        },
        LatentSpace::Objects {
            sides, most, latent, ..
        } => SpaceDescription::Objects { sides, most, latent },
    }
}

fn stage<N: Network>(name: &'static str, network: &N, learning_rate: f64) -> StageDescription {
    StageDescription {
        name,
        terms: terms(&network.terms()),
        layers: layers(network.layout()),
        learning_rate,
    }
}

fn terms(terms: &Terms<()>) -> Vec<TermDescription> {
    let term = |term: &crate::terms::Term<()>| TermDescription {
        name: term.name,
        unit: term.unit,
        weight: term.weight,
    };
    terms.iter().map(term).collect()
}

/// The parameters of a layer have its name before their own.
fn layers(layout: &Layout) -> Vec<LayerDescription> {
    let mut layers: Vec<LayerDescription> = Vec::new();
    for parameter in layout.trained_parameters() {
        let name = parameter
            .name
            .rsplit_once('.')
            .map_or(&*parameter.name, |(layer, _)| layer);
        let count = parameter.range.len();
        match layers.last_mut() {
            Some(layer) if layer.name == name => layer.parameters += count,
            _ => layers.push(LayerDescription {
                name: name.to_string(),
                parameters: count,
            }),
        }
    }
    layers
}

fn calls(space: &LatentSpace, has_prior: bool) -> Vec<&'static str> {
    let mut calls = vec!["train_step", "evaluate", "encode", "decode", "reconstruct"];
    if space.is_grid() {
        calls.push("codebook");
    }
    if has_prior {
        calls.push("sample_codes");
    }
    if has_prior || matches!(space, LatentSpace::Gaussian(_) | LatentSpace::Objects { .. }) {
        calls.push("sample");
    }
    calls
}

fn views(family: &dyn Family, space: &LatentSpace, has_prior: bool) -> Vec<&'static str> {
    let mut views = match space {
        LatentSpace::Gaussian(_) => vec!["plane", "kl", "grids"],
        LatentSpace::Point(_) => vec!["plane", "grids"],
        LatentSpace::Grid { .. } => vec!["edits", "codes", "grids"],
        LatentSpace::Objects { .. } => vec!["objects", "grids"],
    };
    if has_prior {
        views.insert(0, "prior");
    }
    if !family.common().corruption.is_none() {
        views.insert(0, "mend");
    }
    views
}

#[cfg(test)]
mod tests {
    use super::super::preset;
    use super::*;

    fn described(id: &str) -> Description {
        preset::find(id).unwrap().config().unwrap().describe()
    }

    #[test]
    fn layers_hold_all_parameters_in_order() {
        let tiny = described("tiny");
        let layers = &tiny.stages[0].layers;
        assert_eq!(layers[0].name, "encoder.0");
        // 16 kernels of 3 x 3 with their biases.
        assert_eq!(layers[0].parameters, 160);
        let sum: usize = layers.iter().map(|layer| layer.parameters).sum();
        assert_eq!((sum, tiny.parameters), (63_872, 63_872));
    }

    #[test]
    fn what_a_model_can_do_follows_from_its_latents() {
        let can = |id: &str, call: &str| described(id).calls.contains(&call);
        assert!(can("tiny", "sample") && !can("E1", "sample") && !can("E14", "sample") && can("E17", "sample"));
        assert!(can("E14", "codebook") && !can("tiny", "codebook"));
        assert_eq!(described("E8").views[0], "mend");
        let stages: Vec<_> = described("E17").stages.into_iter().map(|stage| stage.name).collect();
        assert_eq!(stages, ["codes", "prior"]);
    }

    #[test]
    fn terms_are_told_with_their_weights() {
        let terms = described("E14/loss").stages.remove(0).terms;
        let found: Vec<_> = terms.iter().map(|term| (term.name, term.weight)).collect();
        assert_eq!(
            found,
            [
                ("reconstruction", Weight::One),
                ("codebook", Weight::One),
                ("commitment", Weight::Beta),
                ("perplexity", Weight::Zero)
            ]
        );
    }
}
