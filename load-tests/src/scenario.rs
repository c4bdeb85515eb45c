//! A scenario: what is run how often, and what must come out.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run::chat::{Chat, Database};
use crate::run::crowd::{Churn, Idle, Joins};
use crate::run::deaf::Deaf;
use crate::run::fanout::{Closed, Paced};
use crate::run::growth::{Growth, JoinGrowth};
use crate::run::opening::Opening;
use crate::run::urgent::Urgent;

mod objective;
mod tiny;

pub use objective::Objective;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    pub title: String,
    pub runs: usize,
    /// Registered people, whom the sockets share.
    pub people: usize,
    /// A new server for every run, where the first run would leave something behind.
    #[serde(default)]
    pub fresh: bool,
    /// The figure by which hubs are compared: Octave's over a peer's is a figure of its own, `of_PEER`.
    #[serde(default)]
    pub compared_by: Option<String>,
    pub work: Work,
    /// What is to be reached.
    #[serde(default)]
    pub objectives: BTreeMap<String, Objective>,
    /// What was measured, less noise: what is below has become worse.
    #[serde(default)]
    pub floors: BTreeMap<String, Objective>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    Closed(Closed),
    Paced(Paced),
    Deaf(Deaf),
    Idle(Idle),
    Joins(Joins),
    Churn(Churn),
    Chat(Chat),
    Urgent(Urgent),
    Growth(Growth),
    JoinGrowth(JoinGrowth),
    Opening(Opening),
}

impl Scenario {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// All scenarios of a folder, by file name.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>> {
        let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
        paths.sort();
        paths.iter().map(|p| Self::read(p)).collect()
    }

    /// Whether a hub without storage, people and timelines can do it.
    pub fn suits_peers(&self) -> bool {
        !matches!(self.work, Work::Deaf(_) | Work::Chat(_) | Work::Urgent(_) | Work::Opening(_))
    }

    pub fn on_postgres(&self) -> bool {
        let database = match &self.work {
            Work::Chat(chat) => chat.database,
            Work::Urgent(urgent) => urgent.database,
            _ => Database::Sqlite,
        };
        database == Database::Postgres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_scenarios_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        assert!(!Scenario::read_all(&folder).unwrap().is_empty());
    }
}
