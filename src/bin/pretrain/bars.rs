//! Bars: how far a number must go.

use latent_lab::model::preset::Limit;

/// How much worse than in the first report a fixed value may get.
const SLACK: f64 = 1.02;

/// Whether a bar is what was found first.
pub fn is_fixed(limit: Limit) -> bool {
    matches!(limit, Limit::Fixed | Limit::FixedAtLeast(_) | Limit::Steady)
}

/// A limit in words, and whether a value is within it, of which another was found first.
pub fn judge(limit: Limit, value: f64, first: f64) -> (String, bool) {
    match limit {
        Limit::AtMost(limit) => (format!("≤ {limit}"), value <= limit),
        Limit::AtLeast(limit) => (format!("≥ {limit}"), value >= limit),
        Limit::Below(limit) => (format!("< {limit}"), value < limit),
        Limit::Above(limit) => (format!("> {limit}"), value > limit),
        Limit::Fixed => {
            let limit = first * SLACK;
            (format!("≤ {}", number(limit)), value <= limit)
        }
        Limit::FixedAtLeast(least) => {
            let limit = (first / SLACK).max(least);
            (format!("≥ {}", number(limit)), value >= limit)
        }
        Limit::Steady => {
            let [low, high] = [first / SLACK, first * SLACK];
            (
                format!("{} to {}", number(low), number(high)),
                (low..=high).contains(&value),
            )
        }
        Limit::Exactly(limit) => (format!("= {limit}"), value == limit),
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
        judge(limit, value, first).1
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
