//! What came of tests, counted.

use std::fmt;
use std::ops::AddAssign;

/// What came of some tests.
#[derive(Default)]
pub struct Tally {
    pub passed: usize,
    pub failures: Vec<String>,
    /// With the reason of each.
    pub skips: Vec<String>,
}

impl Tally {
    /// Counts one check.
    pub fn check(&mut self, name: &str, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failures.push(name.to_string());
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failures.extend(other.failures);
        self.skips.extend(other.skips);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failures.len())?;
        if self.skips.is_empty() {
            Ok(())
        } else {
            write!(f, ", {} skipped", self.skips.len())
        }
    }
}
