//! What a running stage asks while it runs: songs to queue, people at the door.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use octave_protocol::model::Song;
use octave_protocol::{SongId, UserId};

use super::{Admission, Db, Door, Result, Wanted, on, sql};
use crate::store::access::{Viewer, open_to};
use crate::store::guests::links;
use crate::store::invites::Accepted;
use crate::store::{playlists, songs as library};

pub(super) async fn songs(db: &Db, wanted: Wanted, limit: usize) -> Result<Vec<Arc<Song>>> {
    match wanted {
        Wanted::Song(id) => {
            let song = library::get(db, UserId(0), id).await?;
            Ok(song.map(|s| Arc::new(s.song)).into_iter().collect())
        }
        Wanted::Playlist { id, .. } => {
            let mut ids = playlists::song_ids(db, id).await?;
            ids.truncate(limit);
            let known = by_id(db, &ids).await?;
            Ok(ids.iter().filter_map(|id| known.get(id).cloned()).collect())
        }
    }
}

/// Songs by id, deleted ones too. A song that stands a hundred times in a queue is held once.
pub(super) async fn by_id(db: &Db, ids: &[SongId]) -> Result<HashMap<SongId, Arc<Song>>> {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let songs = library::for_stage(db, &distinct).await?;
    Ok(songs.into_iter().map(|song| (song.id, Arc::new(song))).collect())
}

pub(super) async fn blocked(db: &Db, by: UserId) -> Result<HashSet<UserId>> {
    let ids: Vec<i64> = on!(db, read, c => sqlx::query_scalar(sql!("SELECT blocked_id FROM blocks WHERE user_id = $1"))
        .bind(by.0).fetch_all(c).await)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Only asked of a stage that is not public.
pub(super) async fn admission(db: &Db, door: &Door) -> Result<Admission> {
    let (open, invited): (bool, bool) = on!(db, read, c => sqlx::query_as(sql!(concat!(
            "SELECT ", open_to!("$2", "$3"), " AS open_to, EXISTS (SELECT 1 FROM stage_participants m \
              WHERE m.stage_id = t.id AND m.user_id = $2 AND m.invited) AS invited FROM stages t WHERE t.id = $1")))
        .bind(door.stage.0).bind(door.user.0).bind(Viewer::default().stages())
        .fetch_one(c).await)?;
    Ok(match (open, &door.invite) {
        (true, _) if invited => Admission::Invited,
        (true, _) => Admission::Friend,
        (false, Some(code)) => match links::accept(db, code, Some(door.stage), door.user, door.at).await? {
            Accepted::Into(_) => Admission::Invited,
            Accepted::Banned | Accepted::Unknown => Admission::Stranger,
        },
        (false, None) => Admission::Stranger,
    })
}
