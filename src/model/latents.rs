//! What stands for images: the space that a model encodes them to, and latents on the host.

use super::scene::{SceneLatents, check_scenes};
use crate::data::SceneSettings;
use crate::error::{Error, Result};

/// What a model encodes an image to. Its noise, what its decoder takes and what its prior is follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatentSpace {
    /// A point of so many numbers, without a prior.
    Point(usize),
    /// A Gaussian over so many numbers, whose prior is N(0, I).
    Gaussian(usize),
    /// A code for each cell of a grid.
    Grid {
        /// Height and width.
        sides: [usize; 2],
        /// Codes that a cell chooses from, K.
        codes: usize,
        /// Numbers of a code's vector, D.
        dimension: usize,
        /// How a cell chooses.
        choice: Choice,
    },
    /// Objects, each with a Gaussian of its own, whose prior is N(0, I).
    Objects {
        /// Height and width of the grid whose cells may hold an object.
        sides: [usize; 2],
        /// Cells that are looked at closely.
        candidates: usize,
        /// The most objects that are kept.
        most: usize,
        /// Numbers that say what an object is.
        latent: usize,
        /// Height and width of the canvas.
        canvas: usize,
        /// Pixels between the centres of two objects, at least.
        distance: usize,
    },
}

/// How the cell of a grid chooses its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The vector that is nearest to what the encoder says.
    Nearest,
    /// A draw from a categorical distribution, relaxed while training.
    Categorical,
}

/// The noise that a loss takes for each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// None.
    None,
    /// So many numbers from N(0, 1).
    Normal(usize),
    /// So many from Gumbel(0, 1), while training alone: one who looks takes the likeliest.
    Gumbel(usize),
}

impl Noise {
    /// Numbers for each image.
    pub fn width(self) -> usize {
        match self {
            Self::None => 0,
            Self::Normal(width) | Self::Gumbel(width) => width,
        }
    }
}

impl LatentSpace {
    /// Numbers that the decoder takes for one image.
    pub fn numbers(&self) -> usize {
        match *self {
            Self::Point(numbers) | Self::Gaussian(numbers) => numbers,
            Self::Grid { dimension, .. } => self.cells() * dimension,
            Self::Objects { most, latent, .. } => most * latent,
        }
    }

    /// Cells of a grid, or one.
    pub fn cells(&self) -> usize {
        match self {
            Self::Point(_) | Self::Gaussian(_) => 1,
            Self::Grid { sides, .. } | Self::Objects { sides, .. } => sides.iter().product(),
        }
    }

    /// How the scenes are made that its models are trained on; nothing where these are single images.
    pub fn scenes(&self) -> Option<SceneSettings> {
        match *self {
            Self::Objects { canvas, distance, .. } => Some(SceneSettings {
                side: canvas,
                distance: distance as f32,
                ..SceneSettings::default()
            }),
            Self::Point(_) | Self::Gaussian(_) | Self::Grid { .. } => None,
        }
    }

    /// Whether it is of codes.
    pub fn is_grid(&self) -> bool {
        matches!(self, Self::Grid { .. })
    }

    /// The noise of the latents.
    pub fn noise(&self) -> Noise {
        match *self {
            Self::Gaussian(numbers) => Noise::Normal(numbers),
            Self::Grid {
                codes,
                choice: Choice::Categorical,
                ..
            } => Noise::Gumbel(self.cells() * codes),
            // Of each cell whether it holds an object, and of each candidate where that is and what.
            Self::Objects { candidates, latent, .. } => Noise::Normal(self.cells() + candidates * (2 + latent)),
            Self::Point(_) | Self::Grid { .. } => Noise::None,
        }
    }
}

/// Latents of images on the host: what encoding gives and decoding takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Latents {
    /// Points `[batch, latent]`.
    Point(Vec<f32>),
    /// Gaussians `[batch, latent]`, of which the means are decoded.
    Gaussian {
        /// Means.
        mean: Vec<f32>,
        /// Logarithms of the variances.
        log_variance: Vec<f32>,
    },
    /// Codes `[batch, cells]`.
    Codes(Vec<u32>),
    /// Vectors of cells `[batch, cells * D]`, which need not be the codebook's.
    Vectors(Vec<f32>),
    /// Objects of scenes, `[batch]`.
    Objects(Vec<SceneLatents>),
}

