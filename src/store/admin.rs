//! What administrators see and do: all accounts, what they take up, and the log of what was done to them. Each change writes
//! its line of the log in the same transaction.

use octave_protocol::model::User;
use octave_protocol::{Instant, StageId, UserId};
use serde::Serialize;

use super::again::locking;
use super::sessions::end_others;
use super::users::{self, Account, account, user};
use super::{Db, Result, on, sql};
use crate::presence::SessionId;

/// An account as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub account: Account,
    /// Since when nobody may log in by it.
    pub disabled_us: Option<i64>,
    /// Of the logins that are still good.
    pub last_seen_us: Option<i64>,
    pub songs: i64,
    /// Of the songs that they have added.
    pub bytes: i64,
}

macro_rules! listed {
    () => {
        concat!(
            "SELECT ", account!(), ", users.disabled_us, \
             (SELECT MAX(s.last_seen_us) FROM sessions s WHERE s.user_id = users.id) AS last_seen_us, \
             (SELECT COUNT(*) FROM songs g WHERE g.uploader_id = users.id AND g.deleted_us IS NULL) AS songs, \
             (SELECT CAST(COALESCE(SUM(g.file_size), 0) AS BIGINT) FROM songs g WHERE g.uploader_id = users.id \
             AND g.deleted_us IS NULL) AS bytes FROM users WHERE users.deleted_us IS NULL AND users.guest_stage_id IS NULL AND "
        )
    };
}

/// Accounts in the order of names, after the folded name `after`; those alone whose name or address holds `q`.
pub async fn accounts(db: &Db, q: &str, after: &str, limit: u32) -> Result<Vec<Listed>> {
    let escaped = users::key(q).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
            listed!(), "users.username_key > $1 AND (users.username_key LIKE $2 ESCAPE '\\' OR users.email_key LIKE $2 \
             ESCAPE '\\') ORDER BY users.username_key LIMIT $3")))
        .bind(after).bind(format!("%{escaped}%")).bind(i64::from(limit)).fetch_all(c).await?))
}

pub async fn listed(db: &Db, id: UserId) -> Result<Option<Listed>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(listed!(), "users.id = $1")))
        .bind(id.0).fetch_optional(c).await?))
}

/// Whether nobody may log in by an account.
pub async fn is_disabled(db: &Db, id: UserId) -> Result<bool> {
    let disabled: Option<bool> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT disabled_us IS NOT NULL AS disabled FROM users WHERE id = $1"))
        .bind(id.0).fetch_optional(c).await?);
    Ok(disabled.unwrap_or(false))
}

/// What an administrator does to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    MakeAdmin,
    UnmakeAdmin,
    /// Nobody logs in by it, and who has ends.
    Disable,
    Enable,
}

impl Deed {
    const fn kind(self) -> &'static str {
        match self {
            Self::MakeAdmin => "admin_made",
            Self::UnmakeAdmin => "admin_unmade",
            Self::Disable => "disabled",
            Self::Enable => "enabled",
        }
    }

    /// Whether the account administers no more.
    const fn takes_admin(self) -> bool {
        matches!(self, Self::UnmakeAdmin | Self::Disable)
    }
}

/// What came of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The logins that it has ended.
    Ended(Vec<SessionId>),
    /// Nobody would be left to administer.
    LastAdmin,
    Unknown,
}

/// Whether administrators are left without `$user`. Holds all of them until the end, so that two don't unmake each other.
macro_rules! others_administer {
    ($db:expr, $t:ident, $user:expr) => {{
        let admins: Vec<i64> = sqlx::query_scalar(locking!(
            $db,
            "SELECT id FROM users WHERE is_admin AND deleted_us IS NULL AND disabled_us IS NULL ORDER BY id"
        ))
        .fetch_all(&mut *$t)
        .await?;
        !admins.contains(&$user.0) || admins.len() > 1
    }};
}

/// In transaction `$t`, writes a line of the log.
macro_rules! note {
    ($t:ident, $by:expr, $kind:expr, $user:expr, $stage:expr, $about:expr, $now:expr) => {
        sqlx::query(sql!(
            "INSERT INTO moderation_log (at_us, by_id, kind, user_id, stage_id, about) VALUES ($1, $2, $3, $4, $5, $6)"
        ))
        .bind($now.0)
        .bind($by)
        .bind($kind)
        .bind($user)
        .bind($stage)
        .bind($about)
        .execute(&mut *$t)
        .await?
    };
}

