//! Accounts.

use std::sync::Arc;

use octave_protocol::model::User;
use octave_protocol::{Guest, GuestRights, Instant, StageId, UserId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::search::{in_order, user_ids};
use super::{Db, Result, of_ids, on, sql};
use crate::base::fold::Query;
use crate::base::text::{caseless, likeness};

pub(super) mod names;
mod profile;

pub use names::RESTS;
pub use profile::{Changed, Password, ProfileChange, set_password, update};

/// The columns of [`Account`], for statements that select from `users`.
macro_rules! account {
    () => {
        "users.id, users.username, users.email, users.avatar, users.bio, users.is_admin, \
         users.friends_count, users.followers_count, users.following_count, users.created_us, \
         users.guest_stage_id, users.guest_rights"
    };
}
pub(super) use account;

/// Locks two people's rows, in the order of their ids, before what is between them changes: so whatever two do to each
/// other at once happens one after the other.
macro_rules! lock_people {
    ($db:expr, $t:ident, $one:expr, $other:expr) => {
        sqlx::query($crate::store::again::locking!($db, "SELECT id FROM users WHERE id IN ($1, $2) ORDER BY id"))
            .bind($one.0)
            .bind($other.0)
            .fetch_all(&mut *$t)
            .await?
    };
}
pub(super) use lock_people;

/// A row of `users`, without its password hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    pub username: String,
    pub email: String,
    /// The name of the avatar's file.
    pub avatar: Option<String>,
    pub bio: String,
    pub is_admin: bool,
    pub friends_count: i64,
    pub followers_count: i64,
    pub following_count: i64,
    pub created_us: i64,
    /// Where they belong, who have no account.
    pub guest: Option<Guest>,
}

impl<'r, R: Row> FromRow<'r, R> for Account
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let rights: String = row.try_get("guest_rights")?;
        let stage: Option<i64> = row.try_get("guest_stage_id")?;
        Ok(Self {
            id: UserId(row.try_get("id")?),
            username: row.try_get("username")?,
            email: row.try_get("email")?,
            avatar: row.try_get("avatar")?,
            bio: row.try_get("bio")?,
            is_admin: row.try_get("is_admin")?,
            friends_count: row.try_get("friends_count")?,
            followers_count: row.try_get("followers_count")?,
            following_count: row.try_get("following_count")?,
            created_us: row.try_get("created_us")?,
            guest: stage.map(|stage| Guest { stage: StageId(stage), rights: GuestRights::of_words(&rights) }),
        })
    }
}

impl Account {
    /// Who this is, as others see it.
    pub fn user(&self) -> User {
        User { guest: self.guest.is_some(), ..user(self.id, &self.username, self.avatar.as_deref()) }
    }
}

/// Somebody with an account, as frames and replies show one.
pub fn user(id: UserId, username: &str, avatar: Option<&str>) -> User {
    User { id, username: username.into(), avatar_url: avatar.map(|file| avatar_url(username, file)), guest: false }
}

/// Where an avatar is served; the version makes it cacheable for ever.
pub fn avatar_url(username: &str, file: &str) -> Arc<str> {
    let name = utf8_percent_encode(username, NON_ALPHANUMERIC);
    let version: String = file.chars().take(8).collect();
    format!("/api/v1/users/{name}/avatar?v={version}").into()
}

/// An account to make; names and addresses are checked by whoever makes it.
#[derive(Debug, Clone, Copy)]
pub struct NewAccount<'a> {
    pub username: &'a str,
    pub email: &'a str,
    pub password_hash: &'a str,
    pub is_admin: bool,
}

/// What makes two usernames or addresses the same.
pub fn key(name: &str) -> String {
    crate::base::text::key(name)
}

/// In transaction `$t`, makes an account: the row, its words, its name.
macro_rules! insert {
    ($db:expr, $t:ident, $new:expr, $now:expr) => {{
        let new: $crate::store::users::NewAccount<'_> = $new;
        let account: $crate::store::users::Account = sqlx::query_as($crate::store::users::inserted!())
            .bind(new.username)
            .bind($crate::store::users::key(new.username))
            .bind(new.email)
            .bind($crate::store::users::key(new.email))
            .bind(new.password_hash)
            .bind(new.is_admin)
            .bind($now.0)
            .bind($crate::base::fold::document(new.username, "", &[]))
            .bind($crate::base::text::likeness(new.username))
            .fetch_one(&mut *$t)
            .await?;
        $crate::store::search::learn!($db, $t, [new.username]);
        $crate::store::users::names::free!($t, $crate::store::users::key(new.username), account.id, $now);
        account
    }};
}
pub(super) use insert;

macro_rules! inserted {
    () => {
        $crate::store::sql!(concat!(
            "INSERT INTO users (username, username_key, email, email_key, password_hash, is_admin, created_us, search_key, likeness) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ",
            $crate::store::users::account!()
        ))
    };
}
pub(super) use inserted;

