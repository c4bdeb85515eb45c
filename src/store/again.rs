//! Transactions that are tried again.
//!
//! Rows are locked in one order wherever that can be said (people by their id, an album before its songs), so that
//! transactions wait for one another but never in a circle. Where it can't, PostgreSQL ends one of the circle, which has
//! then done nothing and gets through when it begins anew. On SQLite a writing transaction is alone.

use super::Result;

/// How often a transaction is begun. Each time it is ended another one has got through.
const TRIES: u32 = 5;

/// Runs a transaction, and again while it is ended in favour of another one.
pub(super) async fn again<T, F: Future<Output = Result<T>>>(transaction: impl Fn() -> F) -> Result<T> {
    for _ in 1..TRIES {
        match transaction().await {
            Err(error) if error.is_conflict() => tracing::debug!(%error, "a transaction begins anew"),
            done => return done,
        }
    }
    transaction().await
}

/// A query within `on!(db, tx, …)` whose rows stay as they are until the transaction ends: `FOR NO KEY UPDATE` does not
/// hold up who only refers to them.
macro_rules! locking {
    ($db:expr, $text:expr) => {
        if $db.is_sqlite() {
            $crate::store::sql!(sqlite: $text)
        } else {
            $crate::store::sql!(postgres: concat!($text, " FOR NO KEY UPDATE"))
        }
    };
}
pub(super) use locking;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use octave_protocol::UserId;
    use tokio::sync::Barrier;

    use super::*;
    use crate::store::testing::{both, people};
    use crate::store::{Db, on};

    /// Locks two accounts in the order in which they are given; the first time only when the other one has begun too.
    async fn in_order(db: &Db, ids: [UserId; 2], begun: &Barrier, tries: &Cell<u32>) -> Result<()> {
        on!(db, tx, t => {
            for (id, is_first) in ids.into_iter().zip([true, false]) {
                sqlx::query("UPDATE users SET friends_count = friends_count + 1 WHERE id = $1")
                    .bind(id.0).execute(&mut *t).await?;
                if is_first && tries.replace(tries.get() + u32::from(is_first)) == 0 && !db.is_sqlite() {
                    begun.wait().await;
                }
            }
        })
    }

    #[tokio::test]
    async fn two_that_wait_for_each_other_both_get_through() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let (begun, one, two) = (Barrier::new(2), Cell::new(0), Cell::new(0));
            let (a, b) = tokio::join!(
                again(|| in_order(&db, [ana, ben], &begun, &one)),
                again(|| in_order(&db, [ben, ana], &begun, &two)),
            );
            a.unwrap();
            b.unwrap();
            let (tries, is_sqlite) = (one.get() + two.get(), db.is_sqlite());
            // PostgreSQL says which begins anew, and may say so of the other one after it.
            assert!(if is_sqlite { tries == 2 } else { tries > 2 }, "{tries} tries");
        })
        .await;
    }
}
