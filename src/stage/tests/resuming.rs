//! Coming back after a restart: exactly what was missed of the conversation, read once.

use octave_protocol::client::Resume;
use octave_protocol::{Epoch, Seq, ServerFrame};

use super::scene::{Listener, SONG, STAGE, Scene, passes, seq};
use crate::stage::limits::RING_EVENTS;
use crate::stage::storage::Fault;

/// The numbers and texts of lines, edits and deletions, in the order of their arrival.
fn told(listener: &mut Listener) -> Vec<(Seq, String)> {
    listener.listen();
    let tell = |frame: &ServerFrame| {
        let text = match frame {
            ServerFrame::Chat { line, .. } => line.text.to_string(),
            ServerFrame::ChatEdited { chat, text, .. } => format!("{chat} is {text}"),
            ServerFrame::ChatDeleted { chat, .. } => format!("{chat} is gone"),
            _ => return None,
        };
        Some((seq(frame)?, text))
    };
    listener.heard.iter().filter_map(tell).collect()
}

async fn says(ana: &mut Listener, texts: &[&str]) -> Vec<Seq> {
    let mut seqs = Vec::new();
    for text in texts {
        let re = ana.says(text);
        seqs.push(ana.acked(re).await);
    }
    passes(200).await;
    seqs
}

/// A stage in which this was said, in a server that has been started anew; the epoch and the numbers of then.
async fn restarted_after(texts: &[&str]) -> (Scene, Epoch, Vec<Seq>) {
    let scene = Scene::unlimited();
    let mut ana = scene.visitor("ana").await;
    let epoch = ana.joins(None).await.epoch;
    let seqs = says(&mut ana, texts).await;
    scene.registry.stop().await;
    (Scene::over(scene.store.clone(), scene.clock), epoch, seqs)
}

