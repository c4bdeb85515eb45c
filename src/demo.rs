//! What a newcomer hears with `--demo`: a house band, its album, and a stage that plays it.
//!
//! The music is synthesised here and goes the way of every upload. What is there already is left as it is, so a start
//! that was interrupted is completed by the next one.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "arithmetic on samples: all numbers are bounded by a piece of two minutes in 16 bits"
)]

mod cover;
mod effects;
mod flac;
mod pieces;
mod score;
mod synth;

use bytes::Bytes;
use octave_protocol::model::{Control, StartBarrier, Visibility};
use octave_protocol::{PlaylistId, SongId, StageId, UserId};
use pieces::{ALBUM, ARTIST, PIECES, Piece};

use crate::http::AppState;
use crate::library::{self, AddError, Given};
use crate::media::image::COVER_PX;
use crate::media::{ImageError, ReceiveError};
use crate::password::PasswordError;
use crate::stage::registry::NoStage;
use crate::store::songs::{self, Filter, Sort};
use crate::store::users::{self, NewAccount};
use crate::store::{StoreError, demo as rows, playlists, stages};

/// The account that owns the demo's things.
pub const USERNAME: &str = "demo";
/// Its password, which everybody may know.
pub const PASSWORD: &str = "demo-demo";
/// The stage that plays.
pub const STAGE: &str = "Octave radio";

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Song(#[from] AddError),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Picture(#[from] ImageError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the demo's stage does not start: {0:?}")]
    Stage(NoStage),
    #[error("the demo's music could not be made")]
    Synthesis(#[from] tokio::task::JoinError),
}

/// Brings whatever is missing of the demo, and starts its stage; about four seconds the first time, none later.
pub async fn seed(state: &AppState) -> Result<StageId, DemoError> {
    let host = account(state).await?;
    let stage = match rows::find_stage(&state.db, host, STAGE).await? {
        Some(stage) => stage,
        None => open_stage(state, host).await?,
    };
    state.registry.find(stage).await.map_err(DemoError::Stage)?;
    Ok(stage)
}

async fn account(state: &AppState) -> Result<UserId, DemoError> {
    if let Some(account) = users::by_username(&state.db, USERNAME).await? {
        return Ok(account.id);
    }
    let password_hash = &state.passwords.hash(PASSWORD.to_owned()).await?;
    let new = NewAccount { username: USERNAME, email: "demo@localhost", password_hash, is_admin: false };
    Ok(users::create(&state.db, new, state.clock.now()).await?.id)
}

async fn open_stage(state: &AppState, host: UserId) -> Result<StageId, DemoError> {
    let album = album(state, host).await?;
    let playlist = playlist(state, host, &album).await?;
    let picture = picture(&PIECES[1], 7);
    let cover = state.media.put_image(picture, COVER_PX).await?;
    let genres = ["Ambient".to_owned(), "Folk".to_owned(), "Jazz".to_owned()];
    let new = stages::NewStage {
        name: STAGE,
        host,
        genres: &genres,
        visibility: Visibility::Public,
        control: Control::Everyone,
        start: StartBarrier::default(),
    };
    let now = state.clock.now();
    let stage = stages::create(&state.db, new, now).await?;
    rows::play_all(&state.db, stage, host, &album, playlist, cover.as_str(), now).await?;
    Ok(stage)
}

/// The songs in order; each is recorded unless it is there.
async fn album(state: &AppState, host: UserId) -> Result<Vec<SongId>, DemoError> {
    let mine = Filter { uploader: Some(host), ..Filter::default() };
    let there = songs::list(&state.db, host, &mine, Sort::Title, None, 200).await?;
    let mut album = Vec::new();
    for (piece, number) in PIECES.iter().zip(1..) {
        let known = there.iter().find(|s| s.song.title == piece.title);
        album.push(match known {
            Some(song) => song.song.id,
            None => upload(state, host, piece, number).await?,
        });
    }
    Ok(album)
}

async fn upload(state: &AppState, host: UserId, piece: &'static Piece, number: u32) -> Result<SongId, DemoError> {
    let file = tokio::task::spawn_blocking(move || record(piece, number)).await?;
    let mut incoming = state.media.receive().await?;
    incoming.write(&file).await?;
    let received = incoming.finish().await?;
    Ok(library::add(&state.db, &state.media, host, received, Given::default(), state.clock.now()).await?)
}

async fn playlist(state: &AppState, host: UserId, album: &[SongId]) -> Result<PlaylistId, DemoError> {
    let mine = playlists::list(&state.db, Some(host), None, 200).await?;
    let list = if let Some(list) = mine.iter().find(|p| p.name == ALBUM) {
        list.id
    } else {
        let about = "Five small pieces that Octave plays on itself.";
        playlists::insert(&state.db, host, ALBUM, about, state.clock.now()).await?
    };
    let there = playlists::song_ids(&state.db, list).await?;
    for song in album.iter().filter(|s| !there.contains(s)) {
        playlists::add(&state.db, list, *song, None, state.clock.now()).await?;
    }
    let cover = state.media.put_image(picture(&PIECES[0], 4), COVER_PX).await?;
    playlists::set_cover(&state.db, list, cover.as_str(), state.clock.now()).await?;
    Ok(list)
}

fn picture(piece: &Piece, seed: u32) -> Bytes {
    cover::jpeg(&cover::draw(piece.colours, seed)).into()
}

/// A piece as a tagged FLAC file.
fn record(piece: &Piece, number: u32) -> Vec<u8> {
    let sound = synth::render(piece);
    let samples = |side: &[f32]| side.iter().map(|s| (s * f32::from(i16::MAX)).round() as i16).collect::<Vec<_>>();
    let picture = cover::jpeg(&cover::draw(piece.colours, number));
    let track = number.to_string();
    let comments = [
        ("TITLE", piece.title),
        ("ARTIST", ARTIST),
        ("ALBUM", ALBUM),
        ("GENRE", piece.genre),
        ("TRACKNUMBER", track.as_str()),
    ];
    let tags = flac::Tags { comments: &comments, cover: &picture };
    flac::encode(&samples(&sound.left), &samples(&sound.right), synth::RATE, &tags)
}
