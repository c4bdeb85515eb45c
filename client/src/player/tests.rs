//! Listeners in virtual time: true clocks are known, so what each one *would have been heard* to play can be compared.

mod crossfade;
mod pace;
mod sleep;

use std::sync::Arc;

use octave_protocol::client::ClientFrame;
use octave_protocol::model::{NextEntry, Song, Timeline};
use octave_protocol::{Duration, EntryId, Instant, Rev, ServerFrame, SongId, StageId};

use super::Player;
use crate::listener::device::{Heard, NullDevice, RATE};
use crate::listener::relay::Chance;

const STAGE: StageId = StageId(7);
/// Server time at true time 0.
const EPOCH: f64 = 1_700_000_000_000_000.0;

/// A listener and all that is wrong with its surroundings.
struct Seat {
    player: Player,
    device: NullDevice,
    up: f64,
    down: f64,
    jitter: f64,
    /// The local clock: how fast, and what it shows at true time 0.
    ppm: f64,
    shift: f64,
    chance: Chance,
    /// Pongs on their way, with the true time of their arrival.
    pongs: Vec<(f64, i64, f64)>,
}

impl Seat {
    fn new(ways: (f64, f64), jitter: f64, ppm: f64, device_ppm: f64) -> Self {
        Self {
            player: Player::new(STAGE, RATE),
            device: NullDevice::open(0.0, device_ppm, 60e3),
            up: ways.0,
            down: ways.1,
            jitter,
            ppm,
            shift: 1e9 * ppm,
            chance: Chance(1 + ways.0 as u64),
            pongs: Vec::new(),
        }
    }

    fn local(&self, now: f64) -> f64 {
        self.shift + now * (1.0 + self.ppm * 1e-6)
    }

    /// A millisecond of life.
    fn step(&mut self, now: f64) {
        let (arrived, on_way) = self.pongs.iter().partition(|(at, ..)| *at <= now);
        self.pongs = on_way;
        for (at, re, t1) in arrived {
            let t1_us = Instant(t1 as i64);
            let pong = ServerFrame::Pong { re, t0: serde_json::Value::Null, t1_us, t2_us: t1_us };
            let read = self.local(at);
            self.player.hear(&pong, read);
        }
        for frame in self.player.due(self.local(now)) {
            if let ClientFrame::Ping(ping) = frame {
                let read = now + self.up + self.jitter * self.chance.share();
                let back = read + self.down + self.jitter * self.chance.share();
                self.pongs.push((back, ping.id, EPOCH + read));
            }
        }
        self.device.run(now, |from, frames| self.player.fill(from, frames));
        if now % 50e3 == 0.0 {
            // Interfaces tell the place with some noise.
            let heard = self.device.frame_at(now + 300.0 * (self.chance.share() - 0.5));
            self.player.stamp(heard, self.local(now));
        }
    }
}

fn song(id: i64, seconds: i64) -> Arc<Song> {
    Arc::new(Song {
        id: SongId(id),
        title: "Tone".into(),
        artist: "somebody".into(),
        artist_id: None,
        album: None,
        album_id: None,
        duration_us: Duration::from_secs(seconds),
        cover_url: None,
        audio_url: String::new(),
        mime: "audio/wav".into(),
        loudness_lufs: None,
    })
}

/// A song of a minute from true time `at` on, then another one.
fn plays(rev: i64, at: f64) -> ServerFrame {
    let (first, second) = (song(1, 60), song(2, 60));
    let at_us = Instant((EPOCH + at) as i64);
    let timeline = Timeline {
        rev: Rev(rev),
        playing: true,
        waiting: false,
        entry: Some(EntryId(1)),
        next: Some(NextEntry {
            entry: EntryId(2),
            song: second,
            at_us: Some(at_us + first.duration_us),
            crossfade_us: None,
        }),
        song: Some(first),
        position_us: Duration::ZERO,
        at_us,
        rate: 1.0,
        ending: None,
    };
    ServerFrame::Timeline { stage: STAGE, seq: None, timeline }
}

/// Runs seats from `from` to `to`; `each` is told what they are heard to play, every 10 ms.
fn run(seats: &mut [Seat], from: f64, to: f64, mut each: impl FnMut(f64, &[Option<Heard>])) {
    let mut now = from;
    while now < to {
        for seat in &mut *seats {
            seat.step(now);
        }
        if now % 10e3 == 0.0 {
            let heard: Vec<Option<Heard>> = seats.iter().map(|s| s.device.heard_at(now)).collect();
            each(now, &heard);
        }
        now += 1e3;
    }
}

fn state(seats: &mut [Seat], frame: &ServerFrame, now: f64) {
    for seat in seats {
        let local = seat.local(now);
        seat.player.hear(frame, local);
    }
}

