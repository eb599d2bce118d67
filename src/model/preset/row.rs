//! What a row of the table is written with.

use super::{Bar, Limit, Source, Variant};

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

pub const fn variant(id: &'static str, title: &'static str, config: &'static str) -> Variant {
    Variant {
        id,
        title,
        weights: Source::Training,
        config,
    }
}

pub const fn components(id: &'static str, title: &'static str, config: &'static str) -> Variant {
    Variant {
        weights: Source::Components,
        ..variant(id, title, config)
    }
}
