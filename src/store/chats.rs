//! What was said in a stage. Lines are written by the stage's journal; here they are read.

use octave_protocol::model::ChatLine;
use octave_protocol::{Instant, Seq, StageId, UserId};

use super::users::user;
use super::{Db, Result, on, sql};

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
            from: user(UserId(row.sender_id), &row.username, row.avatar.as_deref()),
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
    ($span:literal) => {
        sql!(concat!(
            "SELECT c.seq, c.sender_id, u.username, u.avatar, c.message, c.reply_to, c.at_us, c.edited_us, c.deleted_us \
             FROM chats c JOIN users u ON u.id = c.sender_id WHERE c.stage_id = $1 \
             AND (CAST($2 AS TEXT) IS NULL OR (c.deleted_us IS NULL AND lower(c.message) LIKE $2 ESCAPE '!')) ",
            $span
        ))
    };
}

/// Up to `limit` lines, newest last. With `q` those alone that contain it; then case counts beyond ASCII.
pub async fn history(db: &Db, stage: StageId, span: Span, q: Option<&str>, limit: u32) -> Result<Vec<ChatLine>> {
    let pattern = q.map(|q| format!("%{}%", like_literal(&q.to_ascii_lowercase())));
    let rows: Vec<Row> = match span {
        Span::Before(seq) => {
            let mut rows: Vec<Row> = on!(db, read, c => sqlx::query_as(lines!("AND c.seq < $3 ORDER BY c.seq DESC LIMIT $4"))
                .bind(stage.0).bind(pattern).bind(seq.0).bind(i64::from(limit)).fetch_all(c).await?);
            rows.reverse();
            rows
        }
        Span::After(seq) => {
            on!(db, read, c => sqlx::query_as(lines!("AND c.seq > $3 ORDER BY c.seq LIMIT $4"))
                .bind(stage.0).bind(pattern).bind(seq.0).bind(i64::from(limit)).fetch_all(c).await?)
        }
    };
    Ok(rows.into_iter().map(ChatLine::from).collect())
}

/// For `LIKE … ESCAPE '!'`: `%` and `_` as they are.
fn like_literal(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{both, people};

    #[tokio::test]
    async fn history_is_paged_both_ways_and_searched() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            let stage = crate::store::stages::tests::open(&db, ana).await;
            for seq in [2, 3, 5, 8] {
                on!(&db, write, c => sqlx::query(
                    "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) VALUES ($1, $2, $3, $4, 9)")
                    .bind(stage.0).bind(seq).bind(ana.0).bind(format!("Line {seq} 100%")).execute(c).await.unwrap().rows_affected());
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
            assert_eq!(seqs(Span::After(Seq(0)), Some("5 100%"), 9).await, [5]);
            assert_eq!(seqs(Span::After(Seq(0)), Some("%"), 9).await.len(), 3);
            assert_eq!(seqs(Span::After(Seq(0)), Some("5_1"), 9).await, [0; 0]);
            let gone = history(&db, stage, Span::After(Seq(2)), None, 1).await.unwrap();
            assert_eq!((gone[0].deleted, &*gone[0].text), (true, ""));
        })
        .await;
    }
}
