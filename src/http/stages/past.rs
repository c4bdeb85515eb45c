//! Stages that have ended, for those who were there.

use axum::Json;
use axum::extract::State;
use octave_protocol::model::User;
use octave_protocol::{Instant, StageId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::CurrentUser;
use crate::http::kit::page::{Listed, Page};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::store::past_stages::{self, PastStage};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A stage that has ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PastStage)]
struct Item {
    #[schema(value_type = i64)]
    id: StageId,
    name: String,
    host: User,
    #[schema(value_type = i64)]
    created_us: Instant,
    #[schema(value_type = i64)]
    ended_us: Instant,
}

impl From<PastStage> for Item {
    fn from(past: PastStage) -> Self {
        Self { id: past.id, name: past.name, host: past.host, created_us: past.opened, ended_us: past.ended }
    }
}

/// Stages that have ended and that I hosted or was in, the latest opened first: their log can be read, and kept as a
/// playlist. One that would be closed to me by now is left out.
#[utoipa::path(get, path = "/me/past-stages", tag = "me", params(Page),
    responses((status = 200, body = Listed<Item>, description = "A piece of the list")),
    security(("bearer" = []), ("cookie" = [])))]
async fn list(State(state): State<AppState>, me: CurrentUser, page: Page) -> Result<Json<Listed<Item>>, Problem> {
    let rows = past_stages::list(&state.db, me.id(), page.after()?, page.fetch()).await?;
    Ok(Json(Listed::new(&page, rows, |past| past.id, Item::from)))
}

#[cfg(test)]
mod tests {
    use octave_protocol::UserId;
    use serde_json::{Value, json};

    use crate::http::kit::state::Settings;
    use crate::http::kit::testing::{Api, Client};
    use crate::store::Db;
    use crate::store::songs::{self, tests::song};
    use crate::store::testing::both;

    /// Those whom a stage is something to.
    struct People {
        host: Client,
        visitor: Client,
        friend: Client,
        former_friend: Client,
        banned: Client,
        blocked: Client,
        stranger: Client,
    }

    impl People {
        async fn of(api: &Api) -> Self {
            Self {
                host: api.user("ana").await,
                visitor: api.user("visitor").await,
                friend: api.user("friend").await,
                former_friend: api.user("former").await,
                banned: api.user("banned").await,
                blocked: api.user("blocked").await,
                stranger: api.user("stranger").await,
            }
        }

        /// A stage that all but the stranger were in while it was public, that was closed to all but `visibility` and ended.
        async fn ended(&self, api: &Api, visibility: &str) -> i64 {
            let id = self.host.post("/stages", json!({"name": "Attic"})).await.ok(201)["id"].as_i64().unwrap();
            for who in [&self.visitor, &self.friend, &self.former_friend, &self.banned, &self.blocked] {
                came(&api.state.db, id, who).await;
            }
            plays(&api.state.db, id, UserId(self.host.id)).await;
            self.host.put(&format!("/stages/{id}/bans/banned")).await.ok(204);
            self.host.patch(&format!("/stages/{id}"), json!({"visibility": visibility})).await.ok(200);
            self.host.delete(&format!("/stages/{id}")).await.ok(204);
            id
        }

        async fn become_known(&self) {
            for name in ["friend", "former"] {
                self.host.put(&format!("/friends/{name}")).await.ok(200);
            }
            self.friend.put("/friends/ana").await.ok(200);
            self.former_friend.put("/friends/ana").await.ok(200);
            self.host.delete("/friends/former").await.ok(204);
            self.host.put("/blocks/blocked").await.ok(204);
        }
    }

    async fn came(db: &Db, stage: i64, who: &Client) {
        crate::store::on!(db, write, c => sqlx::query(
            "INSERT INTO stage_participants (stage_id, user_id, joined_us) VALUES ($1, $2, 1)")
            .bind(stage).bind(who.id).execute(c).await.map(drop).unwrap());
    }

    /// A song began.
    async fn plays(db: &Db, stage: i64, by: UserId) {
        let song = songs::insert(db, &song(by, &format!("So What {stage}"), "Miles")).await.unwrap();
        crate::store::on!(db, write, c => sqlx::query(
            "INSERT INTO stage_log (stage_id, user_id, kind, data, at_us) VALUES ($1, $2, 'played', $3, 5)")
            .bind(stage).bind(by.0).bind(json!({"song": song, "entry": 1}).to_string())
            .execute(c).await.map(drop).unwrap());
    }

