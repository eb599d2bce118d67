//! Where everything lies.

/// One axis of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Pixels of an image.
    pub image: usize,
    /// Cells of a map.
    pub map: usize,
    /// Taps of the kernel.
    pub kernel: usize,
    /// Pixels from one cell to the next.
    pub stride: usize,
    /// Zeros before an image.
    pub before: usize,
}

impl Axis {
    /// Which of the images of even and odd rows a tap sees, and how far from a cell's own place.
    pub fn tap(&self, tap: usize) -> (usize, isize) {
        let distance = tap as isize - self.before as isize;
        let stride = self.stride as isize;
        (distance.rem_euclid(stride) as usize, distance.div_euclid(stride))
    }

    /// How far the kernel looks back and ahead of a cell's own place, among every other row.
    pub fn reach(&self) -> [usize; 2] {
        let shifts = (0..self.kernel).map(|tap| self.tap(tap).1);
        shifts.fold([0, 0], |[back, ahead], shift| {
            let far = shift.unsigned_abs();
            if shift < 0 {
                [back.max(far), ahead]
            } else {
                [back, ahead.max(far)]
            }
        })
    }

    /// Places of a row, so many that whoever looks beyond it sees zeros: those at its own end, or at that of the row before.
    pub fn length(&self) -> usize {
        let [back, ahead] = self.reach();
        (self.map + ahead).max(self.pixels(0) + back)
    }

    /// Pixels of every other row, from `phase` on.
    pub fn pixels(&self, phase: usize) -> usize {
        (self.image - phase).div_ceil(self.stride)
    }
}

/// What there is to know of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images.
    pub batch: usize,
    /// Channels of images, and of maps.
    pub channels: [usize; 2],
    /// Sides of an image.
    pub image: [usize; 2],
    /// Sides of a map.
    pub map: [usize; 2],
    /// Sides of the kernel.
    pub kernel: [usize; 2],
    /// Pixels from one cell to the next.
    pub stride: usize,
    /// Zeros above and to the left of an image.
    pub before: [usize; 2],
    /// Whether maps are `[batch, outputs / 4, 2 height, 2 width]`: a pixel shuffle (Shi et al. 2016, eq. 4) is done in storing.
    pub shuffle: bool,
}

impl Shape {
    /// The shape of the images.
    pub fn images(&self) -> [usize; 4] {
        let ([channels, _], [height, width]) = (self.channels, self.image);
        [self.batch, channels, height, width]
    }

    /// The shape of the maps, as they are stored.
    pub fn maps(&self) -> [usize; 4] {
        let ([_, channels], [height, width]) = (self.channels, self.map);
        if self.shuffle {
            [self.batch, channels / 4, 2 * height, 2 * width]
        } else {
            [self.batch, channels, height, width]
        }
    }
}

/// Where numbers of a plane lie in an image: the first, and the steps of a row and of a column.
#[derive(Clone, Copy)]
pub struct Place {
    pub first: usize,
    pub row: usize,
    pub column: usize,
}

/// A convolution's places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    pub shape: Shape,
    pub inputs: usize,
    pub outputs: usize,
    pub rows: Axis,
    pub columns: Axis,
}

impl Geometry {
    pub fn new(shape: Shape) -> Self {
        let axis = |i: usize| Axis {
            image: shape.image[i],
            map: shape.map[i],
            kernel: shape.kernel[i],
            stride: shape.stride,
            before: shape.before[i],
        };
        let ([inputs, outputs], [rows, columns]) = (shape.channels, [axis(0), axis(1)]);
        Self {
            shape,
            inputs,
            outputs,
            rows,
            columns,
        }
    }

    /// Numbers of all images.
    pub fn image_len(&self) -> usize {
        self.shape.images().iter().product()
    }

    /// Numbers of all maps.
    pub fn map_len(&self) -> usize {
        self.shape.maps().iter().product()
    }

    /// Taps of the kernel.
    pub fn taps(&self) -> usize {
        self.rows.kernel * self.columns.kernel
    }

    pub fn phases(&self) -> usize {
        self.rows.stride * self.rows.stride
    }

    /// Places of all rows of the batch.
    pub fn places(&self) -> usize {
        self.shape.batch * self.rows.length() * self.columns.length()
    }

    /// Zeros before the first row and behind the last one.
    pub fn reach(&self) -> usize {
        self.rows.reach().into_iter().max().unwrap_or(0) * self.columns.length()
            + self.columns.reach().into_iter().max().unwrap_or(0)
    }

    /// Where a pixel of a map lies.
    pub fn map_place(&self, image: usize, channel: usize) -> Place {
        let [height, width] = [self.rows.map, self.columns.map];
        if self.shape.shuffle {
            let (channel, corner) = (channel / 4, channel % 4);
            let first =
                (image * self.outputs / 4 + channel) * 4 * height * width + (corner / 2) * 2 * width + corner % 2;
            Place {
                first,
                row: 4 * width,
                column: 2,
            }
        } else {
            Place {
                first: (image * self.outputs + channel) * height * width,
                row: width,
                column: 1,
            }
        }
    }

    /// Where a pixel of an image of even or odd rows and columns lies.
    pub fn image_place(&self, image: usize, channel: usize, [row, column]: [usize; 2]) -> Place {
        let ([height, width], stride) = ([self.rows.image, self.columns.image], self.rows.stride);
        let first = (image * self.inputs + channel) * height * width + row * width + column;
        Place {
            first,
            row: stride * width,
            column: stride,
        }
    }
}
