//! Invitations: a code that lets somebody, or anybody, into a stage, as long as who made it may invite there.
//!
//! Of a code only its SHA-256 is kept. What it takes to use one is asked when it is used, in the transaction that counts
//! the use.

use octave_protocol::model::User;
use octave_protocol::{Instant, StageId, UserId};

use super::access::kept_out;
use super::codes::hash;
use super::stages::{self, Stage};
use super::users::user;
use super::{Db, Result, on, sql};

/// A row of `stage_invites`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InviteId(pub i64);

/// An invitation to make.
#[derive(Debug, Clone, Copy)]
pub struct NewInvite<'a> {
    pub code: &'a str,
    pub stage: StageId,
    /// Whom it is for; anybody when absent.
    pub user: Option<UserId>,
    pub by: UserId,
    pub expires: Option<Instant>,
    /// How many people it lets in.
    pub max_uses: Option<i64>,
}

/// An invitation as those see it who may call it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Invite {
    pub id: InviteId,
    pub user: Option<User>,
    pub by: User,
    pub created: Instant,
    pub expires: Option<Instant>,
    pub max_uses: Option<i64>,
    pub uses: i64,
    /// Whether it lets in: not expired, not used up, and who made it may invite.
    pub good: bool,
}

/// Whether who made invitation `i` may invite into a closed stage `t`: its host and its moderators.
macro_rules! by_host {
    () => {
        "(t.host_id = i.created_by OR EXISTS (SELECT 1 FROM stage_participants p WHERE p.stage_id = t.id \
         AND p.user_id = i.created_by AND p.role = 'moderator'))"
    };
}

/// Whether invitation `i` to stage `t` is good at instant `$now`, as far as it is not used up.
macro_rules! stands {
    ($now:literal) => {
        concat!(
            "(t.ended_us IS NULL AND (i.expires_us IS NULL OR i.expires_us > ",
            $now,
            ") AND (t.visibility = 'public' OR ",
            by_host!(),
            ") AND NOT ",
            kept_out!("i.created_by"),
            ")"
        )
    };
}

/// Opens a stage to somebody, within a transaction; whether it is. A ban that came since it was looked at has been waited for: an
/// invitation does not outlive it.
macro_rules! open_to {
    ($t:ident, $stage:expr, $user:expr, $now:expr) => {
        sqlx::query($crate::store::sql!(
            "INSERT INTO stage_participants (stage_id, user_id, invited, joined_us) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (stage_id, user_id) DO UPDATE SET invited = excluded.invited \
             WHERE NOT stage_participants.banned"
        ))
        .bind($stage)
        .bind($user.0)
        .bind(true)
        .bind($now.0)
        .execute(&mut *$t)
        .await?
        .rows_affected()
            > 0
    };
}
pub(super) use open_to;

pub async fn create(db: &Db, new: NewInvite<'_>, now: Instant) -> Result<InviteId> {
    let id: i64 = on!(db, write, c => sqlx::query_scalar(sql!(
            "INSERT INTO stage_invites (code_hash, stage_id, user_id, created_by, created_us, expires_us, max_uses) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"))
        .bind(hash(new.code)).bind(new.stage.0).bind(new.user.map(|u| u.0)).bind(new.by.0).bind(now.0)
        .bind(new.expires.map(|e| e.0)).bind(new.max_uses).fetch_one(c).await?);
    Ok(InviteId(id))
}

/// How many invitations into a stage somebody has made that have not expired.
pub async fn count(db: &Db, stage: StageId, by: UserId, now: Instant) -> Result<i64> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COUNT(*) FROM stage_invites WHERE stage_id = $1 AND created_by = $2 \
             AND (expires_us IS NULL OR expires_us > $3)"))
        .bind(stage.0).bind(by.0).bind(now.0).fetch_one(c).await?))
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    user_id: Option<i64>,
    username: Option<String>,
    avatar: Option<String>,
    created_by: i64,
    maker: String,
    maker_avatar: Option<String>,
    created_us: i64,
    expires_us: Option<i64>,
    max_uses: Option<i64>,
    uses: i64,
    good: bool,
}

/// The invitations into a stage, those by one person or all, the latest first; at most `limit` before number `before`.
pub async fn list(
    db: &Db,
    stage: StageId,
    by: Option<UserId>,
    before: Option<i64>,
    limit: u32,
    now: Instant,
) -> Result<Vec<Invite>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT i.id, i.user_id, u.username, u.avatar, i.created_by, m.username AS maker, m.avatar AS maker_avatar, \
             i.created_us, i.expires_us, i.max_uses, i.uses, \
             (", stands!("$5"), " AND (i.max_uses IS NULL OR i.uses < i.max_uses)) AS good \
             FROM stage_invites i JOIN stages t ON t.id = i.stage_id JOIN users m ON m.id = i.created_by \
             LEFT JOIN users u ON u.id = i.user_id \
             WHERE i.stage_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR i.created_by = $2) AND i.id < $3 \
             ORDER BY i.id DESC LIMIT $4")))
        .bind(stage.0).bind(by.map(|u| u.0)).bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).bind(now.0)
        .fetch_all(c).await?);
    let invite = |row: Row| Invite {
        id: InviteId(row.id),
        user: row.user_id.zip(row.username).map(|(id, name)| user(UserId(id), &name, row.avatar.as_deref())),
        by: user(UserId(row.created_by), &row.maker, row.maker_avatar.as_deref()),
        created: Instant(row.created_us),
        expires: row.expires_us.map(Instant),
        max_uses: row.max_uses,
        uses: row.uses,
        good: row.good,
    };
    Ok(rows.into_iter().map(invite).collect())
}

