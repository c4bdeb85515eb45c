//! Stages as lists and pages show them. What a running stage changes is written by its journal, not here.

mod words;

use octave_protocol::model::{Adding, Control, Role, SharedVolume, StartBarrier, Succession, User, Visibility};
use octave_protocol::{Duration, GuestRights, Instant, PlaylistId, StageId, UserId};

use super::access::{Viewer, open_to};
use super::again::again;
use super::names::{genre_id, in_order};
use super::search::{fold_stage, hits, in_order as in_order_of, learn, stage_ids, written};
use super::users::user;
use super::word::word;
use super::{Db, Result, StoreError, ids_json, on, sql};
use crate::base::fold::Query;
use crate::base::text;
use crate::stage::core::{Sound, Turns};
pub(super) use words::{
    adding_word, control_word, max_waiting_number, order_word, role_word, succession_word, visibility_word,
};

/// The columns of a [`Row`]. Genres are joined by U+001F, which no name can hold.
macro_rules! columns {
    () => {
        "SELECT t.id, t.name, t.cover, t.visibility, t.control, t.adding, t.start_quorum, t.start_patience_us, t.created_us, \
         t.slow_mode_us, t.succession, t.crossfade_us, t.volume_together, t.volume_percent, t.guests, \
         t.queue_order, t.max_waiting, s.id AS speaker_id, s.username AS speaker, s.avatar AS speaker_avatar, \
         s.guest_stage_id IS NOT NULL AS speaker_guest, \
         u.id AS host_id, u.username AS host, u.avatar AS host_avatar, \
         (SELECT string_agg(g.name, '\u{1f}') FROM stage_genres tg JOIN genres g ON g.id = tg.genre_id \
          WHERE tg.stage_id = t.id) AS genres, \
         (SELECT string_agg(CAST(p.playlist_id AS TEXT), ',') FROM stage_playlists p WHERE p.stage_id = t.id) \
          AS playlists \
         FROM stages t JOIN users u ON u.id = t.host_id \
         LEFT JOIN users s ON s.id = t.speaker_id AND s.deleted_us IS NULL "
    };
}

/// A stage at rest: all but who is there and what plays.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    pub id: StageId,
    pub name: String,
    pub host: User,
    pub genres: Vec<String>,
    /// The name of the cover's file.
    pub cover: Option<String>,
    pub visibility: Visibility,
    pub control: Control,
    pub adding: Adding,
    pub start: StartBarrier,
    pub slow_mode: Duration,
    pub succession: Succession,
    pub sound: Sound,
    pub turns: Turns,
    pub speaker: Option<User>,
    pub guests: GuestRights,
    pub playlists: Vec<PlaylistId>,
    pub created: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    name: String,
    cover: Option<String>,
    visibility: String,
    control: String,
    adding: String,
    start_quorum: i64,
    start_patience_us: i64,
    slow_mode_us: i64,
    succession: String,
    crossfade_us: i64,
    volume_together: bool,
    volume_percent: i64,
    guests: String,
    queue_order: String,
    max_waiting: i64,
    speaker_id: Option<i64>,
    speaker: Option<String>,
    speaker_avatar: Option<String>,
    speaker_guest: bool,
    created_us: i64,
    host_id: i64,
    host: String,
    host_avatar: Option<String>,
    genres: Option<String>,
    playlists: Option<String>,
}

