//! Lists and searches read an index, never a whole table.

use sqlx::{AssertSqlSafe, Row};

use crate::store::testing::{Sql, on_postgres, sqlite};

/// Where lists and searches stand.
const FILES: [&str; 10] = [
    "songs/list.rs",
    "songs.rs",
    "albums.rs",
    "artists.rs",
    "genres.rs",
    "playlists.rs",
    "playlists/entries.rs",
    "chats.rs",
    "stages.rs",
    "search.rs",
];
/// Names under which tables that grow stand there.
const LARGE: [&str; 23] = [
    "s",
    "songs",
    "b",
    "albums",
    "a",
    "artists",
    "p",
    "playlists",
    "playlist_songs",
    "c",
    "chats",
    "t",
    "stages",
    "u",
    "users",
    "g",
    "genres",
    "f",
    "song_genres",
    "song_likes",
    "stage_genres",
    "spellings",
    "x",
];

fn reading(engine: &str) -> Vec<&'static Sql> {
    let stands = |s: &&Sql| FILES.iter().any(|file| s.at.contains(&format!("store/{file}")));
    let ours = |s: &&Sql| s.text.starts_with("SELECT") && (s.engine == "both" || s.engine == engine);
    let found: Vec<&Sql> = inventory::iter::<Sql>.into_iter().filter(stands).filter(ours).collect();
    assert!(found.len() > 50, "{}", found.len());
    found
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
        for step in &steps {
            let scanned =
                step.strip_prefix("SCAN ").filter(|rest| !rest.contains("USING") && !rest.contains("VIRTUAL"));
            // What was gathered before is read as it is.
            let is_gathered = |name: &str| {
                steps.iter().any(|s| *s == format!("CO-ROUTINE {name}") || *s == format!("MATERIALIZE {name}"))
            };
            if scanned.is_some_and(|name| LARGE.contains(&name) && !is_gathered(name)) {
                scans.push(format!("{}: {step}", sql.at));
            }
        }
    }
    assert!(scans.is_empty(), "{}", scans.join("\n"));
}

/// Where an index can serve it, none is chosen on empty tables but by force.
#[tokio::test]
async fn postgres_scans_no_table() {
    on_postgres(|db| async move {
        let mut scans = Vec::new();
        for sql in reading("postgres") {
            let many = (1..20).rev().find(|n| sql.text.contains(&format!("${n}"))).unwrap_or(0);
            let nothing = vec!["NULL"; many].join(", ");
            let asked = if many == 0 { String::new() } else { format!("({nothing})") };
            let steps: Vec<String> = match &db {
                crate::store::Db::Pg(pool) => {
                    let mut t = pool.begin().await.unwrap();
                    for text in [
                        "SET LOCAL enable_seqscan = off".to_owned(),
                        "SET LOCAL plan_cache_mode = force_generic_plan".to_owned(),
                        format!("PREPARE asked AS {}", sql.text),
                    ] {
                        sqlx::raw_sql(AssertSqlSafe(text))
                            .execute(&mut *t)
                            .await
                            .unwrap_or_else(|e| panic!("{}: {e}", sql.at));
                    }
                    let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE asked {asked}")))
                        .fetch_all(&mut *t)
                        .await
                        .unwrap();
                    sqlx::raw_sql("DEALLOCATE asked").execute(&mut *t).await.unwrap();
                    plan.iter().map(|row| row.get::<String, _>(0)).collect()
                }
                crate::store::Db::Sqlite { .. } => unreachable!(),
            };
            for step in steps.iter().filter(|step| step.contains("Seq Scan on ")) {
                let rest = step.split("Seq Scan on ").nth(1).unwrap_or_default();
                if LARGE.contains(&rest.split(' ').next().unwrap_or_default()) {
                    scans.push(format!("{}: {}", sql.at, step.trim()));
                }
            }
        }
        assert!(scans.is_empty(), "{}", scans.join("\n"));
    })
    .await;
}
