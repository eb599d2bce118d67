//! `dist/`: the page and the flavours as one folder of static files.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::flavour::{Artifact, Flavour};
use crate::notice;

pub const DIST: &str = "dist";
const PAGE: &str = "www";
const PACKAGES: &str = "pkg";
const INDEX: &str = "index.html";

/// Builds the flavours and puts `dist/` together.
pub fn build(flavours: &[Flavour]) -> Result<()> {
    let artifacts = flavours
        .iter()
        .map(|&flavour| Ok((flavour, flavour.build(false)?)))
        .collect::<Result<Vec<_>>>()?;
    assemble(&artifacts)?;
    for (flavour, artifact) in &artifacts {
        println!("{}", describe(*flavour, artifact));
    }
    println!("{DIST}/ is ready for any static host");
    Ok(())
}

pub fn describe(flavour: Flavour, artifact: &Artifact) -> String {
    let kilobytes = |bytes: u64| bytes as f64 / 1000.0;
    let (raw, gzip) = (kilobytes(artifact.bytes), kilobytes(artifact.gzip));
    format!("{} flavour: {raw:.0} kB, {gzip:.0} kB with gzip", flavour.title())
}

/// Makes `dist/` hold the page and these flavours, and nothing else; completes the package beside it.
pub fn assemble(artifacts: &[(Flavour, Artifact)]) -> Result<()> {
    notice::write()?;
    page()?;
    let packages = Path::new(DIST).join(PACKAGES);
    fs::create_dir_all(&packages)?;
    let mut listed = BTreeMap::new();
    for flavour in Flavour::ALL {
        let artifact = artifacts
            .iter()
            .find(|(present, _)| *present == flavour)
            .map(|(_, artifact)| artifact);
        let folder = packages.join(flavour.name());
        if artifact.is_some() {
            mirror(&flavour.package(), &folder, "")?;
        } else if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        listed.insert(flavour.name(), artifact);
    }
    // Last, for the page takes a flavour up as soon as it is named here.
    fs::write(packages.join("flavours.json"), serde_json::to_string_pretty(&listed)?)?;
    Ok(())
}

/// Brings the page's own files in `dist/` up to date.
pub fn page() -> Result<()> {
    mirror(Path::new(PAGE), Path::new(DIST), PACKAGES)
}

/// Lays `dist/` where Trunk serves from, but for the page itself: Trunk's has its reloading script in it.
pub fn for_trunk(to: &Path) -> Result<()> {
    build(&[Flavour::Cpu])?;
    mirror(Path::new(DIST), to, INDEX)?;
    let page = fs::read_to_string(to.join(INDEX))?;
    // That script is inline, which the page's Content-Security-Policy forbids everywhere else.
    Ok(fs::write(
        to.join(INDEX),
        page.replace("script-src ", "script-src 'unsafe-inline' "),
    )?)
}

/// Makes `to` hold the files of `from` and nothing else but `kept`, writing only what differs.
fn mirror(from: &Path, to: &Path, kept: &str) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot copy {}", from.display()))?;
    fs::create_dir_all(to)?;
    let mut names = HashSet::from([OsString::from(kept)]);
    for entry in entries {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let copy = to.join(&name);
        if name == *kept || for_editors(&name.to_string_lossy()) {
            continue;
        }
        if path.is_dir() {
            mirror(&path, &copy, "")?;
        } else {
            let content = fs::read(&path)?;
            if fs::read(&copy).ok().as_ref() != Some(&content) {
                fs::write(copy, content)?;
            }
        }
        names.insert(name);
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        match (names.contains(&entry.file_name()), entry.file_type()?.is_dir()) {
            (true, _) => {}
            (false, true) => fs::remove_dir_all(entry.path())?,
            (false, false) => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

/// Files that editors and our tools read, and a browser never does.
fn for_editors(name: &str) -> bool {
    ["jsconfig.json", "tsconfig.json", "flavour.json"].contains(&name) || name.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_holds_what_the_original_holds() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("latent-lab-mirror-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        for file in [
            "from/page.html",
            "from/views/view.js",
            "from/types.d.ts",
            "from/kept/ignored",
        ] {
            write(&folder.join(file), "new")?;
        }
        for file in [
            "to/page.html",
            "to/old.js",
            "to/old/old.js",
            "to/views/old.js",
            "to/kept/pkg.wasm",
        ] {
            write(&folder.join(file), "old")?;
        }

        mirror(&from, &to, "kept")?;

        let copied = |file: &str| fs::read_to_string(to.join(file)).ok();
        let files: Vec<_> = walkdir::WalkDir::new(&to)
            .sort_by_file_name()
            .into_iter()
            .filter_map(|entry| entry.ok().filter(|entry| entry.file_type().is_file()))
            .filter_map(|entry| Some(entry.path().strip_prefix(&to).ok()?.to_str()?.replace('\\', "/")))
            .collect();
        assert_eq!(files, ["kept/pkg.wasm", "page.html", "views/view.js"]);
        assert_eq!(copied("page.html").as_deref(), Some("new"));
        assert_eq!(copied("kept/pkg.wasm").as_deref(), Some("old"));
        Ok(fs::remove_dir_all(folder)?)
    }

    fn write(path: &Path, content: &str) -> Result<()> {
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        Ok(fs::write(path, content)?)
    }
}
