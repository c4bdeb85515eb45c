//! The words of lines that change. A line that has no words yet gets them when those around it do (`store::search::lines`).

use octave_protocol::{Seq, StageId};

use super::{Conn, Result, sql};
use crate::base::fold;

pub(super) async fn edited(conn: &mut Conn<'_>, stage: StageId, chat: Seq, text: &str) -> Result<()> {
    let words = fold::line(stage.0, text);
    match conn {
        Conn::Sqlite(_) => {
            gone(conn, stage, chat).await?;
            let Conn::Sqlite(c) = conn else { return Ok(()) };
            sqlx::query(sql!(sqlite: "INSERT INTO chat_words (rowid, words) SELECT ($1 << 40) + $2, $3 \
                FROM chats c JOIN stages t ON t.id = c.stage_id \
                WHERE c.stage_id = $1 AND c.seq = $2 AND c.deleted_us IS NULL AND c.seq <= t.folded_seq"))
            .bind(stage.0)
            .bind(chat.0)
            .bind(words)
            .execute(&mut **c)
            .await?;
        }
        Conn::Pg(c) => {
            let text = sql!(postgres: "UPDATE line_words SET words = words_of($3) WHERE stage_id = $1 AND seq = $2");
            sqlx::query(text).bind(stage.0).bind(chat.0).bind(words).execute(&mut **c).await?;
        }
    }
    Ok(())
}

pub(super) async fn gone(conn: &mut Conn<'_>, stage: StageId, chat: Seq) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => {
            let text = sql!(sqlite: "DELETE FROM chat_words WHERE rowid = ($1 << 40) + $2");
            sqlx::query(text).bind(stage.0).bind(chat.0).execute(&mut **c).await?;
        }
        Conn::Pg(c) => {
            let text = sql!(postgres: "DELETE FROM line_words WHERE stage_id = $1 AND seq = $2");
            sqlx::query(text).bind(stage.0).bind(chat.0).execute(&mut **c).await?;
        }
    }
    Ok(())
}
