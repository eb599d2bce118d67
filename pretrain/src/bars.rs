//! Bars: how far a number must go.

/// How much worse than in the first report a fixed value may get.
const SLACK: f64 = 1.02;

/// A number that training reaches.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// Its name in the report.
    pub name: &'static str,
    /// How far it must go.
    pub limit: Limit,
}

/// How far a number must go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No further up.
    AtMost(f64),
    /// No further down.
    AtLeast(f64),
    /// Less than this.
    Below(f64),
    /// More than this.
    Above(f64),
    /// At most 2 % worse than in the first report; worse is more.
    Fixed,
    /// At most 2 % worse than in the first report, and no further down than this; worse is less.
    FixedAtLeast(f64),
    /// Within 2 % of the first report, either way.
    Steady,
    /// Nothing else.
    Exactly(f64),
}

impl Limit {
    /// Whether it is what was found first.
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Fixed | Self::FixedAtLeast(_) | Self::Steady)
    }

    /// The limit in words, and whether a value is within it, of which another was found first.
    pub fn judge(self, value: f64, first: f64) -> (String, bool) {
        match self {
            Self::AtMost(limit) => (format!("≤ {limit}"), value <= limit),
            Self::AtLeast(limit) => (format!("≥ {limit}"), value >= limit),
            Self::Below(limit) => (format!("< {limit}"), value < limit),
            Self::Above(limit) => (format!("> {limit}"), value > limit),
            Self::Fixed => {
                let limit = first * SLACK;
                (format!("≤ {}", number(limit)), value <= limit)
            }
            Self::FixedAtLeast(least) => {
                let limit = (first / SLACK).max(least);
                (format!("≥ {}", number(limit)), value >= limit)
            }
            Self::Steady => {
                let [low, high] = [first / SLACK, first * SLACK];
                (
                    format!("{} to {}", number(low), number(high)),
                    (low..=high).contains(&value),
                )
            }
            Self::Exactly(limit) => (format!("= {limit}"), value == limit),
        }
    }
}

pub const fn at_most(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::AtMost(limit),
    }
}

pub const fn below(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::Below(limit),
    }
}

pub const fn above(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::Above(limit),
    }
}

pub const fn at_least(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::AtLeast(limit),
    }
}

pub const fn fixed(name: &'static str) -> Bar {
    Bar {
        name,
        limit: Limit::Fixed,
    }
}

pub const fn fixed_at_least(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::FixedAtLeast(limit),
    }
}

pub const fn steady(name: &'static str) -> Bar {
    Bar {
        name,
        limit: Limit::Steady,
    }
}

pub const fn exactly(name: &'static str, limit: f64) -> Bar {
    Bar {
        name,
        limit: Limit::Exactly(limit),
    }
}

/// Four digits that count; all of a large whole number.
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 && value >= 10_000.0 {
        return format!("{value}");
    }
    let digits = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
    format!("{value:.*}", (3.0 - digits).clamp(0.0, 6.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(limit: Limit, first: f64, value: f64) -> bool {
        limit.judge(value, first).1
    }

    #[test]
    fn a_bar_is_met_up_to_its_limit_and_no_further() {
        assert!(met(Limit::AtMost(2.0), 0.0, 2.0) && !met(Limit::AtMost(2.0), 0.0, 2.01));
        assert!(met(Limit::AtLeast(2.0), 0.0, 2.0) && !met(Limit::AtLeast(2.0), 0.0, 1.99));
        assert!(met(Limit::Below(2.0), 0.0, 1.99) && !met(Limit::Below(2.0), 0.0, 2.0));
        assert!(met(Limit::Above(2.0), 0.0, 2.01) && !met(Limit::Above(2.0), 0.0, 2.0));
        assert!(met(Limit::Exactly(2.0), 0.0, 2.0) && !met(Limit::Exactly(2.0), 0.0, 2.01));
        assert!(!met(Limit::AtMost(2.0), 0.0, f64::NAN) && !met(Limit::AtLeast(2.0), 0.0, f64::NAN));
    }

    #[test]
    fn what_was_found_first_may_get_two_percent_worse_and_no_more() {
        assert!(met(Limit::Fixed, 100.0, 101.9) && !met(Limit::Fixed, 100.0, 102.1));
        assert!(met(Limit::Fixed, 100.0, 50.0));
        assert!(met(Limit::FixedAtLeast(90.0), 100.0, 98.1) && !met(Limit::FixedAtLeast(90.0), 100.0, 97.9));
        assert!(!met(Limit::FixedAtLeast(99.0), 100.0, 98.5));
        assert!(met(Limit::Steady, 100.0, 98.1) && met(Limit::Steady, 100.0, 101.9));
        assert!(!met(Limit::Steady, 100.0, 97.9) && !met(Limit::Steady, 100.0, 102.1));
    }
}
