//! What was said in a stage. Lines are written by the stage's journal; here they are read.

use octave_protocol::model::{ChatLine, User};
use octave_protocol::{Instant, Seq, StageId, UserId};

use super::search::{LINES_OF_A_PIECE, fold_lines, unfolded, written};
use super::users::user;
use super::{Db, Result, on, sql};
use crate::base::fold::{self, Query};

/// Which stretch of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The last lines before this one.
    Before(Seq),
    /// The first lines after this one.
    After(Seq),
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    seq: i64,
    sender_id: i64,
    username: String,
    avatar: Option<String>,
    guest: bool,
    message: String,
    reply_to: Option<i64>,
    at_us: i64,
    edited_us: Option<i64>,
    deleted_us: Option<i64>,
}

impl From<Row> for ChatLine {
    fn from(row: Row) -> Self {
        let deleted = row.deleted_us.is_some();
        Self {
            seq: Seq(row.seq),
            from: User { guest: row.guest, ..user(UserId(row.sender_id), &row.username, row.avatar.as_deref()) },
            text: if deleted { "".into() } else { row.message.into() },
            at_us: Instant(row.at_us),
            nonce: None,
            reply_to: row.reply_to.map(Seq),
            edited_us: row.edited_us.map(Instant),
            deleted,
        }
    }
}

macro_rules! lines {
    ($from:expr, $span:expr) => {
        concat!(
            "SELECT c.seq, c.sender_id, u.username, u.avatar, u.guest_stage_id IS NOT NULL AS guest, c.message, c.reply_to, c.at_us, c.edited_us, c.deleted_us \
             FROM ", $from, " JOIN users u ON u.id = c.sender_id WHERE c.stage_id = $1 AND ", $span
        )
    };
    ($span:literal) => {
        sql!(lines!("chats c", $span))
    };
}

/// Pieces of lines that are given their words at once, while others wait to write.
const PIECES_AT_ONCE: usize = 4;

/// Gives lines that were said lately in these stages the words by which they are found; the stages of which some wait on.
pub async fn learn_lately(db: &Db, among: &[StageId]) -> Result<Vec<StageId>> {
    let mut left = unfolded(db, among).await?;
    let mut pieces = PIECES_AT_ONCE;
    while pieces > 0
        && let Some(stage) = left.pop()
    {
        let folded = fold_lines(db, stage, pieces).await?;
        let used = folded.div_ceil(LINES_OF_A_PIECE).max(1);
        if used >= pieces {
            left.push(stage);
        }
        pieces = pieces.saturating_sub(used);
    }
    Ok(left)
}

/// The same for whoever is about to search a stage; whether it has anything to do is read first, which holds nobody up.
async fn learn(db: &Db, stage: StageId) -> Result<()> {
    if !unfolded(db, &[stage]).await?.is_empty() {
        fold_lines(db, stage, PIECES_AT_ONCE).await?;
    }
    Ok(())
}

/// Up to `limit` lines, newest last. With `q` those alone that hold its words.
pub async fn history(db: &Db, stage: StageId, span: Span, q: Option<&str>, limit: u32) -> Result<Vec<ChatLine>> {
    let edge = match span {
        Span::Before(seq) | Span::After(seq) => seq.0,
    };
    let query = q.map(|q| Query::of(q).in_stage(stage.0));
    let rows: Vec<Row> = match query {
        Some(query) if query.is_empty() => Vec::new(),
        Some(query) => {
            // What was said just now is found too; if that can't be written down, the rest is.
            if let Err(error) = learn(db, stage).await {
                tracing::warn!(%error, "the last lines are not found yet");
            }
            if let Some(rows) = near(db, stage, span, &query, limit).await? {
                return Ok(told(span, rows));
            }
            let text = found(db, span);
            on!(db, read, c => sqlx::query_as(text).bind(stage.0).bind(edge).bind(i64::from(limit))
                .bind(written(db, &query)).fetch_all(c).await?)
        }
        None => {
            let text = match span {
                Span::Before(_) => lines!("c.seq < $2 ORDER BY c.seq DESC LIMIT $3"),
                Span::After(_) => lines!("c.seq > $2 ORDER BY c.seq LIMIT $3"),
            };
            on!(db, read, c => sqlx::query_as(text).bind(stage.0).bind(edge).bind(i64::from(limit)).fetch_all(c).await?)
        }
    };
    Ok(told(span, rows))
}

/// Rows as they were read, newest last.
fn told(span: Span, mut rows: Vec<Row>) -> Vec<ChatLine> {
    if matches!(span, Span::Before(_)) {
        rows.reverse();
    }
    rows.into_iter().map(ChatLine::from).collect()
}