/// Does it, by an administrator or the command line. What is so already is neither done nor noted.
pub async fn act(db: &Db, by: Option<UserId>, to: UserId, deed: Deed, now: Instant) -> Result<Done> {
    on!(db, tx, t => {
        if deed.takes_admin() && !others_administer!(db, t, to) {
            return Ok(Done::LastAdmin);
        }
        let before: Option<(String, bool, bool)> = sqlx::query_as(locking!(db,
                "SELECT username, is_admin, disabled_us IS NOT NULL AS disabled FROM users \
                 WHERE id = $1 AND deleted_us IS NULL AND guest_stage_id IS NULL"))
            .bind(to.0).fetch_optional(&mut *t).await?;
        let Some((username, is_admin, is_disabled)) = before else { return Ok(Done::Unknown) };
        let (will_admin, will_disable) = match deed {
            Deed::MakeAdmin => (true, is_disabled),
            Deed::UnmakeAdmin => (false, is_disabled),
            Deed::Disable => (is_admin, true),
            Deed::Enable => (is_admin, false),
        };
        if (will_admin, will_disable) == (is_admin, is_disabled) {
            return Ok(Done::Ended(Vec::new()));
        }
        sqlx::query(sql!("UPDATE users SET is_admin = $2, disabled_us = $3 WHERE id = $1"))
            .bind(to.0).bind(will_admin).bind(will_disable.then_some(now.0)).execute(&mut *t).await?;
        let ended: Vec<i64> = match deed {
            Deed::Disable => sqlx::query_scalar(end_others!()).bind(to.0).bind(0_i64).fetch_all(&mut *t).await?,
            _ => Vec::new(),
        };
        note!(t, by.map(|by| by.0), deed.kind(), Some(to.0), None::<i64>, &username, now);
        Done::Ended(ended.into_iter().map(SessionId).collect())
    })
}

/// Notes that an account is to be closed, if others administer; its name, and the hash of its password.
pub async fn closes(db: &Db, by: UserId, to: UserId, now: Instant) -> Result<Option<(String, String)>> {
    on!(db, tx, t => {
        if !others_administer!(db, t, to) {
            return Ok(None);
        }
        let found: (String, String) = sqlx::query_as(sql!("SELECT username, password_hash FROM users WHERE id = $1"))
            .bind(to.0).fetch_one(&mut *t).await?;
        note!(t, Some(by.0), "deleted", Some(to.0), None::<i64>, &found.0, now);
        Some(found)
    })
}

/// Notes that a stage was ended.
pub async fn ended(db: &Db, by: UserId, stage: StageId, name: &str, now: Instant) -> Result<()> {
    on!(db, tx, t => {
        note!(t, Some(by.0), "stage_ended", None::<i64>, Some(stage.0), name, now);
    })
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: i64,
    pub at_us: i64,
    pub by: Option<User>,
    pub kind: String,
    pub user: Option<User>,
    pub stage: Option<i64>,
    pub about: String,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    at_us: i64,
    kind: String,
    stage_id: Option<i64>,
    about: String,
    by_id: Option<i64>,
    by_name: Option<String>,
    by_avatar: Option<String>,
    user_id: Option<i64>,
    username: Option<String>,
    avatar: Option<String>,
}

/// The log, the latest first; at most `limit` before number `before`.
pub async fn log(db: &Db, before: Option<i64>, limit: u32) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT l.id, l.at_us, l.kind, l.stage_id, l.about, l.by_id, b.username AS by_name, b.avatar AS by_avatar, \
             l.user_id, u.username, u.avatar FROM moderation_log l LEFT JOIN users b ON b.id = l.by_id \
             LEFT JOIN users u ON u.id = l.user_id WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2"))
        .bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(c).await?);
    let named = |id: Option<i64>, name: Option<String>, avatar: Option<String>| {
        id.zip(name).map(|(id, name)| user(UserId(id), &name, avatar.as_deref()))
    };
    let entry = |row: Row| Entry {
        id: row.id,
        at_us: row.at_us,
        by: named(row.by_id, row.by_name, row.by_avatar),
        kind: row.kind,
        user: named(row.user_id, row.username, row.avatar),
        stage: row.stage_id,
        about: row.about,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx_macros::FromRow, utoipa::ToSchema)]
#[schema(as = Storage)]
pub struct Storage {
    pub accounts: i64,
    /// Those who have a login now.
    pub guests: i64,
    pub songs: i64,
    /// Of the sound files, each of which is kept once.
    pub audio_bytes: i64,
    pub database_bytes: i64,
    /// That have not ended.
    pub stages: i64,
}