/// In transaction `$t`, whether nobody has an account: whoever makes the first one is an administrator. Of those who make
/// one at the same moment one is the first: the others wait here until that is done.
macro_rules! are_none {
    ($db:expr, $t:ident) => {{
        let taken = || sqlx::query_scalar(sql!("SELECT EXISTS (SELECT 1 FROM users LIMIT 1) AS taken"));
        let mut is_taken: bool = taken().fetch_one(&mut *$t).await?;
        if !is_taken && !$db.is_sqlite() {
            sqlx::query(sql!(postgres: "SELECT pg_advisory_xact_lock(1330795077)")).execute(&mut *$t).await?;
            is_taken = taken().fetch_one(&mut *$t).await?;
        }
        !is_taken
    }};
}
pub(super) use are_none;

/// As [`create`]; the first account is an administrator's.
pub async fn register(db: &Db, new: NewAccount<'_>, now: Instant) -> Result<Account> {
    on!(db, tx, t => {
        let is_admin = new.is_admin || are_none!(db, t);
        insert!(db, t, NewAccount { is_admin, ..new }, now)
    })
}

/// Errors: `Unique` on `username_key`, also while the name rests, or on `email_key`.
pub async fn create(db: &Db, new: NewAccount<'_>, now: Instant) -> Result<Account> {
    on!(db, tx, t => insert!(db, t, new, now))
}

pub async fn by_id(db: &Db, id: UserId) -> Result<Option<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!("SELECT ", account!(), " FROM users WHERE users.id = $1")))
        .bind(id.0).fetch_optional(c).await?))
}

/// The account of this name; a guest has none.
pub async fn by_username(db: &Db, username: &str) -> Result<Option<Account>> {
    let exact: Option<Account> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", account!(), " FROM users WHERE users.username_key = $1 AND users.deleted_us IS NULL AND users.guest_stage_id IS NULL")))
        .bind(key(username)).fetch_optional(c).await?);
    if exact.is_some() {
        return Ok(exact);
    }
    // Without regard to case as Unicode has it; one that only looks alike is another one.
    let alike: Option<Account> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", account!(), " FROM users WHERE users.likeness = $1 AND users.likeness <> '' AND users.deleted_us IS NULL AND users.guest_stage_id IS NULL")))
        .bind(likeness(username)).fetch_optional(c).await?);
    Ok(alike.filter(|account| caseless(&account.username) == caseless(username)))
}

/// The account with this username or address, and its password hash.
pub async fn by_login(db: &Db, login: &str) -> Result<Option<(UserId, String)>> {
    // An address has an @, a username can't: at most one row fits.
    let row: Option<(i64, String)> = on!(db, read, c => sqlx::query_as(sql!(
        "SELECT id, password_hash FROM users WHERE (username_key = $1 OR email_key = $1) AND deleted_us IS NULL \
         AND guest_stage_id IS NULL"))
        .bind(key(login)).fetch_optional(c).await?);
    if row.is_none()
        && let Some(account) = by_username(db, login).await?
    {
        return Ok(Some((account.id, password_hash(db, account.id).await?)));
    }
    Ok(row.map(|(id, hash)| (UserId(id), hash)))
}

/// Users by relevance.
pub async fn find(db: &Db, q: &Query, limit: u32) -> Result<Vec<User>> {
    let ids = user_ids(db, q, limit).await?;
    let rows: Vec<(i64, String, Option<String>)> = of_ids!(
        db,
        ids.iter().copied(),
        "SELECT id, username, avatar FROM users WHERE deleted_us IS NULL AND id IN (",
        ")"
    )?;
    let rows = in_order(&ids, rows, |row| row.0);
    Ok(rows.into_iter().map(|(id, name, avatar)| user(UserId(id), &name, avatar.as_deref())).collect())
}

/// Users by their ids, in no order; those who have left too, as they are called since.
pub async fn named(db: &Db, ids: &[UserId]) -> Result<Vec<User>> {
    let rows: Vec<(i64, String, Option<String>)> =
        of_ids!(db, ids.iter().map(|id| id.0), "SELECT id, username, avatar FROM users WHERE id IN (", ")")?;
    Ok(rows.into_iter().map(|(id, name, avatar)| user(UserId(id), &name, avatar.as_deref())).collect())
}

/// Gives accounts from before their likeness, the first of those that look alike.
pub(super) async fn liken(db: &Db) -> Result<()> {
    let rows: Vec<(i64, String)> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT id, username FROM users WHERE likeness = '' ORDER BY id")).fetch_all(c).await?);
    on!(db, tx, t => {
        for (id, username) in &rows {
            sqlx::query(sql!(
                    "UPDATE users SET likeness = $2 WHERE id = $1 AND NOT EXISTS \
                     (SELECT 1 FROM users o WHERE o.likeness = $2 AND o.likeness <> '')"))
                .bind(id).bind(likeness(username)).execute(&mut *t).await?;
        }
    })
}

