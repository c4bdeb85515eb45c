use octave_testkit::wire::{self, Carries};
use sqlx::Row;

use super::faults::Kind;
use super::*;
use crate::store::StoreError;
use crate::store::testing::{Sql, both, on_postgres, sqlite, statement_columns};

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    both(|db| async move {
        db.migrate().await.unwrap();
        db.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn sqlite_is_durable_and_strict() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}/o.db", dir.path().display())).await.unwrap();
    let Db::Sqlite { read, write } = &db else { panic!("not SQLite") };
    for (pragma, wanted) in [("PRAGMA synchronous", 2i64), ("PRAGMA foreign_keys", 1), ("PRAGMA busy_timeout", 5000)] {
        let value: i64 = sqlx::query(pragma).fetch_one(write).await.unwrap().get(0);
        assert_eq!(value, wanted, "{pragma}");
    }
    let mode: String = sqlx::query("PRAGMA journal_mode").fetch_one(write).await.unwrap().get(0);
    assert_eq!(mode, "wal");
    assert!(sqlx::query("CREATE TABLE t (x)").execute(read).await.is_err(), "readers only read");
}

#[tokio::test]
async fn a_transaction_left_early_is_rolled_back() {
    async fn fails(db: &Db) -> Result<()> {
        on!(db, tx, t => {
            sqlx::query("INSERT INTO genres (name, name_key) VALUES ('Jazz', 'jazz')").execute(&mut *t).await?;
            sqlx::query("INSERT INTO genres (name, name_key) VALUES ('JAZZ', 'jazz')").execute(&mut *t).await?;
        })
    }
    both(|db| async move {
        let error = fails(&db).await.unwrap_err();
        assert!(error.is_unique("name_key"), "{error}");
        let count: i64 =
            on!(&db, write, c => sqlx::query("SELECT COUNT(*) FROM genres").fetch_one(c).await.unwrap().get(0));
        assert_eq!(count, 0);
    })
    .await;
}

/// Every text of the program parses on the engines it is for, names only columns that exist, and answers with the
/// same columns on both.
#[tokio::test]
async fn every_sql_text_is_right_on_both_engines() {
    let columns = &std::sync::Mutex::new(std::collections::HashMap::new());
    both(|db| async move {
        let mine = if db.is_sqlite() { "sqlite" } else { "postgres" };
        for sql in inventory::iter::<Sql>.into_iter().filter(|s| s.engine == "both" || s.engine == mine) {
            let found = statement_columns(&db, sql.text)
                .await
                .unwrap_or_else(|e| panic!("{} on {mine}: {e}\n{}", sql.at, sql.text));
            // A lone column is read by its place, and has a name only if it was given one.
            let Some(found) = found.filter(|columns| columns.len() > 1) else { continue };
            let first = columns.lock().unwrap().entry(sql.text).or_insert_with(|| found.clone()).clone();
            assert_eq!(found, first, "{}: the engines name the columns differently\n{}", sql.at, sql.text);
        }
    })
    .await;
}

/// A list that is a parameter is read once. Within a loop SQLite would parse and scan it anew for each row outside it: the
/// cost grows with the square of the list, while everybody else waits.
#[tokio::test]
async fn no_list_is_scanned_within_a_loop() {
    let (_dir, db) = sqlite().await;
    let Db::Sqlite { read, .. } = &db else { panic!("not SQLite") };
    let mut lists = 0;
    for sql in inventory::iter::<Sql>.into_iter().filter(|s| s.engine != "postgres" && s.text.contains("json_each")) {
        lists += 1;
        assert_eq!(list_in_a_loop(read, sql.text).await, None, "{}: {}", sql.at, sql.text);
    }
    assert!(lists > 5, "only {lists} texts");
    let quadratic = "UPDATE stage_queue SET ord = j.value ->> 1 FROM json_each($2) j \
                     WHERE stage_id = $1 AND entry_id = j.value ->> 0";
    assert!(list_in_a_loop(read, quadratic).await.is_some(), "the test sees one");
    let correlated = "SELECT (SELECT COUNT(*) FROM json_each($1) j WHERE j.value = s.id) FROM stages s";
    assert!(list_in_a_loop(read, correlated).await.is_some(), "the test sees one");
}

/// The step of SQLite's plan that scans a list within a loop: behind another step of the same join, or in a subquery
/// that is done for each row.
async fn list_in_a_loop(read: &Pool<Sqlite>, text: &'static str) -> Option<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explained).fetch_all(read).await.unwrap();
    let is_loop = |detail: &str| detail.starts_with("SCAN") || detail.starts_with("SEARCH");
    let found = plan.iter().enumerate().find(|(at, (_, parent, _, detail))| {
        let behind = plan[..*at].iter().any(|(_, p, _, before)| p == parent && is_loop(before));
        let mut above = *parent;
        let mut each = false;
        while let Some((_, up, _, detail)) = plan.iter().find(|(id, ..)| *id == above) {
            each |= detail.starts_with("CORRELATED");
            above = *up;
        }
        detail.contains("VIRTUAL TABLE") && (behind || each)
    });
    found.map(|(_, (.., detail))| detail.clone())
}

const INSERT: &str = "INSERT INTO genres (name, name_key) VALUES ($1, $1) RETURNING id";

async fn genre(db: &Db, name: &str) -> Result<i64> {
    Ok(on!(db, write, c => sqlx::query_scalar(INSERT).bind(name).fetch_one(c).await?))
}

async fn genre_in_tx(db: &Db, name: &str) -> Result<i64> {
    on!(db, tx, t => sqlx::query_scalar(INSERT).bind(name).fetch_one(&mut *t).await?)
}

