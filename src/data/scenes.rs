//! Scenes: several images at random places of one canvas (Nash et al. 2017, section 4).

use std::ops::Range;

use super::Images;
use crate::error::{Error, Result};
use crate::rng::{Rng, Stream};

/// The smallest and the largest side of a canvas.
pub const CANVAS_SIDES: [usize; 2] = [40, 64];
/// The most objects of a scene.
pub const MOST_OBJECTS: usize = 4;

/// Places that are tried for all objects of a scene at once.
const TRIES: usize = 400;

/// How scenes are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SceneSettings {
    /// Height and width of the canvas.
    pub side: usize,
    /// The fewest and the most objects of a scene. A number comes as often as it is high, for more are harder to tell.
    pub objects: [usize; 2],
    /// Pixels between the centres of two objects, at least.
    pub distance: f32,
}

impl Default for SceneSettings {
    fn default() -> Self {
        Self {
            side: 48,
            objects: [1, 3],
            distance: 14.0,
        }
    }
}

impl SceneSettings {
    fn check(&self, [height, width]: [usize; 2]) -> Result<()> {
        let [least, most] = CANVAS_SIDES;
        if !(least..=most).contains(&self.side) || self.side < height.max(width) {
            return Err(Error::input(format!(
                "a canvas of {} x {} for images of {height} x {width}; give a side from {least} to {most} that they fit into",
                self.side, self.side
            )));
        }
        let [fewest, most] = self.objects;
        if fewest == 0 || fewest > most || most > MOST_OBJECTS {
            return Err(Error::input(format!(
                "scenes of {fewest} to {most} objects; give numbers from 1 to {MOST_OBJECTS}, the smaller one first"
            )));
        }
        if (0.0..=32.0).contains(&self.distance) {
            return Ok(());
        }
        Err(Error::input(format!(
            "a distance of {} between objects; give a number of pixels from 0 to 32",
            self.distance
        )))
    }
}

/// An object of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which of the images it is.
    pub image: usize,
    /// Where the image's upper edge lies, above the canvas where it is negative; its ink lies on the canvas.
    pub top: isize,
    /// Where its left edge lies.
    pub left: isize,
}

impl Placed {
    /// The image, rows of `width`, alone on a canvas of `side` pixels.
    pub fn on_canvas(&self, image: &[f32], width: usize, side: usize) -> Vec<f32> {
        let mut canvas = vec![0.0; side * side];
        paint(&mut canvas, side, image, width, [self.top, self.left]);
        canvas
    }
}

/// A scene.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// `[side, side]` in `[0, 1]`.
    pub pixels: Vec<f32>,
    /// What it is made of. Fewer than were asked for where the canvas has no room for more.
    pub objects: Vec<Placed>,
}

/// The scenes of a step, of the images of a range: a function of its arguments alone, so that a run that goes on sees what it
/// would have seen.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the setting, the limit and the remedy.
pub fn scenes(
    images: &Images,
    range: Range<usize>,
    settings: &SceneSettings,
    count: usize,
    seed: u64,
    step: u64,
) -> Result<Vec<Scene>> {
    settings.check(images.size())?;
    if range.is_empty() || range.end > images.count() {
        return Err(Error::input(format!(
            "scenes of the images {} to {}; there are {}",
            range.start,
            range.end,
            images.count()
        )));
    }
    let mut rng = Rng::new(seed, Stream::Scenes { step });
    (0..count).map(|_| scene(images, &range, settings, &mut rng)).collect()
}

fn scene(images: &Images, range: &Range<usize>, settings: &SceneSettings, rng: &mut Rng) -> Result<Scene> {
    let [fewest, most] = settings.objects;
    let all = (fewest + most) * (most - fewest + 1) / 2;
    let shares: Vec<f32> = (fewest..=most).map(|count| count as f32 / all as f32).collect();
    let count = fewest + rng.among(&shares);
    let chosen: Vec<usize> = (0..count).map(|_| range.start + rng.below(range.len())).collect();
    let pixels = images.gather(&chosen)?;
    let size = images.size();
    let each: Vec<&[f32]> = pixels.chunks_exact(size[0] * size[1]).collect();
    let boxes: Vec<_> = each.iter().map(|image| ink(image, size)).collect();
    let places = place(&boxes, settings, rng);
    let mut canvas = vec![0.0; settings.side * settings.side];
    for (image, &[top, left]) in each.iter().zip(&places) {
        paint(&mut canvas, settings.side, image, size[1], [top, left]);
    }
    let objects = chosen
        .iter()
        .zip(&places)
        .map(|(&image, &[top, left])| Placed { image, top, left });
    Ok(Scene {
        pixels: canvas,
        objects: objects.collect(),
    })
}

/// First and last row and column with ink; the whole image where it has none.
fn ink(image: &[f32], [height, width]: [usize; 2]) -> [[usize; 2]; 2] {
    let range = |length: usize, has_ink: &dyn Fn(usize) -> bool| {
        let first = (0..length).find(|&at| has_ink(at)).unwrap_or(0);
        let last = (0..length).rfind(|&at| has_ink(at)).unwrap_or(length - 1);
        [first, last]
    };
    [
        range(height, &|y| (0..width).any(|x| image[y * width + x] > 0.0)),
        range(width, &|x| (0..height).any(|y| image[y * width + x] > 0.0)),
    ]
}

