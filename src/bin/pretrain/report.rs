//! Curves as SVG and image grids as PNG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Result, anyhow};
use latent_lab::loss::LossTerms;
use latent_lab::train::Trainer;
use plotters::prelude::*;

use super::now;

/// Images along each side of a grid.
const GRID: usize = 10;

/// A held-out evaluation.
pub struct Point {
    pub step: u64,
    pub terms: LossTerms,
}

/// What a run leaves to look at.
#[derive(Default)]
pub struct Report {
    /// Terms of each training step.
    pub train: Vec<LossTerms>,
    /// Terms on held-out images after each epoch.
    pub held_out: Vec<Point>,
}

impl Report {
    /// Writes `curves.svg`, `samples.png` and `reconstructions.png`.
    pub fn write(&self, folder: &Path, trainer: &Trainer, test_images: &[f32]) -> Result<()> {
        self.curves(&folder.join("curves.svg"))
            .map_err(|e| anyhow!("cannot draw the curves: {e}"))?;
        let size = trainer.config().family().image();
        let samples = now(trainer.sample(GRID * GRID, 1, 1.0))?;
        write_grid(&folder.join("samples.png"), &samples, size)?;

        // Rows of originals over rows of their reconstructions.
        let pixels: usize = size.iter().product();
        let originals = &test_images[..(GRID * GRID / 2 * pixels).min(test_images.len())];
        let reconstructions = now(trainer.reconstruct(originals))?;
        let rows = originals
            .chunks(GRID * pixels)
            .zip(reconstructions.chunks(GRID * pixels));
        let pairs: Vec<f32> = rows.flat_map(|(above, below)| [above, below].concat()).collect();
        write_grid(&folder.join("reconstructions.png"), &pairs, size)
    }

    fn curves(&self, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let area = SVGBackend::new(path, (900, 500)).into_drawing_area();
        area.fill(&WHITE)?;
        let highest = self
            .held_out
            .iter()
            .map(|point| point.terms.total())
            .fold(0.0, f32::max);
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(52)
            .build_cartesian_2d(0..self.train.len() as u64, 0f32..(highest * 1.3).max(1.0))?;
        chart
            .configure_mesh()
            .x_desc("step")
            .y_desc("nats per image")
            .light_line_style(TRANSPARENT)
            .draw()?;
        let term = |pick: fn(&LossTerms) -> f32| {
            self.train
                .iter()
                .enumerate()
                .map(move |(step, terms)| (step as u64, pick(terms)))
        };
        let series = [
            (
                "reconstruction",
                RGBColor(37, 99, 235),
                term(|terms| terms.reconstruction).collect::<Vec<_>>(),
            ),
            ("KL", RGBColor(219, 39, 119), term(|terms| terms.kl).collect()),
            (
                "held-out -ELBO",
                RGBColor(21, 128, 61),
                self.held_out
                    .iter()
                    .map(|point| (point.step, point.terms.total()))
                    .collect(),
            ),
        ];
        for (name, colour, points) in series {
            chart
                .draw_series(LineSeries::new(points, colour))?
                .label(name)
                .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], colour));
        }
        chart
            .configure_series_labels()
            .background_style(WHITE)
            .border_style(BLACK)
            .draw()?;
        area.present()?;
        Ok(())
    }
}

/// Writes `[count, height * width]` as rows of [`GRID`] images.
fn write_grid(path: &Path, images: &[f32], [height, width]: [usize; 2]) -> Result<()> {
    let count = images.len() / (height * width);
    let rows = count.div_ceil(GRID);
    let mut canvas = vec![0u8; rows * height * GRID * width];
    for (index, image) in images.chunks_exact(height * width).enumerate() {
        let (top, left) = (index / GRID * height, index % GRID * width);
        for (y, line) in image.chunks_exact(width).enumerate() {
            let start = (top + y) * GRID * width + left;
            for (pixel, value) in canvas[start..start + width].iter_mut().zip(line) {
                *pixel = (value * 255.0).round() as u8;
            }
        }
    }
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, (GRID * width) as u32, (rows * height) as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&canvas)?;
    Ok(())
}
