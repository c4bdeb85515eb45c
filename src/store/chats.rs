//! What was said in a stage. Lines are written by the stage's journal; here they are read.

use octave_protocol::model::ChatLine;
use octave_protocol::{Instant, Seq, StageId, UserId};

use super::search::{fold_lines, written};
use super::users::user;
use super::{Db, Result, on, sql};
use crate::base::fold::Query;

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
    ($from:expr, $span:expr) => {
        concat!(
            "SELECT c.seq, c.sender_id, u.username, u.avatar, c.message, c.reply_to, c.at_us, c.edited_us, c.deleted_us \
             FROM ", $from, " JOIN users u ON u.id = c.sender_id WHERE c.stage_id = $1 AND ", $span
        )
    };
    ($span:literal) => {
        sql!(lines!("chats c", $span))
    };
}

/// Pieces of lines that are given their words at once, while others wait to write.
const PIECES_AT_ONCE: usize = 4;

/// Gives lines that were said lately the words by which they are found. Their commits do not wait for that.
pub async fn learn_lately(db: &Db) -> Result<()> {
    fold_lines(db, PIECES_AT_ONCE).await.map(drop)
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
            if let Err(error) = fold_lines(db, PIECES_AT_ONCE).await {
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
/// Most words that are looked for so.
const WORDS: usize = 4;

/// The first `limit` lines that hold words, if they stand near.
async fn near(db: &Db, stage: StageId, span: Span, query: &Query, limit: u32) -> Result<Option<Vec<Row>>> {
    let Some(words) = query.patterns().filter(|words| words.len() <= WORDS) else { return Ok(None) };
    let mut patterns = [const { None }; WORDS];
    patterns.iter_mut().zip(words).for_each(|(pattern, word)| *pattern = Some(word));
    macro_rules! text {
        ($and:literal, $order:literal) => {
            sql!(lines!(
                concat!("(SELECT * FROM chats WHERE stage_id = $1 AND ", $and, " ORDER BY ", $order, " LIMIT $4) c"),
                concat!("(CAST($5 AS TEXT) IS NULL OR ' ' || c.search_key || ' ' LIKE $5) AND (CAST($6 AS TEXT) IS NULL OR ' ' || c.search_key || ' ' LIKE $6) \
                 AND (CAST($7 AS TEXT) IS NULL OR ' ' || c.search_key || ' ' LIKE $7) AND (CAST($8 AS TEXT) IS NULL OR ' ' || c.search_key || ' ' LIKE $8) \
                 ORDER BY c.", $order, " LIMIT $3")))
        };
    }
    let (text, edge) = match span {
        Span::Before(seq) => (text!("seq < $2", "seq DESC"), seq.0),
        Span::After(seq) => (text!("seq > $2", "seq"), seq.0),
    };
    let [a, b, c, d] = patterns;
    let most = if db.is_sqlite() { NEAR } else { NEAR_ON_POSTGRES };
    let rows: Vec<Row> = on!(db, read, pool => sqlx::query_as(text).bind(stage.0).bind(edge).bind(i64::from(limit)).bind(most)
        .bind(a).bind(b).bind(c).bind(d).fetch_all(pool).await?);
    Ok((rows.len() == limit as usize).then_some(rows))
}

/// The statement for lines that hold words. PostgreSQL is kept from walking through the conversation by the offset. SQLite's index gives them in their order; a line's number there is that of its
/// stage, shifted by 40 bits, and its own.
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
            "(SELECT * FROM chats WHERE words_of(search_key) @@ CAST($4 AS tsquery) OFFSET 0) c", "c.seq < $2 ORDER BY c.seq DESC LIMIT $3")),
        (false, Span::After(_)) => sql!(postgres: lines!(
            "(SELECT * FROM chats WHERE words_of(search_key) @@ CAST($4 AS tsquery) OFFSET 0) c", "c.seq > $2 ORDER BY c.seq LIMIT $3")),
    }
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
                    "INSERT INTO chats (stage_id, seq, sender_id, message, at_us, search_key) VALUES ($1, $2, $3, $4, 9, $5)")
                    .bind(stage.0).bind(seq).bind(ana.0).bind(format!("Line {seq} Übergrößen"))
                    .bind(crate::base::fold::line(stage.0, &format!("Line {seq} Übergrößen"))).execute(c).await.unwrap().rows_affected());
            }
            on!(&db, write, c => sqlx::query("UPDATE chats SET deleted_us = 10, search_key = '\u{e002}' WHERE seq = 3").execute(c).await.unwrap().rows_affected());
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
}
