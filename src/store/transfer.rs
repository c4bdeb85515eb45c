//! Everything of an SQLite database, copied into an empty PostgreSQL database of the same schema.
//!
//! Tables, columns and their order are read from PostgreSQL's own catalogue, so a new table needs no line here. What an
//! engine has alone (an index of words, say) stays out: its owner builds it anew. All of it is one transaction: afterwards
//! everything is there, or nothing.

use std::collections::HashSet;
use std::path::Path;

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Postgres, QueryBuilder, Row};

use super::{Db, StoreError, sql};

/// Parameters of one statement; PostgreSQL takes 65,535.
const PARAMETERS: usize = 30_000;

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("that is not PostgreSQL")]
    NotPostgres,
    #[error("the PostgreSQL database holds accounts already; only an empty one is filled")]
    NotEmpty,
    #[error("the two databases have schemas of different versions: bring both up to date by `octave migrate`")]
    OtherSchema,
    #[error("table {table}: {error}")]
    Table { table: String, error: StoreError },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transferred {
    pub tables: u64,
    pub rows: u64,
}

/// Copies what stands in the file `from`, which nobody may write to meanwhile, into `to`.
pub async fn transfer(from: &Path, to: &Db) -> std::result::Result<Transferred, TransferError> {
    let Db::Pg(pool) = to else { return Err(TransferError::NotPostgres) };
    let mut source = SqliteConnectOptions::new().filename(from).read_only(true).connect().await?;
    let mut target = PgConnection::connect_with(&pool.options()).await?;
    let mut t = target.begin().await?;
    if version_of_source(&mut source).await? != version_of_target(&mut t).await? {
        return Err(TransferError::OtherSchema);
    }
    let there: HashSet<String> = tables_of_source(&mut source).await?.into_iter().collect();
    let tables: Vec<Table> = in_order(&mut t).await?.into_iter().filter(|table| there.contains(&table.name)).collect();
    // Locked, so that no server fills it meanwhile.
    for table in &tables {
        sqlx::query(AssertSqlSafe(format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table.name)))
            .execute(&mut *t)
            .await?;
    }
    if sqlx::query_scalar::<_, bool>(sql!("SELECT EXISTS (SELECT 1 FROM users) AS taken")).fetch_one(&mut *t).await? {
        return Err(TransferError::NotEmpty);
    }
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    sqlx::query(AssertSqlSafe(format!("TRUNCATE {} CASCADE", names.join(", ")))).execute(&mut *t).await?;
    // Counts are copied: nothing is to be counted a second time.
    switch_triggers(&mut t, &tables, "DISABLE").await?;
    let mut done = Transferred::default();
    for table in &tables {
        let named = |error: sqlx::Error| TransferError::Table { table: table.name.clone(), error: error.into() };
        done.rows += table.copy(&mut source, &mut t).await.map_err(named)?;
        table.count_on(&mut t).await.map_err(named)?;
        done.tables += 1;
    }
    // The words of lines stand in an index of SQLite's own; the server makes them anew when it starts.
    sqlx::query(sql!("UPDATE stages SET folded_seq = 0")).execute(&mut *t).await?;
    switch_triggers(&mut t, &tables, "ENABLE").await?;
    t.commit().await?;
    source.close().await?;
    target.close().await?;
    Ok(done)
}

async fn switch_triggers(target: &mut PgConnection, tables: &[Table], how: &str) -> sqlx::Result<()> {
    for table in tables {
        let text = format!("ALTER TABLE {} {how} TRIGGER USER", table.name);
        sqlx::query(AssertSqlSafe(text)).execute(&mut *target).await?;
    }
    Ok(())
}

async fn version_of_source(source: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(sql!("SELECT max(version) AS version FROM _sqlx_migrations")).fetch_one(source).await
}

async fn version_of_target(target: &mut PgConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(sql!("SELECT max(version) AS version FROM _sqlx_migrations")).fetch_one(target).await
}