    async fn looks_back(who: &Client, stage: i64) {
        let log = who.get(&format!("/stages/{stage}/log")).await.ok(200);
        assert!(log["items"].as_array().unwrap().iter().any(|entry| entry["kind"] == "played"), "{log}");
        let keep = json!({"name": "That evening"});
        let kept = who.post(&format!("/stages/{stage}/log/playlist"), keep).await.ok(201);
        assert_eq!((&kept["songs_count"], &kept["owner"]["id"]), (&json!(1), &json!(who.id)));
        assert!(listed(who).await.contains(&stage));
        // All that is left of it is to be read.
        let entry = log["items"][0]["id"].as_i64().unwrap();
        who.post(&format!("/stages/{stage}/log/{entry}/undo"), json!({})).await.problem(404, "stage_not_found");
        who.get(&format!("/stages/{stage}/chats")).await.problem(404, "stage_not_found");
    }

    async fn sees_nothing(who: &Client, stage: i64) {
        who.get(&format!("/stages/{stage}/log")).await.problem(404, "stage_not_found");
        let keep = json!({"name": "That evening"});
        who.post(&format!("/stages/{stage}/log/playlist"), keep).await.problem(404, "stage_not_found");
        assert!(!listed(who).await.contains(&stage));
    }

    async fn listed(who: &Client) -> Vec<i64> {
        let list = who.get("/me/past-stages").await.ok(200);
        list["items"].as_array().unwrap().iter().map(|past| past["id"].as_i64().unwrap()).collect()
    }

    #[tokio::test]
    async fn who_was_there_looks_back_at_a_stage_that_has_ended_and_nobody_else() {
        both(|db| {
            Box::pin(async move {
                let dir = tempfile::tempdir().unwrap();
                let api = Api::over(db, dir, Settings::default());
                let people = People::of(&api).await;
                let all = people.ended(&api, "public").await;
                let friends = people.ended(&api, "friends").await;
                let none = people.ended(&api, "invite").await;
                people.become_known().await;
                let People { host, visitor, friend, former_friend, banned, blocked, stranger } = &people;
                for (stage, looking, others) in [
                    (all, vec![host, visitor, friend, former_friend], vec![banned, blocked, stranger]),
                    (friends, vec![host, friend], vec![visitor, former_friend, banned, blocked, stranger]),
                    (none, vec![host], vec![visitor, friend, former_friend, banned, blocked, stranger]),
                ] {
                    for who in looking {
                        looks_back(who, stage).await;
                    }
                    for who in others {
                        sees_nothing(who, stage).await;
                    }
                    let guest = api.guest();
                    guest.get(&format!("/stages/{stage}/log")).await.problem(401, "unauthenticated");
                    let keep = json!({"name": "That evening"});
                    guest.post(&format!("/stages/{stage}/log/playlist"), keep).await.problem(401, "unauthenticated");
                }
                api.guest().get("/me/past-stages").await.problem(401, "unauthenticated");
            })
        })
        .await;
    }

    #[tokio::test]
    async fn past_stages_come_in_pieces_the_latest_first() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let mut ids = Vec::new();
        for name in ["First", "Second", "Third", "Still open"] {
            ids.push(ana.post("/stages", json!({"name": name})).await.ok(201)["id"].clone());
        }
        for id in &ids[..3] {
            ana.delete(&format!("/stages/{id}")).await.ok(204);
        }
        let first = ana.get("/me/past-stages?limit=2").await.ok(200);
        let (third, second) = (&first["items"][0], &first["items"][1]);
        assert_eq!((&third["name"], &second["name"]), (&json!("Third"), &json!("Second")));
        assert_eq!((&third["id"], &third["host"]["username"]), (&ids[2], &json!("ana")));
        assert!(third["created_us"].as_i64() < third["ended_us"].as_i64());
        let rest = ana.get(&format!("/me/past-stages?after={}", first["next"].as_str().unwrap())).await.ok(200);
        assert_eq!((&rest["items"][0]["name"], &rest["items"][1]), (&json!("First"), &Value::Null));
        assert_eq!(rest["next"], Value::Null);
    }
}