/// Calls an invitation back: by who made it, or by anybody who may. Whether there was one.
pub async fn revoke(db: &Db, stage: StageId, id: InviteId, by: Option<UserId>) -> Result<bool> {
    let gone = on!(db, write, c => sqlx::query(sql!(
            "DELETE FROM stage_invites WHERE id = $1 AND stage_id = $2 AND (CAST($3 AS BIGINT) IS NULL OR created_by = $3)"))
        .bind(id.0).bind(stage.0).bind(by.map(|u| u.0)).execute(c).await?.rows_affected());
    Ok(gone > 0)
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// The stage is open to them from now on, or was before. Who came once may use the same code again.
    Into(StageId),
    Banned,
    /// No such code, not for this user, expired, used up, by somebody who may not invite any more, or the stage has ended.
    Unknown,
}

#[derive(sqlx_macros::FromRow)]
struct Found {
    id: i64,
    stage_id: i64,
    kept_out: bool,
    by_host: bool,
    invited: bool,
}

/// Uses a code; with `stage`, only if it opens that one.
pub async fn accept(db: &Db, code: &str, stage: Option<StageId>, user: UserId, now: Instant) -> Result<Accepted> {
    on!(db, tx, t => {
        let found: Option<Found> = sqlx::query_as(sql!(concat!(
            "SELECT i.id, i.stage_id, ", kept_out!("$2"), " AS kept_out, ", by_host!(), " AS by_host, \
             EXISTS (SELECT 1 FROM stage_participants m WHERE m.stage_id = t.id AND m.user_id = $2 AND m.invited) AS invited \
             FROM stage_invites i JOIN stages t ON t.id = i.stage_id \
             WHERE i.code_hash = $1 AND (i.user_id IS NULL OR i.user_id = $2) \
             AND (CAST($4 AS BIGINT) IS NULL OR i.stage_id = $4) AND ", stands!("$3"))))
            .bind(hash(code)).bind(user.0).bind(now.0).bind(stage.map(|s| s.0)).fetch_optional(&mut *t).await?;
        let found = match found {
            None => return Ok(Accepted::Unknown),
            Some(Found { kept_out: true, .. }) => return Ok(Accepted::Banned),
            Some(found) => found,
        };
        if found.invited {
            return Ok(Accepted::Into(StageId(found.stage_id)));
        }
        let first = sqlx::query(sql!(
            "INSERT INTO stage_invite_uses (invite_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"))
            .bind(found.id).bind(user.0).execute(&mut *t).await?.rows_affected() > 0;
        if first {
            // Waits for others who use it at the same moment, and finds what they have left.
            let counted = sqlx::query(sql!(
                "UPDATE stage_invites SET uses = uses + 1 WHERE id = $1 AND (max_uses IS NULL OR uses < max_uses)"))
                .bind(found.id).execute(&mut *t).await?.rows_affected();
            if counted == 0 {
                return Ok(Accepted::Unknown);
            }
        }
        // What anybody in a public stage hands out is the way there. It gives no right to come back once it is closed.
        if found.by_host && !open_to!(t, found.stage_id, user, now) {
            return Ok(Accepted::Banned);
        }
        Accepted::Into(StageId(found.stage_id))
    })
}

/// What a code leads to, as its holder may know it before they accept.
#[derive(Debug, Clone, PartialEq)]
pub struct Door {
    pub stage: Stage,
    pub by: User,
}

#[derive(sqlx_macros::FromRow)]
struct DoorRow {
    stage_id: i64,
    by_id: i64,
    username: String,
    avatar: Option<String>,
}

/// The door of a code that [`accept`] would take: of `viewer`, or of whoever has it where nobody has logged in.
pub async fn door(db: &Db, code: &str, viewer: Option<UserId>, now: Instant) -> Result<Option<Door>> {
    let row: Option<DoorRow> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT i.stage_id, u.id AS by_id, u.username, u.avatar FROM stage_invites i \
             JOIN stages t ON t.id = i.stage_id JOIN users u ON u.id = i.created_by WHERE i.code_hash = $1 \
             AND (i.user_id IS NULL OR CAST($2 AS BIGINT) IS NULL OR i.user_id = $2) AND NOT ", kept_out!("$2"), " \
             AND (i.max_uses IS NULL OR i.uses < i.max_uses OR EXISTS (SELECT 1 FROM stage_participants m \
              WHERE m.stage_id = t.id AND m.user_id = $2 AND m.invited) OR EXISTS (SELECT 1 FROM stage_invite_uses s \
              WHERE s.invite_id = i.id AND s.user_id = $2)) AND ", stands!("$3"))))
        .bind(hash(code)).bind(viewer.map(|v| v.0)).bind(now.0).fetch_optional(c).await?);
    let Some(DoorRow { stage_id, by_id, username, avatar }) = row else { return Ok(None) };
    let by = user(UserId(by_id), &username, avatar.as_deref());
    Ok(stages::at_rest(db, StageId(stage_id)).await?.map(|stage| Door { stage, by }))
}

/// Hashes the codes of a version that kept them as they are. Does nothing when there are none.
pub(super) async fn hash_codes(db: &Db) -> Result<()> {
    let codes: Vec<String> = on!(db, write, c => sqlx::query_scalar(sql!(
            "SELECT code FROM stage_invites WHERE code IS NOT NULL")).fetch_all(c).await?);
    if codes.is_empty() {
        return Ok(());
    }
    on!(db, tx, t => {
        for code in &codes {
            sqlx::query(sql!("UPDATE stage_invites SET code_hash = $2, code = NULL WHERE code = $1"))
                .bind(code).bind(hash(code)).execute(&mut *t).await?;
        }
    })
}

#[cfg(test)]
mod tests;
