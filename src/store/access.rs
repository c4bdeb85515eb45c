//! Who may know of a stage and enter it: the one rule, for REST, lists, search, presence and the socket's door.
//!
//! In SQL, since lists are filtered by it. A running stage decides the same from what it holds (`stage::core`) and asks
//! here what it does not; that both agree is a test (`tests/ws/access.rs`).

use octave_protocol::{StageId, UserId};

use super::{Db, Result, on, sql};

/// Whether user `$user` (0: nobody) is kept out of stage `t` whatever else is true: banned there, or blocked by its host.
macro_rules! kept_out {
    ($user:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM stage_participants b WHERE b.stage_id = t.id AND b.user_id = ",
            $user,
            " AND b.banned AND t.host_id <> ",
            $user,
            ") OR EXISTS (SELECT 1 FROM blocks k WHERE k.user_id = t.host_id AND k.blocked_id = ",
            $user,
            "))"
        )
    };
}
pub(in crate::store) use kept_out;

/// Whether stage `t` is open to user `$user` (0: nobody), who is inside the stages `$inside` (`,7,9,`): public ones, the
/// own, those of friends where friends may come, those to which one was invited or has a role in, and those where one
/// is. Having been there gives no right.
macro_rules! open_to {
    ($user:literal, $inside:literal) => {
        concat!(
            "((t.visibility = 'public' OR t.host_id = ",
            $user,
            " OR ",
            $inside,
            " LIKE '%,' || CAST(t.id AS TEXT) || ',%' OR (t.visibility = 'friends' AND EXISTS (SELECT 1 FROM friendships f \
             WHERE f.status = 'accepted' AND ((f.user_id = ",
            $user,
            " AND f.friend_id = t.host_id) OR (f.friend_id = ",
            $user,
            " AND f.user_id = t.host_id)))) OR EXISTS (SELECT 1 FROM stage_participants m WHERE m.stage_id = t.id \
             AND m.user_id = ",
            $user,
            " AND (m.invited OR m.role <> 'listener'))) AND NOT ",
            $crate::store::access::kept_out!($user),
            ")"
        )
    };
}
pub(in crate::store) use open_to;

/// Whether user `$user` hosts stage `t` or was ever there.
macro_rules! was_at {
    ($user:literal) => {
        concat!(
            "t.id IN (SELECT h.id FROM stages h WHERE h.host_id = ",
            $user,
            " UNION ALL SELECT m.stage_id FROM stage_participants m WHERE m.user_id = ",
            $user,
            ")"
        )
    };
}
pub(in crate::store) use was_at;

/// Who looks at stages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    user: Option<UserId>,
    inside: Vec<StageId>,
}

impl Viewer {
    /// Somebody with the stages they are in at this moment: who is in when a stage closes stays, and sees it as before.
    pub const fn inside(user: UserId, stages: Vec<StageId>) -> Self {
        Self { user: Some(user), inside: stages }
    }

    /// As the SQL takes it: 0 is nobody.
    pub(super) fn id(&self) -> i64 {
        self.user.map_or(0, |user| user.0)
    }

    /// As the SQL takes them.
    pub(super) fn stages(&self) -> String {
        self.inside.iter().fold(String::from(","), |list, stage| format!("{list}{stage},"))
    }
}

impl From<Option<UserId>> for Viewer {
    fn from(user: Option<UserId>) -> Self {
        Self { user, inside: Vec::new() }
    }
}

/// What a stage is to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Open,
    /// Everybody else may see it.
    KeptOut,
    /// Not there, as far as they may know.
    Hidden,
}

pub async fn access(db: &Db, viewer: &Viewer, id: StageId) -> Result<Access> {
    let row: Option<(bool, bool)> = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", open_to!("$1", "$2"), " AS open_to, t.visibility = 'public' AS public \
             FROM stages t WHERE t.id = $3 AND t.ended_us IS NULL")))
        .bind(viewer.id()).bind(viewer.stages()).bind(id.0).fetch_optional(c).await?);
    Ok(match row {
        Some((true, _)) => Access::Open,
        Some((false, true)) => Access::KeptOut,
        Some((false, false)) | None => Access::Hidden,
    })
}
