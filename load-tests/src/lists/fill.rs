//! Fills the tables of an Octave that has one account: straight into the database, since by HTTP it would take hours.

mod rows;
mod social;

use std::path::Path;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// Rows of one statement.
const BATCH: usize = 500;
/// Genres.
pub(super) const GENRES: usize = 300;

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub songs: usize,
    pub users: usize,
    pub chats: usize,
    /// Entries of the longest playlist.
    pub entries: usize,
}

/// One open transaction of either database.
enum Db {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

impl Db {
    async fn execute(&mut self, text: String) -> Result<()> {
        let text = AssertSqlSafe(text);
        match self {
            Self::Sqlite(c) => sqlx::raw_sql(text).execute(c).await.map(drop)?,
            Self::Pg(c) => sqlx::raw_sql(text).execute(c).await.map(drop)?,
        }
        Ok(())
    }

    /// Inserts rows, each of which is written as SQL between its brackets.
    async fn insert(&mut self, table: &str, rows: impl Iterator<Item = String>) -> Result<()> {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let some: Vec<String> = rows.by_ref().take(BATCH).map(|row| format!("({row})")).collect();
            self.execute(format!("INSERT INTO {table} VALUES {}", some.join(","))).await?;
        }
        Ok(())
    }

    /// Bytes, as each database writes them.
    const fn blob(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite(_) => ("X'", "'"),
            Self::Pg(_) => ("'\\x", "'"),
        }
    }
}

pub(super) fn fill(postgres: Option<&str>, file: &Path, size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut db = if let Some(url) = postgres {
            Db::Pg(PgConnection::connect(url).await?)
        } else {
            let url = format!("sqlite://{}", file.to_str().context("a path that is no text")?);
            Db::Sqlite(SqliteConnection::connect(&url).await?)
        };
        db.execute("BEGIN".to_owned()).await?;
        rows::people(&mut db, size).await?;
        rows::library(&mut db, size).await?;
        rows::tags_and_likes(&mut db, size).await?;
        rows::credits(&mut db).await?;
        rows::playlists(&mut db, size).await?;
        rows::stages(&mut db, size).await?;
        social::social(&mut db, size).await?;
        rows::chats(&mut db, size).await?;
        db.execute("COMMIT".to_owned()).await?;
        if let Db::Pg(_) = db {
            // Ids were given: the next one comes after them. What autovacuum would find in time is told now.
            for table in ["users", "artists", "albums", "songs", "genres", "playlists", "playlist_songs", "stages"] {
                let text =
                    format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))");
                db.execute(text).await?;
            }
            db.execute("VACUUM ANALYZE".to_owned()).await?;
        }
        Ok(())
    })
}