#[tokio::test(start_paused = true)]
async fn however_many_return_each_is_told_what_they_missed_and_it_is_read_once() {
    let (scene, epoch, seqs) = restarted_after(&["a", "b", "c", "d"]).await;
    // All at once, as after a restart.
    let mut back = Vec::new();
    for n in 0..400 {
        back.push((scene.visitor(&format!("u{n}")).await, n % seqs.len()));
    }
    let joined = back.iter_mut().map(|(who, from)| who.joins(Some(Resume { epoch, seq: seqs[*from] })));
    let joined = futures_util::future::join_all(joined).await;
    passes(200).await;
    for ((who, from), joined) in back.iter_mut().zip(joined) {
        assert!(joined.resumed && joined.epoch > epoch && joined.seq >= seqs[3]);
        let missed: Vec<(Seq, String)> =
            seqs.iter().copied().zip(["a", "b", "c", "d"].map(str::to_owned)).skip(*from + 1).collect();
        assert_eq!(told(who), missed);
    }
    assert_eq!(scene.store.reads_of_past(), 1);

    // It goes on for all of them.
    let (first, _) = &mut back[0];
    let re = first.says("on");
    let on = first.acked(re).await;
    for (who, _) in &mut back {
        who.hears(|frame| seq(frame) == Some(on)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edits_and_deletions_are_missed_too() {
    let scene = Scene::unlimited();
    let mut ana = scene.visitor("ana").await;
    let epoch = ana.joins(None).await.epoch;
    let seqs = says(&mut ana, &["a", "b"]).await;
    // In one job with a line before them.
    let line = ana.says("c");
    let (edited, deleted) = (ana.edits(seqs[0], "A"), ana.deletes(seqs[1]));
    let third = ana.acked(line).await;
    ana.answer(edited).await;
    ana.answer(deleted).await;
    passes(200).await;
    let live: Vec<_> = told(&mut ana).into_iter().filter(|(seq, _)| *seq > seqs[1]).collect();
    assert_eq!(live.len(), 3);
    scene.registry.stop().await;

    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut back = scene.visitor("ana").await;
    assert!(back.joins(Some(Resume { epoch, seq: seqs[1] })).await.resumed);
    passes(100).await;
    assert_eq!(told(&mut back), live, "under the numbers they had");
    let mut late = scene.visitor("ben").await;
    assert!(late.joins(Some(Resume { epoch, seq: third })).await.resumed);
    passes(100).await;
    assert_eq!(told(&mut late), live.into_iter().filter(|(seq, _)| *seq > third).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_has_happened_since_follows_what_was_missed() {
    let (scene, epoch, seqs) = restarted_after(&["a", "b"]).await;
    let mut ben = scene.joins("ben").await;
    ben.starts([SONG]).await;
    let after = says(&mut ben, &["c"]).await;
    let mut back = scene.visitor("ana").await;
    let joined = back.joins(Some(Resume { epoch, seq: seqs[0] })).await;
    assert!(joined.resumed && joined.snapshot.timeline.playing);
    passes(100).await;
    let texts: Vec<String> = told(&mut back).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["b", "c"]);
    let first = back.seqs();
    assert!(first.windows(2).all(|pair| pair[0] < pair[1]) && first.contains(&after[0]), "{first:?}");
}

#[tokio::test(start_paused = true)]
async fn who_missed_more_than_is_known_gets_a_snapshot() {
    let scene = Scene::unlimited();
    let mut ana = scene.visitor("ana").await;
    let epoch = ana.joins(None).await.epoch;
    let first = says(&mut ana, &["first"]).await[0];
    let asked: Vec<i64> = (0..=RING_EVENTS).map(|_| ana.says("x")).collect();
    for re in asked {
        ana.acked(re).await;
    }
    scene.registry.stop().await;
    let scene = Scene::over(scene.store.clone(), scene.clock);
    let mut back = scene.visitor("ana").await;
    assert!(!back.joins(Some(Resume { epoch, seq: first })).await.resumed);
    let mut back = scene.visitor("ana").await;
    assert!(back.joins(Some(Resume { epoch, seq: Seq(first.0 + 1) })).await.resumed);
}

#[tokio::test(start_paused = true)]
async fn positions_that_never_were_and_reads_that_fail_end_in_a_snapshot() {
    let (scene, epoch, seqs) = restarted_after(&["a", "b"]).await;
    let now = scene.visitor("ben").await.joins(None).await;
    let never = [
        Resume { epoch, seq: Seq(now.seq.0 + 1) },
        Resume { epoch: Epoch(now.epoch.0 + 1), seq: seqs[0] },
        Resume { epoch: now.epoch, seq: seqs[0] },
    ];
    for resume in never {
        assert!(!scene.visitor("ana").await.joins(Some(resume)).await.resumed, "{resume:?}");
    }
    scene.store.fail_with(Some(Fault::Unavailable("test".into())));
    let lost = Resume { epoch, seq: seqs[0] };
    assert!(!scene.visitor("ana").await.joins(Some(lost)).await.resumed);
    scene.store.fail_with(None);
    assert!(scene.visitor("ana").await.joins(Some(lost)).await.resumed, "and is tried again for the next");
    assert_eq!(scene.store.texts(STAGE).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_goes_while_it_is_read_is_not_seated() {
    let (scene, epoch, seqs) = restarted_after(&["a", "b"]).await;
    let ben = scene.joins("ben").await;
    scene.store.stall();
    let mut back = scene.visitor("ana").await;
    let member = back.member();
    let resume = Some(Resume { epoch, seq: seqs[0] });
    back.ask(|_, re| crate::stage::Request::Join { member, re, resume, invite: None });
    passes(50).await;
    back.ask(|conn, _| crate::stage::Request::Gone { conn });
    scene.store.go_on();
    passes(200).await;
    assert_eq!(scene.registry.live(STAGE).unwrap().listeners, 1, "ben alone");
    drop(ben);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_let_go_and_read_anew_for_whoever_is_late() {
    let (scene, epoch, seqs) = restarted_after(&["a", "b"]).await;
    let resume = Some(Resume { epoch, seq: seqs[0] });
    let mut back = scene.visitor("ana").await;
    assert!(back.joins(resume).await.resumed);
    passes(121_000).await;
    says(&mut back, &["c"]).await;
    assert!(scene.visitor("ben").await.joins(resume).await.resumed);
    assert_eq!(scene.store.reads_of_past(), 2);
}
