//! Of several servers on one PostgreSQL database one at a time does what is to be done once.

use octave_protocol::UserId;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::super::{Db, Result, sql};

/// The first half of the lock's name, "Octu"; the second is the schema.
const LOCK: i32 = 0x4f63_7475;

/// What one of them does at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chore {
    /// Takes away what nobody needs.
    Cleaning,
    /// Tells followers of what is new.
    Announcing,
    /// Listens to a user's songs.
    Listening(UserId),
}

impl Chore {
    /// What its lock is called beside the schema; servers of all versions agree on it.
    fn name(self) -> String {
        match self {
            Self::Cleaning => String::new(),
            Self::Announcing => " announces".into(),
            Self::Listening(user) => format!(" listens to {user}"),
        }
    }
}

/// Whose turn it is; it ends with this, or with the process.
#[derive(Debug)]
pub struct Turn(Option<PgConnection>);

/// None while another server is at it. With SQLite there is no other.
pub async fn turn(db: &Db, chore: Chore) -> Result<Option<Turn>> {
    let Db::Pg(pool) = db else { return Ok(Some(Turn(None))) };
    let mut conn = pool.options().application_name("octave, upkeep").connect().await?;
    let held: bool = sqlx::query_scalar(
        sql!(postgres: "SELECT pg_try_advisory_lock($1, hashtext(current_schema()::text || $2::text)) AS held"),
    )
    .bind(LOCK)
    .bind(chore.name())
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
    async fn one_at_a_time_is_at_each() {
        on_postgres(|db| async move {
            let mine = turn(&db, Chore::Cleaning).await.unwrap().unwrap();
            assert!(turn(&db, Chore::Cleaning).await.unwrap().is_none());
            let hears = turn(&db, Chore::Listening(UserId(7))).await.unwrap().unwrap();
            assert!(turn(&db, Chore::Listening(UserId(7))).await.unwrap().is_none());
            for other in [Chore::Listening(UserId(8)), Chore::Announcing] {
                turn(&db, other).await.unwrap().unwrap().end().await.unwrap();
            }
            for turn in [mine, hears] {
                turn.end().await.unwrap();
            }
            turn(&db, Chore::Cleaning).await.unwrap().unwrap().end().await.unwrap();
        })
        .await;
    }
}