/// All accounts after a username, in the order of usernames.
pub async fn list(db: &Db, after: &str, limit: u32) -> Result<Vec<Account>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
        "SELECT ", account!(), " FROM users WHERE users.username_key > $1 AND users.deleted_us IS NULL AND users.guest_stage_id IS NULL ORDER BY users.username_key LIMIT $2")))
        .bind(key(after)).bind(i64::from(limit)).fetch_all(c).await?))
}

/// Names the avatar's file.
pub async fn set_avatar(db: &Db, id: UserId, file: &str) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("UPDATE users SET avatar = $2 WHERE id = $1"))
        .bind(id.0).bind(file).execute(c).await.map(drop)?);
    Ok(())
}

pub async fn password_hash(db: &Db, id: UserId) -> Result<String> {
    on!(db, read, c => Ok(sqlx::query_scalar(sql!("SELECT password_hash FROM users WHERE id = $1"))
        .bind(id.0).fetch_one(c).await?))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::store::testing::both;

    pub(crate) fn ana() -> NewAccount<'static> {
        NewAccount { username: "Ana", email: "ana@example.org", password_hash: "hash", is_admin: false }
    }

    #[tokio::test]
    async fn names_and_addresses_are_unique_without_regard_to_case() {
        both(|db| async move {
            let ana_ = create(&db, ana(), Instant(5)).await.unwrap();
            assert_eq!((ana_.username.as_str(), ana_.created_us), ("Ana", 5));
            let same_name = NewAccount { username: "ANA", email: "other@example.org", ..ana() };
            assert!(create(&db, same_name, Instant(6)).await.unwrap_err().is_unique("username_key"));
            let same_address = NewAccount { username: "other", email: "ANA@example.org", ..ana() };
            assert!(create(&db, same_address, Instant(6)).await.unwrap_err().is_unique("email_key"));
            assert_eq!(by_username(&db, "aNa").await.unwrap().unwrap().id, ana_.id);
            assert_eq!(by_login(&db, "ANA@EXAMPLE.ORG").await.unwrap().unwrap(), (ana_.id, "hash".into()));
            assert_eq!(by_login(&db, "nobody").await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn a_name_is_found_in_any_case_and_one_that_looks_like_it_is_taken() {
        both(|db| async move {
            let sisyphos = NewAccount { username: "Σίσυφος", email: "s@example.org", ..ana() };
            let id = create(&db, sisyphos, Instant(5)).await.unwrap().id;
            assert_eq!(by_username(&db, "ΣΊΣΥΦΟΣ").await.unwrap().unwrap().id, id);
            assert_eq!(by_login(&db, "ΣΊΣΥΦΟΣ").await.unwrap().unwrap(), (id, "hash".into()));
            create(&db, ana(), Instant(6)).await.unwrap();
            for taken in ["ΣΊΣΥΦΟΣ", "Аna"] {
                let again = NewAccount { username: taken, email: "other@example.org", ..ana() };
                assert!(create(&db, again, Instant(7)).await.unwrap_err().is_unique("username_key"), "{taken}");
                let renamed = ProfileChange { username: Some(taken), ..ProfileChange::default() };
                let ben = NewAccount { username: "ben", email: &format!("{taken}@example.org"), ..ana() };
                let ben = match by_username(&db, "ben").await.unwrap() {
                    Some(ben) => ben.id,
                    None => create(&db, ben, Instant(8)).await.unwrap().id,
                };
                assert!(update(&db, ben, renamed, Instant(9)).await.unwrap_err().is_unique("username_key"), "{taken}");
            }
            assert_eq!(by_username(&db, "Аna").await.unwrap(), None, "who only looks alike is somebody else");
            // Two from before keep their names, and are found.
            on!(&db, write, c => sqlx::query("UPDATE users SET likeness = '', username = 'аna', username_key = 'аna' WHERE username = 'ben'")
                .execute(c).await.map(drop)).unwrap();
            liken(&db).await.unwrap();
            assert_eq!(by_username(&db, "аna").await.unwrap().unwrap().username, "аna");
            assert_eq!(by_username(&db, "ana").await.unwrap().unwrap().username, "Ana");
        })
        .await;
    }

    #[test]
    fn an_avatar_has_a_url_whatever_the_name() {
        assert_eq!(&*avatar_url("ana", "0123456789abcdef.webp"), "/api/v1/users/ana/avatar?v=01234567");
        assert_eq!(&*avatar_url("zoë", "01.webp"), "/api/v1/users/zo%C3%AB/avatar?v=01.webp");
    }
}
