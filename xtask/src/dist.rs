//! `dist/`: the page and the flavours as a folder of static files. Each HTML file says by its base in which folder all others
//! are, which is named after what they hold: however long a cache keeps one of them, no page has files of two versions.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::flavour::{self, Artifact, Flavour};
use crate::{notice, preload, terse};

pub const DIST: &str = "dist";
const PAGE: &str = "www";
const PACKAGES: &str = "pkg";
/// The workers of the package that the page trains in too.
const TEAM: &str = "team";
const FLAVOURS: &str = "flavours.json";
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
    let packages = files(Path::new(DIST))?.join(PACKAGES);
    fs::create_dir_all(&packages)?;
    let mut listed = BTreeMap::new();
    for flavour in Flavour::ALL {
        let artifact = artifacts
            .iter()
            .find(|(present, _)| *present == flavour)
            .map(|(_, artifact)| artifact);
        let folder = packages.join(flavour.name());
        if artifact.is_some() {
            mirror(&flavour.package(), &folder, "", terse::read)?;
        } else if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        listed.insert(flavour.name(), artifact);
    }
    mirror(&Path::new(PACKAGES).join(TEAM), &packages.join(TEAM), "", terse::read)?;
    // Last, for the page takes a flavour up as soon as it is named here.
    fs::write(packages.join(FLAVOURS), serde_json::to_string_pretty(&listed)?)?;
    page()
}

/// Brings the page's own files in `dist/` up to date.
pub fn page() -> Result<()> {
    lay(Path::new(PAGE), Path::new(DIST))
}

/// The folder of `dist/` that all files of the page are in; a new one where there is none.
pub fn files(dist: &Path) -> Result<PathBuf> {
    fs::create_dir_all(dist)?;
    let entries = fs::read_dir(dist)?.collect::<Result<Vec<_>, _>>()?;
    let mut folders = entries.iter().map(fs::DirEntry::path);
    Ok(folders
        .find(|folder| folder.join(PACKAGES).is_dir())
        .unwrap_or_else(|| dist.join("new")))
}

/// Lays a page around the packages that are in `dist` already, under a name of their own for all files.
fn lay(page: &Path, dist: &Path) -> Result<()> {
    let before = files(dist)?;
    mirror(page, &before, PACKAGES, terse::read)?;
    let version = version(&before)?;
    fs::rename(&before, dist.join(&version))?;
    let mut names = HashSet::from([OsString::from(&version)]);
    for entry in fs::read_dir(page)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.extension().is_some_and(|kind| kind == "html") {
            let html = preload::with_links(&fs::read_to_string(&path)?, &dist.join(&version))?;
            fs::write(dist.join(&name), based(&html, &version)?)?;
            names.insert(name);
        }
    }
    keep(dist, &names)
}

/// A page whose other files are in this folder.
fn based(html: &str, folder: &str) -> Result<String> {
    let (before, after) = html
        .split_once("<meta charset")
        .context("a page says how it is encoded")?;
    Ok(format!(r#"{before}<base href="{folder}/" /><meta charset{after}"#))
}

/// The name of what a folder holds. The WebGPU flavour is asked for by its own hash: it may be built later than the page.
fn version(folder: &Path) -> Result<String> {
    let packages = folder.join(PACKAGES);
    let later = [packages.join(Flavour::WebGpu.name()), packages.join(FLAVOURS)];
    let mut parts = Vec::new();
    let files = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !later.iter().any(|path| entry.path() == path));
    for file in files {
        let file = file?;
        if file.file_type().is_file() {
            let name = file.path().strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            parts.push(name.into_bytes());
            parts.push(fs::read(file.path())?);
        }
    }
    Ok(flavour::hash(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// Lays `dist/` where Trunk serves from, but for the page itself: Trunk's has its reloading script in it.
pub fn for_trunk(to: &Path) -> Result<()> {
    build(&[Flavour::Cpu])?;
    mirror(Path::new(DIST), to, INDEX, read)?;
    let files = files(Path::new(DIST))?;
    let folder = files.file_name().context("a folder has a name")?.to_string_lossy();
    let page = based(&fs::read_to_string(to.join(INDEX))?, &folder)?;
    // That script is inline, which the page's Content-Security-Policy forbids everywhere else.
    Ok(fs::write(
        to.join(INDEX),
        page.replace("script-src ", "script-src 'unsafe-inline' "),
    )?)
}

/// What is to be written for a file.
type Read = fn(&Path) -> Result<Vec<u8>>;

/// Every file as it is.
fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(fs::read(path)?)
}

/// Makes `to` hold the files of `from`, as `read` gives them, and nothing else but `kept`, writing only what differs.
fn mirror(from: &Path, to: &Path, kept: &str, read: Read) -> Result<()> {
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
            mirror(&path, &copy, "", read)?;
        } else {
            let content = read(&path).with_context(|| format!("cannot copy {}", path.display()))?;
            if fs::read(&copy).ok().as_ref() != Some(&content) {
                fs::write(copy, content)?;
            }
        }
        names.insert(name);
    }
    keep(to, &names)
}

/// Removes everything else from a folder.
fn keep(folder: &Path, names: &HashSet<OsString>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
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

        mirror(&from, &to, "kept", read)?;

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

    #[test]
    fn a_page_is_one_folder_that_its_html_names() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("latent-lab-page-{}", std::process::id()));
        let (page, dist) = (folder.join("www"), folder.join("dist"));
        write(&page.join("index.html"), r#"<head><meta charset="utf-8" /></head>"#)?;
        write(&page.join("views/view.js"), "one")?;
        write(&dist.join("new/pkg/cpu/latent_lab.js"), "glue")?;
        write(&dist.join("old.js"), "old")?;
        let version = || -> Result<String> {
            lay(&page, &dist)?;
            let html = fs::read_to_string(dist.join("index.html"))?;
            let named = html
                .split_once(r#"<head><base href=""#)
                .context("a base comes first")?
                .1;
            let version = named
                .split_once(r#"/" /><meta charset="utf-8" />"#)
                .context("then the rest")?
                .0;
            assert_eq!(fs::read_dir(&dist)?.count(), 2, "nothing else is there");
            assert_eq!(files(&dist)?, dist.join(version));
            Ok(version.to_owned())
        };

        let first = version()?;
        assert_eq!(version()?, first, "as long as nothing changes");
        write(&page.join("views/view.js"), "one // in other words")?;
        assert_eq!(version()?, first, "of what browsers get");
        write(&dist.join(&first).join("pkg/webgpu/latent_lab.js"), "built later")?;
        assert_eq!(version()?, first, "of an open page");

        write(&page.join("views/view.js"), "two")?;
        let second = version()?;
        assert_ne!(second, first, "another page");
        write(&dist.join(&second).join("pkg/cpu/latent_lab.js"), "other glue")?;
        assert_ne!(version()?, second, "another engine");
        assert_eq!(fs::read_to_string(files(&dist)?.join("views/view.js"))?, "two;");
        assert_eq!(
            fs::read_to_string(files(&dist)?.join("pkg/webgpu/latent_lab.js"))?,
            "built later"
        );

        write(&page.join("views/view.js"), "half =")?;
        let error = lay(&page, &dist).expect_err("that is no module");
        let told = format!("{error:#}");
        assert!(told.contains(&*page.join("views/view.js").to_string_lossy()), "{told}");
        Ok(fs::remove_dir_all(folder)?)
    }

    fn write(path: &Path, content: &str) -> Result<()> {
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        Ok(fs::write(path, content)?)
    }
}
