//! Curves as SVG and image grids as PNG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Result;
use latent_lab::model::preset::Preset;
use latent_lab::terms::Terms;
use latent_lab::train::SampleSettings;
use plotters::prelude::*;

use super::cpu::now;
use super::data::Sets;
use super::trained::Trained;
use super::training::Run;

/// Images along a row.
const COLUMNS: usize = 16;

/// For each variant a row of originals over rows of what it sees, what it makes of them, and samples where it has a prior.
pub fn write(folder: &Path, preset: &Preset, models: &[Trained], sets: &Sets) -> Result<()> {
    let scenes = models.first().and_then(|model| model.session.space().scenes());
    let images = sets.of(preset.data)?.held_out(scenes.as_ref(), COLUMNS)?;
    let mut size = [0, 0];
    let mut rows = images.clone();
    for Trained { session, .. } in models {
        let common = session.config().common();
        size = common.image;
        let mut seen = images.clone();
        if !common.corruption.is_none() {
            let mut rng = latent_lab::rng::Rng::new(1, latent_lab::rng::Stream::Evaluation);
            let noise = if common.corruption.noise > 0.0 {
                rng.normal(images.len())
            } else {
                Vec::new()
            };
            common.corruption.apply(&mut seen, size, &noise, None, &mut rng);
            rows.extend(&seen);
        }
        rows.extend(now(session.reconstruct(&seen))?);
        if let Ok(samples) = now(session.sample(COLUMNS, &SampleSettings::default())) {
            rows.extend(samples);
        }
    }
    write_grid(&folder.join(preset.id).with_extension("png"), &rows, size)
}

/// The terms over the steps, and the held-out loss.
pub fn curves(path: &Path, run: &Run) -> Result<(), Box<dyn std::error::Error>> {
    if run.train.is_empty() {
        return Ok(());
    }
    let area = SVGBackend::new(path, (900, 500)).into_drawing_area();
    area.fill(&WHITE)?;
    let highest = run.held_out.iter().map(|point| point.terms.total()).fold(0.0, f32::max);
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(52)
        .build_cartesian_2d(0..run.train.len() as u64, 0f32..(highest * 1.3).max(1.0))?;
    chart
        .configure_mesh()
        .x_desc("step")
        .y_desc("nats per image")
        .light_line_style(TRANSPARENT)
        .draw()?;
    // So many steps as a picture of this width can show.
    let every = run.train.len().div_ceil(800);
    let term = |name: &str| {
        let steps = run.train.iter().enumerate().step_by(every);
        let value = |(step, terms): (usize, &Terms)| Some((step as u64, *terms.get(name)?));
        steps.filter_map(value).collect::<Vec<_>>()
    };
    let held_out = run
        .held_out
        .iter()
        .map(|point| (point.step, point.terms.total()))
        .collect();
    let series = [
        ("reconstruction", RGBColor(37, 99, 235), term("reconstruction")),
        ("KL", RGBColor(219, 39, 119), term("kl")),
        ("held-out loss", RGBColor(21, 128, 61), held_out),
    ];
    for (name, colour, points) in series {
        if points.is_empty() {
            continue;
        }
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

/// Writes `[count, height * width]` as rows of [`COLUMNS`] images.
fn write_grid(path: &Path, images: &[f32], [height, width]: [usize; 2]) -> Result<()> {
    let count = images.len() / (height * width);
    let rows = count.div_ceil(COLUMNS);
    let mut canvas = vec![0u8; rows * height * COLUMNS * width];
    for (index, image) in images.chunks_exact(height * width).enumerate() {
        let (top, left) = (index / COLUMNS * height, index % COLUMNS * width);
        for (y, line) in image.chunks_exact(width).enumerate() {
            let start = (top + y) * COLUMNS * width + left;
            for (pixel, value) in canvas[start..start + width].iter_mut().zip(line) {
                *pixel = (value * 255.0).round() as u8;
            }
        }
    }
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, (COLUMNS * width) as u32, (rows * height) as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&canvas)?;
    Ok(())
}
