//! Guests: people without an account, who came to one stage by a [link](links). A guest is a row of `users` that says where
//! it belongs, so that whatever speaks of people speaks of them too. As soon as they have no login any more they are nobody:
//! [`forget`] takes their names away.

pub mod links;
#[cfg(test)]
mod tests;

use octave_protocol::{Instant, SongId, StageId, UserId};

use super::codes::hash;
use super::sessions::TokenHash;
use super::users::{Account, NewAccount, account, key, names};
use super::{Db, Result, StoreError, on, sql};
use crate::base::fold;
use crate::base::text::likeness;
use crate::presence::SessionId;
use crate::store::search::learn;
use links::stands;

/// Whether account `users` is a guest that is still there.
macro_rules! is_guest {
    () => {
        "users.guest_stage_id IS NOT NULL AND users.deleted_us IS NULL"
    };
}

/// Whether somebody has a login that is good at `$now`.
macro_rules! logged_in {
    ($now:literal) => {
        concat!("EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.expires_us > ", $now, ")")
    };
}

/// Somebody at the door.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The name that they give, and what it is called where others have it: the first that nobody has is theirs.
    pub names: &'a [GuestName],
    pub token: &'a TokenHash,
    pub user_agent: &'a str,
    pub address: &'a str,
    /// The network that they come from, and how many guests it may have; as many as come if absent.
    pub network: &'a str,
    pub most_of_network: Option<i64>,
    pub expires: Instant,
}

/// What a guest may be called, and what makes that the same as other names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestName {
    pub shown: String,
    /// Whether an account could be called so: then neither takes it from the other.
    pub is_username: bool,
}

impl GuestName {
    /// No username has a colon: what none can be called gets in no account's way.
    fn keys(&self) -> (String, String) {
        if self.is_username {
            return (key(&self.shown), likeness(&self.shown));
        }
        let apart = format!("guest: {}", key(&self.shown));
        (apart.clone(), apart)
    }
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq)]
pub enum Entered {
    As(Box<Account>),
    /// No such code, expired, used up, called back, or the stage has ended or takes no guests.
    Gone,
    /// As many guests as may be are there from this address.
    TooMany,
}

/// Makes a guest by a code, logged in, all at once.
pub async fn enter(db: &Db, code: &str, new: Newcomer<'_>, now: Instant) -> Result<Entered> {
    let mut taken = StoreError::Unique("users.username_key".into());
    for name in new.names {
        match enter_as(db, code, name, new, now).await {
            Err(error) if error.is_unique("username_key") => taken = error,
            done => return done,
        }
    }
    Err(taken)
}

async fn enter_as(db: &Db, code: &str, name: &GuestName, new: Newcomer<'_>, now: Instant) -> Result<Entered> {
    let (username_key, likeness) = name.keys();
    // An address that is nobody's, and can be typed in by nobody.
    let email_key = format!("guest: {}", crate::base::text::hex(&new.token[..16]));
    on!(db, tx, t => {
        if let Some(most) = new.most_of_network {
            let there: i64 = sqlx::query_scalar(sql!(concat!(
                    "SELECT COUNT(*) FROM users WHERE guest_address = $1 AND ", is_guest!(), " AND ", logged_in!("$2"))))
                .bind(new.network).bind(now.0).fetch_one(&mut *t).await?;
            if there >= most {
                return Ok(Entered::TooMany);
            }
        }
        // Waits for others who use it at the same moment, and finds what they have left.
        let link: Option<(i64, String)> = sqlx::query_as(sql!(concat!(
                "UPDATE guest_links SET uses = uses + 1 WHERE code_hash = $1 AND id IN (SELECT l.id FROM guest_links l \
                 JOIN stages t ON t.id = l.stage_id WHERE l.code_hash = $1 AND ", stands!("$2"), ") \
                 AND (max_uses IS NULL OR uses < max_uses) RETURNING stage_id, rights")))
            .bind(hash(code)).bind(now.0).fetch_optional(&mut *t).await?;
        let Some((stage, rights)) = link else { return Ok(Entered::Gone) };
        let account: Account = sqlx::query_as(sql!(concat!(
                "INSERT INTO users (username, username_key, email, email_key, password_hash, is_admin, created_us, \
                 search_key, likeness, guest_stage_id, guest_rights, guest_address) \
                 VALUES ($1, $2, '', $3, '', $4, $5, $6, $7, $8, $9, $10) RETURNING ", account!())))
            .bind(&name.shown).bind(&username_key).bind(&email_key).bind(false).bind(now.0)
            .bind(fold::NOTHING).bind(&likeness).bind(stage).bind(&rights).bind(new.network)
            .fetch_one(&mut *t).await?;
        names::free!(t, &username_key, account.id, now);
        // As who was invited: the stage is open to them whoever else may come in.
        sqlx::query(sql!(
                "INSERT INTO stage_participants (stage_id, user_id, invited, joined_us) VALUES ($1, $2, $3, $4)"))
            .bind(stage).bind(account.id.0).bind(true).bind(now.0).execute(&mut *t).await?;
        sqlx::query(sql!(
                "INSERT INTO sessions (user_id, token_hash, user_agent, address, created_us, last_seen_us, expires_us) \
                 VALUES ($1, $2, $3, $4, $5, $5, $6)"))
            .bind(account.id.0).bind(new.token.as_slice()).bind(new.user_agent).bind(new.address).bind(now.0)
            .bind(new.expires.0).execute(&mut *t).await?;
        Entered::As(Box::new(account))
    })
}

