//! Invitations: a code that lets somebody, or anybody, into a stage.

use octave_protocol::model::User;
use octave_protocol::{Instant, StageId, UserId};

use super::access::kept_out;
use super::stages::{self, Stage};
use super::users::user;
use super::{Db, Result, on, sql};

/// An invitation to make.
#[derive(Debug, Clone, Copy)]
pub struct NewInvite<'a> {
    pub code: &'a str,
    pub stage: StageId,
    /// Whom it is for; anybody when absent.
    pub user: Option<UserId>,
    pub by: UserId,
}

pub async fn create(db: &Db, new: NewInvite<'_>, now: Instant) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!(
            "INSERT INTO stage_invites (code, stage_id, user_id, created_by, created_us) VALUES ($1, $2, $3, $4, $5)"))
        .bind(new.code).bind(new.stage.0).bind(new.user.map(|u| u.0)).bind(new.by.0).bind(now.0)
        .execute(c).await.map(drop)?);
    Ok(())
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// In; the same code may be used again.
    Into(StageId),
    Banned,
    /// No such code, not for this user, or the stage has ended.
    Unknown,
}

pub async fn accept(db: &Db, code: &str, user: UserId, now: Instant) -> Result<Accepted> {
    on!(db, tx, t => {
        let stage: Option<(i64, bool)> = sqlx::query_as(sql!(concat!(
            "SELECT i.stage_id, ", kept_out!("$2"), " AS kept_out FROM stage_invites i JOIN stages t ON t.id = i.stage_id \
             WHERE i.code = $1 AND (i.user_id IS NULL OR i.user_id = $2) AND t.ended_us IS NULL")))
            .bind(code).bind(user.0).fetch_optional(&mut *t).await?;
        let stage = match stage {
            None => return Ok(Accepted::Unknown),
            Some((_, true)) => return Ok(Accepted::Banned),
            Some((stage, false)) => stage,
        };
        let banned: bool = sqlx::query_scalar(sql!(
            "INSERT INTO stage_participants (stage_id, user_id, invited, joined_us) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (stage_id, user_id) DO UPDATE SET invited = excluded.invited RETURNING banned"))
            .bind(stage).bind(user.0).bind(true).bind(now.0).fetch_one(&mut *t).await?;
        if banned { Accepted::Banned } else { Accepted::Into(StageId(stage)) }
    })
}

/// What a code leads to, as its holder may know it before they accept.
#[derive(Debug, Clone, PartialEq)]
pub struct Door {
    pub stage: Stage,
    pub by: User,
}

#[derive(sqlx::FromRow)]
struct DoorRow {
    stage_id: i64,
    by_id: i64,
    username: String,
    avatar: Option<String>,
}

/// The door of a code that [`accept`] would take: of `viewer`, or of whoever has it where nobody has logged in.
pub async fn door(db: &Db, code: &str, viewer: Option<UserId>) -> Result<Option<Door>> {
    let row: Option<DoorRow> = on!(db, read, c => sqlx::query_as(sql!(
            concat!("SELECT i.stage_id, u.id AS by_id, u.username, u.avatar FROM stage_invites i \
             JOIN stages t ON t.id = i.stage_id JOIN users u ON u.id = i.created_by WHERE i.code = $1 \
             AND (i.user_id IS NULL OR CAST($2 AS BIGINT) IS NULL OR i.user_id = $2) AND t.ended_us IS NULL AND NOT ",
            kept_out!("$2"))))
        .bind(code).bind(viewer.map(|v| v.0)).fetch_optional(c).await?);
    let Some(DoorRow { stage_id, by_id, username, avatar }) = row else { return Ok(None) };
    let by = user(UserId(by_id), &username, avatar.as_deref());
    Ok(stages::at_rest(db, StageId(stage_id)).await?.map(|stage| Door { stage, by }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::stages::{self, tests::open};
    use crate::store::testing::{both, people};

    #[tokio::test]
    async fn a_code_lets_in_whom_it_is_for() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let stage = open(&db, ana).await;
            let new = |code, user| NewInvite { code, stage, user, by: ana };
            create(&db, new("for-ana", Some(ana)), Instant(1)).await.unwrap();
            create(&db, new("for-all", None), Instant(1)).await.unwrap();
            let doors = async |code, viewer| door(&db, code, viewer).await.unwrap().map(|d| (d.stage.id, d.by.id));
            assert_eq!(doors("for-all", None).await, Some((stage, ana)));
            assert_eq!(doors("for-ana", None).await, Some((stage, ana)), "whoever has the code may be whom it is for");
            assert_eq!((doors("for-ana", Some(ben)).await, doors("nothing", None).await), (None, None));
            assert_eq!(accept(&db, "for-ana", ben, Instant(2)).await.unwrap(), Accepted::Unknown);
            assert_eq!(accept(&db, "nothing", ben, Instant(2)).await.unwrap(), Accepted::Unknown);
            assert!(stages::get(&db, Some(ben), stage).await.unwrap().is_none());
            for _ in 0..2 {
                assert_eq!(accept(&db, "for-all", ben, Instant(2)).await.unwrap(), Accepted::Into(stage));
            }
            assert!(stages::get(&db, Some(ben), stage).await.unwrap().is_some());
            on!(&db, write, c => sqlx::query("UPDATE stage_participants SET banned = $1")
                .bind(true).execute(c).await.unwrap().rows_affected());
            assert_eq!(accept(&db, "for-all", ben, Instant(3)).await.unwrap(), Accepted::Banned);
            assert_eq!(doors("for-all", Some(ben)).await, None);
            on!(&db, write, c => sqlx::query("UPDATE stages SET ended_us = 4").execute(c).await.unwrap().rows_affected());
            assert_eq!(doors("for-all", None).await, None);
            assert!(stages::get(&db, Some(ben), stage).await.unwrap().is_none());
        })
        .await;
    }
}
