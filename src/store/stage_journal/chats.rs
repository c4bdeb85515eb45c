//! Chat lines: found again by their nonce, numbered, inserted.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use octave_protocol::{Instant, Seq, StageId, UserId};
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use super::fence::{Fence, postgres_count, sqlite_count};
use super::{Conn, Held, Nonces, Result, sql};
use crate::stage::core::Line;
use crate::stage::storage::{Placed, Work};

/// A sender's own name for a line of a stage.
type Nonce = (StageId, UserId, Arc<str>);

/// Numbers the lines of each work in order from its `first` on, but those that are there already.
pub(super) async fn place(conn: &mut Conn<'_>, work: &[Work], nonces: Nonces) -> Result<Vec<Vec<Placed>>> {
    let mut known = match nonces {
        Nonces::New => HashMap::new(),
        Nonces::LookUp => known(conn, work).await?,
    };
    let mut all = Vec::with_capacity(work.len());
    for work in work {
        let mut next = work.first;
        let mut placed = Vec::with_capacity(work.chats.len());
        for line in &work.chats {
            let nonce = nonce(work.stage, line);
            if let Some((seq, at)) = nonce.as_ref().and_then(|n| known.get(n)) {
                placed.push(Placed::Before { seq: *seq, at: *at });
                continue;
            }
            // The same line may be twice in one batch, too.
            known.extend(nonce.map(|n| (n, (next, line.at))));
            placed.push(Placed::Fresh(next));
            next = next.next();
        }
        all.push(placed);
    }
    Ok(all)
}

fn nonce(stage: StageId, line: &Line) -> Option<Nonce> {
    Some((stage, line.from.id, line.nonce.clone()?))
}

/// Which of the nonces stand in the database.
async fn known(conn: &mut Conn<'_>, work: &[Work]) -> Result<HashMap<Nonce, (Seq, Instant)>> {
    let nonces: Vec<Nonce> = work.iter().flat_map(|w| w.chats.iter().filter_map(|l| nonce(w.stage, l))).collect();
    if nonces.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i64, String, i64, i64)> = match conn {
        Conn::Sqlite(c) => {
            let rows: Vec<_> = nonces.iter().map(|(stage, sender, nonce)| (stage.0, sender.0, &**nonce)).collect();
            let rows = serde_json::to_string(&rows).unwrap_or_default();
            // CROSS JOIN keeps the order: a search in the index per nonce.
            sqlx::query_as(sql!(sqlite:
                "SELECT c.stage_id, c.sender_id, c.nonce, c.seq, c.at_us FROM json_each($1) j CROSS JOIN chats c \
                 WHERE c.stage_id = j.value ->> 0 AND c.sender_id = j.value ->> 1 AND c.nonce = j.value ->> 2 \
                 AND c.nonce IS NOT NULL"))
            .bind(rows)
            .fetch_all(&mut **c)
            .await?
        }
        Conn::Pg(c) => {
            let mut rows = Vec::new();
            for some in nonces.chunks(NONCES_PER_LOOKUP) {
                let found: Vec<_> = sqlx::query_as(sql!(postgres:
                    "SELECT c.stage_id, c.sender_id, c.nonce, c.seq, c.at_us \
                     FROM UNNEST($1::bigint[], $2::bigint[], $3::text[]) AS j (stage_id, sender_id, nonce) \
                     JOIN chats c ON c.stage_id = j.stage_id AND c.sender_id = j.sender_id AND c.nonce = j.nonce"))
                .bind(some.iter().map(|n| n.0.0).collect::<Vec<_>>())
                .bind(some.iter().map(|n| n.1.0).collect::<Vec<_>>())
                .bind(some.iter().map(|n| n.2.to_string()).collect::<Vec<_>>())
                .fetch_all(&mut **c)
                .await?;
                rows.extend(found);
            }
            rows
        }
    };
    let entry = |(stage, sender, nonce, seq, at): (i64, i64, String, i64, i64)| {
        ((StageId(stage), UserId(sender), Arc::from(nonce)), (Seq(seq), Instant(at)))
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// A line with its place.
struct Row<'a> {
    stage: StageId,
    seq: Seq,
    line: &'a Line,
}

