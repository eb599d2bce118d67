//! What looks odd about images. They can be trained on as they are, but somebody may have meant something else.

use super::Images;

/// A border is light where its mean is above this share of the brightest pixel.
const PAPER: f32 = 0.75;
/// There is ink on it where the mean of what it surrounds is below this share of its own.
const INKED: f32 = 0.99;

/// What looks odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// No pixel is half as bright as white: bytes of 0 and 1, for instance.
    Dim,
    /// The border is light, and what it surrounds is darker: ink on paper.
    DarkOnLight,
    /// There is only one image.
    Single,
    /// All images are the same.
    Equal,
    /// Some images have one grey all over.
    Blank,
}

impl Oddity {
    /// The name by which programs know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dim => "dim",
            Self::DarkOnLight => "dark_on_light",
            Self::Single => "single",
            Self::Equal => "equal",
            Self::Blank => "blank",
        }
    }
}

impl Images {
    /// All that looks odd.
    pub fn oddities(&self) -> Vec<Oddity> {
        let found = [
            (Oddity::Dim, (1..128).contains(&self.brightest())),
            (Oddity::DarkOnLight, self.is_dark_on_light()),
            (Oddity::Single, self.count() == 1),
            (Oddity::Equal, self.count() > 1 && self.are_equal()),
            (Oddity::Blank, self.each().any(is_blank)),
        ];
        found
            .into_iter()
            .filter_map(|(oddity, is_so)| is_so.then_some(oddity))
            .collect()
    }

    /// Makes the brightest pixel white, and all others brighter by the same factor.
    pub fn scale(&mut self) {
        let brightest = u32::from(self.brightest()).max(1);
        self.pixels
            .iter_mut()
            .for_each(|pixel| *pixel = ((u32::from(*pixel) * 255 + brightest / 2) / brightest) as u8);
    }

    /// Makes the brightest pixel black and black as bright as that.
    pub fn invert(&mut self) {
        let brightest = self.brightest();
        self.pixels.iter_mut().for_each(|pixel| *pixel = brightest - *pixel);
    }

    fn brightest(&self) -> u8 {
        self.pixels.iter().copied().max().unwrap_or(0)
    }

    fn are_equal(&self) -> bool {
        let first = self.each().next();
        self.each().all(|image| Some(image) == first)
    }

    /// Whether the border is light, and what it surrounds is darker by more than rounding.
    fn is_dark_on_light(&self) -> bool {
        let [height, width] = self.size();
        let is_border = |index: usize| {
            let (y, x) = (index / width, index % width);
            [0, height - 1].contains(&y) || [0, width - 1].contains(&x)
        };
        let (border, inside): (Vec<_>, Vec<_>) =
            self.mean().into_iter().enumerate().partition(|&(at, _)| is_border(at));
        let mean = |part: &[(usize, f32)]| part.iter().map(|&(_, pixel)| pixel).sum::<f32>() / part.len() as f32;
        let light = mean(&border);
        // Of no pixels the mean is no number, which is not darker.
        light > PAPER * f32::from(self.brightest()) / 255.0 && mean(&inside) < INKED * light
    }
}

fn is_blank(image: &[u8]) -> bool {
    image.iter().all(|&pixel| pixel == image[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING: [u8; 9] = [0, 0, 0, 0, 1, 0, 0, 0, 0];

    /// Images of 3 x 3.
    fn images(images: &[[u8; 9]]) -> Images {
        Images::new([3, 3], images.concat(), images.len() as u64)
    }

    fn names(images: &Images) -> Vec<&'static str> {
        images.oddities().into_iter().map(Oddity::as_str).collect()
    }

    fn times(image: [u8; 9], factor: u8) -> [u8; 9] {
        image.map(|pixel| pixel * factor)
    }

    #[test]
    fn light_on_dark_is_as_it_should_be() {
        let stroke = [0, 0, 0, 0, 255, 0, 0, 255, 0];
        assert_eq!(names(&images(&[times(RING, 255), stroke])), [""; 0]);
    }

    #[test]
    fn bytes_of_0_and_1_are_dim_and_can_be_scaled() {
        let mut dim = images(&[RING, [0, 1, 0, 0, 1, 0, 0, 0, 0]]);
        assert_eq!(names(&dim), ["dim"]);
        dim.scale();
        assert_eq!(dim, images(&[times(RING, 255), [0, 255, 0, 0, 255, 0, 0, 0, 0]]));
        assert_eq!(names(&dim), [""; 0]);
    }

    #[test]
    fn scaling_keeps_the_greys_apart() {
        let mut greys = Images::new([1, 4], vec![0, 4, 8, 16], 1);
        greys.scale();
        assert_eq!(greys.pixels, [0, 64, 128, 255]);
        greys.scale();
        assert_eq!(greys.pixels, [0, 64, 128, 255]);
    }

    #[test]
    fn ink_on_paper_is_dark_on_light_and_can_be_inverted() {
        for brightest in [255, 200, 1] {
            let paper = [brightest; 9];
            let mut inked = [paper; 2];
            (inked[0][4], inked[1][3]) = (0, 0);
            let mut inked = images(&inked);
            assert!(names(&inked).contains(&"dark_on_light"), "{brightest}");
            inked.invert();
            assert_eq!(
                inked.gather(&[0]).unwrap(),
                images(&[times(RING, brightest)]).gather(&[0]).unwrap()
            );
            assert!(!names(&inked).contains(&"dark_on_light"), "{brightest}");
        }
    }

    #[test]
    fn blank_equal_and_single_images_are_told() {
        let (black, white) = ([0; 9], [255; 9]);
        assert_eq!(names(&images(&[times(RING, 255), black])), ["blank"]);
        assert_eq!(names(&images(&[times(RING, 255); 2])), ["equal"]);
        assert_eq!(names(&images(&[times(RING, 255)])), ["single"]);
        assert_eq!(names(&images(&[black; 2])), ["equal", "blank"]);
        assert_eq!(names(&images(&[white; 2])), ["equal", "blank"]);
        assert_eq!(names(&images(&[white, black])), ["blank"]);
    }

    #[test]
    fn black_images_stay_black() {
        let mut black = images(&[[0; 9]]);
        black.scale();
        black.invert();
        assert_eq!(black, images(&[[0; 9]]));
    }

    #[test]
    fn images_without_an_inside_are_not_judged_by_it() {
        assert_eq!(names(&Images::new([1, 2], vec![255, 250, 240, 255], 2)), [""; 0]);
    }
}