/// Makes an account of a guest, and ends their logins; which. With `invite`, a code that lets somebody make an account is
/// used for it. None where there is no such guest or the code lets nobody in. Errors: as of
/// [`users::create`](super::users::create); nothing is changed then.
pub async fn keep(
    db: &Db,
    guest: UserId,
    new: NewAccount<'_>,
    invite: Option<&str>,
    now: Instant,
) -> Result<Option<(Account, Vec<SessionId>)>> {
    let username_key = key(new.username);
    on!(db, tx, t => {
        if let Some(code) = invite {
            let counted = sqlx::query(super::account_invites::count_use!())
                .bind(hash(code)).bind(now.0).execute(&mut *t).await?.rows_affected();
            if counted == 0 {
                return Ok(None);
            }
        }
        let account: Option<Account> = sqlx::query_as(sql!(concat!(
                "UPDATE users SET username = $2, username_key = $3, email = $4, email_key = $5, password_hash = $6, \
                 search_key = $7, likeness = $8, guest_stage_id = NULL, guest_rights = '', guest_address = '' \
                 WHERE users.id = $1 AND ", is_guest!(), " RETURNING ", account!())))
            .bind(guest.0).bind(new.username).bind(&username_key).bind(new.email).bind(key(new.email))
            .bind(new.password_hash).bind(fold::document(new.username, "", &[])).bind(likeness(new.username))
            .fetch_optional(&mut *t).await?;
        let Some(account) = account else { return Ok(None) };
        learn!(db, t, [new.username]);
        names::free!(t, &username_key, guest, now);
        let ended: Vec<i64> = sqlx::query_scalar(sql!("DELETE FROM sessions WHERE user_id = $1 RETURNING id"))
            .bind(guest.0).fetch_all(&mut *t).await?;
        Some((account, ended.into_iter().map(SessionId).collect()))
    })
}

/// Ends the logins of one guest of a stage, or of all; which, and whose.
pub async fn send_home(db: &Db, stage: StageId, guest: Option<UserId>) -> Result<Vec<(UserId, SessionId)>> {
    let ended: Vec<(i64, i64)> = on!(db, write, c => sqlx::query_as(sql!(
            "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE guest_stage_id = $1 AND deleted_us IS NULL \
             AND (CAST($2 AS BIGINT) IS NULL OR id = $2)) RETURNING user_id, id"))
        .bind(stage.0).bind(guest.map(|guest| guest.0)).fetch_all(c).await?);
    Ok(ended.into_iter().map(|(user, session)| (UserId(user), SessionId(session))).collect())
}

/// A guest of a stage.
pub async fn get(db: &Db, stage: StageId, guest: UserId) -> Result<Option<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
            "SELECT ", account!(), " FROM users WHERE users.id = $1 AND users.guest_stage_id = $2 AND ", is_guest!())))
        .bind(guest.0).bind(stage.0).fetch_optional(c).await?))
}

