//! What people have heard. The count stands beside the song and changes in the same transaction; who heard it is forgotten
//! with the account, the count is not.

use std::collections::BTreeMap;

use octave_protocol::model::Song;
use octave_protocol::{Duration, Instant, SongId, StageId, UserId};

use super::again::again;
use super::{Db, Result, on, songs, sql};

/// The first half of the lock's name under which plays are written, "Octh"; the second is the schema.
const ONE_AT_A_TIME: i32 = 0x4f63_7468;

/// Somebody has heard a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPlay {
    pub user: UserId,
    pub song: SongId,
    pub stage: StageId,
    pub heard: Duration,
    pub at: Instant,
    /// Heard by the same person after this it is the same play: they have two devices in the stage.
    pub unless_since: Instant,
}

/// A song that was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Play {
    pub id: i64,
    pub song: Song,
    pub stage: Option<StageId>,
    pub heard: Duration,
    pub at: Instant,
}

#[derive(sqlx_macros::FromRow)]
struct Row {
    id: i64,
    song_id: i64,
    stage_id: Option<i64>,
    heard_us: i64,
    at_us: i64,
}

macro_rules! insert {
    ($of:literal) => {
        concat!(
            "INSERT INTO plays (user_id, song_id, stage_id, heard_us, at_us) \
             SELECT CAST(j.value ->> 0 AS BIGINT), CAST(j.value ->> 1 AS BIGINT), t.id, CAST(j.value ->> 3 AS BIGINT), \
             CAST(j.value ->> 4 AS BIGINT) FROM ",
            $of,
            " JOIN users u ON u.id = CAST(j.value ->> 0 AS BIGINT) JOIN songs s ON s.id = CAST(j.value ->> 1 AS BIGINT) \
             LEFT JOIN stages t ON t.id = CAST(j.value ->> 2 AS BIGINT) \
             WHERE NOT EXISTS (SELECT 1 FROM plays p WHERE p.user_id = u.id AND p.song_id = s.id \
             AND p.at_us > CAST(j.value ->> 5 AS BIGINT)) RETURNING song_id"
        )
    };
}

/// Writes down what was heard, and counts it.
pub async fn add(db: &Db, plays: &[NewPlay]) -> Result<()> {
    let mut rows: BTreeMap<(UserId, SongId), [i64; 6]> = BTreeMap::new();
    for play in plays {
        let NewPlay { user, song, stage, heard, at, unless_since } = *play;
        let row = [user.0, song.0, stage.0, heard.as_micros(), at.0, unless_since.0];
        rows.entry((user, song)).or_insert(row);
    }
    // An array of numbers can always be written.
    let rows = serde_json::to_string(&rows.into_values().collect::<Vec<_>>()).unwrap_or_default();
    again(|| add_once(db, &rows)).await
}

async fn add_once(db: &Db, rows: &str) -> Result<()> {
    let text = if db.is_sqlite() {
        sql!(sqlite: insert!("json_each($1) j"))
    } else {
        sql!(postgres: insert!("json_array_elements(CAST($1 AS json)) AS j (value)"))
    };
    on!(db, tx, t => {
        if !db.is_sqlite() {
            // One at a time: two devices of a person at two servers hear the end in the same moment.
            sqlx::query(sql!(postgres: "SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))"))
                .bind(ONE_AT_A_TIME).execute(&mut *t).await?;
        }
        let heard: Vec<i64> = sqlx::query_scalar(text).bind(rows).fetch_all(&mut *t).await?;
        // By their ids, so that two who count the same songs wait for each other in one order.
        let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
        for song in heard {
            *counts.entry(song).or_default() += 1;
        }
        for (song, count) in counts {
            sqlx::query(sql!("UPDATE songs SET plays_count = plays_count + $2 WHERE id = $1"))
                .bind(song).bind(count).execute(&mut *t).await?;
        }
    })
}

