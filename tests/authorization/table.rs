//! The document, read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub(crate) const DOCUMENT: &str = "docs/AUTHORIZATION.md";

/// What comes of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Unauthenticated,
    Forbidden,
    Missing,
    /// Who has an account needs none.
    HasAccount,
    Banned,
    /// Not in the stage.
    Out,
    /// The connection is closed as one that nobody has logged in by.
    Closed,
}

impl Answer {
    /// As a cell says it; none where nobody asks.
    fn of(cell: &str) -> Option<Self> {
        Some(match cell {
            "✓" => Self::Done,
            "401" => Self::Unauthenticated,
            "403" => Self::Forbidden,
            "404" => Self::Missing,
            "409" => Self::HasAccount,
            "banned" => Self::Banned,
            "out" => Self::Out,
            "4401" => Self::Closed,
            "—" => return None,
            other => panic!("{DOCUMENT} has a cell {other:?}"),
        })
    }
}

/// One thing that is asked, and what everybody is answered.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// `GET /songs/{id}`, `chat`.
    pub(crate) name: String,
    /// The actions that a row of the socket speaks of.
    pub(crate) actions: Vec<String>,
    /// Of what, or where.
    pub(crate) words: String,
    cells: BTreeMap<String, Option<Answer>>,
}

impl Row {
    fn of(first: &str, who: &[&str], cells: &[&str]) -> Self {
        let mut pieces = first.split('`').map(str::trim);
        let mut spans = Vec::new();
        let mut words = Vec::new();
        while let Some(plain) = pieces.next() {
            words.push(plain);
            spans.extend(pieces.next().map(str::to_owned));
        }
        assert_eq!(who.len(), cells.len(), "{DOCUMENT}: {first}");
        let cells = who.iter().zip(cells).map(|(who, cell)| ((*who).to_owned(), Answer::of(cell))).collect();
        let name = spans.remove(0);
        Self { name, actions: spans, words: words.concat(), cells }
    }

    /// What it speaks of, as the interface's documents name it.
    pub(crate) fn names(&self) -> Vec<String> {
        match self.actions.as_slice() {
            [] => vec![self.name.clone()],
            actions => actions.iter().map(|action| format!("{} {action}", self.name)).collect(),
        }
    }

    /// What somebody of this standing is answered; none where it is not asked.
    pub(crate) fn to(&self, who: &str) -> Option<Answer> {
        *self.cells.get(who).unwrap_or_else(|| panic!("{DOCUMENT}: {self} says nothing to {who}"))
    }

    /// Whether it is asked of the stage.
    pub(crate) fn is_of_stage(&self) -> bool {
        self.name.contains(" /stages/{id}")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.actions.iter().try_for_each(|action| write!(f, " {action}"))?;
        if self.words.is_empty() { Ok(()) } else { write!(f, " ({})", self.words) }
    }
}

/// A visibility of a stage.
pub(crate) const VISIBILITIES: [&str; 3] = ["public", "friends", "invite"];

/// What a stage is to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    In,
    Hidden,
    Banned,
}

#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) requests: Vec<Row>,
    pub(crate) frames: Vec<Row>,
    doors: Vec<(String, [Door; 3])>,
    /// What happens, and what somebody is then.
    pub(crate) story: Vec<(String, String)>,
    /// The standings that have a column of their own.
    pub(crate) columns: Vec<String>,
}

impl Tables {
    pub(crate) fn read() -> Self {
        let mut tables = Self { requests: vec![], frames: vec![], doors: vec![], story: vec![], columns: vec![] };
        let mut heading: Vec<&str> = Vec::new();
        for line in include_str!("../../docs/AUTHORIZATION.md").lines() {
            let Some(line) = line.strip_prefix('|') else {
                heading.clear();
                continue;
            };
            let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
            match heading.first() {
                None => heading = cells,
                Some(_) if cells[0].starts_with("--") => {}
                Some(&"request") => tables.requests.push(Row::of(cells[0], &heading[1..], &cells[1..])),
                Some(&"frame") => tables.frames.push(Row::of(cells[0], &heading[1..], &cells[1..])),
                Some(&"who") => tables.doors.push((cells[0].to_owned(), door(&cells))),
                Some(&"what happens") => tables.story.push((cells[0].to_owned(), cells[1].to_owned())),
                Some(_) => {}
            }
            if tables.columns.is_empty() && heading[0] == "request" {
                tables.columns = heading[1..].iter().map(|who| (*who).to_owned()).collect();
            }
        }
        tables
    }

    /// What a stage of this visibility is to somebody.
    pub(crate) fn door(&self, who: &str, visibility: usize) -> Door {
        let found = self.doors.iter().find(|(name, _)| name == who);
        found.unwrap_or_else(|| panic!("{DOCUMENT} has no door for {who}")).1[visibility]
    }

    /// Everybody who has a door.
    pub(crate) fn everybody(&self) -> BTreeSet<&str> {
        self.doors.iter().map(|(who, _)| who.as_str()).collect()
    }
}

fn door(cells: &[&str]) -> [Door; 3] {
    [1, 2, 3].map(|at| match cells[at] {
        "in" => Door::In,
        "404" => Door::Hidden,
        "banned" => Door::Banned,
        other => panic!("{DOCUMENT} has a door {other:?}"),
    })
}
