//! The rules of the house.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The rooms of `src` in reading order: each may use those before it.
const ROOMS: [&[&str]; 9] = [
    &["error"],
    &["rng"],
    &["loss", "data"],
    &["model"],
    &["metrics", "optim"],
    &["checkpoint"],
    &["train"],
    &["selftest"],
    &["web", "bin"],
];

const MOST_LINES: usize = 340;

/// All files below `folder` that end in `ending`, with their text. Cargo runs tests in the folder of their package.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name == "node_modules") {
                continue;
            } else if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no {ending}");
    found
}

/// The lines of a file before its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn rust_imports_run_one_way() {
    for (path, text) in files("src", ".rs") {
        let module = module(&path);
        let Some(room) = module.first() else { continue };
        let own = floor(room).unwrap_or_else(|| panic!("{room} is in no room; give it one in tests/tidy.rs"));
        for (number, line) in code(&text).lines().enumerate() {
            for used in rooms_used(&module, line.split("//").next().unwrap()) {
                let other = floor(&used).unwrap_or_else(|| panic!("{}: {used} is in no room", path.display()));
                assert!(
                    other < own || used == *room,
                    "{}:{}: {room} may not use {used}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

/// The path of a file's module below the crate's root: that of `src/train/look.rs` is `train`, `look`.
fn module(path: &Path) -> Vec<String> {
    let path = path.strip_prefix("src").unwrap().with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| !["mod", "lib", "main"].contains(&name.as_str()))
        .collect()
}

/// The rooms that a line names: by `crate::`, and by as many `super::` as lead to the crate's root.
fn rooms_used(module: &[String], line: &str) -> Vec<String> {
    let to_root = "super::".repeat(module.len());
    let prefixes = ["crate::", "latent_lab::", to_root.as_str()];
    let ends = prefixes
        .into_iter()
        .filter(|prefix| !prefix.is_empty())
        .flat_map(|prefix| {
            let found = line.match_indices(prefix).map(|(at, _)| at);
            found.filter_map(move |at| (!line[..at].ends_with("::")).then_some(at + prefix.len()))
        });
    let names = ends.map(|end| {
        line[end..]
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap()
    });
    // Names that the crate's root hands on belong to the error's room.
    let room = |name: &str| {
        if name.starts_with(char::is_uppercase) {
            "error"
        } else {
            name
        }
        .to_string()
    };
    names.map(room).collect()
}

#[test]
fn rooms_are_known_by_any_path_to_them() {
    let module = ["train", "look"].map(String::from);
    assert_eq!(rooms_used(&module, "use crate::model::Weights;"), ["model"]);
    assert_eq!(rooms_used(&module, "use super::super::web::wire;"), ["web"]);
    assert_eq!(rooms_used(&module, "use super::check::check_images;"), [""; 0]);
    assert_eq!(
        rooms_used(&module[..1], "use super::web; use crate::Error;"),
        ["error", "web"]
    );
}

#[test]
fn only_the_boundary_knows_javascript() {
    for (path, text) in files("src", ".rs") {
        if path.starts_with("src/web") {
            continue;
        }
        for name in ["wasm_bindgen", "web_sys", "js_sys", "serde_wasm_bindgen"] {
            assert!(!code(&text).contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn only_the_program_touches_files() {
    for (path, text) in files("src", ".rs") {
        if !path.starts_with("src/bin") {
            assert!(!code(&text).contains("std::fs"), "{} touches files", path.display());
        }
    }
}

#[test]
fn nothing_in_the_library_panics_on_purpose_but_for_tests() {
    for (path, text) in files("src", ".rs") {
        if path == Path::new("src/web/trap.rs") {
            continue;
        }
        for word in [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("] {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn files_are_read_in_one_go() {
    let rust = [files("src", ".rs"), files("xtask/src", ".rs"), files("tests", ".rs")].concat();
    let page = [files("www", ".js"), files("tests", ".js")].concat();
    // What else is in the package is made by wasm-bindgen.
    let package = [files("pkg/node", ".js"), files("pkg/worker", ".js")].concat();
    for (path, text) in [rust, page, package].concat() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines; split it", path.display());
    }
}

#[test]
fn the_worker_alone_loads_the_package() {
    for (path, text) in files("www", ".js") {
        // The benchmark measures the package itself.
        if ["www/worker.js", "www/bench.js"]
            .iter()
            .any(|file| path == Path::new(file))
        {
            continue;
        }
        let loads = text.lines().any(|line| {
            let loads = (line.contains("from \"") || line.contains("import(")) && line.contains("pkg/");
            loads && !line.trim_start().starts_with(['*', '/'])
        });
        assert!(!loads, "{} loads the package", path.display());
    }
}

/// The files that a module of the page imports.
fn imported(path: &Path, text: &str) -> Vec<PathBuf> {
    let lines = text
        .lines()
        .filter(|line| line.starts_with("import ") || line.starts_with("} from "));
    let names = lines.filter_map(|line| line.split('"').nth(1));
    names
        .map(|name| {
            let mut file = path.parent().unwrap().to_path_buf();
            for part in Path::new(name).components() {
                match part {
                    Component::ParentDir => assert!(file.pop()),
                    Component::Normal(part) => file.push(part),
                    _ => {}
                }
            }
            file
        })
        .collect()
}

#[test]
fn views_know_no_other_view_and_the_worker_no_page() {
    let page = files("www", ".js");
    let views: Vec<_> = page
        .iter()
        .filter(|(_, text)| text.contains("\nexport function mount("))
        .map(|(path, _)| path)
        .collect();
    assert!(views.len() > 20, "{views:?}");
    for (path, text) in &page {
        for file in imported(path, text) {
            // What is built may not be there.
            let is_there = file.exists() || file.components().any(|part| part.as_os_str() == "pkg");
            assert!(is_there, "{} imports {}", path.display(), file.display());
            let knows_a_view = views.contains(&path) && views.contains(&&file);
            assert!(!knows_a_view, "{} imports the view {}", path.display(), file.display());
            let knows_the_page = path.starts_with("www/worker") && file.starts_with("www/views");
            assert!(!knows_the_page, "the worker imports {}", file.display());
        }
    }
}

#[test]
fn the_page_asks_for_nothing_from_elsewhere() {
    let page = [files("www", ".html"), files("www", ".css"), files("www", ".js")].concat();
    for (path, text) in page {
        for scheme in ["https://", "http://"] {
            for (at, _) in text.match_indices(scheme) {
                let rest = &text[at..];
                // Namespaces are names, and links in a text are the reader's choice.
                let named = rest.starts_with("http://www.w3.org/") || text[..at].ends_with("href=\"");
                assert!(named, "{} names {}", path.display(), &rest[..rest.len().min(60)]);
            }
        }
    }
}
