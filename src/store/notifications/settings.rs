//! Which kinds somebody does not want to hear of.

use octave_protocol::UserId;
use octave_protocol::model::NotificationKind;

use super::super::word::word;
use super::super::{Db, Result, on, sql};
use super::kind_word;

/// What `user` does not want to hear of.
pub async fn muted(db: &Db, user: UserId) -> Result<Vec<NotificationKind>> {
    let kinds: Vec<String> = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT kind FROM notification_mutes WHERE user_id = $1"))
        .bind(user.0).fetch_all(c).await)?;
    kinds.iter().map(|kind| word("kind", kind)).collect()
}

/// Sets for each of these kinds whether it is muted.
pub async fn set_muted(db: &Db, user: UserId, kinds: &[(NotificationKind, bool)]) -> Result<()> {
    on!(db, tx, t => {
        for (kind, muted) in kinds {
            let text = if *muted {
                sql!("INSERT INTO notification_mutes (user_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            } else {
                sql!("DELETE FROM notification_mutes WHERE user_id = $1 AND kind = $2")
            };
            sqlx::query(text).bind(user.0).bind(kind_word(*kind)).execute(&mut *t).await?;
        }
    })
}
