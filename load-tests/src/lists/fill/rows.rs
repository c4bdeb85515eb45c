//! What stands in each table. Account 1 is there already, and sees all this. The server folds words when it starts.

use anyhow::Result;

use super::{Db, GENRES, Size};
use crate::lists::words::{Chance, words};

/// When all this came to be, in microseconds.
pub(super) const THEN: usize = 1_700_000_000_000_000;
/// Songs of an artist, and of an album, on average.
const SONGS_PER_ARTIST: usize = 12;
const SONGS_PER_ALBUM: usize = 10;
const PLAYLISTS: usize = 3_000;
const ENTRIES: usize = 20;
const STAGES: usize = 2_000;
/// Of all lines, those that the first and the second stage hold.
const FIRST: f64 = 0.4;
const SECOND: f64 = 0.2;
/// Peaks of a song, and their hexadecimal digits.
const PEAKS: usize = 800;

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn folded(text: &str) -> String {
    quoted(&text.to_lowercase())
}

pub(super) async fn people(db: &mut Db, size: Size) -> Result<()> {
    let users = 2..=size.users;
    let row = |n: usize| {
        format!("{n}, 'crowd{}', 'crowd{}', 'crowd{n}@example.org', 'crowd{n}@example.org', '', {THEN}", n - 1, n - 1)
    };
    db.insert(
        "users (id, username, username_key, email, email_key, password_hash, created_us)",
        users.clone().map(row),
    )
    .await?;
    // The first of the crowd is known to half of all, the second knows many.
    let known = users.clone().step_by(2).filter(|n| *n != 2).map(|n| format!("{n}, 2, {THEN}"));
    db.insert("follows (follower_id, followed_id, created_us)", known).await?;
    let knows = users.clone().filter(|n| *n != 3).take(5_000).map(|n| format!("3, {n}, {THEN}"));
    db.insert("follows (follower_id, followed_id, created_us)", knows).await?;
    let friends = users.clone().take(500).map(|n| format!("1, {n}, 'accepted', {THEN}"));
    db.insert("friendships (user_id, friend_id, status, created_us)", friends).await?;
    let asking = users.clone().skip(500).take(300).map(|n| format!("{n}, 1, 'pending', {THEN}"));
    db.insert("friendships (user_id, friend_id, status, created_us)", asking).await?;
    db.execute("UPDATE users SET friends_count = 500 WHERE id = 1".to_owned()).await?;
    let blocked = users.skip(900).take(300).map(|n| format!("1, {n}, {THEN}"));
    db.insert("blocks (user_id, blocked_id, created_us)", blocked).await
}

pub(super) async fn library(db: &mut Db, size: Size) -> Result<()> {
    let mut chance = Chance::new(1);
    let (artists, albums) = (size.songs / SONGS_PER_ARTIST + 1, size.songs / SONGS_PER_ALBUM + 1);
    let genre = |n: usize| format!("{}, 'Genre {n}', 'genre {n}'", n + 1);
    db.insert("genres (id, name, name_key)", (0..GENRES).map(genre)).await?;
    let names: Vec<String> = (1..=artists).map(|n| format!("{} {n}", words(&mut chance, 2))).collect();
    let artist = |(n, name): (usize, &String)| format!("{}, {}, {}, {THEN}", n + 1, quoted(name), folded(name));
    db.insert("artists (id, name, name_key, created_us)", names.iter().enumerate().map(artist)).await?;
    let titles: Vec<(usize, String)> = (1..=albums).map(|_| (chance.seldom(artists), words(&mut chance, 3))).collect();
    let album = |(n, (artist, title)): (usize, &(usize, String))| {
        format!(
            "{}, {}, {}, {}, 1, {THEN}",
            n + 1,
            quoted(title),
            quoted(&format!("{} {n}", title.to_lowercase())),
            artist + 1
        )
    };
    db.insert("albums (id, title, title_key, artist_id, owner_id, created_us)", titles.iter().enumerate().map(album))
        .await?;
    let song = |n: usize| {
        let album = if n <= 500 { 0 } else { chance.below(albums) };
        let (artist, on) = &titles[album];
        let (many, uploader) = (1 + chance.below(4), 2 + chance.seldom(size.users - 1));
        let (title, name) = (words(&mut chance, many), &names[*artist]);
        let likes = 0;
        format!(
            "{n}, {uploader}, {}, {}, {}, {}, {}, {}, 200000000, 44100, 2, '{n:064x}', 4000000, 'audio/mpeg', -14000, {likes}, {}, {}, {}, {}",
            quoted(&title),
            quoted(name),
            artist + 1,
            quoted(on),
            album + 1,
            n % 14 + 1,
            quoted(""),
            folded(&title),
            folded(&format!("{name}\u{1}{title}")),
            THEN + n,
        )
    };
    let columns = "songs (id, uploader_id, title, artist, artist_id, album, album_id, track, duration_us, sample_rate, channels, \
                   file_hash, file_size, mime, loudness_mlufs, likes_count, search_key, title_key, artist_key, created_us)";
    db.insert(columns, (1..=size.songs).map(song)).await?;
    let (open, close) = db.blob();
    let peaks = format!("{open}{}{close}", "7f".repeat(PEAKS));
    db.insert("song_waveforms (song_id, peaks)", (1..=size.songs).map(|n| format!("{n}, {peaks}"))).await
}

