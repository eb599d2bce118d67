//! The suites, and the one line that they end with.

use std::cell::LazyCell;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Error, Result};
use clap::ValueEnum;

use crate::flavour::Flavour;
use crate::tally::Tally;
use crate::{dist, instructions, libtest, lint, playwright, programs, progress, size, tools};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Formatting, clippy, documentation, types.
    Lint,
    /// Native Rust tests.
    Rust,
    /// The package in real browsers.
    Browser,
    /// The page in real browsers.
    E2e,
    /// Size budgets.
    Size,
    /// Budgets of instructions.
    Instructions,
}

/// `dist/`, built when the first suite needs it and not again; why it could not be.
type Dist<'a> = LazyCell<Result<(), String>, Box<dyn FnOnce() -> Result<(), String> + 'a>>;

impl Suite {
    fn run(self, flavours: &[Flavour], dist: &Dist) -> Result<Tally> {
        let built = || (**dist).clone().map_err(Error::msg);
        match self {
            Self::Lint => lint::suite(flavours),
            Self::Rust => libtest::suite(),
            Self::Browser => built().and_then(|()| playwright::suite("web", flavours)),
            Self::E2e => built().and_then(|()| playwright::suite("e2e", flavours)),
            Self::Size => built().and_then(|()| size::suite(flavours)),
            Self::Instructions => instructions::suite(),
        }
    }
}

/// `cargo xtask test`: every suite, whatever became of the others.
pub fn command(flavours: &[Flavour], suites: &[Suite]) -> Result<ExitCode> {
    let suites = if suites.is_empty() {
        Suite::value_variants()
    } else {
        suites
    };
    let dist: Dist = LazyCell::new(Box::new(|| dist::build(flavours).map_err(|error| format!("{error:#}"))));
    let mut total = Tally::default();
    let mut summary = Vec::new();
    for suite in suites {
        let name = format!("{suite:?}").to_lowercase();
        progress::heading(&format!("Suite {name}"));
        let begun = Instant::now();
        let mut tally = suite.run(flavours, &dist).unwrap_or_else(|error| Tally {
            failures: vec![format!("{error:#}")],
            ..Tally::default()
        });
        for line in tally.failures.iter_mut().chain(&mut tally.skips) {
            *line = format!("{name}: {line}");
        }
        let seconds = begun.elapsed().as_secs();
        summary.push(format!("{name:>10}: {tally} ({}:{:02})", seconds / 60, seconds % 60));
        total += tally;
    }
    println!();
    total.skips.iter().for_each(|skip| println!("SKIPPED {skip}"));
    total.failures.iter().for_each(|failure| println!("FAILED {failure}"));
    println!("{}\n{total}", summary.join("\n"));
    Ok(ExitCode::from(u8::from(!total.failures.is_empty())))
}

/// `cargo xtask setup`: all that the suites need, beforehand.
pub fn setup() -> Result<()> {
    tools::wasm_target()?;
    tools::rust_components()?;
    tools::npm_packages()?;
    println!("Chromium for the tests: {}", programs::CHROME.ensure()?);
    println!("Firefox for the tests: {}", programs::FIREFOX.ensure()?);
    println!("Valgrind for the tests: {}", programs::VALGRIND.ensure()?);
    Ok(())
}
