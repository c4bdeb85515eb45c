//! What people have said, heard and been told: account 1 most of all.

use anyhow::Result;

use super::rows::{THEN, quoted};
use super::{Db, Size};
use crate::lists::words::{Chance, words};

/// As many as are kept of each.
const NOTIFICATIONS: usize = 300;
const PLAYS: usize = 50_000;
const COMMENTS: usize = 5_000;
const ARTISTS: usize = 2_000;
const INVITES: usize = 400;

pub(in crate::lists) async fn social(db: &mut Db, size: Size) -> Result<()> {
    let mut chance = Chance::new(8);
    let of = move |n: usize| if n <= NOTIFICATIONS { 1 } else { 2 + n % (size.users - 1) };
    let told = (1..=10 * NOTIFICATIONS)
        .map(|n| format!("{}, 'comment', {}, {}, 'x', {}", of(n), 1 + (n + 1) % size.users, 1 + n % 100, THEN + n));
    db.insert("notifications (user_id, kind, from_id, song_id, about, at_us)", told).await?;
    let heard = (1..=2 * PLAYS).map(|n| {
        let user = if n % 2 == 0 { 1 } else { 2 + chance.below(size.users - 1) };
        format!("{user}, {}, 100000000, {}", 1 + n % size.songs, THEN + n)
    });
    db.insert("plays (user_id, song_id, heard_us, at_us)", heard).await?;
    let mut chance = Chance::new(9);
    let said = (1..=2 * COMMENTS).map(|n| {
        let about = if n % 2 == 0 { "1, NULL" } else { "NULL, 1" };
        format!("{about}, {}, {}, {}", 1 + chance.seldom(size.users), quoted(&words(&mut chance, 9)), THEN + n)
    });
    db.insert("comments (song_id, album_id, author_id, body, created_us)", said).await?;
    for table in ["songs", "albums"] {
        db.execute(format!("UPDATE {table} SET comments_count = {COMMENTS} WHERE id = 1")).await?;
    }
    let liked = (1..=ARTISTS.min(size.songs / 20)).map(|n| format!("1, {n}, {THEN}"));
    db.insert("artist_follows (user_id, artist_id, created_us)", liked).await?;
    let (open, close) = db.blob();
    let invited = (1..=INVITES).map(|n| format!("{open}{n:064x}{close}, 1, 1, {THEN}, 10"));
    db.insert("stage_invites (code_hash, stage_id, created_by, created_us, max_uses)", invited).await?;
    for (column, own) in [("followers_count", "followed_id"), ("following_count", "follower_id")] {
        db.execute(format!("UPDATE users SET {column} = (SELECT COUNT(*) FROM follows f WHERE f.{own} = users.id)"))
            .await?;
    }
    Ok(())
}
