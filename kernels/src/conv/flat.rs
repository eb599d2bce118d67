//! Images and maps as the products need them.

use super::geometry::{Geometry, Place};
use crate::passes;

/// Images or maps as the products need them.
#[derive(Clone, Debug)]
pub struct Flat {
    pub(super) values: Vec<f32>,
    /// Numbers from one plane to the next.
    pub(super) plane: usize,
    /// Planes of a channel.
    phases: usize,
}

impl Flat {
    /// The sum of each channel: the gradient of a bias.
    pub fn sums(&self) -> Vec<f32> {
        self.values
            .chunks_exact(self.plane * self.phases)
            .map(passes::sum)
            .collect()
    }

    fn zeros(geometry: &Geometry, channels: usize, phases: usize) -> Self {
        // An odd number of cache lines, so that planes do not fall on each other in the cache.
        let line = 16;
        let plane = ((geometry.places() + 2 * geometry.reach()).div_ceil(line) | 1) * line;
        Self {
            values: vec![0.0; channels * phases * plane],
            plane,
            phases,
        }
    }

    /// Images as the products need them.
    pub fn images(geometry: &Geometry, images: &[f32]) -> Self {
        assert_eq!(images.len(), geometry.image_len());
        let mut flat = Self::zeros(geometry, geometry.inputs, geometry.phases());
        let stride = geometry.rows.stride;
        for channel in 0..geometry.inputs {
            for phase in 0..geometry.phases() {
                let phases = [phase / stride, phase % stride];
                let sides = [geometry.rows.pixels(phases[0]), geometry.columns.pixels(phases[1])];
                let place = |image| geometry.image_place(image, channel, phases);
                flat.lay(geometry, channel * geometry.phases() + phase, sides, &place, images);
            }
        }
        flat
    }

    /// Maps as the products need them.
    pub fn maps(geometry: &Geometry, maps: &[f32]) -> Self {
        assert_eq!(maps.len(), geometry.map_len());
        let mut flat = Self::zeros(geometry, geometry.outputs, 1);
        let sides = [geometry.rows.map, geometry.columns.map];
        for channel in 0..geometry.outputs {
            flat.lay(
                geometry,
                channel,
                sides,
                &|image| geometry.map_place(image, channel),
                maps,
            );
        }
        flat
    }

    /// Lays out one plane of all images.
    fn lay(
        &mut self,
        geometry: &Geometry,
        plane: usize,
        [height, width]: [usize; 2],
        place: &dyn Fn(usize) -> Place,
        from: &[f32],
    ) {
        let (lines, line) = (geometry.rows.length(), geometry.columns.length());
        let plane = &mut self.values[plane * self.plane + geometry.reach()..];
        for image in 0..geometry.shape.batch {
            let place = place(image);
            for y in 0..height {
                let to = &mut plane[(image * lines + y) * line..][..width];
                let from = &from[place.first + y * place.row..];
                if place.column == 1 {
                    to.copy_from_slice(&from[..width]);
                } else {
                    for (to, from) in to.iter_mut().zip(from.iter().step_by(place.column)) {
                        *to = *from;
                    }
                }
            }
        }
    }
}