/// The guest of a stage who is called so.
pub async fn by_name(db: &Db, stage: StageId, name: &GuestName) -> Result<Option<Account>> {
    let (username_key, _) = name.keys();
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
            "SELECT ", account!(), " FROM users WHERE users.username_key = $1 AND users.guest_stage_id = $2 AND ",
            is_guest!())))
        .bind(username_key).bind(stage.0).fetch_optional(c).await?))
}

/// Whether a song is one of a stage's: it stands in the queue, or plays though it was taken out.
pub async fn is_of_stage(db: &Db, stage: StageId, song: SongId) -> Result<bool> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT EXISTS (SELECT 1 FROM stage_queue q WHERE q.stage_id = $1 AND q.song_id = $2) \
             OR EXISTS (SELECT 1 FROM stages t WHERE t.id = $1 AND t.current_song = $2) AS is_of_stage"))
        .bind(stage.0).bind(song.0).fetch_one(c).await?))
}

/// Guests who have no login any more are nobody: their names are free again at once, and of those who have left nothing
/// behind no name stays. `at_once` by a transaction, all of one stage, so that others get their turn between; how many.
pub async fn forget(db: &Db, now: Instant, at_once: u32) -> Result<u64> {
    let mut gone = 0;
    for round in 0_i64.. {
        let stage: Option<i64> = on!(db, read, c => sqlx::query_scalar(sql!(concat!(
                "SELECT users.guest_stage_id FROM users WHERE ", is_guest!(), " AND NOT ", logged_in!("$1"), " LIMIT 1")))
            .bind(now.0).fetch_optional(c).await?);
        let Some(stage) = stage else { return Ok(gone) };
        // Each piece has an instant of its own, by which it is known from those before.
        gone += forget_some(db, StageId(stage), Instant(now.0 + round), at_once).await?;
    }
    Ok(gone)
}

async fn forget_some(db: &Db, stage: StageId, now: Instant, at_once: u32) -> Result<u64> {
    on!(db, tx, t => {
        let ended = sqlx::query(sql!(concat!(
                "UPDATE users SET username_key = 'guest ' || CAST(id AS TEXT), likeness = 'guest ' || CAST(id AS TEXT), \
                 guest_address = '', deleted_us = $2, erased_us = $2 WHERE id IN (SELECT users.id FROM users WHERE \
                 users.guest_stage_id = $1 AND ", is_guest!(), " AND NOT ", logged_in!("$2"), " ORDER BY users.id LIMIT $3)")))
            .bind(stage.0).bind(now.0).bind(i64::from(at_once)).execute(&mut *t).await?.rows_affected();
        // Who has said something, or is told of by the log or the queue, is named as one who was a guest. The others' rows
        // name nobody any more. They stay: to take away a row of `users` is to look through all that may speak of it.
        sqlx::query(sql!(
                "UPDATE users SET username = username_key WHERE guest_stage_id = $1 AND deleted_us = $2 \
                 AND username <> username_key AND id IN (SELECT id FROM users WHERE guest_stage_id = $1 AND deleted_us = $2 \
                 EXCEPT SELECT sender_id FROM chats WHERE stage_id = $1 \
                 EXCEPT SELECT user_id FROM stage_log WHERE stage_id = $1 \
                 EXCEPT SELECT added_by FROM stage_queue WHERE stage_id = $1)"))
            .bind(stage.0).bind(now.0).execute(&mut *t).await?;
        sqlx::query(sql!(
                "DELETE FROM stage_suggestions WHERE stage_id = $1 AND user_id IN \
                 (SELECT id FROM users WHERE guest_stage_id = $1 AND deleted_us = $2)"))
            .bind(stage.0).bind(now.0).execute(&mut *t).await?;
        sqlx::query(sql!(
                "DELETE FROM stage_participants WHERE stage_id = $1 AND user_id IN \
                 (SELECT id FROM users WHERE guest_stage_id = $1 AND deleted_us = $2)"))
            .bind(stage.0).bind(now.0).execute(&mut *t).await?;
        ended
    })
}
