//! What a newcomer hears with `--demo`: a house band, its album, and a stage that plays it.
//!
//! The music is synthesised here and goes the way of every upload. What is there already is left as it is, so a start
//! that was interrupted is completed by the next one.

use std::sync::Arc;

use octave_demo::{ALBUM, PIECES, Piece};
use octave_protocol::client::ControlAction;
use octave_protocol::model::{Adding, Control, Queue, Repeat, StartBarrier, Succession, Visibility};
use octave_protocol::{Duration, PlaylistId, SongId, StageId, UserId};

use crate::accounts::password::PasswordError;
use crate::http::kit::state::AppState;
use crate::library::ingest::{self, AddError, Given};
use crate::library::media::image::COVER_PX;
use crate::library::media::{ImageError, ImageName, ReceiveError, Received};
use crate::stage::StageHandle;
use crate::stage::handle::{Ask, Attachment, Command, Refused, StageChange, Steer, Stopped, Turns};
use crate::stage::registry::NoStage;
use crate::store::songs::{self, Filter, Sort};
use crate::store::users::{self, Account, NewAccount};
use crate::store::{StoreError, playlists, stages};

/// The account that owns the demo's things.
pub const USERNAME: &str = "demo";
/// Its password, which everybody may know.
pub const PASSWORD: &str = "demo-demo";
/// The stage that plays.
pub const STAGE: &str = "Octave radio";
/// Its host may have opened others since.
const STAGES_LOOKED_AT: u32 = 200;

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
    NoStage(NoStage),
    #[error("the demo's stage stopped")]
    Stopped,
    #[error("the demo's stage refused: {0}")]
    Refused(String),
    #[error("the demo's music could not be made")]
    Synthesis(#[from] tokio::task::JoinError),
}

impl From<NoStage> for DemoError {
    fn from(why: NoStage) -> Self {
        Self::NoStage(why)
    }
}

impl From<Stopped> for DemoError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Refused> for DemoError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused.detail)
    }
}

/// Brings what somebody finds who opens the page at once: the account, a first song, and the stage that plays it. The
/// first time that takes as long as one song takes to make, a second or two; later nothing.
pub async fn open(state: &AppState) -> Result<StageId, DemoError> {
    open_with(state, &PIECES).await
}

/// Brings the rest, piece by piece: songs into the library and the queue, then the playlist. What is missing is brought
/// at every start until the playlist is attached, which is the last step; what its host then takes away stays away.
pub async fn complete(state: &AppState, stage: StageId) -> Result<(), DemoError> {
    complete_with(state, stage, &PIECES).await
}

async fn open_with(state: &AppState, pieces: &'static [Piece]) -> Result<StageId, DemoError> {
    let host = account(state).await?;
    let mine = stages::Filter { viewer: Some(host.id).into(), host: Some(host.id), ..stages::Filter::default() };
    let there = stages::latest(&state.db, &mine, STAGES_LOOKED_AT).await?.into_iter().find(|s| s.name == STAGE);
    let stage = match there {
        Some(stage) => stage.id,
        None => open_stage(state, host.id).await?,
    };
    let running = state.registry.find(stage).await?;
    if is_incomplete(&running).await? && queue(&running).await?.total == 0 {
        start(state, &running, &host, pieces).await?;
    }
    Ok(stage)
}

async fn complete_with(state: &AppState, stage: StageId, pieces: &'static [Piece]) -> Result<(), DemoError> {
    let host = account(state).await?;
    let running = state.registry.find(stage).await?;
    if !is_incomplete(&running).await? {
        return Ok(());
    }
    let queue = queue(&running).await?;
    let mut album = Vec::new();
    for number in 0..pieces.len() {
        let song = song(state, host.id, pieces, number).await?;
        album.push(song);
        if queue.items.iter().all(|item| item.song.id != song) {
            add(state, &running, &host, song).await?;
        }
    }
    let playlist = Some(Attachment::Attach(playlist(state, host.id, &album).await?));
    let change = StageChange { playlist, ..StageChange::default() };
    running.command(host.id, Command::Update(change)).await??;
    Ok(())
}

async fn is_incomplete(stage: &StageHandle) -> Result<bool, DemoError> {
    Ok(stage.ask(Ask::Describe).await?.playlists.is_empty())
}

async fn queue(stage: &StageHandle) -> Result<Queue, DemoError> {
    Ok(stage.ask(|reply| Ask::Queue { offset: 0, limit: 200, reply }).await?)
}

async fn add(state: &AppState, stage: &StageHandle, host: &Account, song: SongId) -> Result<(), DemoError> {
    let songs = songs::for_stage(&state.db, &[song]).await?.into_iter().map(Arc::new).collect();
    stage.command(host.id, Command::Bring { user: Arc::new(host.user()), songs, position: None }).await??;
    Ok(())
}

