//! All that a stage changes but its chat lines.

mod about;
pub(super) mod queue;
mod suggestions;
mod words;

use octave_protocol::model::Role;
use octave_protocol::{Instant, StageId, UserId};

use super::{Conn, Result, sql, steps, with};
use crate::stage::storage::{Answered, Change, LineChanged, Placed, TimelineSave, Work};
use crate::store::search::fold_stage;
use crate::store::stages::role_word;

pub(super) async fn apply(conn: &mut Conn<'_>, work: &Work, placed: &[Placed]) -> Result<()> {
    let stage = work.stage;
    if let Some(limit) = work.limit {
        with!(conn, c => sqlx::query(sql!("UPDATE stages SET seq_limit = $2 WHERE id = $1 AND seq_limit < $2"))
            .bind(stage.0).bind(limit.0).execute(&mut **c).await.map(drop))?;
    }
    for change in &work.changes {
        apply_one(conn, stage, change).await?;
    }
    let fresh = placed.iter().filter(|placed| matches!(placed, Placed::Fresh(_))).count();
    for LineChanged { chat, by, behind } in &work.lines {
        let seq = work.first.0 + i64::try_from(fresh + behind).unwrap_or(0);
        with!(conn, c => sqlx::query(sql!("INSERT INTO chat_changes (stage_id, seq, chat, user_id) VALUES ($1, $2, $3, $4)"))
            .bind(stage.0).bind(seq).bind(chat.0).bind(by.0).execute(&mut **c).await.map(drop))?;
    }
    for row in &work.log {
        with!(conn, c => sqlx::query(sql!(
                "INSERT INTO stage_log (stage_id, user_id, kind, data, at_us) VALUES ($1, $2, $3, $4, $5)"))
            .bind(stage.0).bind(row.user.map(|u| u.0)).bind(row.kind).bind(row.data.to_string()).bind(row.at.0)
            .execute(&mut **c).await.map(drop))?;
    }
    arrivals(conn, work).await?;
    for Answered { user, nonce, queue_rev, at } in &work.answered {
        with!(conn, c => sqlx::query(sql!(
                "INSERT INTO stage_nonces (stage_id, user_id, nonce, queue_rev, at_us) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (stage_id, user_id, nonce) DO NOTHING"))
            .bind(stage.0).bind(user.0).bind(&**nonce).bind(queue_rev.map(|rev| rev.0)).bind(at.0)
            .execute(&mut **c).await.map(drop))?;
    }
    match &work.timeline {
        Some(save) => timeline(conn, stage, save).await,
        None => Ok(()),
    }
}

async fn apply_one(conn: &mut Conn<'_>, stage: StageId, change: &Change) -> Result<()> {
    match change {
        Change::EditChat { chat, text, at } => {
            with!(conn, c => sqlx::query(sql!(
                    "UPDATE chats SET message = $3, edited_us = $4 WHERE stage_id = $1 AND seq = $2 AND deleted_us IS NULL"))
                .bind(stage.0).bind(chat.0).bind(&**text).bind(at.0).execute(&mut **c).await.map(drop))?;
            words::edited(conn, stage, *chat, text).await?;
        }
        Change::DeleteChat { chat, at } => {
            with!(conn, c => sqlx::query(sql!(
                    "UPDATE chats SET message = '', deleted_us = $3 WHERE stage_id = $1 AND seq = $2"))
                .bind(stage.0).bind(chat.0).bind(at.0).execute(&mut **c).await.map(drop))?;
            words::gone(conn, stage, *chat).await?;
        }
        Change::About(change) => about::change(conn, stage, change).await?,
        Change::Suggest(row) => suggestions::add(conn, stage, row).await?,
        Change::Settle { entries } => suggestions::remove(conn, stage, entries).await?,
        Change::Role { user, role, at } => set_role(conn, stage, *user, *role, *at).await?,
        Change::Mute { user, until, at } => {
            with!(conn, c => sqlx::query(sql!(
                    "INSERT INTO stage_participants (stage_id, user_id, muted, muted_until_us, joined_us) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (stage_id, user_id) DO UPDATE SET \
                     muted = excluded.muted, muted_until_us = excluded.muted_until_us"))
                .bind(stage.0).bind(user.0).bind(true).bind(until.map(|at| at.0)).bind(at.0)
                .execute(&mut **c).await.map(drop))?;
        }
        Change::Unmute { user } => {
            with!(conn, c => sqlx::query(sql!(
                    "UPDATE stage_participants SET muted = $3, muted_until_us = NULL WHERE stage_id = $1 AND user_id = $2"))
                .bind(stage.0).bind(user.0).bind(false).execute(&mut **c).await.map(drop))?;
        }
        Change::Ban { user, by, at } => {
            with!(conn, c => sqlx::query(sql!(
                    "INSERT INTO stage_participants (stage_id, user_id, banned, banned_by, banned_us, joined_us) \
                     VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (stage_id, user_id) DO UPDATE SET \
                     banned = excluded.banned, banned_by = excluded.banned_by, banned_us = excluded.banned_us, \
                     invited = excluded.invited, role = excluded.role"))
                .bind(stage.0).bind(user.0).bind(true).bind(by.0).bind(at.0).execute(&mut **c).await.map(drop))?;
        }
        Change::Unban { user } => {
            with!(conn, c => sqlx::query(sql!(
                    "UPDATE stage_participants SET banned = $3, banned_by = NULL, banned_us = NULL \
                     WHERE stage_id = $1 AND user_id = $2"))
                .bind(stage.0).bind(user.0).bind(false).execute(&mut **c).await.map(drop))?;
        }
        Change::End { at } => {
            with!(conn, c => sqlx::query(sql!("UPDATE stages SET ended_us = $2 WHERE id = $1"))
                .bind(stage.0).bind(at.0).execute(&mut **c).await.map(drop))?;
        }
        Change::Enqueue { .. }
        | Change::Dequeue { .. }
        | Change::Reorder { .. }
        | Change::QueueRev { .. }
        | Change::ClearQueue { .. }
        | Change::Mode { .. }
        | Change::Vote { .. } => queue::change(conn, stage, change).await?,
    }
    Ok(())
}

