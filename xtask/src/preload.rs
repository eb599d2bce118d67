//! Which modules a page needs at once: those that its scripts import, and what these import. Named in its HTML they all
//! come together, not one after the other as each names the next.

use std::collections::{HashSet, VecDeque};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

/// The page with a link for each module, whose files are in this folder.
pub fn with_links(html: &str, folder: &Path) -> Result<String> {
    let scripts: Vec<PathBuf> = html
        .split(r#"<script type="module" src=""#)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.into()))
        .collect();
    let mut seen: HashSet<_> = scripts.iter().cloned().collect();
    let mut waiting: VecDeque<_> = scripts.into();
    let mut links = String::new();
    while let Some(module) = waiting.pop_front() {
        for imported in imports(folder, &module)? {
            if seen.insert(imported.clone()) {
                let path = imported.to_string_lossy().replace('\\', "/");
                links += &format!(r#"<link rel="modulepreload" href="{path}" />"#);
                waiting.push_back(imported);
            }
        }
    }
    Ok(html.replace("</head>", &format!("{links}</head>")))
}

/// The modules that one imports before it runs, in their order.
fn imports(folder: &Path, module: &Path) -> Result<Vec<PathBuf>> {
    let file = folder.join(module);
    let source = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &source, SourceType::mjs()).parse();
    let mut named: Vec<_> = parsed
        .module_record
        .requested_modules
        .iter()
        .filter_map(|(name, requests)| Some((requests.first()?.statement_span.start, name.as_str())))
        .collect();
    named.sort_unstable();
    let beside = module.parent().unwrap_or(Path::new(""));
    Ok(named.iter().map(|(_, name)| normal(&beside.join(name))).collect())
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::Normal(name) => normal.push(name),
            _ => {}
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_module_is_named_once_and_those_that_come_later_are_not() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("latent-lab-preload-{}", std::process::id()));
        fs::create_dir_all(folder.join("views"))?;
        for (file, source) in [
            (
                "main.js",
                r#"import "./able.js";import{a}from"./views/a.js";const later=()=>import(`./later.js`);"#,
            ),
            ("able.js", "export const able = true;"),
            (
                "views/a.js",
                r#"export{b}from"./b.js";import{able}from"../able.js";export const a = able;"#,
            ),
            ("views/b.js", r#"import "./a.js"; export const b = 1;"#),
        ] {
            fs::write(folder.join(file), source)?;
        }
        let html = r#"<head><script type="module" src="main.js"></script></head>"#;
        let links = ["able.js", "views/a.js", "views/b.js"]
            .map(|path| format!(r#"<link rel="modulepreload" href="{path}" />"#));
        let expected = html.replace("</head>", &format!("{}</head>", links.concat()));
        assert_eq!(with_links(html, &folder)?, expected);

        fs::remove_file(folder.join("views/b.js"))?;
        let error = with_links(html, &folder).expect_err("a file is missing");
        assert!(format!("{error:#}").contains("b.js"), "{error:#}");
        Ok(fs::remove_dir_all(folder)?)
    }
}
