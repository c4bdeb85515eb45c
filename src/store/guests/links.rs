//! Links that let people without an account into a stage, as long as who made one may hand it out there: its host and its
//! moderators. Of a code only its SHA-256 is kept.

use octave_protocol::model::User;
use octave_protocol::{GuestRights, Instant, StageId, UserId};

use crate::store::access::kept_out;
use crate::store::codes::hash;
use crate::store::invites::{self, Accepted, open_to};
use crate::store::stages::{self, Stage};
use crate::store::users::user;
use crate::store::{Db, Result, on, sql};

/// A row of `guest_links`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkId(pub i64);

/// A link to make.
#[derive(Debug, Clone, Copy)]
pub struct NewLink<'a> {
    pub code: &'a str,
    pub stage: StageId,
    pub by: UserId,
    pub rights: GuestRights,
    pub expires: Instant,
    /// How many it lets in.
    pub max_uses: Option<i64>,
}

/// A link as those see it who may call it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub id: LinkId,
    pub by: User,
    pub rights: GuestRights,
    pub created: Instant,
    pub expires: Instant,
    pub max_uses: Option<i64>,
    pub uses: i64,
    /// Whether it lets in: neither expired nor used up, by somebody who may hand it out, into a stage that takes guests.
    pub good: bool,
}

/// Whether link `l` to stage `t` is good at instant `$now`, as far as it is not used up.
macro_rules! stands {
    ($now:literal) => {
        concat!(
            "(t.ended_us IS NULL AND l.expires_us > ",
            $now,
            " AND t.guests LIKE '%listen%' AND (t.host_id = l.created_by OR EXISTS (SELECT 1 FROM stage_participants p \
             WHERE p.stage_id = t.id AND p.user_id = l.created_by AND p.role = 'moderator')) AND NOT ",
            $crate::store::access::kept_out!("l.created_by"),
            ")"
        )
    };
}
pub(super) use stands;

/// Whether link `l` is good still, and how it stands with who uses it.
#[derive(sqlx_macros::FromRow)]
struct Found {
    id: i64,
    stage_id: i64,
    kept_out: bool,
    invited: bool,
}

/// Lets somebody in who has an account, by an invitation or as if they had one; with `stage`, only if the code opens that one.
pub async fn accept(db: &Db, code: &str, stage: Option<StageId>, user: UserId, now: Instant) -> Result<Accepted> {
    match invites::accept(db, code, stage, user, now).await? {
        Accepted::Unknown => accept_link(db, code, stage, user, now).await,
        done => Ok(done),
    }
}

async fn accept_link(db: &Db, code: &str, stage: Option<StageId>, user: UserId, now: Instant) -> Result<Accepted> {
    on!(db, tx, t => {
        let found: Option<Found> = sqlx::query_as(sql!(concat!(
                "SELECT l.id, l.stage_id, ", kept_out!("$2"), " AS kept_out, \
                 EXISTS (SELECT 1 FROM stage_participants m WHERE m.stage_id = t.id AND m.user_id = $2 AND m.invited) AS invited \
                 FROM guest_links l JOIN stages t ON t.id = l.stage_id WHERE l.code_hash = $1 \
                 AND (CAST($4 AS BIGINT) IS NULL OR l.stage_id = $4) AND ", stands!("$3"))))
            .bind(hash(code)).bind(user.0).bind(now.0).bind(stage.map(|s| s.0)).fetch_optional(&mut *t).await?;
        let found = match found {
            None => return Ok(Accepted::Unknown),
            Some(Found { kept_out: true, .. }) => return Ok(Accepted::Banned),
            Some(found) => found,
        };
        if !found.invited {
            let counted = sqlx::query(sql!(
                    "UPDATE guest_links SET uses = uses + 1 WHERE id = $1 AND (max_uses IS NULL OR uses < max_uses)"))
                .bind(found.id).execute(&mut *t).await?.rows_affected();
            if counted == 0 {
                return Ok(Accepted::Unknown);
            }
            if !open_to!(t, found.stage_id, user, now) {
                return Ok(Accepted::Banned);
            }
        }
        Accepted::Into(StageId(found.stage_id))
    })
}