/// The first song plays, and the queue goes around.
async fn start(
    state: &AppState,
    stage: &StageHandle,
    host: &Account,
    pieces: &'static [Piece],
) -> Result<(), DemoError> {
    let show = async |cover: ImageName| {
        let change = StageChange { cover: Some(Some(cover.as_str().to_owned())), ..StageChange::default() };
        stage.command(host.id, Command::Update(change)).await??;
        Ok::<_, DemoError>(())
    };
    let shown = (picture(state, &PIECES[1], 7).await?, COVER_PX);
    ingest::picture(&state.db, &state.media, shown, state.clock.now(), show).await?;
    stage.command(host.id, Command::SetMode { repeat: Some(Repeat::All), shuffle: None }).await??;
    add(state, stage, host, song(state, host.id, pieces, 0).await?).await?;
    let play = Steer { action: ControlAction::Play, position: None, entry: None, expect_rev: None };
    stage.command(host.id, Command::Control(play)).await??;
    Ok(())
}

async fn account(state: &AppState) -> Result<Account, DemoError> {
    if let Some(account) = users::by_username(&state.db, USERNAME).await? {
        return Ok(account);
    }
    let password_hash = &state.passwords.hash(PASSWORD.to_owned()).await?;
    let new = NewAccount { username: USERNAME, email: "demo@localhost", password_hash, is_admin: false };
    Ok(users::create(&state.db, new, state.clock.now()).await?)
}

async fn open_stage(state: &AppState, host: UserId) -> Result<StageId, DemoError> {
    let genres = ["Ambient".to_owned(), "Folk".to_owned(), "Jazz".to_owned()];
    let new = stages::NewStage {
        name: STAGE,
        host,
        genres: &genres,
        visibility: Visibility::Public,
        control: Control::Everyone,
        adding: Adding::Everyone,
        start: StartBarrier::default(),
        slow_mode: Duration::ZERO,
        succession: Succession::Alone,
        crossfade: Duration::ZERO,
        turns: Turns::default(),
    };
    Ok(stages::create(&state.db, new, state.clock.now()).await?)
}

/// The song that is made of a piece; recorded unless it is there.
async fn song(state: &AppState, host: UserId, pieces: &'static [Piece], number: usize) -> Result<SongId, DemoError> {
    let piece = &pieces[number];
    let mine = Filter { uploader: Some(host), ..Filter::default() };
    let there = songs::list(&state.db, host, &mine, Sort::Title, None, 200).await?;
    match there.iter().find(|s| s.song.title == piece.title) {
        Some(song) => Ok(song.song.id),
        None => upload(state, host, piece, number + 1).await,
    }
}

/// A picture of a piece, as somebody would have sent it.
async fn picture(state: &AppState, piece: &Piece, seed: u32) -> Result<Received, ReceiveError> {
    let mut incoming = state.media.receive_picture().await?;
    incoming.write(&piece.picture(seed)).await?;
    incoming.finish().await
}

async fn upload(state: &AppState, host: UserId, piece: &'static Piece, number: usize) -> Result<SongId, DemoError> {
    let file = tokio::task::spawn_blocking(move || piece.record(number)).await?;
    let mut incoming = state.media.receive().await?;
    incoming.write(&file).await?;
    let received = incoming.finish().await?;
    let added = ingest::add(&state.db, &state.media, host, received, Given::default(), state.clock.now()).await?;
    Ok(added.song.id())
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
    let now = state.clock.now();
    let name_it =
        async |cover: ImageName| Ok::<_, DemoError>(playlists::set_cover(&state.db, list, cover.as_str(), now).await?);
    ingest::picture(&state.db, &state.media, (picture(state, &PIECES[0], 4).await?, COVER_PX), now, name_it).await?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::kit::testing::Api;
    use octave_demo::SHORT;

    #[tokio::test]
    async fn a_stage_plays_at_once_and_the_rest_comes_to_it() {
        let api = Api::new().await;
        let stage = open_with(&api.state, &SHORT).await.unwrap();
        let shown = async || api.guest().get(&format!("/stages/{stage}")).await.ok(200);
        let queued = async || api.guest().get(&format!("/stages/{stage}/queue")).await.ok(200)["total"].clone();
        assert_eq!(shown().await["now_playing"]["title"], SHORT[0].title);
        assert_eq!((queued().await, shown().await["playlists"].as_array().unwrap().len()), (1.into(), 0));
        for _ in 0..2 {
            complete_with(&api.state, stage, &SHORT).await.unwrap();
            assert_eq!((queued().await, shown().await["playlists"].as_array().unwrap().len()), (2.into(), 1));
        }
        assert_eq!(open_with(&api.state, &SHORT).await.unwrap(), stage, "a second start finds it");
        let login = serde_json::json!({"login": USERNAME, "password": PASSWORD});
        api.guest().post("/auth/login", login).await.ok(200);
    }
}
