//! What a turn of a stage is made of: deciding, applying, encoding, reading, showing everything to a newcomer.
//!
//! `cargo bench --no-default-features --bench hub`; times are per call, medians over many samples.

use std::ops::ControlFlow;
use std::sync::Arc;

use bytes::BytesMut;
use divan::{Bencher, black_box};
use octave::stage::core::{About, Admission, Command, Durable, Entry, Immediate, Ords, QueueEvent, Stage};
use octave::wire::frame;
use octave::wire::reader::{Incoming, Reader};
use octave_protocol::client::ClientFrame;
use octave_protocol::model::{Adding, ChatLine, Control, Song, StartBarrier, Succession, User, Visibility};
use octave_protocol::{Duration, EntryId, Instant, Seq, ServerFrame, SongId, StageId, UserId};

fn main() {
    divan::main();
}

const NOW: Instant = Instant(1_763_700_000_000_000);

fn user(id: i64) -> Arc<User> {
    Arc::new(User { id: UserId(id), username: format!("listener{id}").into(), avatar_url: None, guest: false })
}

/// A public stage with this many people in it.
fn stage(people: i64) -> Stage {
    let mut stage = Stage::new(About {
        id: StageId(7),
        name: "Late shift".into(),
        host: user(1),
        genres: vec!["ambient".into()],
        cover: None,
        visibility: Visibility::Public,
        control: Control::Everyone,
        adding: Adding::default(),
        start: StartBarrier::default(),
        slow_mode: octave_protocol::Duration::ZERO,
        guests: octave_protocol::GuestRights::ALL,
        succession: Succession::Alone,
        sound: octave::stage::core::Sound::default(),
        turns: octave::stage::core::Turns::default(),
        speaker: None,
        playlists: Vec::new(),
        created: NOW,
    });
    for id in 1..=people {
        stage.evolve(&Immediate::Joined { user: user(id), guest: None });
    }
    stage
}

fn song() -> Arc<Song> {
    Arc::new(Song {
        id: SongId(42),
        title: "Nightfall".into(),
        artist: "Ana Lind".into(),
        artist_id: None,
        album: None,
        album_id: None,
        duration_us: Duration::from_secs(183),
        cover_url: None,
        audio_url: "/api/v1/songs/42/audio?v=2c26b46b".into(),
        mime: "audio/flac".into(),
        loudness_lufs: Some(-14.5),
    })
}

fn queued(count: i64) -> Vec<Arc<Entry>> {
    let entry = |id| Arc::new(Entry { id: EntryId(id), song: song(), added_by: user(1), added: NOW });
    (1..=count).map(entry).collect()
}

fn text() -> Arc<str> {
    "a line of chat, as long as such lines are, with nothing in it that needs care ".repeat(2)[..120].into()
}

/// One line of chat, decided.
#[divan::bench(args = [10, 1_000, 10_000])]
fn decide_chat(bencher: Bencher<'_, '_>, people: i64) {
    let stage = stage(people);
    bencher.with_inputs(text).bench_values(|text| black_box(stage.line(UserId(5), text, None, None, NOW)).is_ok());
}

/// Entering and leaving again, decided and applied.
#[divan::bench(args = [10, 1_000, 10_000])]
fn join_and_leave(bencher: Bencher<'_, '_>, people: i64) {
    let mut stage = stage(people);
    let newcomer = user(people + 1);
    bencher.bench_local(|| {
        let join = Command::Join { user: newcomer.clone(), admission: Admission::Stranger };
        for command in [join, Command::Leave] {
            if let Ok(decided) = stage.decide(newcomer.id, command, NOW) {
                for event in decided.events() {
                    stage.evolve(event);
                }
            }
        }
    });
}

/// Adding one song to a queue of this length, decided and applied.
#[divan::bench(args = [10, 1_000, 50_000])]
fn add_song(bencher: Bencher<'_, '_>, entries: i64) {
    let mut full = stage(1);
    full.evolve(&Durable::Queue(QueueEvent::Added {
        index: 0,
        entries: queued(entries),
        ords: Ords::Renumber { around: None },
        by: UserId(1),
    }));
    bencher.with_inputs(|| full.clone()).bench_values(|mut stage| {
        let add = Command::Add { songs: vec![song()], position: None };
        if let Ok(decided) = stage.decide(UserId(1), add, NOW) {
            for event in decided.events() {
                stage.evolve(event);
            }
        }
        stage
    });
}

/// A line as one framed run, encoded once for all who hear it.
#[divan::bench]
fn encode_chat(bencher: Bencher<'_, '_>) {
    let line = ChatLine {
        seq: Seq(4711),
        from: (*user(5)).clone(),
        text: text(),
        at_us: NOW,
        nonce: None,
        reply_to: None,
        edited_us: None,
        deleted: false,
    };
    let event = ServerFrame::Chat { stage: StageId(7), line };
    let mut run = BytesMut::with_capacity(1024);
    bencher.bench_local(|| {
        run.clear();
        frame::put_json(&mut run, black_box(&event));
    });
}

/// What a client sends, from text to type.
#[divan::bench]
fn parse_chat(bencher: Bencher<'_, '_>) {
    let frame = format!(r#"{{"type":"chat","id":17,"stage":7,"text":"{}","nonce":"b1946ac9"}}"#, text());
    bencher.bench(|| ClientFrame::parse(black_box(&frame)).is_ok());
}

/// The bytes of such a frame as they come off the socket: header, mask, UTF-8.
#[divan::bench]
fn read_masked_chat(bencher: Bencher<'_, '_>) {
    let payload = format!(r#"{{"type":"chat","id":17,"stage":7,"text":"{}","nonce":"b1946ac9"}}"#, text());
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let masked = payload.bytes().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key);
    let length = u16::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    let bytes: Vec<u8> = [0x81, 0xfe].into_iter().chain(length).chain(mask).chain(masked).collect();
    bencher.with_inputs(|| bytes.clone()).bench_values(|mut bytes| {
        let mut shown = 0;
        let flow = Reader::default().feed(&mut bytes, &mut |incoming| {
            shown += usize::from(matches!(black_box(incoming), Incoming::Text(_)));
            ControlFlow::Continue(())
        });
        (flow.is_ok(), shown)
    });
}

#[divan::bench]
fn parse_ping(bencher: Bencher<'_, '_>) {
    bencher.bench(|| ClientFrame::parse(black_box(r#"{"type":"ping","id":1,"t0":1763700000123.25}"#)).is_ok());
}

/// The parts of a snapshot that depend on the stage: the first 200 of so many people, the queue's window.
#[divan::bench(args = [10, 1_000, 10_000])]
fn snapshot_people(bencher: Bencher<'_, '_>, people: i64) {
    let stage = stage(people);
    bencher.bench(|| serde_json::to_vec(&black_box(&stage).participants(200)).map_or(0, |json| json.len()));
}

#[divan::bench(args = [10, 1_000, 100_000])]
fn snapshot_queue(bencher: Bencher<'_, '_>, entries: i64) {
    let mut stage = stage(1);
    stage.evolve(&Durable::Queue(QueueEvent::Added {
        index: 0,
        entries: queued(entries),
        ords: Ords::Renumber { around: None },
        by: UserId(1),
    }));
    bencher.bench(|| serde_json::to_vec(&black_box(&stage).queue_window()).map_or(0, |json| json.len()));
}