/// Makes a link; those into the stage that have expired go. None if the stage has as many as may be.
pub async fn create(db: &Db, new: NewLink<'_>, most: Option<i64>, now: Instant) -> Result<Option<LinkId>> {
    on!(db, tx, t => {
        sqlx::query(sql!("DELETE FROM guest_links WHERE stage_id = $1 AND expires_us <= $2"))
            .bind(new.stage.0).bind(now.0).execute(&mut *t).await?;
        let there: i64 = sqlx::query_scalar(sql!("SELECT COUNT(*) FROM guest_links WHERE stage_id = $1"))
            .bind(new.stage.0).fetch_one(&mut *t).await?;
        if most.is_some_and(|most| there >= most) {
            return Ok(None);
        }
        let id: i64 = sqlx::query_scalar(sql!(
                "INSERT INTO guest_links (code_hash, stage_id, created_by, rights, created_us, expires_us, max_uses) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"))
            .bind(hash(new.code)).bind(new.stage.0).bind(new.by.0).bind(new.rights.words()).bind(now.0)
            .bind(new.expires.0).bind(new.max_uses).fetch_one(&mut *t).await?;
        Some(LinkId(id))
    })
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    created_by: i64,
    username: String,
    avatar: Option<String>,
    rights: String,
    created_us: i64,
    expires_us: i64,
    max_uses: Option<i64>,
    uses: i64,
    good: bool,
}

impl From<Row> for Link {
    fn from(row: Row) -> Self {
        Self {
            id: LinkId(row.id),
            by: user(UserId(row.created_by), &row.username, row.avatar.as_deref()),
            rights: GuestRights::of_words(&row.rights),
            created: Instant(row.created_us),
            expires: Instant(row.expires_us),
            max_uses: row.max_uses,
            uses: row.uses,
            good: row.good,
        }
    }
}

/// The links into a stage, the latest first; at most `limit` before number `before`.
pub async fn list(db: &Db, stage: StageId, before: Option<i64>, limit: u32, now: Instant) -> Result<Vec<Link>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT l.id, l.created_by, u.username, u.avatar, l.rights, l.created_us, l.expires_us, l.max_uses, l.uses, (",
            stands!("$4"), " AND (l.max_uses IS NULL OR l.uses < l.max_uses)) AS good FROM guest_links l \
             JOIN stages t ON t.id = l.stage_id JOIN users u ON u.id = l.created_by \
             WHERE l.stage_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3")))
        .bind(stage.0).bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).bind(now.0).fetch_all(c).await?);
    Ok(rows.into_iter().map(Link::from).collect())
}

/// Calls a link back; whether there was one.
pub async fn revoke(db: &Db, stage: StageId, id: LinkId) -> Result<bool> {
    let gone = on!(db, write, c => sqlx::query(sql!("DELETE FROM guest_links WHERE id = $1 AND stage_id = $2"))
        .bind(id.0).bind(stage.0).execute(c).await?.rows_affected());
    Ok(gone > 0)
}

/// Where a code leads that lets somebody in, and what it lets them do there.
pub async fn door(db: &Db, code: &str, now: Instant) -> Result<Option<(Stage, GuestRights)>> {
    let row: Option<(i64, String)> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT l.stage_id, l.rights FROM guest_links l JOIN stages t ON t.id = l.stage_id WHERE l.code_hash = $1 \
             AND (l.max_uses IS NULL OR l.uses < l.max_uses) AND ", stands!("$2"))))
        .bind(hash(code)).bind(now.0).fetch_optional(c).await?);
    let Some((stage, rights)) = row else { return Ok(None) };
    let stage = stages::at_rest(db, StageId(stage)).await?;
    Ok(stage.map(|stage| {
        let rights = GuestRights::of_words(&rights).and(stage.guests);
        (stage, rights)
    }))
}
