//! Which file a database URL means: the one that the server opens, and so the one that the operator's tools must.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;

use super::Result;

/// The file of `sqlite://PATH?PARAMETERS`, where a `%` and two digits stand for a byte. None when it is PostgreSQL, or a
/// database that lives in memory alone.
pub fn of(url: &str) -> Result<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let in_memory = path.trim_start_matches("//") == ":memory:" || parameters.split('&').any(|p| p == "mode=memory");
    let options = SqliteConnectOptions::from_str(url)?;
    Ok((!in_memory).then(|| options.get_filename().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Db;

    #[tokio::test]
    async fn it_is_the_file_that_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().display();
        for (url, name) in [
            (format!("sqlite://{base}/plain.db"), "plain.db"),
            (format!("sqlite://{base}/with%20blank.db?mode=rwc"), "with blank.db"),
            (format!("sqlite://{base}/100%25.db"), "100%.db"),
            (format!("sqlite:{base}/what%3F.db?mode=rwc&cache=private"), "what?.db"),
        ] {
            let file = of(&url).unwrap().unwrap();
            assert_eq!(file, dir.path().join(name), "{url}");
            let db = Db::open(&url).await.unwrap();
            db.migrate().await.unwrap();
            db.close().await;
            assert!(std::fs::metadata(&file).unwrap().len() > 0, "{url}");
        }
        for none in
            ["postgres://a@b/c", "postgresql://b/c", "sqlite://:memory:", "sqlite::memory:", "sqlite://x?mode=memory"]
        {
            assert_eq!(of(none).unwrap(), None, "{none}");
        }
        assert!(of("sqlite://x?colour=red").is_err());
    }
}