/// What songs are tagged with, and who likes them.
pub(super) async fn tags_and_likes(db: &mut Db, size: Size) -> Result<()> {
    let mut chance = Chance::new(2);
    let tags = (1..=size.songs).flat_map(|song| {
        let (one, other) = (chance.seldom(GENRES), chance.below(GENRES));
        let other = (other != one).then(|| format!("{song}, {}", other + 1));
        [Some(format!("{song}, {}", one + 1)), other].into_iter().flatten()
    });
    db.insert("song_genres (song_id, genre_id)", tags).await?;
    let likes = (1..=size.songs).step_by(10).map(|song| format!("1, {song}, {}", THEN + song));
    db.insert("song_likes (user_id, song_id, created_us)", likes).await?;
    let of_crowd =
        (1..=size.songs).step_by(7).flat_map(|song| (2..2 + song % 5).map(move |who| format!("{who}, {song}, {THEN}")));
    db.insert("song_likes (user_id, song_id, created_us)", of_crowd).await?;
    db.execute(
        "UPDATE songs SET likes_count = (SELECT COUNT(*) FROM song_likes l WHERE l.song_id = songs.id)".to_owned(),
    )
    .await
}

/// Each song is by its one artist.
pub(super) async fn credits(db: &mut Db) -> Result<()> {
    let of = "INSERT INTO song_artists (song_id, position, artist_id) SELECT id, 0, artist_id FROM songs";
    db.execute(of.to_owned()).await
}

pub(super) async fn playlists(db: &mut Db, size: Size) -> Result<()> {
    let mut chance = Chance::new(3);
    let playlist = |n: usize| {
        let owner = if n <= 200 { 1 } else { 2 + chance.below(size.users - 1) };
        format!("{n}, {owner}, {}, {THEN}, {}", quoted(&words(&mut chance, 2)), THEN + n)
    };
    db.insert("playlists (id, owner_id, name, created_us, updated_us)", (1..=PLAYLISTS).map(playlist)).await?;
    let mut chance = Chance::new(4);
    let places = (1..=PLAYLISTS).flat_map(|list| {
        let many = if list == 1 { size.entries } else { ENTRIES };
        (1..=many).map(move |place| (list, place))
    });
    let entry =
        |(list, place): (usize, usize)| format!("{list}, {}, {}, {THEN}", 1 + chance.below(size.songs), place << 20);
    db.insert("playlist_songs (playlist_id, song_id, ord, added_us)", places.map(entry)).await
}

pub(super) async fn stages(db: &mut Db, size: Size) -> Result<()> {
    let mut chance = Chance::new(5);
    let stage = |n: usize| {
        let host = if n <= 50 { 1 } else { 2 + chance.below(size.users - 1) };
        let visibility = ["public", "public", "public", "friends", "invite"][if n <= 50 { 0 } else { n % 5 }];
        format!(
            "{n}, {}, {host}, '{visibility}', 'everyone', {THEN}, {}",
            quoted(&words(&mut chance, 2)),
            size.chats + 1
        )
    };
    db.insert("stages (id, name, host_id, visibility, control, created_us, seq_limit)", (1..=STAGES).map(stage))
        .await?;
    let tag = |n: usize| format!("{n}, {}", 1 + n % GENRES);
    db.insert("stage_genres (stage_id, genre_id)", (1..=STAGES).map(tag)).await?;
    let here =
        (2..=size.users).map(|user| format!("1, {user}, {}, {THEN}", if user % 50 == 0 { "TRUE" } else { "FALSE" }));
    db.insert("stage_participants (stage_id, user_id, banned, joined_us)", here).await?;
    let log = (0..20_000).map(|n| format!("1, {}, 'queued', '{{}}', {}", 2 + n % (size.users - 1), THEN + n));
    db.insert("stage_log (stage_id, user_id, kind, data, at_us)", log).await?;
    let mut chance = Chance::new(6);
    let queued = (1..=300_usize).map(|n| format!("1, {n}, {}, {}, 1, {THEN}", n << 32, 1 + chance.below(size.songs)));
    db.insert("stage_queue (stage_id, entry_id, ord, song_id, added_by, added_us)", queued).await?;
    db.execute("UPDATE stages SET queue_len = 300, next_entry = 301 WHERE id = 1".to_owned()).await
}

pub(super) async fn chats(db: &mut Db, size: Size) -> Result<()> {
    let (first, second) = ((size.chats as f64 * FIRST) as usize, (size.chats as f64 * SECOND) as usize);
    let mut chance = Chance::new(7);
    let others = (size.chats - first - second) / (STAGES - 2);
    let places = (1..=STAGES).flat_map(|stage| {
        let many = [first, second].get(stage - 1).copied().unwrap_or(others);
        (1..=many).map(move |seq| (stage, seq))
    });
    let line = |(stage, seq): (usize, usize)| {
        let many = 3 + chance.below(12);
        let sender = 1 + chance.seldom(size.users);
        format!("{stage}, {seq}, {sender}, {}, {}", quoted(&words(&mut chance, many)), THEN + seq)
    };
    db.insert("chats (stage_id, seq, sender_id, message, at_us)", places.map(line)).await
}
