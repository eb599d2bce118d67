//! Size budgets, with gzip at its best, as static hosts send files: what there is, and 3 %.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::dist::{self, DIST};
use crate::flavour::{self, Flavour};
use crate::tally::Tally;

struct Budget {
    what: &'static str,
    /// Files and folders of the page in `dist/`.
    of: &'static [&'static str],
    kilobytes: u64,
}

const CPU: Budget = Budget {
    what: "CPU flavour",
    of: &[
        "pkg/cpu/latent_lab.js",
        "pkg/cpu/binary.js",
        "pkg/cpu/latent_lab_bg.wasm",
    ],
    kilobytes: 440,
};
const RELAXED: Budget = Budget {
    what: "CPU flavour with relaxed SIMD",
    of: &[
        "pkg/cpu/latent_lab.js",
        "pkg/cpu/binary.js",
        "pkg/cpu/latent_lab_relaxed_bg.wasm",
    ],
    kilobytes: 440,
};
const WEBGPU: Budget = Budget {
    what: "WebGPU flavour",
    of: &["pkg/webgpu"],
    kilobytes: 1955,
};

pub fn suite(flavours: &[Flavour]) -> Result<Tally> {
    let mut tally = Tally::default();
    let budgets = if flavours.contains(&Flavour::WebGpu) {
        &[CPU, RELAXED, WEBGPU][..]
    } else {
        &[CPU, RELAXED]
    };
    for budget in budgets {
        let bytes = budget.of.iter().map(|path| transferred(path)).sum::<Result<u64>>()?;
        let limit = budget.kilobytes * 1000;
        println!(
            "    {}: {:.1} of {} kB",
            budget.what,
            bytes as f64 / 1000.0,
            budget.kilobytes
        );
        tally.check(budget.what, bytes <= limit);
    }
    Ok(tally)
}

/// The bytes that cross the network for these files.
fn transferred(path: &str) -> Result<u64> {
    let mut bytes = 0;
    for entry in WalkDir::new(dist::files(Path::new(DIST))?.join(path)) {
        let entry = entry.with_context(|| format!("{path} is not in {DIST}/"))?;
        if entry.file_type().is_file() {
            bytes += flavour::gzipped(&fs::read(entry.path())?)?;
        }
    }
    Ok(bytes)
}
