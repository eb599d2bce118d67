//! What goes with the package besides its code: our licences, and a notice of all crates that are compiled into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::flavour::Flavour;
use crate::tools;

const PACKAGE: &str = "pkg";
const OURS: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];
/// How the names of files begin that a crate's licence asks to hand on.
const TEXTS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
const HEAD: &str = "\
The WebAssembly of this package is compiled with Rust's standard library (MIT OR Apache-2.0) and the crates below: what is
in cpu/ from some of them, what is in webgpu/ from all. The texts that come with them follow; where a crate has none, its
licence is the one that it names.

";

/// What we read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
}

/// Puts the licences and the notice into the package.
pub fn write() -> Result<()> {
    for name in OURS {
        fs::copy(name, Path::new(PACKAGE).join(name))?;
    }
    Ok(fs::write(Path::new(PACKAGE).join("NOTICE"), notice()?)?)
}

fn notice() -> Result<String> {
    let mut notice = HEAD.to_string();
    // Many crates have the same text to the letter.
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in crates()? {
        let name = format!("{} {}", package.name, package.version);
        let license = package.license.as_deref().unwrap_or("its own licence");
        let home = package.repository.as_deref().unwrap_or_default();
        writeln!(notice, "{}", format!("{name} ({license}) {home}").trim_end())?;
        for text in package.texts()? {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    for (text, names) in texts {
        write!(notice, "\n{}\n{}\n\n{text}\n", "-".repeat(80), names.join(", "))?;
    }
    Ok(notice)
}

/// All that is linked into the largest flavour; what only runs while it is compiled is not in it.
fn crates() -> Result<Vec<Crate>> {
    let metadata = [
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        tools::WASM_TARGET,
    ];
    let all = tools::read(&mut tools::cargo(&[&metadata[..], Flavour::WebGpu.features()].concat()))?;
    let all: Metadata = serde_json::from_str(&all)?;
    // The metadata has more crates than are linked: those too that a feature would ask for if another were on.
    let tree = [
        ["tree", "--package", tools::LIBRARY, "--target", tools::WASM_TARGET],
        ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format={p}"],
    ];
    let linked = tools::read(&mut tools::cargo(
        &[tree.as_flattened(), Flavour::WebGpu.features()].concat(),
    ))?;
    let linked: BTreeSet<_> = linked
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap_or_default()))
        .collect();
    let is_linked = |package: &Crate| linked.contains(&(package.name.as_str(), package.version.as_str()));
    let others = all
        .packages
        .into_iter()
        .filter(|package| package.name != tools::LIBRARY);
    let mut crates: Vec<_> = others.filter(is_linked).collect();
    crates.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(crates)
}

impl Crate {
    /// The texts of its licences and notices.
    fn texts(&self) -> Result<Vec<String>> {
        let folder = self.manifest_path.parent().context("a manifest has a folder")?;
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            if path.is_file() && TEXTS.iter().any(|text| name.starts_with(text)) {
                files.push(path);
            }
        }
        files.sort();
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(text.replace("\r\n", "\n").trim().to_string())
        };
        files.into_iter().map(read).collect()
    }
}
