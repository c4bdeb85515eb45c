//! Lists and searches read an index, never a whole table. All that is read is looked at, but what is done once or seldom,
//! so a new list needs no line here.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row};

use crate::store::testing::{Sql, on_postgres, sqlite};

/// What is no list: the copy of a whole database, work at the start, and what looks after files and old rows.
const SELDOM: [&str; 10] = [
    "store/admin.rs", // how much there is, for who administers; its list of accounts is looked at by name below
    "store/export.rs", // all that is somebody's, once in a while
    "store/invites.rs", // the codes of old, at the start; its lists are looked at by name below
    "store/removal.rs", // closed accounts, at the start
    "store/search/folding.rs",
    "store/search/lines.rs",
    "store/stage_journal.rs", // stages that play, at the start
    "store/transfer.rs",
    "store/upkeep",
    "store/users.rs", // accounts from before their likeness, at the start
];
/// Words of statements in those files that are lists all the same.
const LISTS: [&str; 3] = ["FROM stage_invites i JOIN stages t", "users.username_key > $1", "id IN ("];

fn reading(engine: &str) -> Vec<&'static Sql> {
    let is_seldom =
        |s: &Sql| SELDOM.iter().any(|file| s.at.contains(file)) && !LISTS.iter().any(|words| s.text.contains(words));
    let ours = |s: &&Sql| {
        s.text.starts_with("SELECT") && s.text.contains(" FROM ") && (s.engine == "both" || s.engine == engine)
    };
    let found: Vec<&Sql> = inventory::iter::<Sql>.into_iter().filter(ours).filter(|s| !is_seldom(s)).collect();
    assert!(found.len() > 100, "{}", found.len());
    found
}

/// Steps of a plan that read a table from its beginning to its end, or all of an index where nothing ends it.
fn scans_of_sqlite<'a>(text: &str, steps: &'a [String]) -> Vec<&'a String> {
    // What was gathered before is read as it is.
    let is_gathered =
        |name: &str| steps.iter().any(|s| *s == format!("CO-ROUTINE {name}") || *s == format!("MATERIALIZE {name}"));
    let is_scan = |step: &&String| match step.strip_prefix("SCAN ") {
        None | Some("CONSTANT ROW") => false,
        Some(rest) if rest.contains("VIRTUAL TABLE") => false,
        Some(rest) if rest.contains("USING") => !text.contains("LIMIT"),
        Some(name) => !is_gathered(name),
    };
    steps.iter().filter(is_scan).collect()
}

#[tokio::test]
async fn sqlite_scans_no_table() {
    let (_dir, db) = sqlite().await;
    let mut scans = Vec::new();
    for sql in reading("sqlite") {
        let text = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.text));
        let crate::store::Db::Sqlite { read, .. } = &db else { unreachable!() };
        let plan = sqlx::query(text).fetch_all(read).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        scans.extend(scans_of_sqlite(sql.text, &steps).into_iter().map(|step| format!("{}: {step}", sql.at)));
    }
    assert!(scans.is_empty(), "{}", scans.join("\n"));
}

/// Where an index can serve it, none is chosen on empty tables but by force.
#[tokio::test]
async fn postgres_scans_no_table() {
    on_postgres(|db| async move {
        let crate::store::Db::Pg(pool) = &db else { unreachable!() };
        let mut scans = Vec::new();
        for sql in reading("postgres") {
            let many = (1..40).rev().find(|n| sql.text.contains(&format!("${n}"))).unwrap_or(0);
            let nothing = vec!["NULL"; many].join(", ");
            let asked = if many == 0 { String::new() } else { format!("({nothing})") };
            let mut t = pool.begin().await.unwrap();
            for text in [
                "SET LOCAL enable_seqscan = off".to_owned(),
                "SET LOCAL plan_cache_mode = force_generic_plan".to_owned(),
                format!("PREPARE asked AS {}", sql.text),
            ] {
                let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *t).await;
                done.unwrap_or_else(|e| panic!("{}: {e}", sql.at));
            }
            let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE asked {asked}"))).fetch_all(&mut *t).await;
            let plan = plan.unwrap_or_else(|e| panic!("{}: {e}", sql.at));
            sqlx::raw_sql("DEALLOCATE asked").execute(&mut *t).await.unwrap();
            let steps = plan.iter().map(|row| row.get::<String, _>(0));
            // The name of the cluster is the one row of its table.
            let steps = steps.filter(|step| step.contains("Seq Scan on ") && !step.contains("Seq Scan on cluster "));
            scans.extend(steps.map(|step| format!("{}: {}", sql.at, step.trim())));
        }
        assert!(scans.is_empty(), "{}", scans.join("\n"));
    })
    .await;
}

/// An import asks these of every file: by the uploader alone, each would read all that were imported before it.
#[tokio::test]
async fn a_file_is_known_by_its_hash_and_not_by_looking_through_its_uploaders() {
    let (_dir, db) = sqlite().await;
    let crate::store::Db::Sqlite { read, .. } = &db else { unreachable!() };
    let texts = reading("sqlite").into_iter().map(|sql| sql.text);
    let asked: BTreeSet<&str> =
        texts.filter(|text| text.contains("file_hash = $") && text.contains("uploader_id = $")).collect();
    assert_eq!(asked.len(), 2);
    for text in asked {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(read).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(steps.iter().any(|step| step.contains("file_hash=?")), "{text}: {steps:?}");
    }
}

/// A scan is seen.
#[tokio::test]
async fn a_planted_scan_is_found() {
    let (_dir, db) = sqlite().await;
    let crate::store::Db::Sqlite { read, .. } = &db else { unreachable!() };
    for (text, is_scan) in [
        ("SELECT id FROM songs WHERE likes_count > 5 ORDER BY id LIMIT 9", true),
        ("SELECT COUNT(*) FROM songs", true),
        ("SELECT id FROM songs WHERE title_key > 'x' ORDER BY title_key LIMIT 9", false),
        ("SELECT l.n FROM (SELECT id + 1 AS n FROM songs WHERE id > 7 ORDER BY id LIMIT 9) l", false),
    ] {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(read).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert_eq!(!scans_of_sqlite(text, &steps).is_empty(), is_scan, "{text}: {steps:?}");
    }
}
