//! Files against the rows that name them.
//!
//! All that names a file stands here: a song its sound and its cover (a deleted one as long as a stage that has not ended
//! has it in its queue or among its suggestions), an album, a playlist and a stage their covers, an account its avatar. Since when nothing names a
//! file is kept in a table, so that it can go days after: what a copy of the database from before then names is there.

use octave_protocol::Instant;

use super::super::{Db, Result, on, sql};

/// Whether a song's files are needed; `s` is the song.
macro_rules! song_is_heard {
    () => {
        "(s.deleted_us IS NULL OR EXISTS (SELECT 1 FROM stage_queue q JOIN stages t ON t.id = q.stage_id \
          WHERE q.song_id = s.id AND t.ended_us IS NULL) OR EXISTS (SELECT 1 FROM stage_suggestions w \
          JOIN stages t ON t.id = w.stage_id WHERE w.song_id = s.id AND t.ended_us IS NULL))"
    };
}
pub(in super::super) use song_is_heard;

/// A text over names, which come as a JSON array in `$1` and are rows `name` of `n`.
macro_rules! of_names {
    ($db:expr, $($rest:expr),+) => {
        if $db.is_sqlite() {
            sql!(sqlite: concat!("WITH n AS (SELECT value AS name FROM json_each($1)) ", $($rest),+))
        } else {
            sql!(postgres: concat!(
                "WITH n AS (SELECT value AS name FROM json_array_elements_text(CAST($1 AS json))) ", $($rest),+
            ))
        }
    };
}

fn json(names: &[String]) -> String {
    // An array of texts can always be written.
    serde_json::to_string(names).unwrap_or_default()
}

/// Those of these SHA-256s that no song needs.
pub async fn unneeded_audio(db: &Db, hashes: &[String]) -> Result<Vec<String>> {
    let text = of_names!(
        db,
        "SELECT n.name FROM n WHERE NOT EXISTS (SELECT 1 FROM songs s WHERE s.file_hash = n.name AND ",
        song_is_heard!(),
        ")"
    );
    Ok(on!(db, read, c => sqlx::query_scalar(text).bind(json(hashes)).fetch_all(c).await)?)
}

/// Those of these names of images that nothing shows.
pub async fn unneeded_images(db: &Db, names: &[String]) -> Result<Vec<String>> {
    let text = of_names!(
        db,
        "SELECT n.name FROM n WHERE NOT EXISTS (SELECT 1 FROM songs s WHERE s.cover = n.name AND ",
        song_is_heard!(),
        ") AND NOT EXISTS (SELECT 1 FROM albums WHERE cover = n.name) \
         AND NOT EXISTS (SELECT 1 FROM playlists WHERE cover = n.name) \
         AND NOT EXISTS (SELECT 1 FROM stages WHERE cover = n.name) \
         AND NOT EXISTS (SELECT 1 FROM users WHERE avatar = n.name)"
    );
    Ok(on!(db, read, c => sqlx::query_scalar(text).bind(json(names)).fetch_all(c).await)?)
}

/// Notes which of `all` files nothing names now, and since when; what was noted before keeps its instant.
pub async fn note(db: &Db, all: &[String], unneeded: &[String], now: Instant) -> Result<()> {
    let needed: Vec<String> = all.iter().filter(|name| !unneeded.contains(name)).cloned().collect();
    let add = of_names!(
        db,
        "INSERT INTO unnamed_files (name, since_us) SELECT n.name, $2 FROM n WHERE TRUE ON CONFLICT DO NOTHING"
    );
    on!(db, tx, t => {
        sqlx::query(add).bind(json(unneeded)).bind(now.0).execute(&mut *t).await?;
        sqlx::query(remove_text(db)).bind(json(&needed)).execute(&mut *t).await?;
    })
}

/// The files that nothing has named since `until`, by name, after the name `after`.
pub async fn unnamed_since(db: &Db, until: Instant, after: &str, limit: u32) -> Result<Vec<String>> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT name FROM unnamed_files WHERE since_us <= $1 AND name > $2 ORDER BY name LIMIT $3"))
        .bind(until.0).bind(after).bind(i64::from(limit)).fetch_all(c).await)?)
}