/// Counts; takes its time on a large library.
pub async fn storage(db: &Db, now: Instant) -> Result<Storage> {
    macro_rules! text {
        ($size:literal) => {
            concat!(
                "SELECT (SELECT COUNT(*) FROM users WHERE deleted_us IS NULL AND guest_stage_id IS NULL) AS accounts, \
                 (SELECT COUNT(*) FROM users WHERE guest_stage_id IS NOT NULL AND deleted_us IS NULL AND EXISTS \
                 (SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.expires_us > $1)) AS guests, \
                 (SELECT COUNT(*) FROM songs WHERE deleted_us IS NULL) AS songs, \
                 (SELECT CAST(COALESCE(SUM(f.file_size), 0) AS BIGINT) FROM \
                 (SELECT DISTINCT file_hash, file_size FROM songs) f) AS audio_bytes, ",
                $size,
                " AS database_bytes, (SELECT COUNT(*) FROM stages WHERE ended_us IS NULL) AS stages"
            )
        };
    }
    let text = if db.is_sqlite() {
        sql!(sqlite: text!("(SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s)"))
    } else {
        sql!(postgres: text!("pg_database_size(current_database())"))
    };
    on!(db, read, c => Ok(sqlx::query_as(text).bind(now.0).fetch_one(c).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};
    use crate::store::users::NewAccount;
    use crate::store::{sessions, songs};

    #[tokio::test]
    async fn one_administers_always_and_what_was_done_is_told() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let act = async |by, to, deed| act(&db, by, to, deed, Instant(5)).await.unwrap();
            let done = Done::Ended(vec![]);
            assert_eq!(act(None, ana, Deed::MakeAdmin).await, done);
            assert_eq!(act(Some(ana), ana, Deed::UnmakeAdmin).await, Done::LastAdmin);
            assert_eq!(act(Some(ana), ana, Deed::Disable).await, Done::LastAdmin);
            assert_eq!(closes(&db, ana, ana, Instant(5)).await.unwrap(), None);
            assert_eq!(act(Some(ana), ben, Deed::MakeAdmin).await, done);
            assert_eq!(act(Some(ana), ben, Deed::MakeAdmin).await, done, "is one already");
            assert_eq!(act(Some(ben), ana, Deed::UnmakeAdmin).await, done);
            assert_eq!(act(Some(ben), UserId(999), Deed::Disable).await, Done::Unknown);
            assert_eq!(closes(&db, ben, ana, Instant(6)).await.unwrap(), Some(("ana".into(), String::new())));
            let told: Vec<_> = log(&db, None, 9).await.unwrap().into_iter().map(|e| (e.kind, e.about, e.by)).collect();
            let kinds: Vec<_> = told.iter().map(|(kind, about, _)| (kind.as_str(), about.as_str())).collect();
            assert_eq!(
                kinds,
                [("deleted", "ana"), ("admin_unmade", "ana"), ("admin_made", "ben"), ("admin_made", "ana")]
            );
            assert_eq!(told[3].2, None, "by the command line");
            assert_eq!(told[2].2.as_ref().unwrap().id, ana);
        })
        .await;
    }

    #[tokio::test]
    async fn two_who_unmake_each_other_at_once_leave_one() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            for _ in 0..10 {
                for who in [ana, ben] {
                    act(&db, None, who, Deed::MakeAdmin, Instant(5)).await.unwrap();
                }
                let (one, other) = tokio::join!(
                    act(&db, Some(ana), ben, Deed::UnmakeAdmin, Instant(6)),
                    act(&db, Some(ben), ana, Deed::UnmakeAdmin, Instant(6))
                );
                let outcomes = [one.unwrap(), other.unwrap()];
                assert!(outcomes.contains(&Done::LastAdmin) && outcomes.contains(&Done::Ended(vec![])), "{outcomes:?}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn of_those_who_register_at_once_one_is_the_first() {
        both(|db| async move {
            let register = async |n: u32| {
                let (name, email) = (format!("user{n}"), format!("user{n}@example.org"));
                let new = NewAccount { username: &name, email: &email, password_hash: "", is_admin: false };
                users::register(&db, new, Instant(5)).await.unwrap().is_admin
            };
            let all = futures_util::future::join_all((0..16).map(register)).await;
            assert_eq!(all.iter().filter(|is_admin| **is_admin).count(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_logs_in_by_an_account_that_is_disabled() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            act(&db, None, ana, Deed::MakeAdmin, Instant(4)).await.unwrap();
            let login = |token| sessions::NewSession {
                user: ben,
                token,
                user_agent: "",
                address: "",
                expires: Instant(100),
                password_hash: "",
            };
            let one = sessions::create(&db, login(&[1; 32]), Instant(5)).await.unwrap().unwrap();
            let done = act(&db, Some(ana), ben, Deed::Disable, Instant(6)).await.unwrap();
            assert_eq!(done, Done::Ended(vec![one]));
            assert!(is_disabled(&db, ben).await.unwrap());
            assert_eq!(sessions::create(&db, login(&[2; 32]), Instant(7)).await.unwrap(), None);
            act(&db, Some(ana), ben, Deed::Enable, Instant(8)).await.unwrap();
            assert!(sessions::create(&db, login(&[2; 32]), Instant(9)).await.unwrap().is_some());
        })
        .await;
    }

    #[tokio::test]
    async fn accounts_are_found_with_what_they_take_up() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let song = songs::tests::song(ana, "A", "Miles");
            songs::insert(&db, &song).await.unwrap();
            let found = accounts(&db, "AN", "", 9).await.unwrap();
            assert_eq!((found.len(), found[0].account.id, found[0].songs), (1, ana, 1));
            assert!(found[0].bytes > 0 && found[0].disabled_us.is_none());
            assert_eq!(accounts(&db, "%", "", 9).await.unwrap().len(), 0);
            assert_eq!(accounts(&db, "", "", 9).await.unwrap().len(), 2);
            assert_eq!(accounts(&db, "example.org", "ana", 9).await.unwrap().len(), 1);
            let all = storage(&db, Instant(5)).await.unwrap();
            assert_eq!((all.accounts, all.songs, all.audio_bytes), (2, 1, found[0].bytes));
            assert!(all.database_bytes > 0);
        })
        .await;
    }
}
