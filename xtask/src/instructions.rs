//! Budgets of instructions: unlike milliseconds they are the same on each run, and tell of a growth by a hundredth.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::tally::Tally;
use crate::{programs, tools};

/// A training step of a preset.
struct Budget {
    what: &'static str,
    preset: &'static str,
    batch: usize,
    /// What there is, and 3 %.
    millions: f64,
}

const BUDGETS: [Budget; 2] = [
    Budget {
        what: "a step of convolutions (E4), batch 16",
        preset: "E4",
        batch: 16,
        millions: 149.5,
    },
    Budget {
        what: "a step of dense layers (E2), batch 64",
        preset: "E2",
        batch: 64,
        millions: 37.7,
    },
];

/// Of what cargo tells of a build.
#[derive(Deserialize)]
struct Built {
    executable: Option<PathBuf>,
}

pub fn suite() -> Result<Tally> {
    let mut tally = Tally::default();
    // Valgrind knows these and none above, and with others the kernels are others.
    if !has_avx2() {
        let reason = "this processor has no AVX2 and FMA, for whose kernels the budgets are";
        tally.skips.push(format!("instructions: {reason}"));
        return Ok(tally);
    }
    let valgrind = programs::VALGRIND.ensure()?;
    let bench = build()?;
    for budget in BUDGETS {
        let count = |steps: u32| count(&valgrind, &bench, &budget, steps);
        // Without what is done once.
        let millions = (count(3)? - count(1)?) / 2.0;
        println!(
            "    {}: {millions:.1} of {} million instructions",
            budget.what, budget.millions
        );
        tally.check(budget.what, millions <= budget.millions);
    }
    Ok(tally)
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx2() -> bool {
    false
}

/// Builds `benches/train_step.rs`; gives its path.
fn build() -> Result<PathBuf> {
    let arguments = [
        "bench",
        "--bench",
        "train_step",
        "--no-run",
        "--message-format",
        "json-render-diagnostics",
    ];
    let told = tools::read(&mut tools::cargo(&arguments))?;
    let built = told.lines().filter_map(|line| serde_json::from_str::<Built>(line).ok());
    built
        .filter_map(|built| built.executable)
        .next_back()
        .context("cargo built no benchmark")
}

/// Millions of instructions of so many steps, with all that comes before them.
fn count(valgrind: &str, bench: &PathBuf, budget: &Budget, steps: u32) -> Result<f64> {
    let log = tools::target_dir().join("instructions.log");
    let mut command = tools::command(
        valgrind,
        &["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"],
    );
    command.arg(format!("--log-file={}", log.display())).arg(bench);
    command.args(["steps", budget.preset, &budget.batch.to_string(), &steps.to_string()]);
    tools::run(&mut command)?;
    let told = std::fs::read_to_string(&log)?;
    references(&told).with_context(|| format!("valgrind counted nothing: {told}"))
}

/// Of a line such as `==12== I   refs:      1,234,567`, in millions.
fn references(log: &str) -> Option<f64> {
    let (_, number) = log.lines().find_map(|line| line.split_once("refs:"))?;
    let count: f64 = number.trim().replace(',', "").parse().ok()?;
    Some(count / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_of_valgrinds_log() {
        // As Valgrind 3.19 writes it.
        let log = "==7== Cachegrind, a cache and branch-prediction profiler\n==7== \n==7== I   refs:      21,234,567\n";
        assert_eq!(references(log), Some(21.234567));
        assert_eq!(references("==7== Command: train_step"), None);
    }
}
