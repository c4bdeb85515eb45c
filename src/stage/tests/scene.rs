//! A stage and its listeners. A listener reads what its outbox keeps; waiting passes virtual time alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration as StdDuration;

use octave_client::frame::{Opcode, parse_all};
pub(super) use octave_client::mirror::seq_of as seq;
use octave_protocol::client::{self, ClientFrame, ControlAction, QueueAction, Resume};
use octave_protocol::model::{Adding, Control, Snapshot, Song, StartBarrier, Succession, User, Visibility};
use octave_protocol::{Duration, Epoch, ErrorCode, GuestRights, Instant, Seq, ServerFrame, SongId, StageId, UserId};

use crate::base::clock::Clock;
use crate::stage::core::About;
use crate::stage::handle::ConnId;
use crate::stage::memory::MemoryStore;
use crate::stage::{ChatLimits, Member, Metrics, Registry, Request, StageHandle};
use crate::wire::Outbox;

pub(in crate::stage) const STAGE: StageId = StageId(7);
pub(super) const SONG: SongId = SongId(1);

/// The process; another one over the same store is a restart.
pub(in crate::stage) struct Scene {
    pub store: MemoryStore,
    pub registry: Arc<Registry>,
    pub clock: Clock,
    pub metrics: Metrics,
}

pub(super) fn user(name: &str) -> Arc<User> {
    let id = match name {
        "ana" => 1,
        "ben" => 2,
        _ => 3 + i64::from(name.as_bytes()[0]),
    };
    Arc::new(User { id: UserId(id), username: name.into(), avatar_url: None, guest: false })
}

pub(super) fn about() -> About {
    About {
        id: STAGE,
        name: "Attic".into(),
        host: user("ana"),
        genres: Vec::new(),
        cover: None,
        visibility: Visibility::Public,
        control: Control::Everyone,
        adding: Adding::default(),
        start: StartBarrier::default(),
        slow_mode: octave_protocol::Duration::ZERO,
        guests: GuestRights::ALL,
        succession: Succession::Alone,
        sound: crate::stage::core::Sound::default(),
        turns: crate::stage::core::Turns::default(),
        speaker: None,
        playlists: Vec::new(),
        created: Instant(1),
    }
}

fn song(id: SongId, seconds: i64) -> Arc<Song> {
    Arc::new(Song {
        id,
        title: format!("Song {id}"),
        artist: "somebody".into(),
        artist_id: None,
        album: None,
        album_id: None,
        duration_us: Duration::from_secs(seconds),
        cover_url: None,
        audio_url: format!("/api/v1/songs/{id}/audio"),
        mime: "audio/flac".into(),
        loudness_lufs: None,
    })
}

impl Scene {
    /// ana's public stage that everybody may steer, and three songs of 60 s.
    pub(in crate::stage) fn new() -> Self {
        let store = MemoryStore::default();
        store.add_stage(about());
        for id in 1..=3 {
            store.add_song(song(SongId(id), 60));
        }
        Self::over(store, Clock::start())
    }

    pub(super) fn over(store: MemoryStore, clock: Clock) -> Self {
        Self::start(store, clock, ChatLimits::On)
    }

    /// In which people may say as much as they like.
    pub(super) fn unlimited() -> Self {
        let Self { store, clock, .. } = Self::new();
        Self::start(store, clock, ChatLimits::Off)
    }

    fn start(store: MemoryStore, clock: Clock, limits: ChatLimits) -> Self {
        let metrics = Metrics::default();
        let (registry, _) = Registry::start(Arc::new(store.clone()), clock, limits, metrics.clone());
        Self { store, registry, clock, metrics }
    }

    /// Turns that stages take in so much time: none at rest, and without end when a timer is set in the past. Time is moved
    /// by hand, since it does not pass by itself while somebody is awake.
    pub(super) async fn turns_in(&self, ms: u64) -> u64 {
        let before = self.metrics.turns.get();
        for _ in 0..ms {
            tokio::time::advance(StdDuration::from_millis(1)).await;
        }
        self.metrics.turns.get() - before
    }

    pub(super) async fn handle(&self) -> StageHandle {
        self.registry.find(STAGE).await.unwrap()
    }

    pub(super) async fn visitor(&self, name: &str) -> Listener {
        static CONNS: AtomicU64 = AtomicU64::new(1);
        Listener {
            conn: ConnId(CONNS.fetch_add(1, Ordering::Relaxed)),
            user: user(name),
            outbox: Arc::new(Outbox::queued()),
            handle: self.handle().await,
            heard: Vec::new(),
            requests: 0,
        }
    }

    pub(super) async fn joins(&self, name: &str) -> Listener {
        let mut listener = self.visitor(name).await;
        listener.joins(None).await;
        listener
    }
}

pub(super) struct Listener {
    pub conn: ConnId,
    pub user: Arc<User>,
    pub outbox: Arc<Outbox>,
    pub handle: StageHandle,
    /// All frames so far.
    pub heard: Vec<ServerFrame>,
    requests: i64,
}

/// The answer to a join.
pub(super) struct Welcome {
    pub epoch: Epoch,
    pub seq: Seq,
    pub resumed: bool,
    pub snapshot: Snapshot,
}

impl Listener {
    pub(super) fn ask(&mut self, request: impl FnOnce(ConnId, i64) -> Request) -> i64 {
        self.requests += 1;
        self.handle.send(request(self.conn, self.requests)).unwrap();
        self.requests
    }

    pub(super) fn sends(&mut self, frame: impl FnOnce(i64) -> ClientFrame) -> i64 {
        self.ask(|conn, id| Request::Frame { conn, frame: frame(id) })
    }

