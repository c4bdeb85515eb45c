//! The import rule and the other habits of the house, as tests. `docs/ARCHITECTURE.md` says why.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A file is a page or two; what grows beyond this wants to be split.
const MAX_LINES: usize = 400;

/// What a part of the program may name of the others; the first matching prefix counts. What is not listed here is free.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("stage/core", &["stage::core", "stage::limits", "limits"]),
    ("session/core", &["session::core", "session::limits", "limits"]),
    ("stage", &["stage", "wire", "clock", "limits", "telemetry", "error", "people"]),
    ("session", &["session", "stage", "wire", "people", "clock", "limits", "telemetry", "error"]),
    ("wire", &["wire", "limits", "telemetry"]),
    ("people", &["wire", "people"]),
    ("store", &["store", "stage", "people::SessionId", "error", "clock", "limits", "secrets", "telemetry", "text"]),
    ("media", &["media", "error", "limits", "text"]),
    ("clock", &[]),
    ("limits", &[]),
];

#[test]
fn every_part_names_only_what_it_may() {
    let mut broken = Vec::new();
    for file in sources() {
        let Some((part, allowed)) = rule_for(&file.name) else { continue };
        for (line, text) in file.code() {
            for named in names_of_the_crate(text) {
                let fine = allowed.iter().any(|a| named == *a || named.starts_with(&format!("{a}::")));
                if !fine {
                    broken.push(format!("{}:{line}: {part} must not name {named}", file.name));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_stage_never_looks_up_and_the_session_never_stores() {
    let never = [
        ("stage", "crate::session"),
        ("stage", "crate::http"),
        ("session", "crate::store"),
        ("session", "crate::http"),
    ];
    for (part, name) in never {
        for file in sources().iter().filter(|f| f.is_in(part)) {
            assert!(!file.code().any(|(_, text)| text.contains(name)), "{} names {name}", file.name);
        }
    }
}

#[test]
fn a_core_waits_for_nothing_and_asks_nobody() {
    let ambient =
        ["async ", ".await", "tokio::", "Instant::now", "SystemTime", "rand::", "tracing::", "std::fs", "println!"];
    for file in sources().iter().filter(|f| f.is_in("stage/core") || f.is_in("session/core")) {
        for (line, text) in file.code() {
            for word in ambient {
                assert!(!text.contains(word), "{}:{line}: a core has no {word:?}", file.name);
            }
        }
    }
}

#[test]
fn sql_stands_only_in_the_store() {
    for file in sources().iter().filter(|f| !f.is_in("store")) {
        for (line, text) in file.code() {
            for word in ["sqlx::", "SELECT ", "INSERT INTO", "DELETE FROM"] {
                assert!(!text.contains(word), "{}:{line}: {word:?} outside the store", file.name);
            }
        }
    }
}

#[test]
fn clocks_and_randomness_are_read_in_one_place() {
    let places: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("SystemTime::now", &["clock.rs", "cli/doctor.rs"][..]),
        ("std::time::Instant::now", &["clock.rs"][..]),
        ("rand::random", &["secrets.rs", "http/auth"][..]),
    ]);
    for file in sources() {
        for (line, text) in file.code() {
            for (word, allowed) in &places {
                let fine = !text.contains(word) || allowed.iter().any(|a| file.name.starts_with(a));
                assert!(fine, "{}:{line}: {word} belongs to {allowed:?}", file.name);
            }
        }
    }
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|f| (f.text.lines().count(), f.name))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .collect();
    assert!(long.is_empty(), "longer than {MAX_LINES} lines: {long:?}");
}

#[test]
fn modules_have_no_mod_rs() {
    for file in sources() {
        assert!(!file.name.ends_with("mod.rs"), "{}: foo.rs stands beside foo/", file.name);
    }
}

#[test]
fn nothing_unwraps_outside_tests_and_nothing_is_left_undone() {
    for file in sources() {
        for (line, text) in file.code() {
            for word in [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "TODO", "FIXME", "XXX"] {
                assert!(!text.contains(word), "{}:{line}: {word}", file.name);
            }
        }
    }
}

#[test]
fn every_module_opens_with_its_idea() {
    for file in sources().iter().filter(|f| !f.is_test()) {
        assert!(file.text.starts_with("//!"), "{} does not say what it is for", file.name);
    }
}

#[test]
fn every_limit_says_what_it_is_and_in_which_unit() {
    let times = ["TIMEOUT", "DELAY", "WITHIN", "EVERY", "GRACE", "LIFETIME"];
    let units = ["Duration", "_US", "_MS", "_SECONDS", "second", "minute", "hour", "day"];
    for file in sources().iter().filter(|f| f.name.ends_with("limits.rs")) {
        let mut docs = String::new();
        for text in file.text.lines().map(str::trim_start) {
            if let Some(doc) = text.strip_prefix("///") {
                docs.push_str(doc);
            } else if let Some((_, constant)) = text.split_once("const ") {
                assert!(!docs.is_empty(), "{}: undocumented: {constant}", file.name);
                let name = constant.split(':').next().unwrap();
                let told = units.iter().any(|u| constant.contains(u) || docs.contains(u));
                assert!(told || !times.iter().any(|t| name.contains(t)), "{}: no unit: {constant}", file.name);
            } else if text.is_empty() {
                // constants that stand together share what is said above them
                docs.clear();
            }
        }
    }
}

#[test]
fn migrations_come_in_pairs() {
    let names = |dialect: &str| {
        let folder = root().join("migrations").join(dialect);
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres);
    let numbers: Vec<&str> = sqlite.iter().map(|name| name.split('_').next().unwrap()).collect();
    for number in &numbers {
        assert!(number.len() == 4 && number.parse::<u16>().is_ok(), "{number} is no number of a migration");
    }
    assert!(numbers.is_sorted_by(|a, b| a < b), "two migrations share a number: {numbers:?}");
}

/// One source file of the server.
struct Source {
    /// Below `src/`, with slashes.
    name: String,
    text: String,
}

impl Source {
    fn is_in(&self, part: &str) -> bool {
        self.name == format!("{part}.rs") || self.name.starts_with(&format!("{part}/"))
    }

    fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.contains("/tests/") || self.name.contains("testing")
    }

    /// Lines of code with their numbers: no comments, no inline tests, which stand last; of test files none.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_test() { 0 } else { usize::MAX };
        let lines: Vec<_> = self.text.lines().map(str::trim_start).collect();
        let tests = lines.windows(2).position(|w| w[0] == "#[cfg(test)]" && w[1].ends_with("mod tests {"));
        lines
            .into_iter()
            .enumerate()
            .take(tests.unwrap_or(end).min(end))
            .filter(|(_, text)| !text.starts_with("//"))
            .map(|(n, text)| (n + 1, text))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join("src"), &mut found);
    assert!(found.len() > 10, "only {} files", found.len());
    found
}

