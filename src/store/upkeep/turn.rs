//! Of several servers on one PostgreSQL database one at a time looks after what stays behind.

use sqlx::{ConnectOptions, Connection, PgConnection};

use super::super::{Db, Result, sql};

/// The first half of the lock's name, "Octu"; the second is the schema.
const LOCK: i32 = 0x4f63_7475;

/// Whose turn it is; it ends with this, or with the process.
#[derive(Debug)]
pub struct Turn(Option<PgConnection>);

/// None while another server is at it. With SQLite there is no other.
pub async fn turn(db: &Db) -> Result<Option<Turn>> {
    let Db::Pg(pool) = db else { return Ok(Some(Turn(None))) };
    let mut conn = pool.options().application_name("octave, upkeep").connect().await?;
    let held: bool =
        sqlx::query_scalar(sql!(postgres: "SELECT pg_try_advisory_lock($1, hashtext(current_schema())) AS held"))
            .bind(LOCK)
            .fetch_one(&mut conn)
            .await?;
    if held {
        return Ok(Some(Turn(Some(conn))));
    }
    conn.close().await?;
    Ok(None)
}

impl Turn {
    /// Lets the next one begin at once.
    pub async fn end(self) -> Result<()> {
        match self.0 {
            Some(conn) => Ok(conn.close().await?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::on_postgres;
    use super::*;

    #[tokio::test]
    async fn one_at_a_time() {
        on_postgres(|db| async move {
            let mine = turn(&db).await.unwrap().unwrap();
            assert!(turn(&db).await.unwrap().is_none());
            mine.end().await.unwrap();
            turn(&db).await.unwrap().unwrap().end().await.unwrap();
        })
        .await;
    }
}