/// Inserts what is new, if the stages are still this process's: whether they are. None if nothing is new, and so nobody has
/// looked.
pub(super) async fn insert(conn: &mut Conn<'_>, work: &[Work], placed: &[Vec<Placed>]) -> Result<Option<bool>> {
    let lines = work.iter().zip(placed).flat_map(|(work, placed)| {
        work.chats.iter().zip(placed).filter_map(|(line, placed)| match placed {
            Placed::Fresh(seq) => Some(Row { stage: work.stage, seq: *seq, line }),
            Placed::Before { .. } => None,
        })
    });
    let mut rows: Vec<Row<'_>> = lines.collect();
    // Neighbours go to the same pages.
    rows.sort_unstable_by_key(|row| (row.stage, row.seq));
    if rows.is_empty() {
        return Ok(None);
    }
    let fence = Fence::around(work);
    let inserted = match conn {
        Conn::Sqlite(c) => insert_sqlite(c, &rows, fence).await?,
        Conn::Pg(c) => insert_postgres(c, &rows, fence).await?,
    };
    Ok(Some(inserted))
}

/// Rows that one statement takes at most: more gain little.
const ROWS_PER_INSERT: usize = 64;

/// `INSERT` of 1, 2, 3, … 64 rows, each prepared when it is first needed: a statement is a trip to SQLite's thread and
/// back, and where one does there is no need of a transaction around it. The parameters have no numbers: SQLite would take
/// each number for a name, and look every one of hundreds up in a list of all. The last two are the fence: nothing is
/// inserted beyond it.
static INSERTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let columns =
        "INSERT INTO chats (stage_id, seq, sender_id, message, nonce, reply_to, at_us) SELECT * FROM (VALUES ";
    let fence = concat!(") WHERE (", sqlite_count!("?"), ") = ?");
    let rows = |rows| vec!["(?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
    (1..=ROWS_PER_INSERT).map(|n| format!("{columns}{}{fence}", rows(n))).collect()
});

/// Whether SQLite inserts the lines of all this by one statement, which needs no transaction around it, and that nothing
/// else is to be done.
pub(super) fn are_one_statement(work: &[Work]) -> bool {
    let lines: usize = work.iter().map(|work| work.chats.len()).sum();
    (1..=ROWS_PER_INSERT).contains(&lines) && work.iter().all(Work::only_says)
}

async fn insert_sqlite(conn: &mut Held<Sqlite>, rows: &[Row<'_>], mut fence: Fence) -> Result<bool> {
    for rows in rows.chunks(ROWS_PER_INSERT) {
        let text: &'static str = &INSERTS[rows.len() - 1];
        let mut query = sqlx::query(AssertSqlSafe(text));
        for Row { stage, seq, line } in rows {
            query = query
                .bind(stage.0)
                .bind(seq.0)
                .bind(line.from.id.0)
                .bind(&*line.text)
                .bind(line.nonce.as_deref())
                .bind(line.reply_to.map(|s| s.0))
                .bind(line.at.0);
        }
        if query.bind(fence.json()).bind(fence.count()).execute(&mut *conn).await?.rows_affected() == 0 {
            return Ok(false);
        }
        // Once per transaction is enough.
        fence = Fence::none();
    }
    Ok(true)
}

/// Bytes of lines that one statement takes to PostgreSQL. What is larger than the kernel takes at once (16 KiB) leaves in
/// two parts, and the second waits for the delayed acknowledgement of the first, 40 ms: the driver leaves Nagle's
/// algorithm on.
const BYTES_PER_INSERT: usize = 12 * 1024;

/// Nonces that one statement looks up there, for the same reason; 64 bytes each at most.
const NONCES_PER_LOOKUP: usize = 100;

async fn insert_postgres(conn: &mut Held<Postgres>, rows: &[Row<'_>], mut fence: Fence) -> Result<bool> {
    let mut rest = rows;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fit = rest.iter().take_while(|row| {
            bytes += row.line.text.len() + BYTES_BESIDE_TEXT;
            bytes <= BYTES_PER_INSERT
        });
        let (now, later) = rest.split_at(fit.count().max(1));
        rest = later;
        let inserted = sqlx::query(sql!(postgres: concat!(
            "INSERT INTO chats (stage_id, seq, sender_id, message, nonce, reply_to, at_us) \
             SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]) \
             WHERE (", postgres_count!("$8", "$9"), ") = $10")))
        .bind(now.iter().map(|r| r.stage.0).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.seq.0).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.line.from.id.0).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.line.text.to_string()).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.line.nonce.as_deref().map(str::to_owned)).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.line.reply_to.map(|s| s.0)).collect::<Vec<_>>())
        .bind(now.iter().map(|r| r.line.at.0).collect::<Vec<_>>())
        .bind(&fence.stages)
        .bind(&fence.epochs)
        .bind(fence.count())
        .execute(&mut *conn)
        .await?
        .rows_affected();
        if inserted == 0 {
            return Ok(false);
        }
        // Once per transaction is enough: the rows are locked.
        fence = Fence::none();
    }
    Ok(true)
}

/// Numbers, a nonce, and the lengths of seven array elements.
const BYTES_BESIDE_TEXT: usize = 128;
