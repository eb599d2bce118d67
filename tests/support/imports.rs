//! Which files of a crate import from which, and which of these imports go in circles.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a crate by their modules: `src/train/look.rs` is `train::look`, the crate's root has an empty name.
pub struct Files(BTreeMap<String, Vec<Name>>);

/// A path that a file names.
struct Name {
    path: String,
    /// By `pub use`, which makes it a name of this file's too.
    is_exported: bool,
}

/// A file and one that it imports from.
pub type Import = (String, String);

impl Files {
    /// Of modules and their code.
    pub fn new(code: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(code.into_iter().map(|(file, code)| (file, names(&code))).collect())
    }

    /// What each file uses of others, and what it exports of them.
    pub fn imports(&self) -> BTreeSet<Import> {
        self.named(|_| true)
    }

    /// The imports on a way from a file back to itself. A name that a file exports is imported from where it is written.
    /// Children share what their parent declares: they may import that as long as it does not import from them.
    pub fn circles(&self) -> Vec<Import> {
        let used = self.named(|name| !name.is_exported);
        let is_shared =
            |(from, to): &Import| from.starts_with(&joined(to, "")) && !used.contains(&(to.clone(), from.clone()));
        let imports: Vec<_> = used.iter().filter(|import| !is_shared(import)).collect();
        let is_in_circle = |(from, to): &Import| {
            let mut reached = BTreeSet::from([to]);
            let mut open = vec![to];
            while let Some(file) = open.pop() {
                let next = imports.iter().filter(|(from, _)| from == file).map(|(_, to)| to);
                open.extend(next.filter(|&to| reached.insert(to)));
            }
            reached.contains(from)
        };
        imports
            .iter()
            .filter(|import| is_in_circle(import))
            .map(|import| (*import).clone())
            .collect()
    }

    fn named(&self, counts: impl Fn(&Name) -> bool) -> BTreeSet<Import> {
        let of_file = |(file, names): (&String, &Vec<Name>)| -> Vec<Import> {
            let counted = names.iter().filter(|name| counts(name));
            let targets = counted.filter_map(|name| self.target(file, &name.path));
            targets
                .filter(|target| target != file)
                .map(|target| (file.clone(), target))
                .collect()
        };
        self.0.iter().flat_map(of_file).collect()
    }

    /// The file that a path leads to from another one; none where it leads out of the crate.
    fn target(&self, from: &str, path: &str) -> Option<String> {
        let mut steps = path.split("::").peekable();
        let mut at = match *steps.peek()? {
            "crate" => String::new(),
            "self" | "super" => from.to_string(),
            name => self.0.contains_key(&joined(from, name)).then(|| from.to_string())?,
        };
        while let Some(step) = steps.next_if(|step| ["crate", "self", "super"].contains(step)) {
            if step == "super" {
                at = at.rsplit_once("::").map_or("", |(parent, _)| parent).to_string();
            }
        }
        while let Some(child) = steps.next_if(|name| self.0.contains_key(&joined(&at, name))) {
            at = joined(&at, child);
        }
        let own = steps.next();
        let is_meant = |name: &&Name| name.is_exported && name.path.rsplit("::").next() == own;
        let exported = self.0.get(&at)?.iter().find(is_meant);
        exported.and_then(|name| self.target(&at, &name.path)).or(Some(at))
    }
}

fn joined(parent: &str, child: &str) -> String {
    if parent.is_empty() {
        child.to_string()
    } else {
        format!("{parent}::{child}")
    }
}

