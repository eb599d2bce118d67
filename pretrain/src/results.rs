//! What was measured: a row for each experiment, and the table of all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use latent_lab::model::preset::{PRESETS, Preset};
use serde::{Deserialize, Serialize};

use super::bars::{Bar, number};
use super::page;
use super::plan::{self, Plan};

/// Values by their names, in the order of the plan's bars.
pub type Values = Vec<(String, f64)>;

pub fn named(name: impl Into<String>, value: f64) -> (String, f64) {
    (name.into(), value)
}

/// Of each model the losses on 1,000 held-out images after each epoch.
pub type Epochs = BTreeMap<String, Vec<f64>>;

/// One experiment's run.
#[derive(Deserialize, Serialize)]
pub struct Row {
    experiment: String,
    seed: u64,
    /// Of training and measuring; nothing where weights that were there were measured.
    seconds: Option<f64>,
    values: Values,
    /// What runs of other seeds found: bars are for the median of all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    seeds: BTreeMap<u64, Values>,
    /// Of the fixed bars, the values of the first report.
    first: BTreeMap<String, f64>,
    /// Nothing where weights that were there were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epochs: Option<Epochs>,
}

impl Row {
    pub fn new(preset: &Preset, seed: u64, seconds: Option<f64>, values: Values, epochs: Option<Epochs>) -> Self {
        Self {
            experiment: preset.id.into(),
            seed,
            seconds,
            values,
            seeds: BTreeMap::new(),
            first: BTreeMap::new(),
            epochs,
        }
    }

    /// The row that is there, with what a run of another seed found.
    pub fn with_seed(folder: &Path, preset: &Preset, seed: u64, values: Values) -> Result<Self> {
        let row = Self::load(folder, preset.id)?;
        let mut row = row.with_context(|| format!("{} has no row for seed {seed} to stand beside", preset.id))?;
        if row.seed == seed {
            bail!("the row of {} is of seed {seed}; give another one", preset.id);
        }
        row.seeds.insert(seed, values);
        Ok(row)
    }

    fn path(folder: &Path, id: &str) -> PathBuf {
        folder.join(id).with_extension("json")
    }

    fn load(folder: &Path, id: &str) -> Result<Option<Self>> {
        let path = Self::path(folder, id);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path)?;
        let row = serde_json::from_str(&text).with_context(|| format!("{} is no row of results", path.display()))?;
        Ok(Some(row))
    }

    /// Takes the place of the row before, whose first values and other seeds stay, and its training where nothing was trained.
    pub fn save(&self, folder: &Path, plan: &Plan) -> Result<()> {
        let before = Self::load(folder, &self.experiment)?;
        let seconds = self.seconds.or(before.as_ref().and_then(|row| row.seconds));
        let epochs = self
            .epochs
            .as_ref()
            .or(before.as_ref().and_then(|row| row.epochs.as_ref()));
        let epochs = epochs.cloned();
        let mut seeds = before.as_ref().map_or_else(BTreeMap::new, |row| row.seeds.clone());
        seeds.extend(self.seeds.clone());
        let mut first = before.map_or_else(BTreeMap::new, |row| row.first);
        for (name, value) in &self.values {
            first.entry(name.clone()).or_insert(*value);
        }
        first.retain(|name, _| plan.bars.iter().any(|bar| bar.name == name && bar.limit.is_fixed()));
        let row = Self {
            experiment: self.experiment.clone(),
            values: self.values.clone(),
            seeds,
            first,
            seconds,
            epochs,
            ..*self
        };
        let text = serde_json::to_string_pretty(&row)?;
        Ok(fs::write(Self::path(folder, &self.experiment), text + "\n")?)
    }

    /// Of each seed, this one's first.
    fn by_seed(&self, name: &str) -> Vec<f64> {
        let runs = std::iter::once(&self.values).chain(self.seeds.values());
        runs.filter_map(|values| values.iter().find(|(known, _)| known == name))
            .map(|(_, value)| *value)
            .collect()
    }

    /// The median over the seeds.
    fn value(&self, name: &str) -> Option<f64> {
        let mut found = self.by_seed(name);
        found.sort_by(f64::total_cmp);
        let middle = found.len() / 2;
        match found.len() {
            0 => None,
            count if count % 2 == 1 => Some(found[middle]),
            _ => Some((found[middle - 1] + found[middle]) / 2.0),
        }
    }

    /// A value in words: of several seeds the median, and that of each.
    fn words(&self, name: &str) -> String {
        let found = self.by_seed(name);
        let median = number(self.value(name).unwrap_or(f64::NAN));
        if found.len() < 2 {
            return median;
        }
        let each: Vec<_> = found.into_iter().map(number).collect();
        format!("{median} ({})", each.join(", "))
    }

    /// The seeds of its runs, this one's first.
    fn all_seeds(&self) -> String {
        let seeds: Vec<_> = std::iter::once(&self.seed)
            .chain(self.seeds.keys())
            .map(u64::to_string)
            .collect();
        match seeds.as_slice() {
            [one] => format!("Seed {one}"),
            all => format!("Seeds {}: the median, and each", all.join(", ")),
        }
    }

    /// The limit of a bar in words, and whether it is met.
    fn judge(&self, bar: &Bar) -> (String, bool) {
        let value = self.value(bar.name).unwrap_or(f64::NAN);
        let first = self.first.get(bar.name).copied().unwrap_or(value);
        bar.limit.judge(value, first)
    }

    /// A line for each value.
    pub fn lines(&self, plan: &Plan) -> Vec<String> {
        let bar = |name: &str| plan.bars.iter().find(|bar| bar.name == name);
        let line = |(name, _): &(String, f64)| {
            let judged = bar(name).map(|bar| self.judge(bar));
            let told = judged.map_or(String::new(), |(limit, met)| {
                format!(" ({limit}: {})", if met { "met" } else { "NOT MET" })
            });
            format!("{}: {name} {}{told}", self.experiment, self.words(name))
        };
        self.values.iter().map(line).collect()
    }
}

