//! Whether the stages of a commit are still this process's.
//!
//! Opening a stage raises its epoch. What a former owner has still under way carries the one before, and the transaction
//! that would write it finds so. PostgreSQL locks the rows that it looked at (`FOR SHARE`, which an update waits for), so a
//! stage is taken over before a commit or after it, never within; SQLite has one writer at a time.

use super::{Conn, Result, sql};
use crate::stage::storage::Work;

/// What a statement binds to ask how many of these stages stand at these epochs.
pub(super) struct Fence {
    pub(super) stages: Vec<i64>,
    pub(super) epochs: Vec<i64>,
}

impl Fence {
    /// Asks for nothing.
    pub(super) const fn none() -> Self {
        Self { stages: Vec::new(), epochs: Vec::new() }
    }

    /// A stage has one job in a commit.
    pub(super) fn around(work: &[Work]) -> Self {
        Self { stages: work.iter().map(|w| w.stage.0).collect(), epochs: work.iter().map(|w| w.epoch.0).collect() }
    }

    pub(super) fn count(&self) -> i64 {
        i64::try_from(self.stages.len()).unwrap_or(i64::MAX)
    }

    pub(super) fn json(&self) -> String {
        let pairs: Vec<_> = self.stages.iter().zip(&self.epochs).collect();
        serde_json::to_string(&pairs).unwrap_or_default()
    }
}

/// CROSS JOIN keeps the order: a search per stage.
macro_rules! sqlite_count {
    ($stages:literal) => {
        concat!(
            "SELECT COUNT(*) FROM json_each(",
            $stages,
            ") f CROSS JOIN stages s WHERE s.id = f.value ->> 0 AND s.epoch = f.value ->> 1"
        )
    };
}
pub(super) use sqlite_count;

macro_rules! postgres_count {
    ($stages:literal, $epochs:literal) => {
        concat!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM UNNEST(",
            $stages,
            "::bigint[], ",
            $epochs,
            "::bigint[]) AS f (id, epoch) JOIN stages s ON s.id = f.id AND s.epoch = f.epoch FOR SHARE OF s) held"
        )
    };
}
pub(super) use postgres_count;

/// Asks alone, where no statement asks beside what it does.
pub(super) async fn holds(conn: &mut Conn<'_>, work: &[Work]) -> Result<bool> {
    let fence = Fence::around(work);
    let held: i64 = match conn {
        Conn::Sqlite(c) => {
            sqlx::query_scalar(sql!(sqlite: concat!("SELECT (", sqlite_count!("$1"), ") AS held")))
                .bind(fence.json())
                .fetch_one(&mut **c)
                .await?
        }
        Conn::Pg(c) => {
            sqlx::query_scalar(sql!(postgres: concat!("SELECT (", postgres_count!("$1", "$2"), ") AS held")))
                .bind(&fence.stages)
                .bind(&fence.epochs)
                .fetch_one(&mut **c)
                .await?
        }
    };
    Ok(held == fence.count())
}
