//! `cargo xtask bench scaling`: how the time of a step grows with what it has to do, as docs/scaling.md and its picture.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use plotters::prelude::*;
use serde::Deserialize;

const PAGE: &str = "docs/scaling.md";
const PICTURE: &str = "docs/scaling.svg";
/// The cost of a step may grow by a power that is larger than that of its work by no more than this: on the shortest axis, sides
/// of 28 to 64 pixels, a tenth of noise at one end is as much as 0.12.
const SLACK: f64 = 0.15;

/// What tests/bench/scaling.js found.
#[derive(Deserialize)]
struct Found {
    date: String,
    cpu: String,
    cores: usize,
    browser: String,
    rounds: usize,
    axes: Vec<Axis>,
}

/// What grows while all else stays as it is.
#[derive(Deserialize)]
struct Axis {
    name: String,
    of: String,
    points: Vec<Point>,
    /// The power of it that the time of a step grows with; none of a single point.
    exponent: Option<f64>,
    /// The power of it that the multiplications of a step grow with.
    work: Option<f64>,
}

#[derive(Deserialize)]
struct Point {
    x: f64,
    /// Milliseconds of a step.
    ms: f64,
    /// Images a second.
    images: f64,
    /// Multiplications and additions, in milliards a second.
    gflops: f64,
}

/// Writes the page and its picture of what was measured; fails where the cost grows faster than the work.
pub fn report(measured: &Path) -> Result<()> {
    let found: Found = serde_json::from_slice(&fs::read(measured)?).context("cannot read what was measured")?;
    draw(&found.axes).map_err(|error| anyhow!("cannot draw {PICTURE}: {error}"))?;
    let page = page(&found)?;
    println!("{page}");
    fs::write(PAGE, page)?;
    for axis in &found.axes {
        let (cost, work) = (axis.exponent.unwrap_or(0.0), axis.work.unwrap_or(0.0));
        ensure!(
            cost <= work + SLACK,
            "a step's time grows with {} to the power of {cost:.2}, its work by that of {work:.2}",
            axis.of
        );
    }
    Ok(())
}

fn page(found: &Found) -> Result<String> {
    let Found {
        date,
        cpu,
        cores,
        browser,
        rounds,
        axes,
    } = found;
    let mut page = format!(
        "# How it scales\n\n\
         Training model C of the [benchmarks](benchmarks.md), convolutions of 32 and 64 channels, in headless Chromium {browser} on the CPU: \
         one thing grows, all else stays at a batch of 32, 28 x 28 pixels and one core. Medians of {rounds} rounds in alternating \
         order: `cargo xtask bench scaling`, which fails where the time of a step grows faster than the multiplications in it.\n\n\
         {}; {cpu}, {cores} cores, no GPU.\n\n\
         ![Images a second against batch, channels, side and workers](scaling.svg)\n\n\
         | a step's time grows with | to the power of | its multiplications |\n| --- | ---: | ---: |\n",
        date.split('T').next().unwrap_or(date),
    );
    for axis in axes {
        if let (Some(cost), Some(work)) = (axis.exponent, axis.work) {
            writeln!(page, "| {} | {cost:.2} | {work:.2} |", axis.name)?;
        }
    }
    for axis in axes {
        write!(
            page,
            "\n| {} | ms a step | images/s | GFLOP/s |\n| ---: | ---: | ---: | ---: |\n",
            axis.name
        )?;
        for Point { x, ms, images, gflops } in &axis.points {
            writeln!(page, "| {x} | {ms:.1} | {images:.0} | {gflops:.1} |")?;
        }
    }
    Ok(page)
}

/// Images a second against each of the axes, both by their logarithms.
fn draw(axes: &[Axis]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::new(PICTURE, (900, 620)).into_drawing_area();
    area.fill(&WHITE)?;
    for (axis, area) in axes.iter().zip(area.split_evenly((2, 2))) {
        let points: Vec<_> = axis
            .points
            .iter()
            .map(|point| (point.x.log2(), point.images.log2()))
            .collect();
        let around = |values: &[f64]| {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            least - 0.3..most + 0.3
        };
        let power = |log: &f64| match log.exp2() {
            value if value < 10.0 => format!("{:.1}", value),
            value => format!("{value:.0}"),
        };
        let (x, y): (Vec<_>, Vec<_>) = points.iter().copied().unzip();
        let mut chart = ChartBuilder::on(&area)
            .margin(14)
            .x_label_area_size(38)
            .y_label_area_size(56)
            .build_cartesian_2d(around(&x), around(&y))?;
        chart
            .configure_mesh()
            .x_desc(&axis.name)
            .y_desc("images/s")
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&power)
            .y_label_formatter(&power)
            .light_line_style(TRANSPARENT)
            .draw()?;
        let colour = RGBColor(37, 99, 235);
        chart.draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))?;
        chart.draw_series(points.into_iter().map(|point| Circle::new(point, 4, colour.filled())))?;
    }
    area.present()?;
    Ok(())
}