/// The paths in a file's code, those of its imports one by one.
fn names(code: &str) -> Vec<Name> {
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for statement in code.split(';') {
        let lines: Vec<_> = statement.lines().collect();
        let first = lines.iter().position(|line| imported(line).is_some());
        let (body, import) = lines.split_at(first.unwrap_or(lines.len()));
        let words = body
            .iter()
            .flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c)));
        names.extend(words.filter(|word| word.contains("::")).map(|word| Name {
            path: word.trim_matches(':').to_string(),
            is_exported: false,
        }));
        if let Some((is_exported, _)) = import.first().and_then(|line| imported(line)) {
            let text = import.concat();
            let paths = imported(&text).map_or_else(Vec::new, |(_, tree)| branches(tree));
            names.extend(paths.into_iter().map(|path| Name { path, is_exported }));
        }
    }
    names
}

/// What a line imports, and whether it exports that.
fn imported(line: &str) -> Option<(bool, &str)> {
    let (before, tree) = line.trim_start().split_once("use ")?;
    let visibility = before.trim_end();
    let is_exported = visibility == "pub" || visibility.starts_with("pub(") && visibility.ends_with(')');
    (visibility.is_empty() || is_exported).then_some((is_exported, tree))
}

/// The paths of an import with braces: `a::{b, c::{d, e}}` has three.
fn branches(tree: &str) -> Vec<String> {
    let Some((stem, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.trim().to_string()];
    };
    let mut depth = 0;
    let group = group.trim_end();
    let parts = group.strip_suffix('}').unwrap_or(group).split(|c: char| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    });
    parts
        .filter(|part| !part.trim().is_empty())
        .flat_map(|part| branches(&format!("{}{}", stem.trim(), part.trim())))
        .collect()
}

fn files(code: &[(&str, &str)]) -> Files {
    Files::new(code.iter().map(|(file, code)| (file.to_string(), code.to_string())))
}

fn import(from: &str, to: &str) -> Import {
    (from.to_string(), to.to_string())
}

#[test]
fn imports_are_seen_by_any_path() {
    let found = files(&[
        ("", "mod a; mod room; pub use a::A;"),
        ("a", "// use crate::room;\nuse std::fmt;"),
        ("room", "mod b; mod c; mod d; mod e; pub use c::{C, c};"),
        (
            "room::b",
            "use super::{\n    super::a::A,\n    c::{self, C as Other},\n};",
        ),
        ("room::c", "fn c() -> crate::A { crate::A }"),
        ("room::d", "use super::C;"),
        ("room::e", "fn e() { super::d::d() }"),
    ]);
    let expected = [
        import("", "a"),
        import("room", "room::c"),
        import("room::b", "a"),
        import("room::b", "room::c"),
        import("room::c", "a"),
        import("room::d", "room::c"),
        import("room::e", "room::d"),
    ];
    assert_eq!(found.imports(), BTreeSet::from(expected));
}

#[test]
fn imports_that_lead_back_are_circles() {
    let found = files(&[
        ("", "mod a; mod b; mod room; use a::A; use b::B;"),
        ("a", "use crate::b::B;"),
        ("b", "use super::room::Kept;"),
        ("room", "mod kept; mod other; pub use kept::Kept;"),
        ("room::kept", "use crate::a;"),
        ("room::other", "use super::Kept; use crate::{a, b};"),
    ]);
    let circle = [import("a", "b"), import("b", "room::kept"), import("room::kept", "a")];
    assert_eq!(found.circles(), circle);
}

#[test]
fn a_child_may_use_what_is_its_parents_unless_that_uses_the_child() {
    let found = files(&[
        ("", "mod room;"),
        (
            "room",
            "mod child; mod part; pub use child::Child; use part::Part; pub struct Own(Part);",
        ),
        ("room::child", "use super::Own; pub struct Child(Own);"),
        ("room::part", "use super::Child; pub struct Part;"),
    ]);
    assert!(found.circles().is_empty());
    let found = files(&[
        ("", "mod room;"),
        ("room", "mod part; use part::Part; pub struct Own(Part);"),
        ("room::part", "use super::Own; pub struct Part;"),
    ]);
    assert_eq!(
        found.circles(),
        [import("room", "room::part"), import("room::part", "room")]
    );
}
