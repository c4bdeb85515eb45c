//! Where a test's server keeps what it holds: a folder of its own and, beside it or on PostgreSQL, a database of its own.
//!
//! The scenarios that run the real program are gone through twice by the gate: once as they are, on SQLite, and once with
//! `OCTAVE_TEST_ON=postgres`.

#[path = "../postgres/mod.rs"]
mod postgres;

use std::path::Path;
use std::process::Command;

use octave_testkit::server::Options;
use postgres::Database;
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

pub(crate) struct Place {
    data: TempDir,
    database: Option<Database>,
}

#[allow(dead_code, reason = "each test needs a part of it")]
impl Place {
    pub(crate) fn on_sqlite() -> Self {
        Self { data: tempfile::tempdir().unwrap(), database: None }
    }

    pub(crate) async fn on_postgres() -> Self {
        Self { database: Some(Database::migrated().await), ..Self::on_sqlite() }
    }

    /// On the database of this round.
    pub(crate) async fn of_round() -> Self {
        match std::env::var("OCTAVE_TEST_ON").as_deref() {
            Ok("postgres") => Self::on_postgres().await,
            Ok(other) if other != "sqlite" => panic!("there is no round on {other}"),
            _ => Self::on_sqlite(),
        }
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) fn url(&self) -> String {
        let beside = || format!("sqlite://{}", self.data().join("octave.db").display());
        self.database.as_ref().map_or_else(beside, Database::url)
    }

    /// How to start a server here.
    pub(crate) fn options(&self) -> Options {
        let options = Options::new(BINARY, self.data());
        match &self.database {
            Some(database) => options.arg("--database").arg(database.url()),
            None => options,
        }
    }

    /// The program, told where it finds everything.
    pub(crate) fn octave(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("--data").arg(self.data()).args(args).env("OCTAVE_DATABASE", self.url());
        command.env_remove("OCTAVE_LISTEN");
        command
    }
}