/// Says that a file is about to be kept and named: until its row is there, its days begin anew. False while somebody
/// removes it, which takes moments: whoever hears so asks again. A removal that began before `stale` has ended, however it
/// did.
///
/// Whoever removes a file says so by a change of the same row ([`begin_removal`]), so that of two on two servers one comes
/// first: either the removal finds nothing to begin, or the file is kept after it is gone.
pub async fn about_to_name(db: &Db, name: &str, stale: Instant) -> Result<bool> {
    const NOTED: &str = sql!("SELECT COUNT(*) AS n FROM unnamed_files WHERE name = $1");
    // Nearly always. What is noted from now on has days.
    let noted: i64 = on!(db, read, c => sqlx::query_scalar(NOTED).bind(name).fetch_one(c).await)?;
    if noted == 0 {
        return Ok(true);
    }
    let left: Result<i64> = on!(db, tx, t => {
        sqlx::query(sql!("DELETE FROM unnamed_files WHERE name = $1 AND (going_us IS NULL OR going_us < $2)"))
            .bind(name).bind(stale.0).execute(&mut *t).await?;
        sqlx::query_scalar(NOTED).bind(name).fetch_one(&mut *t).await?
    });
    Ok(left? == 0)
}

/// Begins to remove a file that nothing has named since `until`. False if it is not to go any more.
pub async fn begin_removal(db: &Db, name: &str, until: Instant, now: Instant) -> Result<bool> {
    let begun = on!(db, write, c => sqlx::query(sql!("UPDATE unnamed_files SET going_us = $3 WHERE name = $1 AND since_us <= $2"))
        .bind(name).bind(until.0).bind(now.0).execute(c).await?.rows_affected());
    Ok(begun > 0)
}

/// Forgets what was noted of a file: it is gone, or named again.
pub async fn forget(db: &Db, name: &str) -> Result<()> {
    let text = remove_text(db);
    on!(db, write, c => sqlx::query(text).bind(json(&[name.to_owned()])).execute(c).await.map(drop))?;
    Ok(())
}

fn remove_text(db: &Db) -> &'static str {
    of_names!(db, "DELETE FROM unnamed_files WHERE name IN (SELECT n.name FROM n)")
}

/// The file that a song's row names.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct SongFile {
    pub id: i64,
    pub file_hash: String,
    pub mime: String,
    /// Bytes.
    pub file_size: i64,
}

/// The files of songs that are needed, with an id above `after`, by id.
pub async fn song_files(db: &Db, after: i64, limit: u32) -> Result<Vec<SongFile>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(concat!(
        "SELECT s.id, s.file_hash, s.mime, s.file_size FROM songs s WHERE s.id > $1 AND ", song_is_heard!(),
        " ORDER BY s.id LIMIT $2")))
        .bind(after).bind(i64::from(limit)).fetch_all(c).await?))
}

