//! The native Rust tests, counted from what libtest writes.

use anyhow::{Result, bail};

use crate::tally::Tally;
use crate::tools;

/// The tests of the library and of `pretrain` optimised, for they train; the chores' own as they were built.
pub fn suite() -> Result<Tally> {
    let mut tally = Tally::default();
    for arguments in [["test", "--release"].as_slice(), &["test", "--package", "xtask"]] {
        let before = tally.failures.len();
        let mut cargo = tools::cargo(arguments);
        let passed = tools::watch(cargo.arg("--no-fail-fast"), |line| count(line, &mut tally))?;
        if !passed && tally.failures.len() == before {
            let command = arguments.join(" ");
            tally.failures.push(format!("`cargo {command}` did not run to its end"));
        }
    }
    if tally.passed == 0 && tally.failures.is_empty() {
        bail!("there are no Rust tests");
    }
    Ok(tally)
}

/// Counts by `test result: ok. 3 passed; ...`, and names what failed or was left out by
/// `test name ... FAILED` and `test name ... ignored, why`.
fn count(line: &str, tally: &mut Tally) {
    if let Some(result) = line.strip_prefix("test result: ") {
        let passed = result
            .split_once(" passed;")
            .and_then(|(before, _)| before.rsplit(' ').next());
        tally.passed += passed.and_then(|number| number.parse().ok()).unwrap_or(0);
    } else if let Some((name, outcome)) = line.strip_prefix("test ").and_then(|test| test.split_once(" ... ")) {
        if outcome.starts_with("FAILED") {
            tally.failures.push(name.to_string());
        } else if let Some(reason) = outcome.strip_prefix("ignored") {
            tally.skips.push(format!("{name}{reason}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted() {
        let mut tally = Tally::default();
        let output = "running 4 tests\n\
            test a ... ok\n\
            test b - should panic ... ok\n\
            test c ... FAILED\n\
            test d ... ignored, needs a GPU\n\
            test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out";
        output.lines().for_each(|line| count(line, &mut tally));
        assert_eq!(tally.to_string(), "2 passed, 1 failed, 1 skipped");
        assert_eq!(tally.skips, ["d, needs a GPU"]);
    }
}