async fn tables_of_source(source: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(sql!(sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'")).fetch_all(source).await
}

#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug, sqlx_macros::FromRow)]
struct Column {
    name: String,
    kind: String,
    counts_by_itself: bool,
}

/// PostgreSQL's tables, each behind those that it refers to.
async fn in_order(target: &mut PgConnection) -> sqlx::Result<Vec<Table>> {
    let mut left: Vec<String> =
        sqlx::query_scalar(sql!(postgres: "SELECT table_name::text FROM information_schema.tables \
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations' \
            ORDER BY table_name"))
        .fetch_all(&mut *target)
        .await?;
    let refers: Vec<(String, String)> =
        sqlx::query_as(sql!(postgres: "SELECT a.relname::text, b.relname::text FROM pg_constraint c \
            JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid \
            WHERE c.contype = 'f' AND a.oid <> b.oid AND a.relnamespace = current_schema()::regnamespace"))
        .fetch_all(&mut *target)
        .await?;
    let mut tables = Vec::new();
    while !left.is_empty() {
        let waits = |name: &String| refers.iter().any(|(a, b)| a == name && left.contains(b));
        let (later, now): (Vec<_>, Vec<_>) = left.iter().cloned().partition(waits);
        if now.is_empty() {
            return Err(sqlx::Error::Protocol(format!("tables refer to each other in a circle: {later:?}")));
        }
        for name in now {
            let columns = columns(&mut *target, &name).await?;
            tables.push(Table { name, columns });
        }
        left = later;
    }
    Ok(tables)
}

async fn columns(target: &mut PgConnection, table: &str) -> sqlx::Result<Vec<Column>> {
    sqlx::query_as(sql!(postgres: "SELECT column_name::text AS name, data_type::text AS kind, \
            is_identity = 'YES' AS counts_by_itself FROM information_schema.columns \
            WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position"))
        .bind(table)
        .fetch_all(target)
        .await
}

impl Table {
    async fn copy(&self, source: &mut SqliteConnection, target: &mut PgConnection) -> sqlx::Result<u64> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(", ");
        let all = format!("SELECT {names} FROM {}", self.name);
        let mut rows = sqlx::query(AssertSqlSafe(all)).fetch(source);
        let most = PARAMETERS / self.columns.len().max(1);
        let (mut together, mut copied) = (Vec::with_capacity(most), 0);
        loop {
            let next = rows.try_next().await?;
            let over = next.is_none();
            together.extend(next);
            if !together.is_empty() && (over || together.len() == most) {
                copied += self.insert(&names, &together, target).await?;
                together.clear();
            }
            if over {
                return Ok(copied);
            }
        }
    }

    async fn insert(&self, names: &str, rows: &[SqliteRow], target: &mut PgConnection) -> sqlx::Result<u64> {
        let mut insert: QueryBuilder<Postgres> =
            QueryBuilder::new(format!("INSERT INTO {} ({names}) VALUES ", self.name));
        for (number, row) in rows.iter().enumerate() {
            insert.push(if number == 0 { "(" } else { ", (" });
            for (at, column) in self.columns.iter().enumerate() {
                if at > 0 {
                    insert.push(", ");
                }
                column.bind(&mut insert, row, at)?;
            }
            insert.push(")");
        }
        Ok(insert.build().execute(target).await?.rows_affected())
    }

    /// New rows are numbered behind the copied ones.
    async fn count_on(&self, target: &mut PgConnection) -> sqlx::Result<()> {
        for column in self.columns.iter().filter(|column| column.counts_by_itself) {
            let (table, name) = (&self.name, &column.name);
            let set = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{name}'), coalesce(max({name}), 0) + 1, FALSE) FROM {table}"
            );
            sqlx::query(AssertSqlSafe(set)).execute(&mut *target).await?;
        }
        Ok(())
    }
}

impl Column {
    /// SQLite keeps whole numbers, floating ones, texts and bytes; what they are to be is PostgreSQL's to say.
    fn bind(&self, insert: &mut QueryBuilder<Postgres>, row: &SqliteRow, at: usize) -> sqlx::Result<()> {
        let whole = || row.try_get_unchecked::<Option<i64>, _>(at);
        match self.kind.as_str() {
            "bigint" => insert.push_bind(whole()?),
            "integer" | "smallint" => insert.push_bind(whole()?.and_then(|n| i32::try_from(n).ok())),
            "boolean" => insert.push_bind(whole()?.map(|n| n != 0)),
            "double precision" | "real" => insert.push_bind(row.try_get_unchecked::<Option<f64>, _>(at)?),
            "bytea" => insert.push_bind(row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?),
            "text" => insert.push_bind(row.try_get_unchecked::<Option<String>, _>(at)?),
            other => return Err(sqlx::Error::Protocol(format!("column {} is of the type {other}", self.name))),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
