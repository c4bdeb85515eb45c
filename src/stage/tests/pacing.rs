//! What a thousand are shown together.

use super::scene::{Listener, Scene, passes};

/// A stage of a thousand seats: some people with many connections each, so that nobody says too much.
async fn crowd(scene: &Scene) -> Vec<Listener> {
    let mut all = Vec::new();
    for seat in 0..1_000_u32 {
        let name = char::from(b'a' + u8::try_from(seat % 26).unwrap());
        all.push(scene.joins(&format!("{name}na")).await);
    }
    all
}

/// Says so many lines at this pace; how many lines each batch held that somebody was sent.
async fn talk(all: &mut [Listener], lines: usize, every_ms: u64) -> Vec<usize> {
    all[999].batches();
    for line in 0..lines {
        all[line % 200].says("hm");
        passes(every_ms).await;
    }
    passes(100).await;
    all[999].batches()
}

#[tokio::test(start_paused = true)]
async fn lines_that_trickle_wait_for_company() {
    let scene = Scene::new();
    let mut all = crowd(&scene).await;
    talk(&mut all, 200, 10).await;
    let held = talk(&mut all, 100, 10).await;
    // The first ones use what was earned in the silence before.
    let steady = &held[held.len() - 20..];
    assert!(steady.iter().all(|lines| (4..=5).contains(lines)) && steady.contains(&5), "{held:?}");
}

#[tokio::test(start_paused = true)]
async fn lines_that_come_together_wait_for_nothing() {
    let scene = Scene::new();
    let mut all = crowd(&scene).await;
    talk(&mut all, 200, 10).await;
    all[999].batches();
    for speaker in &mut all[..4] {
        speaker.says("hm");
    }
    passes(3).await;
    assert_eq!(all[999].batches(), [4]);
}

#[tokio::test(start_paused = true)]
async fn lines_of_two_commits_and_their_acknowledgements_leave_in_one_write() {
    let scene = Scene::new();
    let mut ana = scene.joins("ana").await;
    scene.store.stall();
    for text in ["one", "two", "three"] {
        ana.says(text);
        passes(2).await;
    }
    ana.listen();
    scene.store.go_on();
    passes(100).await;
    let writes = ana.outbox.take_backlog();
    assert_eq!(writes.len(), 1, "{writes:?}");
    let text = String::from_utf8_lossy(&writes[0]);
    assert_eq!((text.matches(r#""ack""#).count(), text.matches(r#""chat""#).count()), (3, 3), "{text}");
}
