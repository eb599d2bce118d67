//! What the experiments take in the page, as a table of the report.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use latent_lab::model::preset::PRESETS;
use serde::Deserialize;

/// An experiment in the page, as `cargo xtask bench experiments` measures it; times in milliseconds unless said.
#[derive(Deserialize)]
struct InPage {
    /// Of 100 steps from fresh weights, at the experiment's own batch.
    seconds: f64,
    /// From choosing it to its first reconstruction, with its weights in the cache.
    choosing: f64,
    /// From a pen's move to the picture while nothing else goes on: 95 of 100 are answered sooner.
    idle: f64,
    /// The same while it trains.
    drawing: f64,
    /// Of a step: 95 of 100 take less.
    step: f64,
}

/// The table of what the page takes; empty where that was not measured.
pub fn table(folder: &Path) -> Result<String> {
    let path = folder.join("page.json");
    if !path.exists() {
        return Ok(String::new());
    }
    let rows: BTreeMap<String, InPage> = serde_json::from_str(&fs::read_to_string(&path)?)
        .with_context(|| format!("{} is no table of the page", path.display()))?;
    let mut text = String::from(
        "\n## In the page\n\n\
         The CPU flavour in headless Chromium on a 2-core machine: `cargo xtask bench experiments`. Where 100 steps take longer\n\
         than 25 s, they are told from those of 25 s. Times of a step and of a drawing, from the pen's move to the picture, are\n\
         95th percentiles.\n\n\
         | experiment | 100 steps | a step | a drawing | a drawing while it trains | chosen, to its first reconstruction |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (id, row) in PRESETS.iter().filter_map(|preset| rows.get_key_value(preset.id)) {
        let InPage {
            seconds,
            choosing,
            idle,
            drawing,
            step,
        } = row;
        writeln!(
            text,
            "| {id} | {seconds:.1} s | {step:.0} ms | {idle:.0} ms | {drawing:.0} ms | {choosing:.0} ms |"
        )?;
    }
    Ok(text)
}
