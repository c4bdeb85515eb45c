use octave_protocol::model::Snapshot;
use octave_protocol::{Epoch, Seq, ServerFrame};

use super::{Fault, Mirror};

/// The snapshot of the protocol's own example.
fn example() -> (Mirror, Snapshot) {
    let examples: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../protocol/examples/server.json")).unwrap();
    let joined = examples.into_iter().find(|e| e["type"] == "joined").unwrap();
    match serde_json::from_value(joined).unwrap() {
        ServerFrame::Joined { epoch, seq, snapshot, .. } => (Mirror::new(epoch, seq, (*snapshot).clone()), *snapshot),
        other => panic!("{other:?}"),
    }
}

fn at(seq: i64, snapshot: Snapshot) -> Mirror {
    Mirror::new(Epoch(12), Seq(seq), snapshot)
}

fn frame(json: serde_json::Value) -> ServerFrame {
    serde_json::from_value(json).unwrap()
}

fn says(seq: i64, text: &str) -> ServerFrame {
    frame(serde_json::json!({
        "type": "chat", "stage": 7, "seq": seq, "text": text, "at_us": 1,
        "from": { "id": 5, "username": "ana", "avatar_url": null }
    }))
}

#[test]
fn a_fresh_mirror_agrees() {
    let (mirror, snapshot) = example();
    assert_eq!(mirror.differences(&at(4711, snapshot)), [""; 0]);
}

#[test]
fn a_lost_or_doubled_line_is_noticed() {
    let (mut mirror, _) = example();
    mirror.apply(says(4712, "one")).unwrap();
    assert_eq!(mirror.apply(says(4714, "three")), Err(Fault::Gap { after: Seq(4712), got: Seq(4714) }));
    assert_eq!(mirror.apply(says(4712, "one")), Err(Fault::Gap { after: Seq(4712), got: Seq(4712) }));
}

#[test]
fn what_was_heard_must_stand_in_the_snapshot() {
    let (mut mirror, mut snapshot) = example();
    mirror.apply(says(4712, "one")).unwrap();
    let ServerFrame::Chat { line, .. } = says(4712, "another") else { panic!() };
    snapshot.chats.push(line);
    let found = mirror.differences(&at(4712, snapshot));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("chat 4712"), "{found:?}");
}

#[test]
fn an_early_timeline_takes_no_number_and_an_old_one_changes_nothing() {
    let (mut mirror, mut snapshot) = example();
    let timeline = |rev: i64, seq: Option<i64>| {
        let mut json = serde_json::json!({
            "type": "timeline", "stage": 7, "rev": rev, "playing": false, "entry": null, "song": null,
            "position_us": rev, "at_us": 2, "rate": 1.0, "next": null
        });
        if let Some(seq) = seq {
            json["seq"] = seq.into();
        }
        frame(json)
    };
    mirror.apply(timeline(33, None)).unwrap();
    mirror.apply(timeline(32, Some(4712))).unwrap();
    let ServerFrame::Timeline { timeline, .. } = timeline(33, None) else { panic!() };
    snapshot.timeline = timeline;
    assert_eq!(mirror.differences(&at(4712, snapshot)), [""; 0]);
}

#[test]
fn the_queue_follows_its_changes() {
    let (mut mirror, mut snapshot) = example();
    let song = serde_json::to_value(&snapshot.queue.items[0]).unwrap();
    let mut second = song.clone();
    second["entry"] = 18.into();
    let queue = |seq: i64, rev: i64, mut change: serde_json::Value| {
        change["type"] = "queue".into();
        change["stage"] = 7.into();
        change["seq"] = seq.into();
        change["rev"] = rev.into();
        frame(change)
    };
    let add = serde_json::json!({ "op": "add", "index": 1, "items": [second], "more": 0, "total": 2 });
    mirror.apply(queue(4712, 10, add)).unwrap();
    mirror.apply(queue(4713, 11, serde_json::json!({ "op": "move", "entry": 18, "index": 0 }))).unwrap();
    mirror.apply(queue(4714, 12, serde_json::json!({ "op": "remove", "entries": [17], "total": 1 }))).unwrap();
    snapshot.queue.items[0].entry.0 = 18;
    snapshot.queue.rev.0 = 12;
    assert_eq!(mirror.differences(&at(4714, snapshot)), [""; 0]);
    assert!(mirror.apply(queue(4715, 12, serde_json::json!({ "op": "vote", "entry": 18, "votes": 1 }))).is_err());
}
