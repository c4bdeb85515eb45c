//! What stood in databases of before stands there after the steps that change its form.

use octave_protocol::{SongId, UserId};

use super::*;
use crate::store::on;
use crate::store::songs::tests::song;
use crate::store::songs::{self, Inserted, NewSong};
use crate::store::testing::both_empty;

impl Db {
    /// The schema as it was after a step.
    async fn migrate_to(&self, step: i64) {
        match self {
            Self::Sqlite { write, .. } => steps(self).run_to(step, write.plain()).await.unwrap(),
            Self::Pg(pool) => steps(self).run_to(step, pool.plain()).await.unwrap(),
        }
    }

    async fn run(&self, text: &'static str) {
        on!(self, write, c => sqlx::query(text).execute(c).await.map(drop)).unwrap();
    }
}

const ANA: &str = "INSERT INTO users (id, username, username_key, email, email_key, password_hash, created_us) \
                   VALUES (1, 'ana', 'ana', 'ana@example.org', 'ana@example.org', '', 1)";

#[tokio::test]
async fn songs_of_before_keep_their_outline_and_are_known_by_their_bytes() {
    both_empty(|db| async move {
        db.migrate_to(50).await;
        db.run(ANA).await;
        let hashes = [&"a".repeat(64), &"b".repeat(64)];
        for (id, title, hash, waveform, digest) in
            [(1i64, "So What", hashes[0], Some(vec![1u8, 2]), Some("old")), (2, "Other", hashes[0], None, Some("older")),
             (3, "Third", hashes[1], Some(vec![9]), None)]
        {
            on!(&db, write, c => sqlx::query(
                    "INSERT INTO songs (id, uploader_id, title, artist, duration_us, sample_rate, channels, file_hash, file_size, \
                     mime, search_key, title_key, artist_key, created_us, waveform, upload_key) \
                     VALUES ($1, 1, $2, 'Miles', 2000000, 44100, 2, $3, 9, 'audio/flac', '', '', '', 5, $4, $5)")
                .bind(id).bind(title).bind(hash).bind(waveform).bind(digest).execute(c).await.map(drop)).unwrap();
        }
        db.migrate().await.unwrap();
        let outlines = [1, 2, 3].map(|id| songs::waveform(&db, SongId(id)));
        let outlines: Vec<_> = futures_util::future::join_all(outlines).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(outlines, [Some(vec![1, 2]), None, Some(vec![9])]);
        let again = |title: &str, hash: &str| NewSong { file_hash: hash.to_owned(), ..song(UserId(1), title, "Miles") };
        for (title, hash, known) in
            [("So What", hashes[0], 1), ("Other", hashes[0], 2), ("Corrected", hashes[0], 1), ("Third", hashes[1], 3)]
        {
            let put = songs::put(&db, &again(title, hash)).await.unwrap();
            assert_eq!(put, Inserted::Known(SongId(known)), "{title}");
        }
    })
    .await;
}