async fn genres(db: &Db) -> i64 {
    on!(db, read, c => sqlx::query_scalar("SELECT COUNT(*) FROM genres").fetch_one(c).await.unwrap())
}

/// SQLite refuses every commit of the writing connection, as on a disk that fails to sync.
async fn refuse_commits(db: &Db) {
    let Db::Sqlite { write, .. } = db else { panic!("not SQLite") };
    let mut held = write.alone().await.unwrap();
    held.conn.lock_handle().await.unwrap().set_commit_hook(|| false);
}

#[tokio::test]
async fn a_row_that_was_not_committed_is_not_told() {
    let (_dir, db) = sqlite().await;
    refuse_commits(&db).await;
    assert!(genre(&db, "Jazz").await.is_err(), "the row was there, and its commit failed");
    assert_eq!(genres(&db).await, 0);
}

#[tokio::test]
async fn a_connection_that_could_not_commit_is_not_used_again() {
    let (_dir, db) = sqlite().await;
    refuse_commits(&db).await;
    assert!(genre_in_tx(&db, "Jazz").await.is_err());
    for name in ["Jazz", "Dub"] {
        genre_in_tx(&db, name).await.unwrap();
    }
    genre(&db, "Ska").await.unwrap();
    assert_eq!(genres(&db).await, 3);
}

/// A full database makes SQLite undo the whole transaction by itself, and the rollback that follows fails.
#[tokio::test]
async fn writing_goes_on_when_there_is_room_again() {
    let (_dir, db) = sqlite().await;
    let Db::Sqlite { write, .. } = &db else { panic!("not SQLite") };
    sqlx::query("PRAGMA max_page_count = 1").execute(write).await.unwrap();
    let full = genre_in_tx(&db, &"x".repeat(1_000_000)).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    // It was that connection that was full.
    genre(&db, &"y".repeat(200_000)).await.unwrap();
    genre_in_tx(&db, &"z".repeat(200_000)).await.unwrap();
    assert_eq!(genres(&db).await, 2);
}

#[tokio::test]
async fn a_missing_reference_is_told_whatever_is_asked_back() {
    const NOBODYS: &str = "INSERT INTO playlists (owner_id, name, description, created_us, updated_us) \
                           VALUES (999, 'x', '', 1, 1) RETURNING id";
    async fn in_tx(db: &Db) -> Result<i64> {
        on!(db, tx, t => sqlx::query_scalar(NOBODYS).fetch_one(&mut *t).await?)
    }
    both(|db| async move {
        let alone: sqlx::Result<i64> = on!(&db, write, c => sqlx::query_scalar(NOBODYS).fetch_one(c).await);
        assert!(matches!(alone.map_err(StoreError::from), Err(StoreError::MissingReference(_))));
        assert!(matches!(in_tx(&db).await, Err(StoreError::MissingReference(_))));
    })
    .await;
}

/// Whatever fails in whichever way: what was told as done is done, and the next one works.
#[tokio::test]
async fn each_call_may_fail_in_each_way() {
    both(|db| async move {
        let faults = db.faults();
        for kind in [Kind::Full, Kind::Refused, Kind::Lost, Kind::Cut] {
            // BEGIN, the statement, COMMIT; and the statement alone.
            for n in 0..3 {
                let name = format!("{kind:?} {n}");
                faults.arm(n, kind);
                let outcome = genre_in_tx(&db, &name).await;
                assert!(faults.disarm().is_some() && outcome.is_err(), "{name}: {outcome:?}");
                let again = genre_in_tx(&db, &name).await;
                let committed = matches!(kind, Kind::Lost) && n == 2;
                assert_eq!(again.is_err(), committed, "{name}: {again:?}");
            }
            let name = format!("{kind:?} alone");
            faults.arm(0, kind);
            assert!(genre(&db, &name).await.is_err());
            assert!(faults.disarm().is_some());
            assert_eq!(genre(&db, &name).await.is_err(), kind == Kind::Lost, "{name}");
        }
        assert_eq!(genres(&db).await, 16);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_falls_silent_is_given_up_on() {
    on_postgres(|db| async move {
        let Db::Pg(pool) = &db else { panic!("not PostgreSQL") };
        let options = pool.options();
        let (port, frozen) = wire::lay(format!("{}:{}", options.get_host(), options.get_port())).await.unwrap();
        let wired = Db::open_postgres(options.clone().host("127.0.0.1").port(port)).await.unwrap();
        let Db::Pg(pool) = &wired else { panic!("not PostgreSQL") };
        // A connection for each of those who will ask.
        let sleeps = (0..3).map(|_| sqlx::query("SELECT pg_sleep(0.1)").execute(pool));
        futures_util::future::try_join_all(sleeps).await.unwrap();
        while pool.plain().num_idle() < 3 {
            tokio::task::yield_now().await;
        }
        frozen.send_replace(Carries::Nothing);
        // Each of them waits on its own; a minute is more than all may take together.
        let asked = tokio::time::timeout(Duration::from_mins(1), async {
            for outcome in
                [wired.ping().await, genre(&wired, "Dub").await.map(drop), genre_in_tx(&wired, "Ska").await.map(drop)]
            {
                assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
            }
        });
        asked.await.expect("an answer");
        frozen.send_replace(Carries::All);
        genre_in_tx(&wired, "Funk").await.unwrap();
        // What is slow on a server that lives is waited for.
        sqlx::query("SELECT pg_sleep(1.5)").execute(pool).await.unwrap();
        wired.close().await;
    })
    .await;
}
