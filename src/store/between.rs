//! The block that stands between two people.

/// Who of two has blocked the other; with both, theirs is what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    Mine,
    Theirs,
}

/// The block between two, as the first of them meets it, within a transaction that has locked both.
macro_rules! between {
    ($t:ident, $me:expr, $other:expr) => {{
        let by: Vec<i64> = sqlx::query_scalar(sql!(
            "SELECT user_id FROM blocks WHERE (user_id = $1 AND blocked_id = $2) OR (user_id = $2 AND blocked_id = $1)"
        ))
        .bind($me.0)
        .bind($other.0)
        .fetch_all(&mut *$t)
        .await?;
        let mine = by.first().map(|_| $crate::store::between::Block::Mine);
        if by.contains(&$other.0) { Some($crate::store::between::Block::Theirs) } else { mine }
    }};
}
pub(super) use between;