/// So many lines are looked through before the index is asked. SQLite's index puts the lines of a common word together before it
/// tells the first of them; PostgreSQL's tells them in no order.
const NEAR: i64 = 600;
const NEAR_ON_POSTGRES: i64 = 2_000;

/// The first `limit` lines that hold words, if they stand near.
async fn near(db: &Db, stage: StageId, span: Span, query: &Query, limit: u32) -> Result<Option<Vec<Row>>> {
    let rows = match db {
        Db::Sqlite { .. } => near_on_sqlite(db, stage, span, query, limit).await?,
        Db::Pg(pool) => {
            macro_rules! text {
                ($and:literal, $order:literal) => {
                    sql!(postgres: lines!(concat!(
                        "(SELECT l.seq FROM (SELECT seq, words FROM line_words WHERE stage_id = $1 AND ", $and, " ORDER BY ", $order,
                        " LIMIT $4) l WHERE l.words @@ CAST($5 AS tsquery) ORDER BY l.", $order, " LIMIT $3) w CROSS JOIN chats c"),
                        concat!("c.seq = w.seq ORDER BY c.", $order)))
                };
            }
            let (text, edge) = match span {
                Span::Before(seq) => (text!("seq < $2", "seq DESC"), seq.0),
                Span::After(seq) => (text!("seq > $2", "seq"), seq.0),
            };
            let asked = sqlx::query_as(text).bind(stage.0).bind(edge).bind(i64::from(limit));
            asked.bind(NEAR_ON_POSTGRES).bind(query.tsquery()).fetch_all(pool).await?
        }
    };
    Ok((rows.len() == limit as usize).then_some(rows))
}

/// SQLite's index can't be read, so the lines themselves are folded once more.
async fn near_on_sqlite(db: &Db, stage: StageId, span: Span, query: &Query, limit: u32) -> Result<Vec<Row>> {
    let (text, edge) = match span {
        Span::Before(seq) => (lines!("c.seq < $2 ORDER BY c.seq DESC LIMIT $3"), seq.0),
        Span::After(seq) => (lines!("c.seq > $2 ORDER BY c.seq LIMIT $3"), seq.0),
    };
    let rows: Vec<Row> =
        on!(db, read, c => sqlx::query_as(text).bind(stage.0).bind(edge).bind(NEAR).fetch_all(c).await)?;
    let holds = |row: &Row| row.deleted_us.is_none() && query.finds(&fold::line(stage.0, &row.message));
    Ok(rows.into_iter().filter(holds).take(limit as usize).collect())
}

/// The statement for lines that hold words. PostgreSQL is kept from walking through the conversation by the offset. SQLite's index
/// gives them in their order; a line's number there is that of its stage, shifted by 40 bits, and its own.
fn found(db: &Db, span: Span) -> &'static str {
    match (db.is_sqlite(), span) {
        (true, Span::Before(_)) => sql!(sqlite: lines!(
            "(SELECT rowid AS id FROM chat_words WHERE chat_words MATCH $4 AND rowid >= ($1 << 40) \
             AND rowid < ($1 << 40) + MIN($2, 1 << 40) ORDER BY rowid DESC LIMIT $3) w CROSS JOIN chats c",
            "c.seq = w.id - ($1 << 40) ORDER BY c.seq DESC")),
        (true, Span::After(_)) => sql!(sqlite: lines!(
            "(SELECT rowid AS id FROM chat_words WHERE chat_words MATCH $4 AND rowid > ($1 << 40) + MAX($2, 0) \
             AND rowid < (($1 + 1) << 40) ORDER BY rowid LIMIT $3) w CROSS JOIN chats c",
            "c.seq = w.id - ($1 << 40) ORDER BY c.seq")),
        (false, Span::Before(_)) => sql!(postgres: lines!(
            "(SELECT seq FROM (SELECT stage_id, seq FROM line_words WHERE words @@ CAST($4 AS tsquery) OFFSET 0) l \
             WHERE stage_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) w CROSS JOIN chats c",
            "c.seq = w.seq ORDER BY c.seq DESC")),
        (false, Span::After(_)) => sql!(postgres: lines!(
            "(SELECT seq FROM (SELECT stage_id, seq FROM line_words WHERE words @@ CAST($4 AS tsquery) OFFSET 0) l \
             WHERE stage_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) w CROSS JOIN chats c",
            "c.seq = w.seq ORDER BY c.seq")),
    }
}

#[cfg(test)]
mod tests {
    use octave_protocol::Epoch;