fn collect(folder: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().replace('\\', "/");
            into.push(Source { name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

fn rule_for(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    let part = name.trim_end_matches(".rs");
    MAY_NAME.iter().find(|(prefix, _)| part == *prefix || part.starts_with(&format!("{prefix}/"))).copied()
}

/// The paths after `crate::` in a line, up to two segments; of a group, each.
fn names_of_the_crate(line: &str) -> Vec<String> {
    line.match_indices("crate::")
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .flat_map(|(at, word)| expand(&line[at + word.len()..]))
        .collect()
}

fn expand(path: &str) -> Vec<String> {
    if let Some(group) = path.strip_prefix('{') {
        let inner = group.split('}').next().unwrap_or_default();
        return inner.split(',').map(|one| first_segments(one.trim())).collect();
    }
    vec![first_segments(path)]
}

fn first_segments(path: &str) -> String {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
    path[..end].split("::").filter(|s| !s.is_empty()).take(2).collect::<Vec<_>>().join("::")
}

#[test]
fn the_rule_reads_imports_as_they_are_written() {
    assert_eq!(names_of_the_crate("use crate::stage::handle::Member;"), ["stage::handle"]);
    assert_eq!(names_of_the_crate("use crate::{clock::Clock, wire};"), ["clock::Clock", "wire"]);
    assert_eq!(names_of_the_crate("let x = octave_crate::y;"), [""; 0]);
}
