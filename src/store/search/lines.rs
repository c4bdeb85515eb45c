//! The words of what was said. A line's commit has to be quick, so it writes the line alone; its words follow within
//! seconds, or when somebody searches the conversation. Each stage knows up to which line they are there.

use octave_protocol::StageId;

use crate::base::fold;
use crate::store::{Db, Result, on, sql};

/// Lines of one transaction.
pub(in crate::store) const LINES_OF_A_PIECE: usize = 1_000;

/// Stages that are asked for at once.
const STAGES_AT_ONCE: usize = 1_000;

/// Those of the stages that have lines without words.
pub(in crate::store) async fn unfolded(db: &Db, among: &[StageId]) -> Result<Vec<StageId>> {
    let ids: Vec<i64> = among.iter().map(|id| id.0).collect();
    let ids: Vec<i64> = match db {
        Db::Sqlite { read, .. } => {
            let ids = serde_json::to_string(&ids).unwrap_or_default();
            sqlx::query_scalar(
                sql!(sqlite: "SELECT t.id FROM json_each($1) j CROSS JOIN stages t WHERE t.id = j.value \
                AND t.folded_seq < (SELECT max(seq) FROM chats WHERE stage_id = t.id)"),
            )
            .bind(ids)
            .fetch_all(read)
            .await?
        }
        Db::Pg(pool) => {
            sqlx::query_scalar(sql!(postgres: "SELECT t.id FROM stages t WHERE t.id = ANY($1) \
                AND t.folded_seq < (SELECT max(seq) FROM chats WHERE stage_id = t.id)"))
            .bind(ids)
            .fetch_all(pool)
            .await?
        }
    };
    Ok(ids.into_iter().map(StageId).collect())
}

/// Folds all lines that have no words; how many.
pub(in crate::store) async fn fold_all_lines(db: &Db) -> Result<usize> {
    let ids: Vec<i64> =
        on!(db, read, c => sqlx::query_scalar(sql!("SELECT id FROM stages ORDER BY id")).fetch_all(c).await)?;
    let mut many = 0;
    for some in ids.chunks(STAGES_AT_ONCE) {
        let some: Vec<StageId> = some.iter().copied().map(StageId).collect();
        for stage in unfolded(db, &some).await? {
            many += fold_lines(db, stage, usize::MAX).await?;
        }
    }
    Ok(many)
}

/// Folds a stage's next lines, at most so many pieces of them; how many. The stage's row is held meanwhile, so nothing is
/// said, edited or taken back between the look at a line and its words.
pub(in crate::store) async fn fold_lines(db: &Db, stage: StageId, pieces: usize) -> Result<usize> {
    let mut many = 0;
    for _ in 0..pieces {
        let some = fold_piece(db, stage).await?;
        many += some;
        if some == 0 {
            break;
        }
    }
    Ok(many)
}

async fn fold_piece(db: &Db, stage: StageId) -> Result<usize> {
    let hold = match db {
        Db::Sqlite { .. } => sql!(sqlite: "SELECT folded_seq FROM stages WHERE id = $1"),
        Db::Pg(_) => sql!(postgres: "SELECT folded_seq FROM stages WHERE id = $1 FOR NO KEY UPDATE"),
    };
    let write = match db {
        Db::Sqlite { .. } => sql!(sqlite: "INSERT INTO chat_words (rowid, words) \
            SELECT ($1 << 40) + (value ->> 0), value ->> 1 FROM json_each($2) WHERE TRUE"),
        Db::Pg(_) => sql!(postgres: "INSERT INTO line_words (stage_id, seq, words) \
            SELECT $1, CAST(value ->> 0 AS BIGINT), words_of(value ->> 1) FROM json_array_elements(CAST($2 AS json))"),
    };
    on!(db, tx, t => {
        let from: Option<i64> = sqlx::query_scalar(hold).bind(stage.0).fetch_optional(&mut *t).await?;
        let lines: Vec<(i64, String, bool)> = sqlx::query_as(sql!(
                "SELECT seq, message, deleted_us IS NOT NULL AS deleted FROM chats WHERE stage_id = $1 AND seq > $2 \
                 ORDER BY seq LIMIT $3"))
            .bind(stage.0).bind(from.unwrap_or(i64::MAX)).bind(i64::try_from(LINES_OF_A_PIECE).unwrap_or(i64::MAX)).fetch_all(&mut *t).await?;
        let Some((last, ..)) = lines.last() else { return Ok(0) };
        let words = |(seq, said, _): &(i64, String, bool)| (*seq, fold::line(stage.0, said));
        let words: Vec<(i64, String)> = lines.iter().filter(|(.., deleted)| !deleted).map(words).collect();
        sqlx::query(write).bind(stage.0).bind(serde_json::to_string(&words).unwrap_or_default()).execute(&mut *t).await?;
        sqlx::query(sql!("UPDATE stages SET folded_seq = $2 WHERE id = $1"))
            .bind(stage.0).bind(*last).execute(&mut *t).await?;
        lines.len()
    })
}
