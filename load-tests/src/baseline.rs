//! What the disk gives: lines inserted in batches by one connection, with nothing around them.
//!
//! A batch is what would have piled up behind the commit before it: at most [`BATCH`] of the lines that are on their
//! way, as in any group commit.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor};

/// Rows of one transaction, and of one statement.
const BATCH: usize = 256;
const ROWS: usize = 64;

const TABLE: &str = "CREATE TABLE baseline (stage_id BIGINT NOT NULL, seq BIGINT NOT NULL, user_id BIGINT NOT NULL, \
     text TEXT NOT NULL, at_us BIGINT NOT NULL, nonce TEXT, PRIMARY KEY (stage_id, seq))";

/// Lines per second into SQLite (WAL, `synchronous=FULL`) in a folder on the disk that the server under test uses.
pub fn sqlite(data_in: Option<&str>, in_flight: usize, stretch: Duration) -> Result<f64> {
    let folder = match data_in {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("baseline.db"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    runtime()?.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
        connection.execute(TABLE).await?;
        let statement = insert();
        let (mut line, start) = (0_i64, Instant::now());
        while start.elapsed() < stretch {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            for _ in 0..chunks(in_flight) {
                let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
                for _ in 0..ROWS {
                    line += 1;
                    query =
                        query.bind(line % 10).bind(line).bind(line % 100).bind(text()).bind(line).bind(None::<String>);
                }
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        }
        Ok(line as f64 / start.elapsed().as_secs_f64())
    })
}

/// Lines per second into `PostgreSQL` at `url`, in a table that is dropped afterwards.
pub fn postgres(url: Option<&str>, in_flight: usize, stretch: Duration) -> Result<f64> {
    let url = url.context("no --postgres")?;
    runtime()?.block_on(async {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        connection.execute("DROP TABLE IF EXISTS baseline").await?;
        connection.execute(TABLE).await?;
        let statement = insert();
        let (mut line, start) = (0_i64, Instant::now());
        while start.elapsed() < stretch {
            let mut transaction = connection.begin().await?;
            for _ in 0..chunks(in_flight) {
                let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
                for _ in 0..ROWS {
                    line += 1;
                    query =
                        query.bind(line % 10).bind(line).bind(line % 100).bind(text()).bind(line).bind(None::<String>);
                }
                query.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        }
        let rate = line as f64 / start.elapsed().as_secs_f64();
        connection.execute("DROP TABLE baseline").await?;
        Ok(rate)
    })
}

/// Statements of one transaction.
fn chunks(in_flight: usize) -> usize {
    (in_flight.min(BATCH) / ROWS).max(1)
}

fn insert() -> String {
    let row = |r: usize| {
        let of: Vec<String> = (1..=6).map(|c| format!("${}", r * 6 + c)).collect();
        format!("({})", of.join(","))
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    format!("INSERT INTO baseline (stage_id, seq, user_id, text, at_us, nonce) VALUES {}", rows.join(","))
}

fn text() -> &'static str {
    const TEXT: &str = "A line of a hundred and twenty bytes, as long as those that the senders of this scenario say to each other, dots and all";
    TEXT
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