    use super::*;
    use crate::stage::storage::{Change, StageStore, Work};
    use crate::store::stage_journal::SqlStages;
    use crate::store::testing::{both, people};

    #[tokio::test]
    async fn history_is_paged_both_ways_and_searched() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let stage = crate::store::stages::tests::open(&db, ana).await;
            for seq in [2, 3, 5, 8] {
                on!(&db, write, c => sqlx::query(
                    "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) VALUES ($1, $2, $3, $4, 9)")
                    .bind(stage.0).bind(seq).bind(ana.0).bind(format!("Line {seq} Übergrößen")).execute(c).await.unwrap().rows_affected());
            }
            on!(&db, write, c => sqlx::query("UPDATE chats SET deleted_us = 10 WHERE seq = 3").execute(c).await.unwrap().rows_affected());
            let seqs = async |span, q: Option<&str>, limit| {
                let lines = history(&db, stage, span, q, limit).await.unwrap();
                lines.iter().map(|l| l.seq.0).collect::<Vec<_>>()
            };
            assert_eq!(seqs(Span::Before(Seq(i64::MAX)), None, 2).await, [5, 8]);
            assert_eq!(seqs(Span::Before(Seq(5)), None, 9).await, [2, 3]);
            assert_eq!(seqs(Span::After(Seq(2)), None, 2).await, [3, 5]);
            assert_eq!(seqs(Span::After(Seq(0)), Some("line"), 9).await, [2, 5, 8], "a deleted line is not found");
            assert_eq!(seqs(Span::After(Seq(0)), Some("5 übergröß"), 9).await, [5]);
            assert_eq!(seqs(Span::After(Seq(2)), Some("line"), 1).await, [5]);
            assert_eq!(seqs(Span::Before(Seq(8)), Some("LINE"), 1).await, [5]);
            assert_eq!(seqs(Span::After(Seq(0)), Some("%"), 9).await, [0; 0]);
            assert_eq!(seqs(Span::After(Seq(0)), Some("grö"), 9).await, [0; 0], "no word begins so");
            let gone = history(&db, stage, Span::After(Seq(2)), None, 1).await.unwrap();
            assert_eq!((gone[0].deleted, &*gone[0].text), (true, ""));
        })
        .await;
    }

    #[tokio::test]
    async fn lines_get_their_words_later_and_those_that_change_keep_up() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let stage = crate::store::stages::tests::open(&db, ana).await;
            let says = async |seq: i64, text: &str| {
                on!(&db, write, c => sqlx::query(
                    "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) VALUES ($1, $2, $3, $4, 9)")
                    .bind(stage.0).bind(seq).bind(ana.0).bind(text).execute(c).await.unwrap().rows_affected());
            };
            let change = async |change: Change| {
                let store = SqlStages::new(db.clone());
                let epoch = on!(&db, read, c => sqlx::query_scalar("SELECT epoch FROM stages WHERE id = $1")
                    .bind(stage.0).fetch_one(c).await.unwrap());
                let work = Work { changes: vec![change], ..Work::new(stage, Epoch(epoch), Seq(99)) };
                store.commit(&[work]).await.unwrap();
            };
            // Through the index, not by the look at the nearest lines: that is taken when it finds as many as are asked for.
            let found = async |q: &str| {
                let lines = history(&db, stage, Span::After(Seq(0)), Some(q), 9).await.unwrap();
                lines.iter().map(|l| l.seq.0).collect::<Vec<_>>()
            };
            for (seq, text) in [(1, "red"), (2, "green"), (3, "blue")] {
                says(seq, text).await;
            }
            // Before they have words.
            change(Change::DeleteChat { chat: Seq(2), at: Instant(9) }).await;
            change(Change::EditChat { chat: Seq(3), text: "cyan".into(), at: Instant(9) }).await;
            assert_eq!(learn_lately(&db, &[stage]).await.unwrap(), [StageId(0); 0]);
            for (q, lines) in [("red", vec![1]), ("green", vec![]), ("blue", vec![]), ("cyan", vec![3])] {
                assert_eq!(found(q).await, lines, "{q}");
            }
            // And after.
            change(Change::EditChat { chat: Seq(1), text: "pink".into(), at: Instant(9) }).await;
            change(Change::DeleteChat { chat: Seq(3), at: Instant(9) }).await;
            change(Change::EditChat { chat: Seq(3), text: "back".into(), at: Instant(9) }).await;
            says(4, "red").await;
            for (q, lines) in [("red", vec![4]), ("pink", vec![1]), ("cyan", vec![]), ("back", vec![])] {
                assert_eq!(found(q).await, lines, "{q}");
            }
        })
        .await;
    }
}