impl Latents {
    /// Puts other latents of the same kind behind these.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Point(all) | Self::Vectors(all), Self::Point(more) | Self::Vectors(more)) => all.extend(more),
            (
                Self::Gaussian { mean, log_variance },
                Self::Gaussian {
                    mean: m,
                    log_variance: v,
                },
            ) => {
                mean.extend(m);
                log_variance.extend(v);
            }
            (Self::Codes(all), Self::Codes(more)) => all.extend(more),
            (Self::Objects(all), Self::Objects(more)) => all.extend(more),
            // A model says one kind.
            (all, other) => *all = other,
        }
    }

    /// The numbers that a decoder takes: points, means or vectors; none of codes.
    pub fn numbers(&self) -> &[f32] {
        match self {
            Self::Point(numbers) | Self::Gaussian { mean: numbers, .. } | Self::Vectors(numbers) => numbers,
            Self::Codes(_) | Self::Objects(_) => &[],
        }
    }

    /// Codes; none of anything else.
    pub fn codes(&self) -> &[u32] {
        match self {
            Self::Codes(codes) => codes,
            _ => &[],
        }
    }

    /// Scenes; none of anything else.
    pub fn scenes(&self) -> &[SceneLatents] {
        match self {
            Self::Objects(scenes) => scenes,
            _ => &[],
        }
    }

    /// Checks that a decoder of a space takes these, and says of how many images they are.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with what was found and what is taken.
    pub fn check(&self, space: &LatentSpace, most: usize) -> Result<usize> {
        match (self, space) {
            (Self::Objects(scenes), LatentSpace::Objects { latent, canvas, .. }) => {
                check_scenes(scenes, space.cells(), *latent, *canvas, most)
            }
            (_, LatentSpace::Objects { .. }) => Err(Error::input(
                "this model decodes objects; give { objects }, as encode gives them",
            )),
            (Self::Objects(_), _) => Err(Error::input(
                "this model decodes no objects; take a preset such as \"E3\"",
            )),
            (Self::Codes(codes), LatentSpace::Grid { codes: size, .. }) => {
                check_codes(codes, space.cells(), *size, most)
            }
            (Self::Codes(_) | Self::Vectors(_), _) if !space.is_grid() => Err(no_codes()),
            (_, LatentSpace::Grid { .. }) => check_numbers(self.numbers(), space.numbers(), most).map_err(|error| {
                // Whoever means codes is told first how to give them.
                let cells = space.cells();
                Error::input(format!(
                    "give codes as {{ codes }}, [batch, {cells}]; as vectors {error}"
                ))
            }),
            _ => check_numbers(self.numbers(), space.numbers(), most),
        }
    }

    /// These of at most `most` images each, for a space that they were checked for.
    pub fn chunks(&self, space: &LatentSpace, most: usize) -> Vec<Self> {
        match self {
            Self::Codes(codes) => {
                let parts = codes.chunks(most * space.cells());
                parts.map(|codes| Self::Codes(codes.to_vec())).collect()
            }
            Self::Objects(scenes) => scenes.chunks(most).map(|part| Self::Objects(part.to_vec())).collect(),
            _ => {
                let parts = self.numbers().chunks(most * space.numbers());
                parts.map(|numbers| Self::Point(numbers.to_vec())).collect()
            }
        }
    }
}

/// Of a model without a grid.
pub fn no_codes() -> Error {
    Error::input("this model has no codes; take a family such as \"vq_vae\", or a preset such as \"E14\"")
}

/// The number of images, when they are 1 to `most` rows of `width` finite numbers.
fn check_numbers(numbers: &[f32], width: usize, most: usize) -> Result<usize> {
    let count = numbers.len() / width;
    if numbers.is_empty() || !numbers.len().is_multiple_of(width) || count > most {
        return Err(Error::input(format!(
            "{} numbers are not 1 to {most} times {width} latents; give [batch, {width}]",
            numbers.len()
        )));
    }
    match numbers.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::input(format!("a latent is {value}; give finite numbers"))),
        None => Ok(count),
    }
}

/// The number of grids, when they are 1 to `most`, whole and of codes in the codebook.
pub fn check_codes(codes: &[u32], cells: usize, size: usize, most: usize) -> Result<usize> {
    let count = codes.len() / cells;
    if codes.is_empty() || !codes.len().is_multiple_of(cells) || count > most {
        return Err(Error::input(format!(
            "{} codes are not 1 to {most} grids of {cells} cells; give [batch, {cells}]",
            codes.len()
        )));
    }
    match codes.iter().find(|code| **code as usize >= size) {
        Some(code) => Err(Error::input(format!(
            "a code is {code}; this codebook has 0 to {}",
            size - 1
        ))),
        None => Ok(count),
    }
}