impl TryFrom<Row> for Stage {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let mut genres: Vec<String> = row.genres.iter().flat_map(|g| g.split('\u{1f}')).map(str::to_owned).collect();
        genres.sort_unstable_by_key(|g| text::key(g));
        let ids = row.playlists.iter().flat_map(|ids| ids.split(',')).filter_map(|id| id.parse().ok());
        let mut playlists: Vec<PlaylistId> = ids.map(PlaylistId).collect();
        playlists.sort_unstable();
        Ok(Self {
            id: StageId(row.id),
            name: row.name,
            host: user(UserId(row.host_id), &row.host, row.host_avatar.as_deref()),
            genres,
            cover: row.cover,
            visibility: word("visibility", &row.visibility)?,
            control: word("control", &row.control)?,
            adding: word("adding", &row.adding)?,
            start: StartBarrier {
                quorum_percent: u8::try_from(row.start_quorum).unwrap_or(u8::MAX),
                patience_us: Duration(row.start_patience_us),
            },
            slow_mode: Duration(row.slow_mode_us),
            succession: word("succession", &row.succession)?,
            sound: Sound {
                crossfade: Duration(row.crossfade_us),
                volume: SharedVolume {
                    together: row.volume_together,
                    percent: u8::try_from(row.volume_percent).unwrap_or(u8::MAX),
                },
            },
            turns: Turns {
                order: word("queue_order", &row.queue_order)?,
                max_waiting: u32::try_from(row.max_waiting).ok().filter(|most| *most > 0),
            },
            speaker: row.speaker_id.zip(row.speaker).map(|(id, name)| User {
                guest: row.speaker_guest,
                ..user(UserId(id), &name, row.speaker_avatar.as_deref())
            }),
            guests: GuestRights::of_words(&row.guests),
            playlists,
            created: Instant(row.created_us),
        })
    }
}

/// A stage to open.
#[derive(Debug, Clone, Copy)]
pub struct NewStage<'a> {
    pub name: &'a str,
    pub host: UserId,
    pub genres: &'a [String],
    pub visibility: Visibility,
    pub control: Control,
    pub adding: Adding,
    pub start: StartBarrier,
    pub slow_mode: Duration,
    pub succession: Succession,
    pub crossfade: Duration,
    pub turns: Turns,
}

pub async fn create(db: &Db, new: NewStage<'_>, now: Instant) -> Result<StageId> {
    again(|| create_once(db, new, now)).await
}

async fn create_once(db: &Db, new: NewStage<'_>, now: Instant) -> Result<StageId> {
    on!(db, tx, t => {
        let id: i64 = sqlx::query_scalar(sql!(
            "INSERT INTO stages (name, host_id, visibility, control, adding, start_quorum, start_patience_us, created_us, \
             slow_mode_us, succession, crossfade_us, queue_order, max_waiting) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id"))
            .bind(new.name).bind(new.host.0)
            .bind(visibility_word(new.visibility)).bind(control_word(new.control)).bind(adding_word(new.adding))
            .bind(i64::from(new.start.quorum_percent)).bind(new.start.patience_us.0).bind(now.0)
            .bind(new.slow_mode.0).bind(succession_word(new.succession)).bind(new.crossfade.0)
            .bind(order_word(new.turns.order)).bind(max_waiting_number(new.turns.max_waiting))
            .fetch_one(&mut *t).await?;
        for name in in_order(new.genres) {
            let genre = genre_id!(t, name);
            sqlx::query(sql!("INSERT INTO stage_genres (stage_id, genre_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
                .bind(id).bind(genre).execute(&mut *t).await?;
        }
        fold_stage!(t, id);
        learn!(db, t, [new.name]);
        StageId(id)
    })
}

/// A stage that has not ended, if `viewer` may know of it.
pub async fn get(db: &Db, viewer: impl Into<Viewer>, id: StageId) -> Result<Option<Stage>> {
    let viewer = viewer.into();
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            columns!(), "WHERE t.id = $3 AND t.ended_us IS NULL AND ", open_to!("$1", "$2"))))
        .bind(viewer.id()).bind(viewer.stages()).bind(id.0).fetch_optional(c).await?);
    row.map(Stage::try_from).transpose()
}

/// A stage that has not ended, whoever may know of it: for the actor that is to run it.
pub(super) async fn at_rest(db: &Db, id: StageId) -> Result<Option<Stage>> {
    let row: Option<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            columns!(), "WHERE t.id = $1 AND t.ended_us IS NULL")))
        .bind(id.0).fetch_optional(c).await?);
    row.map(Stage::try_from).transpose()
}

/// The stages that have not ended, whoever may know of them, the latest first; at most `limit` before number `before`.
pub async fn all(db: &Db, before: Option<i64>, limit: u32) -> Result<Vec<Stage>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            columns!(), "WHERE t.id < $1 AND t.ended_us IS NULL ORDER BY t.id DESC LIMIT $2")))
        .bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(c).await?);
    rows.into_iter().map(Stage::try_from).collect()
}