    pub(super) fn member(&self) -> Member {
        Member { conn: self.conn, user: self.user.clone(), guest: None, way: self.outbox.clone().into() }
    }

    /// Asks to be let in by an invitation.
    pub(super) fn knocks(&mut self, invite: Option<&str>) -> i64 {
        let (member, invite) = (self.member(), invite.map(str::to_owned));
        self.ask(|_, re| Request::Join { member, re, resume: None, invite })
    }

    pub(super) fn leaves(&mut self) -> i64 {
        self.ask(|conn, re| Request::Leave { conn, re })
    }

    pub(super) fn edits(&mut self, seq: Seq, text: &str) -> i64 {
        let text = text.into();
        self.sends(|id| ClientFrame::EditChat(client::EditChat { id, stage: STAGE, seq, text }))
    }

    pub(super) fn deletes(&mut self, seq: Seq) -> i64 {
        self.sends(|id| ClientFrame::DeleteChat(client::DeleteChat { id, stage: STAGE, seq }))
    }

    pub(super) async fn joins(&mut self, resume: Option<Resume>) -> Welcome {
        let member = self.member();
        let re = self.ask(|_, re| Request::Join { member, re, resume, invite: None });
        match self.answer(re).await {
            ServerFrame::Joined { epoch, seq, resumed, snapshot, .. } => {
                Welcome { epoch, seq, resumed, snapshot: *snapshot }
            }
            other => panic!("not joined: {other:?}"),
        }
    }

    pub(super) fn says(&mut self, text: &str) -> i64 {
        self.says_with(text, None)
    }

    pub(super) fn says_with(&mut self, text: &str, nonce: Option<&str>) -> i64 {
        let (text, nonce) = (text.into(), nonce.map(Into::into));
        self.sends(|id| ClientFrame::Chat(client::Chat { id, stage: STAGE, text, nonce, reply_to: None }))
    }

    pub(super) fn queues(&mut self, song: SongId) -> i64 {
        self.sends(|id| ClientFrame::Queue(client::Queue { song: Some(song), ..queue(id, QueueAction::Add) }))
    }

    pub(super) fn controls(&mut self, action: ControlAction) -> i64 {
        self.sends(|id| ClientFrame::Control(client::Control::new(id, STAGE, action)))
    }

    /// Queues songs, then plays.
    pub(super) async fn starts<const N: usize>(&mut self, songs: [SongId; N]) {
        for song in songs {
            let re = self.queues(song);
            self.answer(re).await;
        }
        let re = self.controls(ControlAction::Play);
        self.answer(re).await;
    }

    /// The answer to a request; passes virtual time until it is there.
    pub(super) async fn answer(&mut self, re: i64) -> ServerFrame {
        self.hears(|frame| answers(frame) == Some(re)).await
    }

    pub(super) fn is_answered(&mut self, re: i64) -> bool {
        self.listen();
        self.heard.iter().any(|frame| answers(frame) == Some(re))
    }

    pub(super) async fn acked(&mut self, re: i64) -> Seq {
        match self.answer(re).await {
            ServerFrame::Ack { seq, .. } => seq,
            other => panic!("no ack: {other:?}"),
        }
    }

    pub(super) async fn refused(&mut self, re: i64) -> ErrorCode {
        match self.answer(re).await {
            ServerFrame::Error { code, .. } => code,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// The first frame of all so far, or of those to come, that is wanted.
    pub(super) async fn hears(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> ServerFrame {
        for _ in 0..200_000 {
            self.listen();
            if let Some(frame) = self.heard.iter().find(|f| wanted(f)) {
                return frame.clone();
            }
            tokio::time::sleep(StdDuration::from_millis(1)).await;
        }
        panic!("never heard; so far: {:#?}", self.heard);
    }

    /// Reads what has come.
    pub(super) fn listen(&mut self) {
        for batch in self.outbox.take_backlog() {
            self.heard.extend(frames(&batch));
        }
    }

    /// How many lines each batch held that came since the last look.
    pub(super) fn batches(&mut self) -> Vec<usize> {
        let is_line = |frame: &ServerFrame| matches!(frame, ServerFrame::Chat { .. });
        let batches = self.outbox.take_backlog().into_iter();
        batches.map(|batch| frames(&batch).into_iter().filter(is_line).count()).filter(|lines| *lines > 0).collect()
    }

    /// The numbers of the sequenced events so far.
    pub(super) fn seqs(&mut self) -> Vec<Seq> {
        self.listen();
        self.heard.iter().filter_map(seq).collect()
    }

    pub(super) fn texts(&mut self) -> Vec<String> {
        self.listen();
        let chats = self.heard.iter().filter_map(|f| match f {
            ServerFrame::Chat { line, .. } => Some(line.text.to_string()),
            _ => None,
        });
        chats.collect()
    }
}

/// A request about the queue that names nothing yet.
pub(super) fn queue(id: i64, action: QueueAction) -> client::Queue {
    client::Queue::new(id, STAGE, action)
}

/// Lets virtual time pass.
pub(super) async fn passes(ms: u64) {
    tokio::time::sleep(StdDuration::from_millis(ms)).await;
}

fn answers(frame: &ServerFrame) -> Option<i64> {
    match frame {
        ServerFrame::Joined { re, .. } | ServerFrame::Ok { re, .. } | ServerFrame::Ack { re, .. } => Some(*re),
        ServerFrame::Error { re, .. } => *re,
        _ => None,
    }
}

fn frames(bytes: &[u8]) -> Vec<ServerFrame> {
    let texts = parse_all(bytes).unwrap().into_iter().filter(|(opcode, _)| *opcode == Opcode::Text);
    texts.map(|(_, payload)| serde_json::from_slice(payload).unwrap()).collect()
}
