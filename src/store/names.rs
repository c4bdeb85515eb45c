//! Artists and genres by their names: found, or made when somebody names them first.
//!
//! One that is there already is only read: what half of all songs speak of is locked by none of them.

/// The id of the artist of this name within a transaction.
macro_rules! artist_id {
    ($t:ident, $name:expr, $at:expr) => {{
        let name: &str = $name;
        let known: Option<i64> = sqlx::query_scalar(sql!("SELECT id FROM artists WHERE name_key = $1"))
            .bind($crate::base::text::key(name))
            .fetch_optional(&mut *$t)
            .await?;
        match known {
            Some(id) => id,
            // Somebody else may have been first: the statement answers with the id either way.
            None => {
                sqlx::query_scalar::<_, i64>(sql!(
                    "INSERT INTO artists (name, name_key, created_us, search_key) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id"
                ))
                .bind(name)
                .bind($crate::base::text::key(name))
                .bind($at)
                .bind($crate::base::fold::document(name, "", &[]))
                .fetch_one(&mut *$t)
                .await?
            }
        }
    }};
}
pub(super) use artist_id;

/// The id of the genre of this name within a transaction.
macro_rules! genre_id {
    ($t:expr, $name:expr) => {{
        let name: &str = $name;
        let known: Option<i64> = sqlx::query_scalar(sql!("SELECT id FROM genres WHERE name_key = $1"))
            .bind($crate::base::text::key(name))
            .fetch_optional(&mut *$t)
            .await?;
        match known {
            Some(id) => id,
            None => {
                sqlx::query_scalar::<_, i64>(sql!(
                    "INSERT INTO genres (name, name_key) VALUES ($1, $2) \
                     ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id"
                ))
                .bind(name)
                .bind($crate::base::text::key(name))
                .fetch_one(&mut *$t)
                .await?
            }
        }
    }};
}
pub(super) use genre_id;

/// Names in the order in which they are made, so that two who make the same ones never wait for each other.
pub(super) fn in_order(names: &[String]) -> Vec<&str> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_by_cached_key(|name| crate::base::text::key(name));
    names
}
