//! What a row of the table is written with.

use super::{Source, Variant};

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