/// How far the sound is from where the server's line is.
fn off(heard: Heard, now: f64, at: f64) -> f64 {
    let song = if heard.entry == EntryId(1) { at } else { at + 60e6 };
    (heard.position_us - (now - song)).abs()
}

#[test]
fn all_play_one_sample_at_one_instant() {
    let mut seats = [
        Seat::new((500.0, 500.0), 500.0, 0.0, 0.0),
        Seat::new((6e3, 6e3), 4e3, 100.0, -100.0),
        Seat::new((40e3, 40e3), 1e3, -100.0, 100.0),
    ];
    run(&mut seats, 0.0, 2e6, |_, heard| assert_eq!(heard, [None; 3]));
    state(&mut seats, &plays(1, 2.3e6), 2e6);
    let (mut early, mut late): (f64, f64) = (0.0, 0.0);
    let mut between = 0;
    run(&mut seats, 2e6, 80e6, |now, heard| {
        for heard in heard.iter().flatten() {
            let off = off(*heard, now, 2.3e6);
            if now < 7e6 { early = early.max(off) } else { late = late.max(off) }
        }
        let silent = heard.iter().filter(|h| h.is_none()).count();
        // Nobody sounds before the instant, all do after it, and the second song follows without a hole.
        match now {
            _ if now < 2.295e6 => assert_eq!(silent, 3, "at {now}"),
            _ if now > 2.31e6 => assert_eq!(silent, 0, "{heard:?} at {now}"),
            _ => between += 1,
        }
    });
    assert!(between > 0);
    assert!(early < 2_500.0, "{early} µs off in the first seconds");
    assert!(late < 700.0, "{late} µs off later");
    for seat in &seats {
        assert_eq!((seat.player.measure(seat.local(80e6)).jumps, seat.device.underruns), (0, 0));
    }
}

#[test]
fn a_lopsided_path_is_off_by_half_and_says_so() {
    let mut seats = [Seat::new((45e3, 25e3), 2e3, 0.0, 0.0)];
    state(&mut seats, &plays(1, 1e6), 0.0);
    run(&mut seats, 0.0, 20e6, |_, _| {});
    let measure = seats[0].player.measure(seats[0].local(20e6));
    let heard = seats[0].device.heard_at(20e6).expect("it plays");
    let off = off(heard, 20e6, 1e6);
    assert!((9e3..11e3).contains(&off), "{off}");
    assert!(measure.bound_us >= off, "{measure:?}");
    // By hand: what the path hides is put right, without a jump.
    seats[0].player.set_offset(-10e3);
    run(&mut seats, 20e6, 30e6, |_, _| {});
    let heard = seats[0].device.heard_at(30e6).expect("it plays");
    let off = super::tests::off(heard, 30e6, 1e6);
    assert!(off < 1_500.0, "{off}");
    assert_eq!(seats[0].player.measure(seats[0].local(30e6)).jumps, 0);
}

#[test]
fn who_comes_late_begins_in_the_right_place() {
    let mut seats = [Seat::new((6e3, 6e3), 4e3, 50.0, -50.0)];
    state(&mut seats, &plays(3, -20e6), 0.0);
    // An older statement, and the same one again, change nothing.
    state(&mut seats, &plays(2, -3e6), 0.0);
    state(&mut seats, &plays(3, -20e6), 0.0);
    let (mut first, mut worst): (Option<f64>, f64) = (None, 0.0);
    run(&mut seats, 0.0, 10e6, |now, heard| {
        let Some(heard) = heard[0] else { return };
        let began = *first.get_or_insert(now);
        if now > began + 1.5e6 {
            worst = worst.max(off(heard, now, -20e6));
        }
    });
    assert!(first.is_some_and(|at| at < 1e6), "first sound at {first:?}");
    assert!(worst < 2_000.0, "{worst}");
}

#[test]
fn a_scheduled_seek_leaves_the_song_alone_until_then() {
    let mut seats = [Seat::new((500.0, 500.0), 0.0, 0.0, 0.0)];
    state(&mut seats, &plays(1, 0.0), 0.0);
    run(&mut seats, 0.0, 5e6, |_, _| {});
    let ServerFrame::Timeline { mut timeline, .. } = plays(2, 5.5e6) else { unreachable!("a timeline") };
    timeline.position_us = Duration::from_secs(40);
    state(&mut seats, &ServerFrame::Timeline { stage: STAGE, seq: None, timeline }, 5e6);
    run(&mut seats, 5e6, 8e6, |now, heard| {
        let Some(heard) = heard[0] else { panic!("silence at {now}") };
        let wanted = if now < 5.5e6 { now } else { now - 5.5e6 + 40e6 };
        // The instant itself may fall between two frames of an estimate.
        if (now - 5.5e6).abs() > 2e3 {
            assert!((heard.position_us - wanted).abs() < 1e3, "{} at {now}", heard.position_us);
        }
    });
}