/// Whether it is a stage that has ended, if `viewer` may know that there was one.
pub async fn has_ended(db: &Db, viewer: impl Into<Viewer>, id: StageId) -> Result<bool> {
    let viewer = viewer.into();
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(concat!(
            "SELECT EXISTS (SELECT 1 FROM stages t WHERE t.id = $3 AND t.ended_us IS NOT NULL AND ", open_to!("$1", "$2"), ") \
             AS ended")))
        .bind(viewer.id()).bind(viewer.stages()).bind(id.0).fetch_one(c).await?))
}

/// What a list of stages is narrowed down by.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    pub viewer: Viewer,
    pub genre: Option<&'a str>,
    pub host: Option<UserId>,
}

/// Which open stages a list goes through.
#[derive(Debug, Clone)]
pub enum Which<'a> {
    /// Those with an id below this one, without these, and if asked those alone that a query finds.
    Below(StageId, &'a [StageId], Option<&'a Query>),
    Among(&'a [StageId]),
}

/// The first filter is the one that an index serves; every text takes the same parameters.
macro_rules! open_page {
    ($engine:ident, $which:expr) => {
        sql!($engine: concat!(
            columns!(), "WHERE ", $which, " AND t.ended_us IS NULL AND t.id < $6 AND (CAST($3 AS TEXT) IS NULL OR t.id IN \
             (SELECT tg.stage_id FROM stage_genres tg JOIN genres g ON g.id = tg.genre_id WHERE g.name_key = $3)) \
             AND (CAST($4 AS BIGINT) IS NULL OR t.host_id = $4) AND CAST($7 AS TEXT) IS NOT NULL AND CAST($8 AS TEXT) IS NOT NULL AND ",
            open_to!("$1", "$2"), " ORDER BY t.id DESC LIMIT $5"
        ))
    };
}

fn way(db: &Db, which: &Which<'_>) -> &'static str {
    match (db.is_sqlite(), which) {
        (true, Which::Below(_, _, None)) => open_page!(sqlite, "t.id NOT IN (SELECT value FROM json_each($7))"),
        (true, Which::Below(_, _, Some(_))) => open_page!(
            sqlite,
            concat!(
                "t.id IN (",
                hits!(sqlite: "stage", "stages", "$8"),
                ") AND t.id NOT IN (SELECT value FROM json_each($7))"
            )
        ),
        (true, Which::Among(_)) => open_page!(sqlite, "t.id IN (SELECT value FROM json_each($7))"),
        (false, Which::Below(_, _, None)) => open_page!(
            postgres,
            "t.id NOT IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($7 AS json)))"
        ),
        (false, Which::Below(_, _, Some(_))) => open_page!(
            postgres,
            concat!(
                "t.id IN (",
                hits!(postgres: "stage", "stages", "$8"),
                ") \
                AND t.id NOT IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($7 AS json)))"
            )
        ),
        (false, Which::Among(_)) => open_page!(
            postgres,
            "t.id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($7 AS json)))"
        ),
    }
}

/// Open stages that `filter` lets through, the newest first; at most `limit`.
pub async fn list(db: &Db, filter: &Filter<'_>, which: Which<'_>, limit: u32) -> Result<Vec<Stage>> {
    let (below, ids, query) = match which {
        Which::Below(below, without, query) => (below, without, query),
        Which::Among(ids) => (StageId(i64::MAX), ids, None),
    };
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(way(db, &which))
        .bind(filter.viewer.id()).bind(filter.viewer.stages()).bind(filter.genre.map(text::key))
        .bind(filter.host.map(|h| h.0)).bind(i64::from(limit)).bind(below.0)
        .bind(ids_json(ids.iter().map(|id| id.0))).bind(query.map(|q| written(db, q)).unwrap_or_default())
        .fetch_all(c).await?);
    // A damaged one must not hide the others.
    let sound = |row| Stage::try_from(row).inspect_err(|error| tracing::error!(%error, "a stage is left out")).ok();
    Ok(rows.into_iter().filter_map(sound).collect())
}

