use octave_protocol::Instant;
use serde_json::{Value, json};

use super::*;
use crate::http::kit::state::Settings;
use crate::http::kit::testing::Api;
use crate::store::testing::{on_postgres, sqlite};
use crate::store::users::{self, NewAccount};

/// A house with some of everything that tests make by themselves.
async fn furnish(db: &Db) -> Value {
    let api = Api::over(db.clone(), tempfile::tempdir().unwrap(), Settings::default());
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    let stage = ana.post("/stages", json!({"name": "Attic", "genres": ["Jazz"]})).await.ok(201);
    let list = ana.post("/playlists", json!({"name": "Evening"})).await.ok(201);
    ben.put("/users/ana/follow").await.ok(204);
    json!({ "stage": stage["id"], "playlist": list["id"] })
}

async fn rows(db: &Db, table: &str) -> i64 {
    let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    super::super::on!(db, read, c => sqlx::query_scalar(count).fetch_one(c).await.unwrap())
}

#[tokio::test]
async fn everything_is_there_afterwards_and_ids_go_on() {
    let (dir, from) = sqlite().await;
    let made = furnish(&from).await;
    let file = dir.path().join("octave.db");
    on_postgres(|to| {
        let (file, from, made) = (file.clone(), from.clone(), made.clone());
        async move {
            let done = transfer(&file, &to).await.unwrap();
            assert!(done.tables > 20 && done.rows > 8, "{done:?}");
            for table in ["users", "sessions", "stages", "stage_genres", "genres", "playlists", "follows"] {
                assert_eq!(rows(&to, table).await, rows(&from, table).await, "{table}");
            }
            let api = Api::over(to.clone(), tempfile::tempdir().unwrap(), Settings::default());
            let stage = api.guest().get(&format!("/stages/{}", made["stage"])).await.ok(200);
            assert_eq!((stage["name"].as_str(), stage["host"]["username"].as_str()), (Some("Attic"), Some("ana")));
            let new = NewAccount { username: "cem", email: "c@example.org", password_hash: "", is_admin: false };
            let next = users::create(&to, new, Instant(1)).await.unwrap();
            assert_eq!(next.id.0, rows(&from, "users").await + 1);
            assert!(matches!(transfer(&file, &to).await, Err(TransferError::NotEmpty)), "filled once");
        }
    })
    .await;
}