fn minutes(seconds: Option<f64>) -> String {
    seconds.map_or("weights that were there, measured".into(), |seconds| {
        format!("{:.1} minutes", seconds / 60.0)
    })
}

/// What was found of an experiment, with its picture; what was missed is added to the list.
fn section(preset: &Preset, row: &Row, folder: &Path, missed: &mut Vec<String>) -> Result<String> {
    let plan = plan::of(preset)?;
    let mut text = format!("\n## {}: {}\n\n", preset.id, preset.title);
    writeln!(text, "{}; {}.\n", row.all_seeds(), minutes(row.seconds))?;
    text.push_str("| value | found | bar | |\n| --- | ---: | ---: | --- |\n");
    for (name, _) in &row.values {
        let judged = plan.bars.iter().find(|bar| bar.name == name).map(|bar| row.judge(bar));
        let (limit, verdict) = judged.map_or((String::new(), ""), |(limit, met)| {
            if !met {
                let value = row.value(name).unwrap_or(f64::NAN);
                missed.push(format!("{}: {name} is {}, not {limit}", preset.id, number(value)));
            }
            (limit, if met { "met" } else { "**missed**" })
        });
        writeln!(text, "| {name} | {} | {limit} | {verdict} |", row.words(name))?;
    }
    for (id, losses) in row.epochs.iter().flatten().filter(|(_, losses)| !losses.is_empty()) {
        let losses: Vec<_> = losses.iter().map(|loss| number(*loss)).collect();
        writeln!(
            text,
            "\n{id}, the loss on 1,000 held-out images after each epoch: {}.",
            losses.join(", ")
        )?;
    }
    if !plan.remark.is_empty() {
        writeln!(text, "\n{}", plan.remark)?;
    }
    if folder.join(preset.id).with_extension("png").exists() {
        writeln!(text, "\n![{}](results/{}.png)", preset.title, preset.id)?;
    }
    Ok(text)
}

/// Writes `results.md` beside the folder; fails where a bar is missed or nothing was measured.
pub fn report(folder: &Path) -> Result<()> {
    let mut text = String::from(
        "# What proves the experiments\n\n\
         Measured natively with the weights that the page ships, on 10,000 test images:\n\
         `cargo run --release --bin pretrain -- --experiment E1 --data DIR --fashion DIR` for each, then `-- --report`.\n\
         A bar with no number of its own is the first value and 2 %. Minutes are those of training and measuring on 2 cores.\n",
    );
    let mut missed = Vec::new();
    for preset in PRESETS {
        match Row::load(folder, preset.id)? {
            Some(row) => text.push_str(&section(preset, &row, folder, &mut missed)?),
            None => missed.push(format!("{} was not measured", preset.id)),
        }
    }
    text.push_str(&page::table(folder)?);
    let path = folder.with_extension("md");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}", path.display());
    if missed.is_empty() {
        return Ok(());
    }
    bail!("{}", missed.join("\n"))
}