async fn set_role(conn: &mut Conn<'_>, stage: StageId, user: UserId, role: Role, at: Instant) -> Result<()> {
    if role == Role::Host {
        with!(conn, c => sqlx::query(sql!("UPDATE stages SET host_id = $2 WHERE id = $1"))
            .bind(stage.0).bind(user.0).execute(&mut **c).await.map(drop))?;
        with!(conn, c => fold_stage!(*c, stage.0));
    }
    with!(conn, c => sqlx::query(sql!(
            "INSERT INTO stage_participants (stage_id, user_id, role, joined_us) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (stage_id, user_id) DO UPDATE SET role = excluded.role"))
        .bind(stage.0).bind(user.0).bind(role_word(role)).bind(at.0).execute(&mut **c).await.map(drop))?;
    Ok(())
}

/// Thousands may come at once, hence one statement. Who came by an invitation and was banned since is invited no more.
async fn arrivals(conn: &mut Conn<'_>, work: &Work) -> Result<()> {
    if work.arrivals.is_empty() {
        return Ok(());
    }
    macro_rules! text {
        ($columns:literal, $rows:literal) => {
            concat!(
                "INSERT INTO stage_participants (stage_id, user_id, invited, joined_us) SELECT $1, ",
                $columns,
                " FROM ",
                $rows,
                " WHERE TRUE ON CONFLICT (stage_id, user_id) \
                 DO UPDATE SET invited = (stage_participants.invited OR excluded.invited) AND NOT stage_participants.banned"
            )
        };
    }
    let rows: Vec<(i64, bool, i64)> = work.arrivals.iter().map(|a| (a.user.0, a.invited, a.at.0)).collect();
    let rows = serde_json::to_string(&rows).unwrap_or_default();
    match conn {
        Conn::Sqlite(c) => {
            let text = sql!(sqlite: text!("value ->> 0, value ->> 1, value ->> 2", "json_each($2)"));
            sqlx::query(text).bind(work.stage.0).bind(rows).execute(&mut **c).await?;
        }
        Conn::Pg(c) => {
            let text = sql!(postgres: text!(
                "CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BOOLEAN), CAST(value ->> 2 AS BIGINT)",
                "json_array_elements(CAST($2 AS json))"
            ));
            sqlx::query(text).bind(work.stage.0).bind(rows).execute(&mut **c).await?;
        }
    }
    Ok(())
}

async fn timeline(conn: &mut Conn<'_>, stage: StageId, save: &TimelineSave) -> Result<()> {
    let state = save.state;
    with!(conn, c => sqlx::query(sql!(
            "UPDATE stages SET timeline_rev = $2, playing = $3, current_entry = $4, position_us = $5, at_us = $6, \
             round_us = $7, cursor_ord = $8, current_song = $9 WHERE id = $1"))
        .bind(stage.0).bind(state.rev.0).bind(state.playing).bind(state.entry.map(|e| e.0))
        .bind(state.position.0).bind(state.at.0).bind(state.round.0).bind(state.cursor).bind(state.song.map(|s| s.0))
        .execute(&mut **c).await.map(drop))?;
    for (entry, at) in &save.played {
        with!(conn, c => sqlx::query(sql!(
                "UPDATE stage_queue SET played_us = $3 WHERE stage_id = $1 AND entry_id = $2"))
            .bind(stage.0).bind(entry.0).bind(at.0).execute(&mut **c).await.map(drop))?;
    }
    Ok(())
}
