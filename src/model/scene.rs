//! Objects of scenes on the host: which of an encoder's candidates are kept, and what a decoder is given.

use crate::error::{Error, Result};

/// A candidate is an object where it is likelier than not.
const PRESENT: f32 = 0.5;

/// Side of the patch that an object is painted on.
pub const PATCH: usize = 28;

/// An object of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The cell of the encoder's grid that it comes from.
    pub cell: usize,
    /// Row and column of its centre, in pixels of the canvas.
    pub centre: [f32; 2],
    /// What it is: means, `[latent]`.
    pub mean: Vec<f32>,
    /// Logarithms of the variances, `[latent]`.
    pub log_variance: Vec<f32>,
    /// What it says in nats: where it is, and what.
    pub kl: f32,
    /// How likely it is there.
    pub presence: f32,
}

/// What an encoder says of a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneLatents {
    /// The objects that are kept, those that say most first.
    pub objects: Vec<Object>,
    /// What each cell says, in nats times its presence, `[cells]`.
    pub kl: Vec<f32>,
}

/// Numbers of all cells of a scene, as an encoder gives them.
pub struct Cells<'a> {
    /// How likely each holds an object, `[cells]`.
    pub presence: &'a [f32],
    /// `[cells, 2]`.
    pub centres: &'a [f32],
    /// `[cells, latent]`.
    pub mean: &'a [f32],
    /// `[cells, latent]`.
    pub log_variance: &'a [f32],
    /// Nats of each, `[cells]`.
    pub kl: &'a [f32],
}

impl Cells<'_> {
    /// Of candidates, by their cells with what each paints, at most `most` are kept: in the order of their nats each that is
    /// present, and of whose ink at most the share `painted` is painted by those before it.
    pub fn keep(&self, candidates: &[(usize, &[f32])], most: usize, painted: f32) -> SceneLatents {
        let mut left: Vec<_> = candidates
            .iter()
            .filter(|(cell, _)| self.presence[*cell] > PRESENT)
            .collect();
        let mut canvas = vec![0.0; left.first().map_or(0, |(_, ink)| ink.len())];
        let mut objects = Vec::new();
        // There are few: the one that says most is looked for each time.
        while let Some(most_said) = (0..left.len()).max_by(|&a, &b| self.kl[left[a].0].total_cmp(&self.kl[left[b].0])) {
            let &(cell, ink) = left.swap_remove(most_said);
            let shared: f32 = ink.iter().zip(&canvas).map(|(ink, canvas)| ink.min(*canvas)).sum();
            let own: f32 = ink.iter().sum();
            if objects.len() == most || shared > painted * own {
                continue;
            }
            canvas
                .iter_mut()
                .zip(ink)
                .for_each(|(canvas, ink)| *canvas = 1.0 - (1.0 - *canvas) * (1.0 - ink));
            objects.push(self.object(cell));
        }
        SceneLatents {
            objects,
            kl: self.kl.iter().zip(self.presence).map(|(kl, q)| kl * q).collect(),
        }
    }

    fn object(&self, cell: usize) -> Object {
        let latent = self.mean.len() / self.presence.len();
        let row = |values: &[f32]| values[cell * latent..(cell + 1) * latent].to_vec();
        Object {
            cell,
            centre: [self.centres[2 * cell], self.centres[2 * cell + 1]],
            mean: row(self.mean),
            log_variance: row(self.log_variance),
            kl: self.kl[cell],
            presence: self.presence[cell],
        }
    }
}

/// Checks objects that a decoder of a canvas of `side` pixels is given.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the value, the limit and the remedy.
pub fn check_scenes(scenes: &[SceneLatents], cells: usize, latent: usize, side: usize, most: usize) -> Result<usize> {
    if scenes.is_empty() || scenes.len() > most {
        return Err(Error::input(format!("{} scenes; give 1 to {most}", scenes.len())));
    }
    for object in scenes.iter().flat_map(|scene| &scene.objects) {
        if object.cell >= cells {
            return Err(Error::input(format!(
                "an object is of cell {}; this grid has 0 to {}",
                object.cell,
                cells - 1
            )));
        }
        if object.mean.len() != latent {
            return Err(Error::input(format!(
                "an object has a mean of {} numbers; give {latent}",
                object.mean.len()
            )));
        }
        if let Some(value) = object.mean.iter().find(|value| !value.is_finite()) {
            return Err(Error::input(format!(
                "an object's mean has {value}; give finite numbers"
            )));
        }
        // So far beyond the edge some of a patch is on the canvas.
        let beyond = PATCH as f32 / 2.0;
        let touches = |at: f32| (-beyond..=side as f32 + beyond).contains(&at);
        if !object.centre.into_iter().all(touches) {
            return Err(Error::input(format!(
                "an object is at {:?}; give row and column from {} to {}",
                object.centre,
                -beyond,
                side as f32 + beyond
            )));
        }
        if !(0.0..=1.0).contains(&object.presence) {
            return Err(Error::input(format!(
                "an object's presence is {}; give a number from 0 to 1",
                object.presence
            )));
        }
    }
    Ok(scenes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(presence: &[f32], kl: &[f32], ink: &[[f32; 3]], most: usize) -> Vec<usize> {
        let count = presence.len();
        let cells = Cells {
            presence,
            centres: &vec![0.0; 2 * count],
            mean: &vec![0.0; count],
            log_variance: &vec![0.0; count],
            kl,
        };
        let candidates: Vec<_> = ink.iter().enumerate().map(|(cell, ink)| (cell, &ink[..])).collect();
        let kept = cells.keep(&candidates, most, 0.5).objects;
        kept.into_iter().map(|object| object.cell).collect()
    }

    #[test]
    fn objects_are_kept_in_the_order_of_what_they_say() {
        let ink = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(kept(&[0.9, 0.9, 0.2], &[3.0, 5.0, 9.0], &ink, 4), [1, 0]);
        assert_eq!(kept(&[0.9, 0.9, 0.9], &[3.0, 5.0, 9.0], &ink, 2), [2, 1]);
    }

    #[test]
    fn what_is_painted_already_is_no_object() {
        let ink = [[1.0, 0.0, 0.0], [0.9, 0.1, 0.0], [0.4, 1.0, 0.0]];
        assert_eq!(kept(&[0.9; 3], &[9.0, 5.0, 3.0], &ink, 4), [0, 2]);
    }
}