/// The images that something shows, by name, after the name `after`.
pub async fn images(db: &Db, after: &str, limit: u32) -> Result<Vec<String>> {
    Ok(on!(db, read, c => sqlx::query_scalar(sql!(concat!(
            "SELECT s.cover AS name FROM songs s WHERE s.cover > $1 AND ", song_is_heard!(),
            " UNION SELECT cover FROM albums WHERE cover > $1 UNION SELECT cover FROM playlists WHERE cover > $1 \
             UNION SELECT cover FROM stages WHERE cover > $1 AND ended_us IS NULL \
             UNION SELECT avatar FROM users WHERE avatar > $1 ORDER BY 1 LIMIT $2")))
        .bind(after).bind(i64::from(limit)).fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::stages::tests::open;
    use crate::store::testing::{both, people};
    use crate::store::{albums, playlists, songs, users};

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    async fn do_all(db: &Db, texts: &[&'static str]) {
        for text in texts {
            on!(db, write, c => sqlx::query(*text).execute(c).await.map(drop)).unwrap();
        }
    }

    #[tokio::test]
    async fn whatever_names_a_file_needs_it_and_nothing_else() {
        both(|db| Box::pin(async move {
            let [ana, _] = people(&db).await;
            let stage = open(&db, ana).await;
            let song = songs::NewSong {
                cover: Some("song.jpg".into()),
                file_hash: "sound".into(),
                ..songs::tests::song(ana, "a", "b")
            };
            let song = songs::insert(&db, &song).await.unwrap();
            let fields = albums::Fields { title: "t".into(), artist: "a".into(), genre: None, description: String::new() };
            let album = albums::insert(&db, ana, &fields, Instant(1)).await.unwrap();
            let list = playlists::insert(&db, ana, "mine", "", Instant(1)).await.unwrap();
            albums::set_cover(&db, album, "album.jpg").await.unwrap();
            playlists::set_cover(&db, list, "list.jpg", Instant(1)).await.unwrap();
            users::set_avatar(&db, ana, "avatar.jpg").await.unwrap();
            do_all(&db, &["UPDATE stages SET cover = 'stage.jpg'"]).await;
            let all = names(&["album.jpg", "avatar.jpg", "list.jpg", "song.jpg", "stage.jpg"]);
            let with_strangers: Vec<String> = all.iter().cloned().chain(names(&["old.jpg", "'; --"])).collect();
            assert_eq!(unneeded_images(&db, &with_strangers).await.unwrap(), ["old.jpg", "'; --"]);
            assert_eq!(unneeded_audio(&db, &names(&["sound", "silence"])).await.unwrap(), ["silence"]);
            assert_eq!(images(&db, "", 9).await.unwrap(), all);
            assert_eq!(images(&db, "avatar.jpg", 2).await.unwrap(), all[2..4]);

            // A deleted song is needed as long as a queue holds it, and the queue as long as its stage goes on.
            let sql = "INSERT INTO stage_queue (stage_id, entry_id, ord, song_id, added_by, added_us) VALUES ($1, 1, 1, $2, $3, 1)";
            on!(&db, write, c => sqlx::query(sql).bind(stage.0).bind(song.0).bind(ana.0).execute(c).await.map(drop)).unwrap();
            songs::delete(&db, song, Instant(2)).await.unwrap();
            let left = async || {
                let audio = unneeded_audio(&db, &names(&["sound"])).await.unwrap();
                (audio.len(), unneeded_images(&db, &all).await.unwrap(), songs::files(&db, song).await.unwrap().is_some())
            };
            assert_eq!(left().await, (0, vec![], true));
            assert_eq!(song_files(&db, 0, 9).await.unwrap().len(), 1);
            do_all(&db, &["UPDATE stages SET ended_us = 5"]).await;
            assert_eq!(left().await, (1, names(&["song.jpg"]), false));
            do_all(&db, &["UPDATE stages SET ended_us = NULL", "DELETE FROM stage_queue"]).await;
            assert_eq!(left().await, (1, names(&["song.jpg"]), false));
            assert_eq!(song_files(&db, 0, 9).await.unwrap(), []);
            playlists::delete(&db, list).await.unwrap();
            albums::delete(&db, album).await.unwrap();
            assert_eq!(unneeded_images(&db, &all).await.unwrap(), ["album.jpg", "list.jpg", "song.jpg"]);
        }))
        .await;
    }

    #[tokio::test]
    async fn who_names_a_file_and_who_removes_it_come_one_after_the_other() {
        both(|db| async move {
            let all = names(&["a"]);
            note(&db, &all, &all, Instant(10)).await.unwrap();
            // Named first: there is nothing to remove.
            assert!(about_to_name(&db, "a", Instant(0)).await.unwrap());
            assert!(!begin_removal(&db, "a", Instant(99), Instant(100)).await.unwrap());
            // Removed first: who names it waits until it is gone.
            note(&db, &all, &all, Instant(10)).await.unwrap();
            assert!(!begin_removal(&db, "a", Instant(9), Instant(100)).await.unwrap(), "not yet");
            assert!(begin_removal(&db, "a", Instant(10), Instant(100)).await.unwrap());
            assert!(!about_to_name(&db, "a", Instant(100)).await.unwrap());
            forget(&db, "a").await.unwrap();
            assert!(about_to_name(&db, "a", Instant(100)).await.unwrap());
            // Whoever removed it was killed in between.
            note(&db, &all, &all, Instant(10)).await.unwrap();
            assert!(begin_removal(&db, "a", Instant(10), Instant(100)).await.unwrap());
            assert!(about_to_name(&db, "a", Instant(101)).await.unwrap());
        })
        .await;
    }

    #[tokio::test]
    async fn a_file_that_is_named_again_begins_anew() {
        both(|db| async move {
            let all = names(&["a", "b", "c"]);
            note(&db, &all, &all[..2], Instant(10)).await.unwrap();
            note(&db, &all, &all[1..], Instant(20)).await.unwrap();
            let since = async |until| unnamed_since(&db, Instant(until), "", 9).await.unwrap();
            assert_eq!((since(9).await, since(19).await, since(20).await), (vec![], names(&["b"]), names(&["b", "c"])));
            note(&db, &all, &all, Instant(30)).await.unwrap();
            assert_eq!(since(29).await, ["b", "c"]);
            forget(&db, "b").await.unwrap();
            assert_eq!(since(30).await, ["a", "c"]);
            assert_eq!(unnamed_since(&db, Instant(30), "a", 9).await.unwrap(), ["c"]);
        })
        .await;
    }
}
