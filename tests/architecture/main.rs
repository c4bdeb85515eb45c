//! The import rule and the other habits of the house, as tests. `docs/ARCHITECTURE.md` says why.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use source::{Module, Shown, root, sources, within};

/// A file is a page or two; what grows beyond this wants to be split.
const MAX_LINES: usize = 400;

/// What each room may name of the others, beside itself. A file belongs to the longest room that it stands in; what is not
/// listed is forbidden, and so is what is listed and not needed.
const ROOMS: &[(&str, &[&str])] = &[
    ("", &["cli"]),
    ("base", &[]),
    ("bus", &[]),
    ("wire", &[]),
    ("presence", &["bus", "wire"]),
    ("stage::limits", &["base"]),
    ("stage::core", &["stage::limits"]),
    ("stage", &["base", "bus", "presence", "stage::core", "stage::limits", "wire"]),
    ("store", &["base", "bus", "presence", "stage", "stage::core", "stage::limits"]),
    ("push", &["base", "store"]),
    ("cluster", &["base", "bus", "presence", "stage", "store"]),
    ("accounts", &["base", "bus", "store"]),
    ("library::media", &["base"]),
    ("library", &["base", "library::media", "store"]),
    ("connection::limits", &["base"]),
    ("connection::core", &["base", "connection::limits"]),
    ("connection", &["base", "connection::core", "connection::limits", "presence", "stage", "wire"]),
    ("http::kit", &["accounts", "base", "library", "library::media", "presence", "push", "stage", "store", "wire"]),
    ("http::accounts", &["accounts", "base", "http::kit", "library::media", "presence", "store"]),
    ("http::social", &["base", "http::kit", "presence", "push", "stage", "store", "wire"]),
    ("http::stages", &["accounts", "base", "http::kit", "library::media", "stage", "stage::limits", "store", "wire"]),
    ("http::library", &["base", "http::kit", "library", "library::media", "store"]),
    ("http::site", &["base", "http::accounts", "http::kit"]),
    ("http", &["base", "http::accounts", "http::kit", "http::library", "http::site", "http::social", "http::stages"]),
    ("config", &["base", "http::kit", "library::media", "push"]),
    (
        "server",
        &[
            "accounts",
            "base",
            "bus",
            "cluster",
            "config",
            "connection",
            "http",
            "http::kit",
            "http::social",
            "library",
            "library::media",
            "presence",
            "push",
            "stage",
            "store",
            "wire",
        ],
    ),
    (
        "cli",
        &["accounts", "base", "cluster", "config", "http", "http::kit", "library", "library::media", "server", "store"],
    ),
];

/// The room that a path stands in or leads to.
fn room_of(path: &[String]) -> &'static str {
    let holds = |room: &&str| room.split("::").filter(|s| !s.is_empty()).eq(path.iter().take(depth(room)));
    ROOMS.iter().map(|(room, _)| *room).filter(holds).max_by_key(|room| depth(room)).unwrap()
}

fn depth(room: &str) -> usize {
    room.split("::").filter(|s| !s.is_empty()).count()
}

#[test]
fn every_room_names_only_what_it_may() {
    let sources = sources();
    let (mut broken, mut used) = (Vec::new(), BTreeSet::new());
    for file in sources.iter().filter(|f| f.name != "main.rs") {
        let room = room_of(&file.module);
        for named in file.names() {
            let other = room_of(&named.path);
            let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).unwrap();
            if allowed.contains(&other) {
                used.insert((room, other));
            } else if other != room {
                broken.push(format!(
                    "src/{}:{}: {room} must not name {}",
                    file.name,
                    named.line,
                    named.path.join("::")
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    for (room, allowed) in ROOMS.iter().filter(|(room, _)| !room.is_empty()) {
        assert!(sources.iter().any(|s| room_of(&s.module) == *room), "there is no room {room}");
        for other in *allowed {
            assert!(used.contains(&(*room, *other)), "{room} does not need {other}: take it out of the table");
        }
    }
}

/// Modules that need each other are one module: a part may name what it is a part of, and no other circle is allowed.
#[test]
fn no_modules_need_each_other() {
    let sources = sources();
    let modules: Vec<Module> = sources.iter().map(|s| s.module.clone()).collect();
    let shown = Shown::by(&sources);
    let mut needs: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for file in sources.iter().filter(|f| !f.is_test()) {
        for named in file.names() {
            let Some(home) = shown.home(&named.path, &modules) else { continue };
            // `mod.rs` and the like show what their parts have, which is no need of theirs.
            let shows = named.is_shown && within(home, &file.module);
            if !within(&file.module, home) && !shows {
                needs.entry(&file.module).or_default().insert(home);
            }
        }
    }
    let reachable = |from: &Module| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Module> = needs.get(from).into_iter().flatten().copied().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(needs.get(module).into_iter().flatten());
            }
        }
        seen
    };
    let around: Vec<_> = needs.keys().filter(|m| reachable(m).contains(*m)).map(|m| m.join("::")).collect();
    assert!(around.is_empty(), "these need each other, directly or around: {around:?}");
}

#[test]
fn a_core_waits_for_nothing_and_asks_nobody() {
    let ambient =
        ["async ", ".await", "tokio::", "Instant::now", "SystemTime", "rand::", "tracing::", "std::fs", "println!"];
    for file in sources().iter().filter(|f| f.is_in("stage/core") || f.is_in("connection/core")) {
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
fn files_stay_short() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|f| (f.text.lines().count(), f.name))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .collect();
    assert!(long.is_empty(), "longer than {MAX_LINES} lines: {long:?}");
}

#[test]
fn only_rooms_have_a_mod_rs() {
    for file in sources() {
        let depth = file.name.split('/').count();
        let is_room = file.name.ends_with("/mod.rs") && depth == 2;
        assert!(is_room || !file.name.ends_with("mod.rs"), "{}: within a room foo.rs stands beside foo/", file.name);
        assert!(depth > 1 || ["main.rs", "lib.rs"].contains(&&*file.name), "{} belongs into a room", file.name);
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
