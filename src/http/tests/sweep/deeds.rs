//! What is done in the scenario, and how it is found again.

use std::ops::RangeInclusive;

use serde_json::json;

use super::scene::Scene;
use crate::http::kit::testing::Reply;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Register,
    Login,
    Profile,
    MakePlaylist,
    AddToPlaylist,
    Like,
    Album,
    Follow,
    Befriend,
    OpenStage,
    RenameStage,
    GiveRole,
    Join,
    Say,
    SayTwice,
    Edit,
    Queue,
    Clear,
    Mode,
}

/// What was told as done, and a query that counts it by a text and a number.
#[derive(Debug)]
pub(super) struct Done {
    pub sql: &'static str,
    pub text: String,
    pub number: i64,
    /// How many it has to count.
    pub wanted: RangeInclusive<i64>,
}

/// Codes that a fault of storage may be told by.
pub(super) fn is_of_storage(code: &str) -> bool {
    matches!(code, "storage_full" | "storage_unavailable" | "closed" | "busy")
}

type Told = Result<Done, String>;

impl Deed {
    pub(super) const ALL: [Self; 19] = [
        Self::Register,
        Self::Login,
        Self::Profile,
        Self::MakePlaylist,
        Self::AddToPlaylist,
        Self::Like,
        Self::Album,
        Self::Follow,
        Self::Befriend,
        Self::OpenStage,
        Self::RenameStage,
        Self::GiveRole,
        Self::Join,
        Self::Say,
        Self::SayTwice,
        Self::Edit,
        Self::Queue,
        Self::Clear,
        Self::Mode,
    ];

    /// Undoes what would make it a repetition, and looks at how things stand.
    #[expect(clippy::collapsible_match, reason = "a guard can't wait")]
    pub(super) async fn prepare(self, s: &mut Scene) {
        match self {
            Self::Like => drop(s.ana.delete(&format!("/songs/{}/like", s.song)).await),
            Self::Follow => drop(s.ana.delete("/users/ben/follow").await),
            Self::Befriend => drop(s.ana.delete("/friends/ben").await),
            // The same stage until it lets somebody in.
            Self::Join => {
                if s.socket().await.is_ok() && s.unopened.is_none() {
                    let made = s.ana.post("/stages", json!({"name": "Cellar"})).await;
                    s.unopened = told(made).ok().and_then(|stage| stage["id"].as_i64());
                }
            }
            // What goes wrong on the way to a socket belongs to `Join`.
            _ if self.is_said() => drop(s.socket().await.map(drop)),
            _ => {}
        }
        s.before = match self {
            Self::GiveRole => {
                s.count("SELECT COUNT(*) FROM stage_participants WHERE role = 'dj' AND stage_id = $1").await
            }
            Self::Edit => s.count("SELECT COALESCE(MAX(seq), 0) FROM chats WHERE stage_id = $1").await,
            Self::Queue => s.count("SELECT COUNT(*) FROM stage_queue WHERE stage_id = $1").await,
            Self::Mode => s.count("SELECT COUNT(*) FROM stages WHERE repeat_mode = 'all' AND id = $1").await,
            _ => 0,
        };
    }

    fn is_said(self) -> bool {
        matches!(self, Self::Say | Self::SayTwice | Self::Edit | Self::Queue | Self::Clear | Self::Mode)
    }

    pub(super) async fn does(self, s: &mut Scene) -> Told {
        if self.is_said() { self.is_asked(s).await } else { self.is_requested(s).await }
    }

    async fn is_requested(self, s: &mut Scene) -> Told {
        let name = s.name();
        match self {
            Self::Register => {
                let form =
                    json!({"username": name, "email": format!("{name}@example.org"), "password": "password of x"});
                told(s.api.guest().post("/auth/register", form).await)?;
                row("SELECT COUNT(*) FROM users WHERE username = $1 AND id > $2", name, 0)
            }
            Self::Login => {
                let form = json!({"login": "ana", "password": "password of ana"});
                told(s.api.guest().post("/auth/login", form).await)?;
                // One for each that was told of so far, ana's first among them.
                s.logins += 1;
                let wanted = s.logins..=i64::MAX;
                let sql = "SELECT COUNT(*) FROM sessions WHERE '' <> $1 AND user_id = $2";
                Ok(Done { wanted, ..counted(sql, name, s.ana.id) })
            }
            Self::Profile => {
                told(s.ana.patch("/me", json!({"bio": name})).await)?;
                row("SELECT COUNT(*) FROM users WHERE bio = $1 AND id = $2", name, s.ana.id)
            }
            Self::MakePlaylist => {
                let id = told(s.ana.post("/playlists", json!({"name": name})).await)?["id"].as_i64().unwrap();
                row("SELECT COUNT(*) FROM playlists WHERE name = $1 AND id = $2", name, id)
            }
            Self::AddToPlaylist => {
                let path = format!("/playlists/{}/songs", s.playlist);
                let entry = told(s.ana.post(&path, json!({"song_id": s.song})).await)?["entry"].as_i64().unwrap();
                row("SELECT COUNT(*) FROM playlist_songs WHERE '' <> $1 AND id = $2", name, entry)
            }
            Self::Like => {
                told(s.ana.put(&format!("/songs/{}/like", s.song)).await)?;
                row("SELECT COUNT(*) FROM song_likes WHERE '' <> $1 AND song_id = $2", name, s.song)
            }
            Self::Album => {
                told(s.ana.post("/albums", json!({"title": name, "artist": "B"})).await)?;
                row("SELECT COUNT(*) FROM albums WHERE title = $1 AND id > $2", name, 0)
            }
            Self::Follow => {
                told(s.ana.put("/users/ben/follow").await)?;
                row("SELECT COUNT(*) FROM follows WHERE '' <> $1 AND follower_id = $2", name, s.ana.id)
            }
            Self::Befriend => {
                told(s.ana.put("/friends/ben").await)?;
                row("SELECT COUNT(*) FROM friendships WHERE '' <> $1 AND user_id = $2", name, s.ana.id)
            }
            _ => self.is_requested_of_a_stage(s, name).await,
        }
    }