/// The latest open stages that `filter` lets through; at most `limit`.
pub async fn latest(db: &Db, filter: &Filter<'_>, limit: u32) -> Result<Vec<Stage>> {
    list(db, filter, Which::Below(StageId(i64::MAX), &[], None), limit).await
}

/// Most stages of a name that are looked through for those that somebody may know of.
const FOUND: u32 = 200;

/// Open stages by relevance.
pub async fn find(db: &Db, viewer: Viewer, q: &Query, limit: u32) -> Result<Vec<Stage>> {
    let filter = Filter { viewer, ..Filter::default() };
    let mut found = Vec::new();
    // Most are open to everybody, so few more than are shown have to be read.
    for many in [(2 * limit).clamp(1, FOUND), FOUND] {
        let ids: Vec<StageId> = stage_ids(db, q, many).await?.into_iter().map(StageId).collect();
        let plain: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let stages = list(db, &filter, Which::Among(&ids), many).await?;
        found = in_order_of(&plain, stages, |stage: &Stage| stage.id.0);
        if found.len() >= limit as usize || ids.len() < many as usize || many == FOUND {
            break;
        }
    }
    found.truncate(limit as usize);
    Ok(found)
}

/// The stages of a host that have not ended.
pub async fn hosted(db: &Db, host: UserId) -> Result<Vec<StageId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT id FROM stages WHERE host_id = $1 AND ended_us IS NULL ORDER BY id"))
        .bind(host.0).fetch_all(c).await?);
    Ok(ids.into_iter().map(StageId).collect())
}

/// What somebody is in a stage, present or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    pub banned: bool,
}

pub async fn standing(db: &Db, id: StageId, user: UserId) -> Result<Standing> {
    let row: Option<(String, bool)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT CASE WHEN t.host_id = $2 THEN 'host' ELSE COALESCE(m.role, 'listener') END AS role, \
             (m.banned IS TRUE AND t.host_id <> $2) AS banned \
             FROM stages t LEFT JOIN stage_participants m ON m.stage_id = t.id AND m.user_id = $2 WHERE t.id = $1"))
        .bind(id.0).bind(user.0).fetch_optional(c).await?);
    let Some((role, banned)) = row else { return Ok(Standing { role: Role::Listener, banned: false }) };
    Ok(Standing { role: word("role", &role)?, banned })
}

/// Somebody who may not enter a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Ban {
    pub user: User,
    /// Absent where neither the row nor the log of old remembers.
    pub at: Option<Instant>,
    pub by: Option<User>,
}

#[derive(sqlx_macros::FromRow)]
struct BanRow {
    user_id: i64,
    username: String,
    avatar: Option<String>,
    banned_us: Option<i64>,
    by_id: Option<i64>,
    by_name: Option<String>,
    by_avatar: Option<String>,
}

/// Who is banned, in the order of names, after the folded name `after`.
pub async fn bans(db: &Db, id: StageId, after: &str, limit: u32) -> Result<Vec<Ban>> {
    let rows: Vec<BanRow> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT u.id AS user_id, u.username, u.avatar, m.banned_us, b.id AS by_id, b.username AS by_name, \
             b.avatar AS by_avatar FROM stage_participants m JOIN users u ON u.id = m.user_id \
             LEFT JOIN users b ON b.id = m.banned_by \
             WHERE m.stage_id = $1 AND m.banned AND u.username_key > $2 ORDER BY u.username_key LIMIT $3"))
        .bind(id.0).bind(after).bind(i64::from(limit)).fetch_all(c).await?);
    let ban = |row: BanRow| Ban {
        user: user(UserId(row.user_id), &row.username, row.avatar.as_deref()),
        at: row.banned_us.map(Instant),
        by: row.by_id.zip(row.by_name).map(|(id, name)| user(UserId(id), &name, row.by_avatar.as_deref())),
    };
    Ok(rows.into_iter().map(ban).collect())
}

#[cfg(test)]
pub(in crate::store) mod tests;
