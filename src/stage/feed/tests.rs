use std::sync::Arc;

use octave_protocol::client::Resume;
use octave_protocol::model::{ChatLine, Timeline, User};
use octave_protocol::{Duration, Epoch, Instant as At, Rev, Seq, ServerFrame, StageId, UserId};
use tokio::time::Instant;

use super::ring::Ring;
use super::{ConnId, Feed, Member, Metrics};
use crate::stage::limits::{HELD_EVENTS, RING_BYTES, RING_EVENTS};
use crate::wire::Outbox;

const STAGE: StageId = StageId(7);

fn feed() -> Feed {
    Feed::new(STAGE, Epoch(3), Seq(10), Seq(10_000), Metrics::default(), Instant::now())
}

fn line(text: &str) -> ServerFrame {
    let from = User { id: UserId(1), username: "ana".into(), avatar_url: None, guest: false };
    let line = ChatLine {
        seq: Seq(0),
        from,
        text: text.into(),
        at_us: At(1),
        nonce: None,
        reply_to: None,
        edited_us: None,
        deleted: false,
    };
    ServerFrame::Chat { stage: STAGE, line }
}

fn timeline(rev: i64) -> ServerFrame {
    let timeline = Timeline {
        rev: Rev(rev),
        playing: false,
        waiting: false,
        entry: None,
        song: None,
        position_us: Duration::ZERO,
        at_us: At(1),
        rate: 1.0,
        next: None,
        ending: None,
    };
    ServerFrame::Timeline { stage: STAGE, seq: None, timeline }
}

/// The numbers and what they were given to, in order.
fn told(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let of = |field: &str, frame: &str| {
        let at = frame.find(field)? + field.len();
        Some(frame[at..].split([',', '"', '}']).next()?.to_owned())
    };
    text.split(r#"{"type""#)
        .skip(1)
        .map(|f| {
            let what = of(r#""text":""#, f).or(of(r#""rev":"#, f)).unwrap();
            format!("{} {what}", of(r#""seq":"#, f).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn who_comes_back_amid_a_run_misses_nothing_of_it() {
    let mut feed = feed();
    for text in ["a", "b"] {
        feed.show(line(text));
    }
    feed.flush_all(Instant::now());
    // These are numbered and have not left yet.
    for text in ["c", "d", "e"] {
        feed.show(line(text));
    }
    let all = ["10 a", "11 b", "12 c", "13 d", "14 e"];
    for (missed, seq) in (9..=14).enumerate() {
        let resume = Resume { epoch: Epoch(3), seq: Seq(seq) };
        assert_eq!(told(&feed.missed(resume).unwrap()), all[missed..], "after {seq}");
    }
    for (epoch, seq) in [(3, 15), (3, 8), (2, 12), (4, 12)] {
        assert!(feed.missed(Resume { epoch: Epoch(epoch), seq: Seq(seq) }).is_none(), "{epoch} {seq}");
    }
}

#[tokio::test]
async fn of_what_is_held_the_latest_is_kept() {
    let mut feed = feed();
    feed.reserve();
    let more = 5;
    for rev in 1..=HELD_EVENTS + more {
        feed.publish(timeline(i64::try_from(rev).unwrap()));
    }
    feed.release();
    let shown = told(&feed.batch);
    assert_eq!(shown.len(), HELD_EVENTS);
    assert_eq!(shown[0], format!("10 {}", more + 1));
    assert_eq!(*shown.last().unwrap(), format!("{} {}", 9 + HELD_EVENTS, HELD_EVENTS + more));
}

#[test]
fn of_what_has_passed_the_latest_is_kept_by_number_and_by_bytes() {
    let mut ring = Ring::starting_at(Seq(1));
    for _ in 0..RING_EVENTS + 5 {
        ring.push(vec![0; 1].into());
    }
    assert!(ring.after(Seq(4)).is_none(), "5 was the oldest that is forgotten");
    assert_eq!(ring.after(Seq(5)).unwrap().count(), RING_EVENTS);
    let mut ring = Ring::starting_at(Seq(1));
    for n in 0..5_u8 {
        ring.push(vec![n; RING_BYTES / 3].into());
    }
    assert_eq!(ring.after(Seq(2)).unwrap().map(|f| f[0]).collect::<Vec<_>>(), [2, 3, 4]);
    assert!(ring.after(Seq(1)).is_none());
}

#[tokio::test]
async fn a_feed_that_is_dropped_with_people_in_it_sends_them_away() {
    let mut feed = feed();
    let member = |conn| Member {
        conn: ConnId(conn),
        user: Arc::new(User { id: UserId(1), username: "ana".into(), avatar_url: None, guest: false }),
        guest: None,
        way: Arc::new(Outbox::queued()).into(),
    };
    let (inside, door) = (member(1), member(2));
    feed.seat(&inside);
    feed.meet(&door);
    let metrics = feed.metrics.clone();
    drop(feed);
    assert!(inside.way.is_gone() && door.way.is_gone());
    assert_eq!(metrics.seats.get(), 0);
}