    async fn is_requested_of_a_stage(self, s: &mut Scene, name: String) -> Told {
        match self {
            Self::OpenStage => {
                told(s.ana.post("/stages", json!({"name": name})).await)?;
                row("SELECT COUNT(*) FROM stages WHERE name = $1 AND id > $2", name, 0)
            }
            Self::RenameStage => {
                told(s.ana.patch(&format!("/stages/{}", s.stage), json!({"name": name})).await)?;
                row("SELECT COUNT(*) FROM stages WHERE name = $1 AND id = $2", name, s.stage)
            }
            Self::GiveRole => {
                let role = if s.before > 0 { "moderator" } else { "dj" };
                let path = format!("/stages/{}/roles/ben", s.stage);
                told(s.ana.send("PUT", &path, Some(json!({"role": role}))).await)?;
                row("SELECT COUNT(*) FROM stage_participants WHERE role = $1 AND stage_id = $2", role.into(), s.stage)
            }
            _ => {
                let stage = s.unopened.ok_or("busy")?;
                s.asks(json!({"type": "join", "stage": stage})).await?;
                s.unopened = None;
                // One socket may be in so many stages only.
                s.hang_up();
                row("SELECT COUNT(*) FROM stages WHERE '' <> $1 AND epoch > 0 AND id = $2", name, stage)
            }
        }
    }

    async fn is_asked(self, s: &mut Scene) -> Told {
        let (name, stage) = (s.name(), s.stage);
        match self {
            Self::Say => says(s, &name).await,
            Self::SayTwice => {
                // Whoever was told nothing says it again, and it stands once.
                let first = says(s, &name).await;
                let second = says(s, &name).await;
                first.or(second)?;
                row("SELECT COUNT(*) FROM chats WHERE message = $1 AND stage_id = $2", name, stage)
            }
            Self::Edit => {
                s.asks(json!({"type": "edit_chat", "stage": stage, "seq": s.before, "text": name})).await?;
                row("SELECT COUNT(*) FROM chats WHERE message = $1 AND seq = $2", name, s.before)
            }
            Self::Queue => {
                s.asks(json!({"type": "queue", "stage": stage, "action": "add", "song": s.song})).await?;
                let sql = "SELECT COUNT(*) FROM stage_queue WHERE '' <> $1 AND stage_id = $2";
                Ok(Done { wanted: s.before + 1..=s.before + 1, ..counted(sql, name, stage) })
            }
            Self::Clear => {
                s.asks(json!({"type": "queue", "stage": stage, "action": "clear"})).await?;
                let sql = "SELECT COUNT(*) FROM stage_queue WHERE '' <> $1 AND stage_id = $2";
                Ok(Done { wanted: 0..=0, ..counted(sql, name, stage) })
            }
            _ => {
                let repeat = if s.before > 0 { "off" } else { "all" };
                s.asks(json!({"type": "queue", "stage": stage, "action": "mode", "repeat": repeat})).await?;
                row("SELECT COUNT(*) FROM stages WHERE repeat_mode = $1 AND id = $2", repeat.into(), stage)
            }
        }
    }
}

fn counted(sql: &'static str, text: String, number: i64) -> Done {
    Done { sql, text, number, wanted: 1..=1 }
}

#[expect(clippy::unnecessary_wraps, reason = "the end of each deed")]
fn row(sql: &'static str, text: String, number: i64) -> Told {
    Ok(counted(sql, text, number))
}

async fn says(s: &mut Scene, text: &str) -> Told {
    let ack = s.asks(json!({"type": "chat", "stage": s.stage, "text": text, "nonce": text})).await?;
    row("SELECT COUNT(*) FROM chats WHERE message = $1 AND seq = $2", text.into(), ack["seq"].as_i64().unwrap())
}

/// The body of what went well; the code of what did not.
fn told(reply: Reply) -> Result<serde_json::Value, String> {
    match reply.status {
        200..300 => Ok(reply.body),
        status => {
            let code = reply.body["code"].as_str().unwrap_or("no problem").to_owned();
            assert!(!is_of_storage(&code) || matches!(status, 503 | 507), "{status} {code}");
            Err(code)
        }
    }
}