#[cfg(test)]
mod tests {
    use latent_lab::model::preset::PRESETS;

    use super::*;

    /// A folder for results of its own, in one that takes the report.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir()
            .join(format!("latent-lab-{}-{name}", std::process::id()))
            .join("results");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn preset(id: &str) -> &'static Preset {
        PRESETS.iter().find(|preset| preset.id == id).unwrap()
    }

    fn row(id: &str, name: &str, value: f64, seconds: Option<f64>) -> Row {
        Row::new(preset(id), 1, seconds, vec![named(name, value)], None)
    }

    #[test]
    fn a_row_keeps_what_was_found_first_and_what_its_training_took() {
        let folder = folder("row");
        let values = |bce| vec![named("BCE", bce), named("parameters", 343_043.0)];
        let e10 = preset("E10");
        let plan = plan::of(e10).unwrap();
        Row::new(e10, 1, Some(60.0), values(250.0), None)
            .save(&folder, plan)
            .unwrap();
        Row::new(e10, 1, None, values(252.0), None).save(&folder, plan).unwrap();
        let row = Row::load(&folder, "E10").unwrap().unwrap();
        assert_eq!((row.seconds, row.value("BCE")), (Some(60.0), Some(252.0)));
        // Of bars that have a number of their own there is no first value.
        assert_eq!(row.first, BTreeMap::from([named("BCE", 250.0)]));
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn a_bar_is_for_the_median_of_all_seeds() {
        let folder = folder("seeds");
        let e1 = preset("E1");
        let plan = plan::of(e1).unwrap();
        let of = |bce| vec![named("BCE per pixel", bce)];
        assert!(Row::with_seed(&folder, e1, 2, of(0.0)).is_err(), "there is no row yet");
        row("E1", "BCE per pixel", 0.095, Some(60.0))
            .save(&folder, plan)
            .unwrap();
        assert!(Row::with_seed(&folder, e1, 1, of(0.0)).is_err(), "the row is of seed 1");
        for (seed, bce) in [(2, 0.091), (3, 0.092)] {
            let row = Row::with_seed(&folder, e1, seed, of(bce)).unwrap();
            row.save(&folder, plan).unwrap();
        }
        // Weights that are measured again keep the other seeds.
        row("E1", "BCE per pixel", 0.096, None).save(&folder, plan).unwrap();
        let row = Row::load(&folder, "E1").unwrap().unwrap();
        assert_eq!(row.value("BCE per pixel"), Some(0.092));
        assert_eq!(row.words("BCE per pixel"), "0.09200 (0.09600, 0.09100, 0.09200)");
        assert_eq!(row.seconds, Some(60.0));
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn the_report_fails_where_a_bar_is_missed_or_nothing_was_measured() {
        let folder = folder("report");
        for preset in PRESETS {
            let file = Row::path(Path::new("../docs/results"), preset.id);
            fs::copy(file, Row::path(&folder, preset.id)).unwrap();
        }
        let missed = |folder: &Path| -> Vec<String> {
            let found = report(folder).err().map(|error| error.to_string());
            found.iter().flat_map(|text| text.lines()).map(String::from).collect()
        };
        let before = missed(&folder);
        let text = fs::read_to_string(folder.with_extension("md")).unwrap();
        assert!(
            PRESETS
                .iter()
                .all(|preset| text.contains(&format!("## {}: ", preset.id)))
        );
        let plan = plan::of(preset("E1")).unwrap();
        row("E1", "BCE per pixel", 0.0931, None).save(&folder, plan).unwrap();
        fs::remove_file(Row::path(&folder, "E4")).unwrap();
        let mut after = missed(&folder);
        after.retain(|line| !before.contains(line));
        assert_eq!(
            after,
            ["E1: BCE per pixel is 0.09310, not ≤ 0.093", "E4 was not measured"]
        );
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }
}