/// Upper left corners whose images have their ink on the canvas and their centres far enough from each other. Of objects for
/// which no place is found the last one is left out.
fn place(boxes: &[[[usize; 2]; 2]], settings: &SceneSettings, rng: &mut Rng) -> Vec<[isize; 2]> {
    let corner = |ink: &[usize; 2], rng: &mut Rng| {
        let [first, last] = *ink;
        rng.below(settings.side - (last - first)) as isize - first as isize
    };
    for count in (1..=boxes.len()).rev() {
        for _ in 0..TRIES {
            let places: Vec<[isize; 2]> = boxes[..count]
                .iter()
                .map(|[rows, columns]| [corner(rows, rng), corner(columns, rng)])
                .collect();
            if is_apart(&places, settings.distance) {
                return places;
            }
        }
    }
    Vec::new()
}

fn is_apart(places: &[[isize; 2]], distance: f32) -> bool {
    let far = |a: &[isize; 2], b: &[isize; 2]| {
        let [y, x] = [0, 1].map(|axis| (a[axis] - b[axis]) as f32);
        y * y + x * x >= distance * distance
    };
    let mut pairs = places.iter().enumerate();
    pairs.all(|(index, a)| places[index + 1..].iter().all(|b| far(a, b)))
}

/// Paints an image over a canvas: what either has stays, as of ink that lets light through.
fn paint(canvas: &mut [f32], side: usize, image: &[f32], width: usize, [top, left]: [isize; 2]) {
    for (index, &ink) in image.iter().enumerate() {
        let (y, x) = (top + (index / width) as isize, left + (index % width) as isize);
        let on_canvas = |at: isize| usize::try_from(at).ok().filter(|at| *at < side);
        if let (Some(y), Some(x)) = (on_canvas(y), on_canvas(x)) {
            let pixel = &mut canvas[y * side + x];
            *pixel = 1.0 - (1.0 - *pixel) * (1.0 - ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two images of 4 x 4: a bar in the second column, and a dot in the last corner.
    fn images() -> Images {
        let mut pixels = vec![0; 32];
        for y in 0..4 {
            pixels[4 * y + 1] = 255;
        }
        pixels[31] = 255;
        Images::new([4, 4], pixels, 2)
    }

    fn made(settings: &SceneSettings, step: u64) -> Vec<Scene> {
        scenes(&images(), 0..2, settings, 40, 7, step).unwrap()
    }

    #[test]
    fn one_seed_makes_one_sequence_of_scenes() {
        let settings = SceneSettings::default();
        assert_eq!(made(&settings, 3), made(&settings, 3));
        assert_ne!(made(&settings, 3), made(&settings, 4));
        let counts: Vec<_> = made(&settings, 0).iter().map(|scene| scene.objects.len()).collect();
        assert!([1, 2, 3].iter().all(|count| counts.contains(count)), "{counts:?}");
    }

    #[test]
    fn scenes_are_made_of_the_images_of_their_range() {
        let of = |range| scenes(&images(), range, &SceneSettings::default(), 20, 7, 0);
        let dots = of(1..2).unwrap();
        assert!(
            dots.iter()
                .flat_map(|scene| &scene.objects)
                .all(|object| object.image == 1)
        );
        assert!(of(1..3).unwrap_err().to_string().contains("there are 2"));
        assert!(of(1..1).is_err());
    }

    #[test]
    fn all_ink_is_on_the_canvas_and_objects_keep_their_distance() {
        for scene in made(&SceneSettings::default(), 0) {
            let ink: f32 = scene.pixels.iter().sum();
            let whole: f32 = scene.objects.iter().map(|object| [4.0, 1.0][object.image]).sum();
            assert_eq!(ink, whole, "{:?}", scene.objects);
            let places: Vec<_> = scene.objects.iter().map(|object| [object.top, object.left]).collect();
            assert!(is_apart(&places, 14.0));
        }
    }

    #[test]
    fn an_image_may_hang_over_the_edge_where_it_has_no_ink() {
        let all: Vec<_> = (0..20).flat_map(|step| made(&SceneSettings::default(), step)).collect();
        let dots = || {
            all.iter()
                .flat_map(|scene| &scene.objects)
                .filter(|object| object.image == 1)
        };
        assert!(dots().any(|dot| dot.top < 0), "the dot is the last pixel of its image");
        assert!(dots().all(|dot| (-3..=44).contains(&dot.top)));
    }

    #[test]
    fn objects_without_room_are_left_out() {
        let settings = SceneSettings {
            side: 40,
            objects: [4, 4],
            distance: 32.0,
        };
        assert!(
            made(&settings, 0)
                .iter()
                .all(|scene| (1..4).contains(&scene.objects.len()))
        );
    }

    #[test]
    fn settings_that_cannot_be_are_refused() {
        let refused = |change: fn(&mut SceneSettings)| {
            let mut settings = SceneSettings::default();
            change(&mut settings);
            scenes(&images(), 0..2, &settings, 1, 1, 0).unwrap_err().to_string()
        };
        assert!(refused(|s| s.side = 39).contains("40 to 64"));
        assert!(refused(|s| s.objects = [0, 2]).contains("from 1 to 4"));
        assert!(refused(|s| s.objects = [3, 2]).contains("smaller one first"));
        assert!(refused(|s| s.distance = f32::NAN).contains("from 0 to 32"));
    }
}