/// What `user` has heard, the latest first, before the play `after`.
pub async fn list(db: &Db, user: UserId, after: Option<i64>, limit: u32) -> Result<Vec<Play>> {
    let rows: Vec<Row> = on!(db, read, c => sqlx::query_as(sql!(
            "SELECT id, song_id, stage_id, heard_us, at_us FROM plays WHERE user_id = $1 AND id < $2 \
             ORDER BY id DESC LIMIT $3"))
        .bind(user.0).bind(after.unwrap_or(i64::MAX)).bind(i64::from(limit)).fetch_all(c).await)?;
    let mut ids: Vec<SongId> = rows.iter().map(|row| SongId(row.song_id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = songs::for_stage(db, &ids).await?;
    let play = |row: Row| {
        let song = found.iter().find(|song| song.id.0 == row.song_id)?.clone();
        let stage = row.stage_id.map(StageId);
        Some(Play { id: row.id, song, stage, heard: Duration::from_micros(row.heard_us), at: Instant(row.at_us) })
    };
    Ok(rows.into_iter().filter_map(play).collect())
}

/// Forgets that it was `user` who heard what they have, at most so much at once; whether there may be more. Counts stay.
pub async fn forget(db: &Db, user: UserId, at_once: u32) -> Result<bool> {
    let done = on!(db, write, c => sqlx::query(sql!(
            "UPDATE plays SET user_id = NULL WHERE id IN (SELECT id FROM plays WHERE user_id = $1 ORDER BY id LIMIT $2)"))
        .bind(user.0).bind(i64::from(at_once)).execute(c).await?.rows_affected());
    Ok(done == u64::from(at_once))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::stages::tests::open;
    use crate::store::testing::{both, people};

    #[tokio::test]
    async fn what_two_servers_write_in_the_same_moment_counts_once() {
        both(|db| async move {
            let [ana, ben] = people(&db).await;
            let stage = open(&db, ana).await;
            let song = songs::insert(&db, &songs::tests::song(ana, "A", "B")).await.unwrap();
            for n in 1..=20 {
                let at = |user| NewPlay {
                    user,
                    song,
                    stage,
                    heard: Duration::from_secs(1),
                    at: Instant(n * 100),
                    unless_since: Instant(n * 100 - 50),
                };
                let all = [at(ana), at(ben)];
                let (one, other) = tokio::join!(add(&db, &all), add(&db, &all));
                one.and(other).unwrap();
            }
            assert_eq!(list(&db, ana, None, 99).await.unwrap().len(), 20);
            assert_eq!(songs::get(&db, ana, song).await.unwrap().unwrap().plays_count, 40);
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_heard_counts_once_for_each_who_hears_it() {
        both(|db| {
            Box::pin(async move {
                let [ana, ben] = people(&db).await;
                let stage = open(&db, ana).await;
                let one = songs::insert(&db, &songs::tests::song(ana, "A", "B")).await.unwrap();
                let two = songs::insert(&db, &songs::tests::song(ana, "C", "B")).await.unwrap();
                let play = |user, song, at| NewPlay {
                    user,
                    song,
                    stage,
                    heard: Duration::from_secs(1),
                    at: Instant(at),
                    unless_since: Instant(at - 10),
                };
                // Two devices of ana's, at once and one after the other; somebody who is gone; and a song that never was.
                let all = [play(ana, one, 100), play(ana, one, 101), play(ben, one, 100), play(ana, two, 100)];
                add(&db, &all).await.unwrap();
                add(&db, &[play(ana, one, 105), play(UserId(99), one, 105), play(ana, SongId(99), 105)]).await.unwrap();
                add(&db, &[play(ana, one, 120)]).await.unwrap();
                let heard = async |user, after| {
                    let list = list(&db, user, after, 9).await.unwrap();
                    list.into_iter().map(|p| (p.song.id, p.at.0)).collect::<Vec<_>>()
                };
                assert_eq!(heard(ben, None).await, [(one, 100)]);
                let mut mine = heard(ana, None).await;
                assert_eq!(mine.remove(0), (one, 120));
                mine.sort_unstable();
                assert_eq!(mine, [(one, 100), (two, 100)]);
                let first = list(&db, ana, None, 1).await.unwrap().remove(0);
                assert_eq!((first.stage, first.heard), (Some(stage), Duration::from_secs(1)));
                assert_eq!(heard(ana, Some(first.id)).await.len(), 2);
                let counts = async || {
                    let of = async |id| songs::get(&db, ana, id).await.unwrap().unwrap().plays_count;
                    (of(one).await, of(two).await)
                };
                assert_eq!(counts().await, (3, 1));
                while forget(&db, ana, 2).await.unwrap() {}
                assert_eq!((heard(ana, None).await, heard(ben, None).await.len()), (vec![], 1));
                assert_eq!(counts().await, (3, 1));
            })
        })
        .await;
    }
}
