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
        let room = path
            .components()
            .nth(1)
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .replace(".rs", "");
        let Some(own) = floor(&room) else {
            assert_eq!(
                room,
                "lib",
                "{} is in no room; give it one in tests/tidy.rs",
                path.display()
            );
            continue;
        };
        for (number, line) in code(&text).lines().enumerate() {
            let line = line.split("//").next().unwrap();
            for prefix in ["crate::", "latent_lab::"] {
                for (at, _) in line.match_indices(prefix) {
                    let used = line[at + prefix.len()..]
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                        .unwrap();
                    // Names that the crate's root hands on belong to the error's room.
                    let used = if used.starts_with(char::is_uppercase) {
                        "error"
                    } else {
                        used
                    };
                    let other = floor(used).unwrap_or_else(|| panic!("{}: {used} is in no room", path.display()));
                    assert!(
                        other < own || used == room,
                        "{}:{}: {room} may not use {used}",
                        path.display(),
                        number + 1
                    );
                }
            }
        }
    }
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
