//! The rules of the house.

use std::fs;
use std::path::{Component, Path, PathBuf};

#[path = "support/imports.rs"]
mod imports;

use imports::Files;

/// The rooms of `src` in reading order: each may use those before it.
const ROOMS: [&[&str]; 12] = [
    &["checksum", "error"],
    &["rng"],
    &["data", "terms"],
    &["transfer"],
    &["ops"],
    &["loss"],
    &["model"],
    &["metrics", "optim"],
    &["checkpoint"],
    &["train"],
    &["selftest"],
    &["web"],
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

/// The files of a crate, whose root is in a folder.
fn modules(folder: &str) -> Files {
    Files::new(files(folder, ".rs").into_iter().map(|(path, text)| {
        let path = path.strip_prefix(folder).unwrap().with_extension("");
        let names = path.iter().map(|name| name.to_string_lossy().into_owned());
        let names = names.filter(|name| !["mod", "lib", "main"].contains(&name.as_str()));
        (names.collect::<Vec<_>>().join("::"), code(&text).to_string())
    }))
}

#[test]
fn rust_imports_run_one_way() {
    let room = |module: &str| module.split("::").next().unwrap().to_string();
    let floor = |room: &str| {
        let floor = ROOMS.iter().position(|rooms| rooms.contains(&room));
        floor.unwrap_or_else(|| panic!("{room} is in no room; give it one in tests/tidy.rs"))
    };
    let imports = modules("src").imports();
    assert!(imports.len() > 100, "{imports:?}");
    for (from, to) in imports.iter().filter(|(from, _)| !from.is_empty()) {
        let (own, other) = (room(from), room(to));
        assert!(
            floor(&other) < floor(&own) || other == own,
            "{from} may not import from {to}"
        );
    }
}

#[test]
fn no_imports_go_in_circles() {
    for folder in ["src", "kernels/src", "pretrain/src", "xtask/src"] {
        let found = modules(folder).circles();
        assert!(found.is_empty(), "{folder}: {found:?}");
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
fn the_library_touches_no_files() {
    for (path, text) in files("src", ".rs") {
        assert!(!code(&text).contains("std::fs"), "{} touches files", path.display());
    }
}

#[test]
fn nothing_panics_on_purpose_but_for_tests() {
    for (path, text) in ["src", "kernels/src", "pretrain/src"]
        .map(|folder| files(folder, ".rs"))
        .concat()
    {
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
    let rust = ["src", "kernels/src", "pretrain/src", "xtask/src", "tests"].map(|folder| files(folder, ".rs"));
    let page = [files("www", ".js"), files("tests", ".js")].concat();
    // What else is in the package is made by wasm-bindgen.
    let package = ["pkg/node", "pkg/team", "pkg/worker"]
        .map(|folder| files(folder, ".js"))
        .concat();
    for (path, text) in [rust.concat(), page, package].concat() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines; split it", path.display());
    }
}

#[test]
fn the_worker_alone_loads_the_package() {
    for (path, text) in files("www", ".js") {
        // The benchmark measures the package itself.
        if ["www/worker.js", "www/bench/tasks.js"]
            .iter()
            .any(|file| path == Path::new(file))
        {
            continue;
        }
        let loads = text.lines().any(|line| {
            let loads = (line.contains("from \"") || line.contains("import(")) && line.contains("pkg/");
            // Which binary is to be fetched, the page has to know before its worker does.
            let loads = loads && !line.contains("pkg/cpu/binary.js");
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
