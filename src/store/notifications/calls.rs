//! Whom a text concerns: those it calls by name, and who is answered.

use std::collections::{BTreeSet, HashMap};

use octave_protocol::{Seq, StageId, UserId};

use super::super::{Db, Result, on, sql, users};
use crate::base::mentions::names;
use crate::presence::Subject;

/// The accounts of the names that texts call, looked up together.
#[derive(Debug, Default)]
pub struct Called(HashMap<String, UserId>);

impl Called {
    /// Those whom one of the texts calls, each once.
    pub fn by(&self, text: &str) -> Vec<UserId> {
        let found: BTreeSet<UserId> =
            names(text).into_iter().filter_map(|name| self.0.get(&users::key(name)).copied()).collect();
        found.into_iter().collect()
    }
}

/// Whom texts call.
pub async fn called<'a>(db: &Db, texts: impl Iterator<Item = &'a str>) -> Result<Called> {
    let keys: BTreeSet<String> = texts.flat_map(names).map(users::key).collect();
    if keys.is_empty() {
        return Ok(Called::default());
    }
    // An array of texts can always be written.
    let keys = serde_json::to_string(&keys).unwrap_or_default();
    let text = if db.is_sqlite() {
        sql!(sqlite: "SELECT username_key, id FROM users WHERE username_key IN (SELECT value FROM json_each($1))")
    } else {
        sql!(postgres: "SELECT username_key, id FROM users WHERE username_key IN \
             (SELECT value FROM json_array_elements_text(CAST($1 AS json)))")
    };
    let rows: Vec<(String, i64)> = on!(db, read, c => sqlx::query_as(text).bind(keys).fetch_all(c).await)?;
    Ok(Called(rows.into_iter().map(|(key, id)| (key, UserId(id))).collect()))
}

/// Whose line this is, unless it was deleted.
pub async fn answered(db: &Db, stage: StageId, line: Seq) -> Result<Option<UserId>> {
    let id: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT sender_id FROM chats WHERE stage_id = $1 AND seq = $2 AND deleted_us IS NULL"))
        .bind(stage.0).bind(line.0).fetch_optional(c).await)?;
    Ok(id.map(UserId))
}

/// What a stage is called.
pub async fn stage_name(db: &Db, stage: StageId) -> Result<Option<String>> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!("SELECT name FROM stages WHERE id = $1"))
        .bind(stage.0).fetch_optional(c).await)?)
}

/// What a song or an album is called.
pub async fn title(db: &Db, about: Subject) -> Result<Option<String>> {
    let (text, id) = match about {
        Subject::Song(id) => (sql!("SELECT title FROM songs WHERE id = $1"), id.0),
        Subject::Album(id) => (sql!("SELECT title FROM albums WHERE id = $1"), id.0),
    };
    Ok(on!(db, read, c => sqlx::query_scalar(text).bind(id).fetch_optional(c).await)?)
}
