//! WAL with `synchronous=FULL`, the writer's cache and log as Octave has them (`src/store/pool.rs`), up to 64 rows in one
//! statement whose parameters have no numbers, and a table without row ids.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use super::{Bare, Line, TEXT, batch, batches, best, rate, runtime, share};

/// Rows of one statement.
const ROWS: usize = 64;

const TABLE: &str = "CREATE TABLE baseline (stage_id INTEGER NOT NULL, seq INTEGER NOT NULL, sender_id INTEGER NOT NULL, \
     message TEXT NOT NULL, nonce TEXT, reply_to INTEGER, at_us INTEGER NOT NULL, PRIMARY KEY (stage_id, seq)) \
     STRICT, WITHOUT ROWID";

/// `INSERT` of 1, 2, 3, … rows.
static INSERTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let columns = "INSERT INTO baseline (stage_id, seq, sender_id, message, nonce, reply_to, at_us) VALUES ";
    (1..=ROWS).map(|rows| columns.to_owned() + &vec!["(?, ?, ?, ?, ?, ?, ?)"; rows].join(", ")).collect()
});

/// Lines per second into a file in a folder on the disk that the server under test uses.
pub fn sqlite(data_in: Option<&str>, in_flight: usize, stretch: Duration) -> Result<Bare> {
    let sizes = batches(in_flight);
    let each = share(stretch, sizes.len());
    let found: Result<Vec<Bare>> = sizes.into_iter().map(|size| run(data_in, size, each)).collect();
    best(found?)
}

fn run(data_in: Option<&str>, size: usize, stretch: Duration) -> Result<Bare> {
    let folder = match data_in {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    runtime()?.block_on(async {
        let (mut connection, _) = open(folder.path()).await?;
        let (mut done, start) = (0, Instant::now());
        while start.elapsed() < stretch {
            insert(&mut connection, done, size).await?;
            done += 1;
        }
        let per_s = rate(done * size, start);
        connection.close().await?;
        Ok(Bare { per_s, batch: size, connections: 1 })
    })
}

pub(super) async fn open(folder: &Path) -> Result<(SqliteConnection, PathBuf)> {
    let file = folder.join("baseline.db");
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-16384")
        .pragma("wal_autocheckpoint", "4096")
        .pragma("temp_store", "MEMORY");
    let mut connection = SqliteConnection::connect_with(&options).await?;
    connection.execute(TABLE).await?;
    Ok((connection, file))
}

/// One transaction.
pub(super) async fn insert(connection: &mut SqliteConnection, number: usize, size: usize) -> Result<()> {
    let lines: Vec<Line> = batch(number, size, 1).collect();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for rows in lines.chunks(ROWS) {
        let text: &'static str = &INSERTS[rows.len() - 1];
        let mut query = sqlx::query(AssertSqlSafe(text));
        for line in rows {
            query = query.bind(line.stage).bind(line.seq).bind(line.sender).bind(TEXT);
            query = query.bind(None::<String>).bind(None::<i64>).bind(line.seq);
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
