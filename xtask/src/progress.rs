//! Saying what goes on: headings for tools that show their own progress, a spinner for our own work.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Announces a step whose tool shows its own progress.
pub fn heading(text: &str) {
    eprintln!("==> {text}");
}

/// Runs `work` behind a spinner, or between two plain lines where there is no terminal.
pub fn step<T>(text: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    let spinner = ProgressBar::new_spinner().with_message(text.to_string());
    spinner.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
    spinner.enable_steady_tick(Duration::from_millis(100));
    if !stderr().is_terminal() {
        heading(text);
    }
    let result = work();
    spinner.finish_and_clear();
    let took = began.elapsed();
    if result.is_ok() && took > Duration::from_secs(1) {
        eprintln!("    {text}: {}", HumanDuration(took));
    }
    result
}
