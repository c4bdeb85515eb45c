//! The sources as the rules see them: modules, and what each of them names of the others.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module's path below the crate: `["http", "kit", "problem"]`.
pub(crate) type Module = Vec<String>;

/// One source file of the server.
pub(crate) struct Source {
    /// Below `src/`, with slashes.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) module: Module,
}

/// A path that a file names, by its whole way from the crate's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) path: Module,
    /// Whether it can be had from here too, and under which name.
    pub(crate) is_shown: bool,
    name: Option<String>,
}

impl Source {
    pub(crate) fn is_in(&self, part: &str) -> bool {
        self.name == format!("{part}.rs") || self.name.starts_with(&format!("{part}/"))
    }

    pub(crate) fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.contains("/tests/") || self.name.contains("testing")
    }

    /// Lines of code with their numbers: no comments, no inline tests, which stand last; of test files none.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
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

    /// What it names by `crate::`, `self::` and `super::`.
    pub(crate) fn names(&self) -> Vec<Named> {
        names_in(&self.module, self.code())
    }
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn sources() -> Vec<Source> {
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
            let module = name.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib"].contains(part));
            let module = module.map(str::to_owned).collect();
            into.push(Source { name, text: fs::read_to_string(&path).unwrap(), module });
        }
    }
}

/// Whether one is the other, or a part of it.
pub(crate) fn within(part: &[String], whole: &[String]) -> bool {
    part.starts_with(whole)
}

/// What stands behind a path that was shown on by another module: `stage::Registry` is `stage::registry::Registry`.
pub(crate) struct Shown(BTreeMap<Module, Module>);

impl Shown {
    pub(crate) fn by(sources: &[Source]) -> Self {
        let of = |source: &Source| {
            let here = source.module.clone();
            let named = source.names().into_iter();
            named
                .filter_map(move |n| n.is_shown.then_some(([here.as_slice(), &[n.name?]].concat(), n.path)))
                .collect::<Vec<_>>()
        };
        Self(sources.iter().flat_map(of).collect())
    }

    /// The module of `modules` where a path ends.
    pub(crate) fn home<'a>(&self, path: &[String], modules: &'a [Module]) -> Option<&'a Module> {
        let mut path = path.to_vec();
        // Shown on by one who had it shown: a few times at most.
        for _ in 0..4 {
            let known = (1..=path.len()).rev().find_map(|n| Some((n, self.0.get(&path[..n])?)));
            match known {
                Some((n, behind)) if *behind != path[..n] => path = [behind.as_slice(), &path[n..]].concat(),
                _ => break,
            }
        }
        modules.iter().filter(|m| within(&path, m)).max_by_key(|m| m.len())
    }
}

pub(crate) fn names_in<'a>(here: &[String], lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<Named> {
    let mut found = Vec::new();
    // A declaration of imports may go over several lines.
    let mut import: Option<(usize, String)> = None;
    for (line, text) in lines {
        if let Some((from, mut so_far)) = import.take().or_else(|| is_import(text).then(|| (line, String::new()))) {
            so_far.push_str(text);
            if !text.contains(';') {
                import = Some((from, so_far));
                continue;
            }
            let shown = so_far.starts_with("pub");
            let tree = so_far.split_once("use ").map_or("", |(_, tree)| tree).trim_end_matches(';').trim();
            for (path, alias) in leaves(tree) {
                let leaf = alias.or_else(|| path.last().cloned());
                if let Some(path) = absolute(here, &path) {
                    found.push(Named { line: from, path, is_shown: shown, name: leaf });
                }
            }
            continue;
        }
        for path in inline(text) {
            found.extend(absolute(here, &path).map(|path| Named { line, path, is_shown: false, name: None }));
        }
    }
    found
}

fn is_import(text: &str) -> bool {
    text.starts_with("use ")
        || (text.starts_with("pub") && text.split_once(' ').is_some_and(|(_, t)| t.starts_with("use ")))
}

/// The paths of an import, each with its alias: `a::{b, c::D as E}` has two.
fn leaves(tree: &str) -> Vec<(Module, Option<String>)> {
    let Some((prefix, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(p, a)| (p, Some(a.trim().to_owned())));
        let mut path: Module = path.split("::").map(|s| s.trim().to_owned()).collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        return vec![(path, alias)];
    };
    let group = group.rsplit_once('}').map_or(group, |(inner, _)| inner);
    let (mut depth, mut from, mut parts) = (0_u32, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[from..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(|part| leaves(&format!("{}{part}", prefix.trim()))).collect()
}

/// Paths within code: `crate::a::b`, `super::c`.
fn inline(text: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(word) {
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &text[at..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            found.push(rest[..end].split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect());
        }
    }
    found
}

fn absolute(here: &[String], path: &[String]) -> Option<Module> {
    let first = path.first()?.as_str();
    let mut base = here.to_vec();
    let mut rest = path;
    match first {
        "crate" => return Some(path[1..].to_vec()),
        "self" => rest = &rest[1..],
        "super" => {}
        _ => return None,
    }
    while rest.first().is_some_and(|s| s == "super") {
        base.pop()?;
        rest = &rest[1..];
    }
    base.extend_from_slice(rest);
    Some(base)
}

fn module(path: &str) -> Module {
    path.split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

#[test]
fn paths_are_read_as_they_are_written() {
    let here = module("stage::actor");
    let code = [
        (1, "use crate::{base::clock::Clock, wire::{self, Outbox}};"),
        (2, "pub use super::handle::{"),
        (3, "Member,"),
        (4, "StageHandle as Handle};"),
        (5, "let x = other_crate::y(crate::http::document(), super::super::base::text::key());"),
    ];
    let named = names_in(&here, code.into_iter());
    let told: Vec<_> =
        named.iter().map(|n| (n.line, n.path.join("::"), n.name.as_deref().filter(|_| n.is_shown))).collect();
    let told: Vec<_> = told.iter().map(|(line, path, shown)| (*line, path.as_str(), *shown)).collect();
    assert_eq!(
        told,
        [
            (1, "base::clock::Clock", None),
            (1, "wire", None),
            (1, "wire::Outbox", None),
            (2, "stage::handle::Member", Some("Member")),
            (2, "stage::handle::StageHandle", Some("Handle")),
            (5, "http::document", None),
            (5, "base::text::key", None),
        ]
    );
}
